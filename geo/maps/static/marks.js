// The marks of households, drawn on a canvas.
"use strict";

// Marks differ by shape and by colour, with a white rim that parts them from the map and from each other.
peta.drawMark = function (pen, shape, colour, size) {
  const r = size / 2;
  const rim = Math.max(1.2, r * 0.35);
  const stroke = (paint, width) => { pen.strokeStyle = paint; pen.lineWidth = width; pen.stroke(); };
  pen.lineJoin = "round";
  pen.beginPath();
  if (shape === "cross") {
    for (const side of [-1, 1]) { pen.moveTo(-0.6 * r, -0.6 * side * r); pen.lineTo(0.6 * r, 0.6 * side * r); }
    stroke("#fff", 2.4 * rim);
    stroke(colour, rim);
    return;
  }
  if (shape === "triangle") [[0, -1.1], [1.1, 0.85], [-1.1, 0.85]].forEach(([u, v]) => pen.lineTo(u * r, v * r));
  else if (shape === "square") pen.rect(-0.85 * r, -0.85 * r, 1.7 * r, 1.7 * r);
  else pen.arc(0, 0, (shape === "dot" ? 0.6 : 0.95) * r, 0, 7);
  pen.closePath();
  stroke("#fff", rim);
  pen.fillStyle = colour;
  pen.fill();
};
