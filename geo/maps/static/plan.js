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
    this.startOf = data.visits.start_of;
    this.starts = data.visits.starts.map(([lat, lon]) => ({ at: L.latLng(lat, lon), ...peta.mercator(lat, lon) }));
    this.houses = L.layerGroup();
    this.filter("", "");
    this.on("add change", () => { if (this._map) this.showStarts(); });
    this.on("remove", () => this.houses.remove());
  },

  // Empty for all teams, or all days; the stops come in the order of the visits.
  filter(team, day) {
    this.shown = this.stops.filter((stop) => (!team || String(stop.team) === team) && (!day || String(stop.day) === day));
    this.drawn = new Set(this.shown.map((stop) => stop.i));
    this.few = Boolean(team && day);
    if (this._map) this.redraw();
    this.fire("change");
  },

  start({ team }) { return this.starts[this.startOf[team]]; },

  // A house where the day of the teams that are shown begins and ends.
  showStarts() {
    const teams = new Map();
    for (const team of new Set(this.shown.map((stop) => stop.team))) {
      const start = this.start({ team });
      if (start) teams.set(start, [...(teams.get(start) || []), team]);
    }
    this.houses.clearLayers();
    teams.forEach((own, start) => this.houses.addLayer(peta.startMarker(start.at, own.sort((a, b) => a - b))));
    this.houses.addTo(this._map);
  },

  bounds(map) {
    const starts = this.shown.map((stop) => this.start(stop)).filter(Boolean).map(({ at }) => at);
    return L.latLngBounds([...this.shown.map((stop) => this.households.latlng(map, stop.i)), ...starts]);
  },

  numbered() { return this.few || this._map.getZoom() >= 12.5; },

  draw({ world, corner, ratio }) {
    const { x, y } = this.households;
    const pen = this._pen;
    const spot = (left, top) => [left * world - corner.x, top * world - corner.y];
    const place = ({ i }) => spot(x[i], y[i]);
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
      const dashes = dash.split(" ").filter(Boolean).map((length) => length * ratio);
      const start = this.start(route[0]);
      if (start) {
        // the way there and back is thin: the visits are what the map is about
        pen.beginPath();
        for (const end of [route[0], route[route.length - 1]]) {
          pen.moveTo(...spot(start.x, start.y));
          pen.lineTo(...place(end));
        }
        stroke("#ffffffb0", 3, []);
        stroke(colour, 1.1, dashes);
      }
      pen.beginPath();
      route.forEach((stop) => pen.lineTo(...place(stop)));
      stroke("#ffffffd9", 5.5, []);
      stroke(colour, 2.6, dashes);
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
    return stop ? [["Kunjungan", `Regu ${stop.team}, hari ${stop.day}, ke-${stop.order}`]] : [];
  },
});

// From degrees to Web Mercator, 0 to 1, as the packed households are.
peta.mercator = function (lat, lon) {
  const sine = Math.sin((lat * Math.PI) / 180);
  return { x: (lon + 180) / 360, y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) };
};

peta.startMarker = function (at, teams) {
  const name = `Tempat mulai regu ${teams.join(", ")}`;
  const house = '<svg width="16" height="16" viewBox="0 0 18 18" aria-hidden="true"><path d="M2 9 9 2.5 16 9M4 8v7.5h10V8" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linejoin="round" stroke-linecap="round"/></svg>';
  const icon = L.divIcon({ className: "start", html: house, iconSize: [26, 26] });
  const marker = L.marker(at, { pane: "badges", icon, keyboard: false, zIndexOffset: -1000 });
  marker.on("add", () => {
    marker.getElement().setAttribute("role", "img");
    marker.getElement().setAttribute("aria-label", name);
  });
  return marker.bindTooltip(name, { direction: "top", offset: [0, -12] });
};
