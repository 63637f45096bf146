// The households that are chosen, and the visits to them, drawn where the packed households stand.
"use strict";

peta.Chosen = peta.Canvas.extend({
  options: { pane: "chosen" },

  initialize(data, households, options) {
    L.Renderer.prototype.initialize.call(this, options);
    this.households = households;
    this.told = data.chosen;
    this.at = households.find(data.chosen.row);
    this.place = new Map(this.at.map((i, place) => [i, place]));
  },

  // where a numbered stop stands its star would only fray its edge
  hidden: () => false,
  size() { return Math.max(5, Math.min(11, 5 + 1.5 * (this._map.getZoom() - 11))); },

  draw({ world, corner, ratio, box }) {
    const { x, y } = this.households;
    const radius = this.size() * ratio;
    for (const i of this.at) {
      if (i < 0 || this.hidden(i) || x[i] < box.left || x[i] > box.right || y[i] < box.top || y[i] > box.bottom) continue;
      peta.drawStar(this._pen, x[i] * world - corner.x, y[i] * world - corner.y, radius);
    }
  },

  pick(latlng, reach) { return peta.near(this, this.at, latlng, Math.max(reach, this.size())); },

  tell(i) {
    if (!this.place.has(i)) return [];
    const place = this.place.get(i);
    return [["★ Terpilih, peringkat", this.told.rank[place]], ["Alasan terpilih", this.told.why.words[this.told.why.codes[place]]]];
  },
});

// Five points in gold with a dark rim: no mark of need has this shape, and the rim stands out on every colour.
peta.drawStar = function (pen, x, y, radius) {
  pen.beginPath();
  for (let turn = 0; turn < 10; turn += 1) {
    const far = turn % 2 ? 0.45 * radius : radius;
    pen.lineTo(x + far * Math.sin((turn * Math.PI) / 5), y - far * Math.cos((turn * Math.PI) / 5));
  }
  pen.closePath();
  pen.lineJoin = "round";
  pen.lineWidth = Math.max(2, radius / 4);
  pen.strokeStyle = "#1b2733";
  pen.stroke();
  pen.fillStyle = "#ffd11a";
  pen.fill();
};

peta.near = function (layer, places, latlng, reach) {
  if (!layer._map) return [];
  const { x, y } = layer.households;
  const world = 256 * 2 ** layer._map.getZoom();
  const at = layer._map.project(latlng);
  return places.filter((i) => i >= 0 && Math.hypot(x[i] * world - at.x, y[i] * world - at.y) <= reach);
};

peta.Visits = peta.Canvas.extend({
  options: { pane: "visits" },

  initialize(data, households, options) {
    L.Renderer.prototype.initialize.call(this, options);
    this.households = households;
    this.styles = data.visits.teams;
    const at = households.find(data.visits.sheet_row);
    this.stops = at.map((i, place) => ({ i, team: data.visits.team[place], day: data.visits.day[place], order: data.visits.order[place] }))
      .filter((stop) => stop.i >= 0);
    this.byHousehold = new Map(this.stops.map((stop) => [stop.i, stop]));
    this.filter("", "");
  },

  // Empty for all teams, or all days; the stops come in the order of the visits.
  filter(team, day) {
    this.shown = this.stops.filter((stop) => (!team || String(stop.team) === team) && (!day || String(stop.day) === day));
    this.drawn = new Set(this.shown.map((stop) => stop.i));
    this.few = Boolean(team && day);
    if (this._map) this.redraw();
    this.fire("change");
  },

  bounds(map) { return L.latLngBounds(this.shown.map((stop) => this.households.latlng(map, stop.i))); },

  numbered() { return this.few || this._map.getZoom() >= 12.5; },

  draw({ world, corner, ratio }) {
    const { x, y } = this.households;
    const pen = this._pen;
    const place = ({ i }) => [x[i] * world - corner.x, y[i] * world - corner.y];
    const routes = new Map();
    this.shown.forEach((stop) => {
      const key = `${stop.team} ${stop.day}`;
      if (!routes.has(key)) routes.set(key, []);
      routes.get(key).push(stop);
    });
    pen.lineJoin = pen.lineCap = "round";
    for (const route of routes.values()) {
      const [colour, dash] = this.styles[route[0].team];
      const stroke = (paint, width, dashes) => {
        pen.setLineDash(dashes);
        pen.strokeStyle = paint;
        pen.lineWidth = width * ratio;
        pen.stroke();
      };
      pen.beginPath();
      route.forEach((stop) => pen.lineTo(...place(stop)));
      stroke("#ffffffd9", 5.5, []);
      stroke(colour, 2.6, dash.split(" ").filter(Boolean).map((length) => length * ratio));
    }
    pen.setLineDash([]);
    const radius = (this.numbered() ? 9 : 3.2) * ratio;
    pen.font = `700 ${11 * ratio}px system-ui, sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    // the first stops come last, and so stand on top of what is visited later
    [...this.shown].reverse().forEach((stop) => {
      const [left, top] = place(stop);
      pen.beginPath();
      pen.arc(left, top, radius, 0, 7);
      pen.lineWidth = 1.6 * ratio;
      pen.strokeStyle = "#fff";
      pen.fillStyle = this.styles[stop.team][0];
      pen.fill();
      pen.stroke();
      if (!this.numbered()) return;
      pen.fillStyle = "#fff";
      pen.fillText(stop.order, left, top + 0.5 * ratio);
    });
  },

  pick(latlng, reach) { return peta.near(this, this.shown.map((stop) => stop.i), latlng, reach); },

  tell(i) {
    const stop = this.byHousehold.get(i);
    return stop ? [["Kunjungan", `Regu ${stop.team}, hari ${stop.day}, urutan ${stop.order}`]] : [];
  },
});
