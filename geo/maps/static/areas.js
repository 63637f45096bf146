// The areas of the district: choropleth of desa, borders and zones. Texts in data are escaped already.
"use strict";

const peta = {};

peta.number = new Intl.NumberFormat("id-ID");
peta.decimal = new Intl.NumberFormat("id-ID", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
peta.small = new Intl.NumberFormat("id-ID", { maximumSignificantDigits: 2 });
peta.count = (value) => (value === null || value === undefined ? "–" : peta.number.format(value));
peta.percent = (rate) => (rate === null || rate === undefined ? "–" : peta.decimal.format(100 * rate) + " %");

// Texts in data are escaped, which an attribute or a text set by script would show as it is.
peta.plain = function (html) {
  const words = document.createElement("textarea");
  words.innerHTML = html;
  return words.value;
};

peta.popupHeight = (map) => Math.max(180, map.getSize().y - 90);

// From bottom to top; a pane a kind keeps the heap in order whatever is switched on later.
peta.panes = ["desa", "zones", "borders", "kantong", "scans", "households", "names", "chosen", "visits", "badges"];
peta.deafPanes = ["zones", "borders", "households", "chosen", "visits", "names"];

// A colour mixed with white, so that what lies below the desa does not tint it.
peta.fade = function (colour, strength) {
  if (!colour.startsWith("#")) return colour;
  const parts = [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
  return `rgb(${parts.map((part) => Math.round(255 + (part - 255) * strength)).join(",")})`;
};

peta.areas = function (map, data) {
  peta.panes.forEach((name, place) => {
    const pane = map.createPane(name);
    pane.style.zIndex = 400 + 10 * place;
    if (peta.deafPanes.includes(name)) pane.style.pointerEvents = "none";
  });

  const desa = L.geoJSON(data.desa, { pane: "desa", style: { color: "#7d8994", weight: 0.6, fillOpacity: 1 } });
  desa.addTo(map);
  const byPlace = desa.getLayers();
  byPlace.forEach((shape, place) => { shape.place = place; });
  const borders = { kecamatan: { color: "#46525e", weight: 1.5 }, kabupaten: { color: "#1b2733", weight: 2.6 } };
  L.geoJSON(data.borders, {
    pane: "borders",
    interactive: false,
    style: (feature) => borders[feature.properties.kind],
  }).addTo(map);

  const zones = {};
  L.geoJSON(data.zones, {
    pane: "zones",
    interactive: false,
    style: ({ properties }) => ({
      color: data.colours.zones[properties.layer] || "#444444",
      weight: 2,
      dashArray: properties.first ? null : "6 5",
      fillColor: `url(#hatch-${properties.layer})`,
      fillOpacity: properties.first ? 0.75 : 0.35,
    }),
  }).eachLayer((shape) => {
    const layer = shape.feature.properties.layer;
    (zones[layer] = zones[layer] || L.layerGroup()).addLayer(shape);
  });

  const shown = { theme: "", measure: "rate" };
  // far out the colours speak, close by the houses do
  const strength = () => Math.max(0.3, Math.min(1, 1 - 0.2 * (map.getZoom() - 11.5)));
  function colour({ place, feature }) {
    if (shown.theme === "zona") return feature.properties.zona.colour;
    const figures = data.figures[shown.theme];
    if (!figures) return "#ffffff";
    const { colours, classes } = figures.themes[shown.measure];
    return classes[place] < 0 ? data.colours.unknown : colours[classes[place]];
  }
  const paint = () => byPlace.forEach((shape) => shape.setStyle({ fillColor: peta.fade(colour(shape), strength()) }));
  map.on("zoomend", paint);

  desa.bindTooltip((shape) => peta.desaTip(data, shape.place, shown), { sticky: true, direction: "top", offset: [0, -8] });
  let chosen = null;
  const outline = (shape, stressed) => {
    shape.setStyle(stressed || shape === chosen ? { weight: 3, color: "#111111" } : { weight: 0.6, color: "#7d8994" });
    if (stressed) shape.bringToFront();
  };
  desa.on("mouseover", (event) => outline(event.layer, true));
  desa.on("mouseout", (event) => outline(event.layer, false));

  return {
    zones,
    desaAt: (place) => byPlace[place],
    setTheme(theme, measure) { Object.assign(shown, { theme, measure }); paint(); },
    // households come first: the areas answer where none is near
    onClick(isTaken) {
      desa.on("click", (event) => { if (!isTaken(event.latlng)) this.tell(event.layer, event.latlng); });
    },
    tell(shape, latlng) {
      const content = L.DomUtil.create("div", "popup");
      content.innerHTML = peta.desaText(data, shape.place, shown.theme);
      const popup = L.popup({ maxWidth: 330, minWidth: 240, maxHeight: peta.popupHeight(map), autoPanPadding: [12, 12] })
        .setLatLng(latlng)
        .setContent(content)
        .on("remove", () => { chosen = null; outline(shape, false); })
        .openOn(map);
      // a part that is opened makes the popup higher
      content.addEventListener("toggle", () => popup.update(), true);
      chosen = shape;
      outline(shape, true);
    },
  };
};
