// The ground of every map of the district: panes, borders and zones.
"use strict";

// From bottom to top; a pane a kind keeps the heap in order whatever is switched on later.
peta.panes = ["desa", "zones", "borders", "kantong", "scans", "households", "names", "chosen", "visits", "badges"];
peta.deafPanes = ["zones", "borders", "households", "chosen", "visits", "names"];

peta.stack = function (map, panes = peta.panes) {
  panes.forEach((name, place) => {
    const pane = map.createPane(name);
    pane.style.zIndex = 400 + 10 * place;
    if (peta.deafPanes.includes(name)) pane.style.pointerEvents = "none";
  });
};

// Draws the borders; returns the zones of each layer, not yet on the map.
peta.ground = function (map, data) {
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
  return zones;
};
