// Puts the parts together on the folium map.
"use strict";

peta.start = function (map) {
  const data = JSON.parse(document.getElementById("data").textContent);
  const home = () => map.fitBounds(data.bounds, { padding: [16, 16], animate: false });
  L.control.zoom({ zoomInTitle: "Perbesar", zoomOutTitle: "Perkecil" }).addTo(map);
  peta.homeButton(home).addTo(map);
  L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
  L.control.attribution({ prefix: false }).addAttribution(`Batas: ${data.credit}`).addTo(map);
  map.getContainer().setAttribute("aria-label", "Peta interaktif; desa dapat dicari dengan kotak pencarian");
  document.getElementById("wait").remove();
  home();

  const areas = peta.areas(map, data);
  const households = new peta.Households(data);
  const layers = {
    areas,
    households,
    kantong: peta.kantong(map, data),
    scans: peta.scans(map, data),
    chosen: new peta.Chosen(data, households),
    visits: new peta.Visits(data, households),
  };
  peta.panel(map, data, layers);
  home();
  peta.names(map, data.names);
  peta.visitList(map, data, layers, peta.clicks(map, data, layers));
  peta.print(map, L.latLngBounds(data.bounds));
  map.on("popupopen popupclose", ({ type }) => {
    map.getContainer().classList.toggle("has-popup", type === "popupopen");
  });
  map.on("popupopen", ({ popup }) => {
    popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", "Tutup");
  });
};

// Paper has another size than the window: the same view is fitted to it, and back again.
peta.print = function (map, district) {
  let view = null;
  window.addEventListener("beforeprint", () => {
    map.closePopup();
    const seen = map.getBounds();
    view = { centre: map.getCenter(), zoom: map.getZoom() };
    document.documentElement.classList.add("printing");
    document.getElementById("panel").scrollTop = 0;
    map.invalidateSize({ animate: false });
    map.fitBounds(district.intersects(seen) ? peta.overlap(district, seen) : seen, { animate: false });
  });
  window.addEventListener("afterprint", () => {
    document.documentElement.classList.remove("printing");
    map.invalidateSize({ animate: false });
    if (view) map.setView(view.centre, view.zoom, { animate: false });
  });
};

peta.overlap = (a, b) => L.latLngBounds(
  [Math.max(a.getSouth(), b.getSouth()), Math.max(a.getWest(), b.getWest())],
  [Math.min(a.getNorth(), b.getNorth()), Math.min(a.getEast(), b.getEast())],
);
