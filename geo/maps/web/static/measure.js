// Measures distance and area by points that are clicked, or set with Enter in the middle of the view.
"use strict";

peta.EARTH_M = 6371008.8;

peta.toolButton = function (title, drawing, pressed) {
  const button = L.control({ position: "topleft" });
  button.onAdd = () => {
    const bar = L.DomUtil.create("div", "leaflet-bar");
    const link = L.DomUtil.create("a", "tool", bar);
    Object.assign(link, { href: "#", title });
    link.setAttribute("role", "button");
    link.setAttribute("aria-label", title);
    link.innerHTML = `<svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">${drawing}</svg>`;
    L.DomEvent.disableClickPropagation(bar).on(link, "click", (event) => { L.DomEvent.preventDefault(event); pressed(link); });
    return bar;
  };
  return button;
};

// Square metres on a sphere inside a ring of positions.
peta.ringArea = function (ring) {
  const radians = Math.PI / 180;
  const sum = ring.reduce((total, a, place) => {
    const b = ring[(place + 1) % ring.length];
    return total + (b.lng - a.lng) * radians * (2 + Math.sin(a.lat * radians) + Math.sin(b.lat * radians));
  }, 0);
  return Math.abs((sum * peta.EARTH_M ** 2) / 2);
};

peta.length = (metres) => (metres < 1000 ? `${peta.count(Math.round(metres))} m` : `${peta.decimal.format(metres / 1000)} km`);
peta.area = (square) => (square < 1e6 ? `${peta.decimal.format(square / 1e4)} ha` : `${peta.decimal.format(square / 1e6)} km²`);

peta.measure = function (map, notes) {
  const points = [];
  const drawn = L.layerGroup();
  const total = L.control({ position: "bottomright" });
  const box = L.DomUtil.create("div", "measure-total");
  box.setAttribute("role", "status");
  total.onAdd = () => box;
  let button = null;

  function draw() {
    const style = { pane: "badges", color: "#b3005e", weight: 2.5, interactive: false };
    drawn.clearLayers();
    if (points.length > 2) drawn.addLayer(L.polygon(points, { ...style, weight: 1, dashArray: "4 4", fillOpacity: 0.12 }));
    drawn.addLayer(L.polyline(points, style));
    points.forEach((at) => drawn.addLayer(L.circleMarker(at, { ...style, radius: 4, fillColor: "#fff", fillOpacity: 1 })));
    const metres = points.slice(1).reduce((sum, at, place) => sum + map.distance(points[place], at), 0);
    box.textContent = !points.length ? "Klik titik pertama" : `Jarak ${peta.length(metres)}${points.length > 2 ? `; luas ${peta.area(peta.ringArea(points))}` : ""}`;
  }

  function add(latlng) { points.push(latlng); draw(); }
  const click = ({ latlng }) => add(latlng);
  function keys({ key }) {
    if (key === "Enter") add(map.getCenter());
    else if (key === "Backspace") { points.pop(); draw(); }
    else if (key === "Escape") toggle();
  }
  function toggle() {
    const on = !map.hasLayer(drawn);
    button.setAttribute("aria-pressed", String(on));
    map.getContainer().classList.toggle("measuring", on);
    points.length = 0;
    map[on ? "on" : "off"]("click", click);
    map.doubleClickZoom[on ? "disable" : "enable"]();
    map.getContainer()[on ? "addEventListener" : "removeEventListener"]("keydown", keys);
    if (!on) {
      drawn.remove();
      total.remove();
      return;
    }
    drawn.addTo(map);
    total.addTo(map);
    draw();
    notes.say("Klik titik demi titik; Enter menaruh titik di tengah peta, Backspace menghapus, Esc selesai.");
  }
  const control = peta.toolButton("Ukur jarak dan luas", '<path d="M2 13 13 2l5 5L7 18zM6 9l2 2M9 6l3 3M12 3l2 2"/>', (link) => { button = link; toggle(); });
  control.isOn = () => map.hasLayer(drawn);
  return control;
};
