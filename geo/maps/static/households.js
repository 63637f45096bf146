// All households on one canvas: packed numbers, drawn group by group, shapes only when there is room for them.
"use strict";

peta.unpack = function (packed) {
  const text = atob(packed.data);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return new { Uint8Array, Uint16Array, Uint32Array, Float64Array }[packed.type](bytes.buffer);
};

// Groups of households: one class of need in one desa, with its box; x and y in Web Mercator from 0 to 1.
peta.readHouseholds = function (packed) {
  const steps = [peta.unpack(packed.x), peta.unpack(packed.y)];
  const box = peta.unpack(packed.groups.box);
  const x = new Float64Array(steps[0].length);
  const y = new Float64Array(steps[0].length);
  let first = 0;
  const groups = packed.groups.count.map((count, g) => {
    const [left, width, top, height] = box.subarray(4 * g, 4 * g + 4);
    const last = first + count;
    for (let i = first; i < last; i += 1) {
      x[i] = left + (steps[0][i] / 65535) * width;
      y[i] = top + (steps[1][i] / 65535) * height;
    }
    const group = { first, last, left, top, right: left + width, bottom: top + height,
      need: packed.classes[packed.groups.class[g]], desa: packed.groups.desa[g] };
    first = last;
    return group;
  });
  return { x, y, groups };
};

peta.Households = peta.Canvas.extend({
  options: { pane: "households" },
  mostShapes: 60000,

  initialize(data, options) {
    L.Renderer.prototype.initialize.call(this, options);
    this.colours = data.colours.needs;
    this.shapes = data.shapes;
    this.hiddenNeeds = new Set(["none", "unknown"]);
    this.told = data.households;
    Object.assign(this, peta.readHouseholds(data.households));
  },

  setNeed(need, shown) {
    this.hiddenNeeds[shown ? "delete" : "add"](need);
    if (this._map) this.redraw();
  },

  markSize() {
    const zoom = this._map.getZoom();
    if (zoom < 13.5) return Math.max(1, Math.min(4, 1 + Math.floor(zoom - 10.5)));
    return Math.min(18, 7 + 2.6 * (zoom - 13.5));
  },
  hasShapes() { return Boolean(this._map) && this._map.getZoom() >= 13.5; },

  inView(box) {
    return this.groups.filter((group) => !this.hiddenNeeds.has(group.need) &&
      group.right >= box.left && group.left <= box.right && group.bottom >= box.top && group.top <= box.bottom);
  },

  draw({ world, corner, ratio, box }) {
    // at the scale of the district the colours of the desa come first
    this._container.style.opacity = this._map.getZoom() < 12 ? 0.55 : 1;
    const groups = this.inView(box);
    const many = groups.reduce((sum, group) => sum + group.last - group.first, 0) > this.mostShapes;
    const draw = this.hasShapes() && !many ? this._drawShapes : this._drawPixels;
    draw.call(this, groups, world, corner, this.markSize() * ratio);
  },

  _drawShapes(groups, world, corner, size) {
    const sprites = {};
    for (const need of Object.keys(this.colours)) {
      const sprite = (sprites[need] = document.createElement("canvas"));
      sprite.width = sprite.height = 2 * Math.ceil(size * 0.75) + 2;
      const pen = sprite.getContext("2d");
      pen.translate(sprite.width / 2, sprite.width / 2);
      peta.drawMark(pen, this.shapes[need], this.colours[need], size);
    }
    for (const group of groups) {
      const sprite = sprites[group.need];
      const half = sprite.width / 2;
      for (let i = group.first; i < group.last; i += 1) {
        this._pen.drawImage(sprite, Math.round(this.x[i] * world - corner.x - half), Math.round(this.y[i] * world - corner.y - half));
      }
    }
  },

  // Writing pixels is ten times as fast as filling squares, and at this size nobody sees a shape.
  _drawPixels(groups, world, corner, size) {
    const { width, height } = this._container;
    const image = this._pen.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    const side = Math.max(1, Math.round(Math.min(size, 5 * (window.devicePixelRatio || 1))));
    for (const group of groups) {
      const hex = parseInt(this.colours[group.need].slice(1), 16);
      const colour = (0xff000000 | ((hex & 0xff) << 16) | (hex & 0xff00) | (hex >> 16)) >>> 0;
      for (let i = group.first; i < group.last; i += 1) {
        const left = Math.round(this.x[i] * world - corner.x - side / 2);
        const top = Math.round(this.y[i] * world - corner.y - side / 2);
        if (left < 0 || top < 0 || left + side > width || top + side > height) continue;
        for (let row = top; row < top + side; row += 1) {
          for (let column = left; column < left + side; column += 1) pixels[row * width + column] = colour;
        }
      }
    }
    this._pen.putImageData(image, 0, 0);
  },

  // Households under a pointer, in no order.
  pick(latlng, reach) {
    if (!this.hasShapes()) return [];
    const world = 256 * 2 ** this._map.getZoom();
    const at = this._map.project(latlng);
    const box = { left: (at.x - reach) / world, right: (at.x + reach) / world,
      top: (at.y - reach) / world, bottom: (at.y + reach) / world };
    const near = [];
    for (const group of this.inView(box)) {
      for (let i = group.first; i < group.last; i += 1) {
        if (Math.hypot(this.x[i] * world - at.x, this.y[i] * world - at.y) <= reach) near.push(i);
      }
    }
    return near;
  },

  latlng(map, i) { return map.unproject(L.point(this.x[i], this.y[i]).multiplyBy(256 * 2 ** map.getZoom())); },

  // Sheet rows to places in the packed columns; -1 for what has no point.
  find(wanted) {
    const places = new Map(wanted.map((row, place) => [row, place]));
    const found = new Array(wanted.length).fill(-1);
    this.sheetRows().forEach((row, i) => { if (places.has(row)) found[places.get(row)] = i; });
    return found;
  },
  sheetRows() { return (this.rows = this.rows || peta.unpack(this.told.rows)); },

  // Place of its desa; -1 where that is unknown.
  desaOf(i) { return this.groups.find((group) => i < group.last).desa; },

  // Popups are rare: the columns they read are unpacked at the first one.
  tell(i) {
    this.columns = this.columns || this.told.columns.map((column) => ({ ...column, codes: peta.unpack(column.codes) }));
    const lines = this.columns.map(({ title, words, codes }) => [title, words[codes[i]]]);
    return { row: this.sheetRows()[i], desa: this.desaOf(i), lines };
  },
});
