// Households from vector tiles: the tiles are fetched and read by VectorGrid, and drawn together on one sharp canvas.
"use strict";

peta.FIRST_ZOOM = 13;
peta.LAST_ZOOM = 16;

// What the tiles hold; a tile is kept as columns for as long as Leaflet keeps it.
peta.HouseTiles = L.VectorGrid.Protobuf.extend({
  options: { minZoom: peta.FIRST_ZOOM, minNativeZoom: peta.FIRST_ZOOM, maxNativeZoom: peta.LAST_ZOOM, keepBuffer: 1 },

  initialize(options) {
    L.VectorGrid.Protobuf.prototype.initialize.call(this, "", options);
    this.held = new Map();
    this.on("tileunload", ({ coords }) => { this.held.delete(this._tileCoordsToKey(coords)); this.fire("points"); });
  },

  // The tiles of an older address are dropped, also those still on their way.
  setAddress(address) {
    if (address === this._url) return;
    if (this.leaving) this.leaving.abort();
    this.leaving = new AbortController();
    this.options.fetchOptions = { signal: this.leaving.signal };
    this.setUrl(address);
  },

  // a new address is fetched at the zoom of the map, which lies between two whole ones when a desa fills the window
  _clampZoom(zoom) { return L.VectorGrid.Protobuf.prototype._clampZoom.call(this, Math.round(zoom)); },

  createTile(coords, done) {
    const tile = document.createElement("div");
    const key = this._tileCoordsToKey(coords);
    const address = this._url;
    this._getVectorTilePromise(coords).then((found) => {
      if (address !== this._url || !this._tiles[key]) return;
      this.held.set(key, peta.readTile(found.layers.rumah, coords));
      this.fire("points");
      done(null, tile);
    }).catch(() => { if (address === this._url) done(null, tile); });
    return tile;
  },
});

// Positions in Web Mercator, 0 to 1. What lies in the margin of a tile is held by its neighbour.
peta.readTile = function (layer, coords) {
  const points = (layer ? layer.features : []).map(({ id, geometry, properties }) => ({ id, properties, at: geometry[0][0] }))
    .filter(({ at }) => at.x >= 0 && at.y >= 0 && at.x < layer.extent && at.y < layer.extent);
  const tiles = 2 ** coords.z;
  return {
    x: Float64Array.from(points, ({ at }) => (coords.x + at.x / layer.extent) / tiles),
    y: Float64Array.from(points, ({ at }) => (coords.y + at.y / layer.extent) / tiles),
    row: points.map(({ id }) => id),
    need: Uint8Array.from(points, ({ properties }) => properties.k),
    chosen: Uint8Array.from(points, ({ properties }) => (properties.c ? 1 : 0)),
    outcome: Uint8Array.from(points, ({ properties }) => properties.o || 0),
  };
};

// VectorGrid takes an answer that failed for an empty tile; whoever watches hears of it here.
peta.watchFetch = function (heard) {
  const plain = window.fetch.bind(window);
  window.fetch = (address, options) => plain(address, options).then((answer) => {
    if (!answer.ok) heard(answer.status);
    return answer;
  });
};

peta.Houses = peta.Canvas.extend({
  options: { pane: "households" },

  initialize(tiles, options) {
    L.Renderer.prototype.initialize.call(this, options);
    this.tiles = tiles;
    this.needs = { order: [], colours: [], shapes: [] };
    this.stars = false;
    tiles.on("points", () => {
      // many tiles arrive together
      this.due = this.due || requestAnimationFrame(() => { this.due = 0; if (this._map) this.redraw(); });
    });
  },

  style(needs, stars) {
    Object.assign(this, { needs, stars });
    if (this._map) this.redraw();
  },

  markSize() { return Math.max(7, Math.min(18, 7 + 2.6 * (this._map.getZoom() - 13.5))); },

  draw({ world, corner, ratio, box }) {
    if (this._map.getZoom() < peta.FIRST_ZOOM - 0.5) return;
    const size = this.markSize() * ratio;
    const each = (draw) => this.tiles.held.forEach((tile) => {
      for (let i = 0; i < tile.row.length; i += 1) {
        if (tile.x[i] > box.left && tile.x[i] < box.right && tile.y[i] > box.top && tile.y[i] < box.bottom) {
          draw(tile, i, tile.x[i] * world - corner.x, tile.y[i] * world - corner.y);
        }
      }
    });
    this.needs.order.forEach((_, need) => {
      const sprite = this.sprite(need, size);
      each((tile, i, x, y) => {
        if (tile.need[i] === need) this._pen.drawImage(sprite, Math.round(x - sprite.width / 2), Math.round(y - sprite.width / 2));
      });
    });
    each((tile, i, x, y) => {
      if (tile.chosen[i] && this.stars) peta.drawStar(this._pen, x, y, 0.6 * size);
      if (tile.outcome[i]) peta.drawOutcome(this._pen, x + 0.55 * size, y - 0.55 * size, 0.42 * size, tile.outcome[i]);
    });
  },

  sprite(need, size) {
    const sprite = document.createElement("canvas");
    sprite.width = sprite.height = 2 * Math.ceil(size * 0.75) + 2;
    const pen = sprite.getContext("2d");
    pen.translate(sprite.width / 2, sprite.width / 2);
    peta.drawMark(pen, this.needs.shapes[need], this.needs.colours[need], size);
    return sprite;
  },

  // Rows under a pointer, the nearest first, those on the very same spot one after the other.
  pick(latlng, reach) {
    if (!this._map || this._map.getZoom() < peta.FIRST_ZOOM - 0.5) return [];
    const world = 256 * 2 ** this._map.getZoom();
    const at = this._map.project(latlng);
    const near = [];
    this.tiles.held.forEach((tile) => {
      for (let i = 0; i < tile.row.length; i += 1) {
        const far = Math.hypot(tile.x[i] * world - at.x, tile.y[i] * world - at.y);
        if (far <= reach) near.push({ row: tile.row[i], far });
      }
    });
    return near.sort((a, b) => a.far - b.far || a.row - b.row).map(({ row }) => row);
  },
});

// What came of a visit, in a disc at the shoulder of the mark: dark where nothing is left to do there.
peta.OUTCOMES = [null, ["✓", true], ["?"], ["→"], ["×"], ["✓"], ["!"]];

peta.drawOutcome = function (pen, x, y, radius, outcome) {
  const [sign, done] = peta.OUTCOMES[outcome] || ["·"];
  const [ink, paper] = done ? ["#ffffff", "#1b2733"] : ["#1b2733", "#ffffff"];
  pen.beginPath();
  pen.arc(x, y, radius, 0, 7);
  Object.assign(pen, { fillStyle: paper, strokeStyle: ink, lineWidth: Math.max(1, radius / 5), textAlign: "center", textBaseline: "middle" });
  pen.fill();
  pen.stroke();
  pen.font = `700 ${1.5 * radius}px system-ui, sans-serif`;
  pen.fillStyle = ink;
  pen.fillText(sign, x, y + 0.08 * radius);
};
