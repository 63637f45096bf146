// The base map below the areas: own tiles of the run, or those of a base map of the internet where the settings name one.
"use strict";

// What is known of the sea ends somewhere, and an end that is cut straight would be read as a coast: it fades away.
peta.seaEnds = function (map, [[south, west], [north, east]], around) {
  const [[bottom, left], [top, right]] = around;
  const strips = {
    west: [[bottom, left], [top, left + 0.6 * (west - left)]],
    east: [[bottom, right - 0.6 * (right - east)], [top, right]],
    north: [[top - 0.6 * (top - north), left], [top, right]],
    south: [[bottom, left], [bottom + 0.6 * (south - bottom), right]],
  };
  for (const [side, box] of Object.entries(strips)) {
    if (box[0][0] < box[1][0] && box[0][1] < box[1][1]) {
      L.rectangle(box, { pane: "sea", interactive: false, stroke: false, fillColor: `url(#shade-${side})`, fillOpacity: 1, className: "shade" }).addTo(map);
    }
  }
};

peta.base = function (map, data, heard) {
  if (data.sea) L.geoJSON(peta.unrolled(data.sea), { pane: "sea", interactive: false, style: { stroke: false, fillColor: "#d3e3ec", fillOpacity: 1 } }).addTo(map);
  if (data.sea) peta.seaEnds(map, data.bounds, data.seaBounds);
  const named = data.basemap;
  let layer = null;
  let address = "";

  function make(of) {
    if (named) return L.tileLayer(named.address, { ...named.options, attribution: named.credit });
    const own = L.tileLayer(of, { maxNativeZoom: peta.LAST_ZOOM, bounds: L.latLngBounds(data.bounds).pad(0.1) });
    // an image does not tell why it failed
    own.once("tileerror", ({ tile }) => { fetch(tile.src).then((answer) => { if (!answer.ok) heard(answer.status); }).catch(() => {}); });
    return own;
  }

  // Returns whether something lies below the areas.
  return function show(asked, wanted) {
    const of = wanted ? (named ? named.address : asked) : "";
    if (of === address) return Boolean(of);
    if (layer) layer.remove();
    layer = of ? make(of).addTo(map) : null;
    address = of;
    return Boolean(of);
  };
};
