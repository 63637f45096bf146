// A view that the page sends: checked first, then drawn; of views that follow each other quickly the last one wins.
"use strict";

peta.readView = function (view, count) {
  const texts = (list) => Array.isArray(list) && list.every((text) => typeof text === "string");
  const whole = (list) => Array.isArray(list) && list.every(Number.isInteger);
  const address = (text) => text === "" || (typeof text === "string" && text.startsWith("/ubin/") && !text.includes(".."));
  if (!view || typeof view !== "object" || !["desa", "kecamatan"].includes(view.level)) return null;
  const areas = count(view.level);
  const { needs } = view;
  const fits = [view.classes, view.inside, view.tips].every((list) => Array.isArray(list) && list.length === areas)
    && whole(view.classes) && whole(view.inside) && texts(view.tips) && texts(view.colours) && texts(view.layers)
    && address(view.tiles) && address(view.base)
    && needs && texts(needs.order) && texts(needs.colours) && texts(needs.shapes)
    && needs.colours.length === needs.order.length && needs.shapes.length === needs.order.length;
  return fits ? view : null;
};

// Columns of a plan: where its households stand, which are chosen, and who is visited when.
peta.readPlan = function (plan) {
  if (!plan || typeof plan !== "object" || !plan.visits || typeof plan.visits !== "object") return null;
  const numbers = (list) => Array.isArray(list) && list.every(Number.isFinite);
  const { row, lat, lon, chosen, visits } = plan;
  const columns = [visits.sheet_row, visits.team, visits.day, visits.order];
  const fits = [row, lat, lon, chosen, ...columns].every(numbers) && row.length === lat.length && row.length === lon.length
    && columns.every((column) => column.length === columns[0].length)
    && visits.team.every((team) => visits.teams && Array.isArray(visits.teams[team]) && visits.teams[team].every((style) => typeof style === "string"))
    && Array.isArray(visits.starts) && visits.starts.every((start) => numbers(start) && start.length === 2)
    && visits.start_of && typeof visits.start_of === "object";
  return fits ? plan : null;
};

peta.drawing = function (map, data, { areas, notes, heard, seen: tellSeen }) {
  const zones = peta.ground(map, data);
  const base = peta.base(map, data, heard);
  const tiles = new peta.HouseTiles();
  const houses = new peta.Houses(tiles);
  const ofIndicator = {};
  let planned = peta.planned(data.plan);
  let wanted = new Set();
  let told = null;

  const put = (layer, on) => { if (layer && on !== map.hasLayer(layer)) layer[on ? "addTo" : "removeFrom"](map); };

  // Kantong and circles are many and rarely asked for: they are built at the first view that does.
  function outlines(indicator) {
    const mine = (entry) => !indicator || entry.indicator === indicator;
    ofIndicator[indicator] = ofIndicator[indicator] || {
      get kantong() {
        const features = data.kantong.features.filter(({ properties }) => mine(properties));
        const layer = peta.kantong(map, { ...data, kantong: peta.unrolled({ ...data.kantong, features }) });
        layer.onClick((latlng) => houses.pick(latlng, 10).length > 0);
        Object.defineProperty(this, "kantong", { value: layer });
        return layer;
      },
      get lingkaran() {
        const scans = data.scans.filter(mine).map((circle) => ({ ...circle, shape: circle.shape && peta.unroll(circle.shape) }));
        const layer = L.layerGroup(Object.values(peta.scans(map, { ...data, scans })));
        peta.spread(map, layer);
        Object.defineProperty(this, "lingkaran", { value: layer });
        return layer;
      },
    };
    return ofIndicator[indicator];
  }

  function hint() {
    const far = wanted.has("rumah") && map.getZoom() < peta.FIRST_ZOOM - 0.5;
    notes.keep(far ? "Perbesar peta sampai rumah tampak." : "");
    const now = wanted.has("rumah") && !far;
    if (now !== told) tellSeen(now);
    told = now;
    // where houses are drawn their own stars are enough
    put(planned.chosen, wanted.has("terpilih") && (far || !wanted.has("rumah")));
  }
  map.on("zoomend", hint);

  function replan(plan) {
    [planned.chosen, planned.visits].forEach((layer) => put(layer, false));
    planned = peta.planned(plan);
  }

  let shownPlan = data.plan;
  let shownOutlines = [];
  return {
    show(view) {
      wanted = new Set(view.layers);
      areas.view({ ...view, base: base(view.base, wanted.has("dasar")) });
      Object.entries(zones).forEach(([layer, group]) => put(group, wanted.has(`zona-${layer}`)));
      const plan = peta.readPlan(view.plan) || data.plan;
      if (plan !== shownPlan) replan(plan);
      shownPlan = plan;

      const indicator = typeof view.indicator === "string" ? view.indicator : "";
      const asked = ["kantong", "lingkaran"].filter((name) => wanted.has(name)).map((name) => outlines(indicator)[name]);
      shownOutlines.filter((layer) => !asked.includes(layer)).forEach((layer) => put(layer, false));
      asked.forEach((layer) => put(layer, true));
      shownOutlines = asked;

      const seen = wanted.has("rumah") && view.tiles !== "";
      if (!seen) wanted.delete("rumah");
      houses.style(view.needs, wanted.has("terpilih"));
      if (seen) tiles.setAddress(view.tiles);
      put(tiles, seen);
      put(houses, seen);
      put(planned.visits, wanted.has("kunjungan"));
      hint();
    },
    pick(latlng, reach) {
      return [...new Set([...planned.pick(map, latlng, reach), ...(map.hasLayer(houses) ? houses.pick(latlng, reach) : [])])];
    },
  };
};
