// The areas of the district: choropleth of desa with what a pointer and a click tell.
"use strict";

peta.areas = function (map, data) {
  peta.stack(map);
  const desa = L.geoJSON(data.desa, { pane: "desa", style: { color: "#7d8994", weight: 0.6, fillOpacity: 1 } });
  desa.addTo(map);
  const byPlace = desa.getLayers();
  byPlace.forEach((shape, place) => { shape.place = place; });
  const zones = peta.ground(map, data);

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
