// The areas, desa or kecamatan, coloured as the view says; the outlines of what is selected and pointed at.
"use strict";

peta.OVER_BASE = 0.7;

peta.choropleth = function (map, data, tell) {
  const colour = /^(#[0-9a-f]{3,8}|url\(#hatch-[\w-]+\))$/i;
  const thin = { desa: { color: "#7d8994", weight: 0.6 }, kecamatan: { color: "#46525e", weight: 1.2 } };
  const shown = { level: "", view: null };
  const built = {};
  const outlines = { selected: L.layerGroup().addTo(map), highlighted: L.layerGroup().addTo(map) };
  const codes = Object.fromEntries(["desa", "kecamatan"].map((level) =>
    [level, new Map(data[level].features.map((feature, place) => [feature.properties.code, { feature, place }]))]));

  function build(level) {
    const layer = L.geoJSON(data[level], { pane: "desa", style: { ...thin[level], fillColor: "#fff", fillOpacity: 1 } });
    layer.shapes = layer.getLayers();
    layer.shapes.forEach((shape, place) => { shape.place = place; });
    layer.bindTooltip(tip, { sticky: true, direction: "top", offset: [0, -8] });
    layer.on("mouseover", ({ layer: shape }) => tell.hover(shape.feature.properties.code));
    layer.on("mouseout", () => tell.hover(null));
    layer.on("click", (event) => tell.click(event.layer.feature.properties.code, event));
    return layer;
  }

  function tip(shape) {
    const text = shown.view && shown.view.tips[shape.place];
    return peta.tip(text || `<b>${shape.feature.properties.name}</b>`);
  }

  function paint() {
    const { view, level } = shown;
    const style = thin[level];
    built[level].shapes.forEach((shape) => {
      const inside = !view || view.inside[shape.place] === 1;
      const known = view ? view.colours[view.classes[shape.place]] : "#ffffff";
      const fill = !inside ? "url(#hatch-outside)" : known === undefined ? "url(#hatch-none)" : colour.test(known) ? known : "#ffffff";
      shape.setStyle({
        ...style,
        // the colours of the legend at every zoom; over a base map the legend shows them as thin as here
        fillColor: fill,
        fillOpacity: view && view.base ? (inside ? peta.OVER_BASE : 0.6) : 1,
        opacity: inside ? 1 : 0.45,
      });
    });
  }

  function show(level) {
    if (level === shown.level) return;
    if (shown.level) built[shown.level].remove();
    built[level] = built[level] || build(level);
    built[level].addTo(map);
    shown.level = level;
  }

  // a dark line with a bright rim stands out on every class, and on paper
  function outline(kind, kode, line) {
    outlines[kind].clearLayers();
    const found = codes.desa.get(kode) || codes.kecamatan.get(kode);
    if (!found) return;
    for (const style of [{ color: "#fff", weight: line.weight + 4, opacity: 0.9 }, line]) {
      outlines[kind].addLayer(L.geoJSON(found.feature, { pane: "outlines", interactive: false, style: { fill: false, ...style } }));
    }
  }

  show("desa");
  paint();

  return {
    view(view) { shown.view = view; show(view.level); paint(); },
    count: (level) => data[level].features.length,
    closeTip: () => built[shown.level].closeTooltip(),
    select: (kode) => outline("selected", kode, { color: "#111111", weight: 3.2 }),
    highlight: (kode) => outline("highlighted", kode, { color: "#b3005e", weight: 3.2, dashArray: "7 4" }),
    name(kode) {
      const found = codes.desa.get(kode) || codes.kecamatan.get(kode);
      return found ? peta.plain(found.feature.properties.name) : "";
    },
    bounds(kode) {
      const found = codes.desa.get(kode) || codes.kecamatan.get(kode);
      return found ? L.geoJSON(found.feature).getBounds() : null;
    },
  };
};
