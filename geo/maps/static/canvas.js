// A layer that draws itself on one canvas: the size of the view, its place on the world, and when to draw again.
"use strict";

peta.Canvas = L.Renderer.extend({
  options: { padding: 0.15 },

  // Leaflet's own canvas renderer has the same three parts: a container, its removal, and an update after each move.
  _initContainer() {
    this._container = document.createElement("canvas");
    this._container.id = this.options.pane;
    this._pen = this._container.getContext("2d");
  },
  _destroyContainer() { this._container.remove(); delete this._pen; },
  _update() {
    if (!this._map || this._map._animatingZoom) return;
    L.Renderer.prototype._update.call(this);
    this.redraw();
  },

  redraw() {
    const size = this._bounds.getSize();
    if (!size.x || !size.y) return;
    const ratio = Math.min(window.devicePixelRatio || 1, 3);
    const canvas = this._container;
    canvas.width = Math.round(size.x * ratio);
    canvas.height = Math.round(size.y * ratio);
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    L.DomUtil.setPosition(canvas, this._bounds.min);

    // from Mercator to pixels of the canvas: position * world - corner
    const world = 256 * 2 ** this._map.getZoom() * ratio;
    const corner = this._map.getPixelOrigin().add(this._bounds.min).multiplyBy(ratio);
    const rim = 20 * ratio;
    const box = { left: (corner.x - rim) / world, right: (corner.x + canvas.width + rim) / world,
      top: (corner.y - rim) / world, bottom: (corner.y + canvas.height + rim) / world };
    this.draw({ world, corner, ratio, box });
  },
});
