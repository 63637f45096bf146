// Puts the parts together on the folium map, and says so to the page.
"use strict";

peta.begin = function (map) {
  const data = JSON.parse(document.getElementById("data").textContent);
  for (const name of ["desa", "kecamatan", "borders", "zones"]) data[name] = peta.unrolled(data[name]);
  const reach = window.matchMedia("(pointer: coarse)").matches ? 18 : 10;
  // stated, or the first zoom of the households would become that of the map
  map.setMinZoom(7).setMaxZoom(18);
  const handlers = {};
  const post = peta.talk(handlers);
  peta.stack(map, ["desa", "zones", "borders", "outlines", "kantong", "scans", "households", "chosen", "visits", "names", "badges"]);
  map.getPane("outlines").style.pointerEvents = "none";
  map.createPane("sea").style.zIndex = 190;

  const notes = peta.notes(map);
  // the notes would cover the south, on a phone the buttons the west too
  const whole = () => {
    const [left, bottom] = [map.getSize().x < 600 ? 56 : 16, 56];
    map.fitBounds(data.bounds, { paddingTopLeft: [left, 16], paddingBottomRight: [16, bottom], animate: false });
  };
  const measure = peta.measure(map, notes);
  const zoom = L.control.zoom({ zoomInTitle: "Perbesar", zoomOutTitle: "Perkecil" });
  const locate = peta.may("geolocation") && window.isSecureContext ? [peta.locate(map, notes)] : [];
  [zoom, peta.homeButton(whole), measure, ...locate].forEach((control) => control.addTo(map));
  if (!document.fullscreenEnabled && map.fullscreenControl) map.fullscreenControl.remove();
  L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
  L.control.attribution({ prefix: false }).addAttribution(`Batas: ${data.credit}${data.schematic ? " (skematik, bukan batas resmi)" : ""}`).addTo(map);
  map.getContainer().setAttribute("role", "application");
  map.getContainer().setAttribute("aria-label", "Peta; panah menggeser, tanda tambah dan kurang memperbesar dan memperkecil. Desa dapat dicari di halaman dan dibaca di tabelnya.");
  whole();

  // the page gives a new address once it hears that this one is over
  let stale = false;
  const heard = (status) => {
    if (stale || ![401, 403, 404, 410].includes(status)) return;
    stale = true;
    post("stale");
  };
  peta.watchFetch(heard);

  const areas = peta.choropleth(map, data, {
    hover: (kode) => post("hover", { kode }),
    click(kode, { latlng }) { if (!measure.isOn() && !drawing.pick(latlng, reach).length) post("area", { kode }); },
  });
  const drawing = peta.drawing(map, data, { areas, notes, heard, seen: (seen) => post("houses", { seen }) });
  peta.names(map, data.names);

  // Households on one spot are told one after the other, click by click.
  let last = [];
  map.on("click", ({ latlng }) => {
    if (measure.isOn()) return;
    const found = drawing.pick(latlng, reach);
    if (!found.length) return;
    const again = found.length === last.length && found.every((row) => last.includes(row));
    last = again ? [...last.slice(1), last[0]] : found;
    post("household", { row: last[0] });
    notes.announce(`Rumah tangga baris ${last[0]}${found.length > 1 ? `, satu dari ${found.length} di titik ini` : ""}.`);
  });
  map.on("mousemove", ({ latlng }) => {
    map.getContainer().style.cursor = !measure.isOn() && drawing.pick(latlng, reach).length ? "pointer" : "";
  });

  peta.printable(map);
  const moves = peta.moves(map, post);
  let waiting = null;
  let first = true;
  function draw() {
    const view = peta.readView(waiting, areas.count);
    waiting = null;
    if (!view) return;
    stale = false;
    drawing.show(view);
    if (!first) return;
    first = false;
    requestAnimationFrame(() => setTimeout(() => post("drawn"), 0));
  }

  Object.assign(handlers, {
    view(message) {
      if (!waiting) setTimeout(draw, 0);
      waiting = message.view;
    },
    go: ({ lat, lon, zoom: to }) => moves.byPage(() => map.setView([lat, lon], to, { animate: false })),
    follow: ({ lat, lon, zoom: to }) => moves.silently(() => map.setView([lat, lon], to, { animate: false })),
    fit: ({ kode }) => moves.byPage(() => {
      const box = areas.bounds(kode);
      if (box) map.fitBounds(box, { padding: [30, 30], animate: false });
      else if (kode === null) whole();
    }),
    select({ kode }) {
      areas.select(kode);
      // a finger leaves its tip behind, and the page now tells more than that
      if (window.matchMedia("(hover: none)").matches) areas.closeTip();
      if (kode && areas.name(kode)) notes.announce(`${areas.name(kode)} dipilih.`);
    },
    highlight: ({ kode }) => areas.highlight(kode),
    print: ({ on }) => peta.paper(map, on),
  });
  map.on("popupopen", ({ popup }) => popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", "Tutup"));
  post("ready");
};

// Whether the frame was given leave for something; a button that can do nothing only puzzles.
peta.may = (what) => !document.featurePolicy || document.featurePolicy.allowsFeature(what);

// Tells the page where the map came to rest, and who moved it.
peta.moves = function (map, post) {
  let by = "user";
  let silent = false;
  const place = () => {
    const { lat, lng } = map.getCenter();
    return { lat: Number(lat.toFixed(5)), lon: Number(lng.toFixed(5)), zoom: Number(map.getZoom().toFixed(2)) };
  };
  let known = JSON.stringify(place());
  map.on("moveend", () => {
    const at = place();
    const same = JSON.stringify(at) === known;
    known = JSON.stringify(at);
    if (!same && !silent) post("moved", { ...at, by });
  });
  return {
    byPage(move) { by = "page"; move(); by = "user"; },
    silently(move) { silent = true; move(); silent = false; },
  };
};

// The browser's own command makes the frame as large as its place on paper and prints at once: the view as it stands is
// then scaled to that by the style sheet, so the map must not have taken the new size before.
peta.printable = function (map) {
  let due = 0;
  let printing = false;
  const keep = () => {
    const { x, y } = map.getSize();
    document.documentElement.style.setProperty("--wide", `${x}px`);
    document.documentElement.style.setProperty("--high", `${y}px`);
  };
  const resize = () => {
    clearTimeout(due);
    due = setTimeout(() => { if (!printing) map.invalidateSize({ debounceMoveend: true }); }, 250);
  };
  L.DomEvent.off(window, "resize", map._onResize, map);
  window.addEventListener("resize", resize);
  window.addEventListener("beforeprint", () => { printing = true; });
  window.addEventListener("afterprint", () => { printing = false; resize(); });
  keep();
  map.on("resize", keep);
};

// Paper has another size than the window: the same view is fitted to it, and back again.
peta.paper = function (map, on) {
  document.documentElement.classList.toggle("printing", on);
  if (on) {
    const seen = map.getBounds();
    peta.fitting = () => { map.invalidateSize({ animate: false, pan: false }); map.fitBounds(seen, { animate: false }); };
    peta.before = { centre: map.getCenter(), zoom: map.getZoom() };
    window.addEventListener("resize", peta.fitting);
  } else if (peta.fitting) {
    window.removeEventListener("resize", peta.fitting);
    peta.fitting = null;
    map.invalidateSize({ animate: false, pan: false });
    map.setView(peta.before.centre, peta.before.zoom, { animate: false });
  }
};
