// The areas of the district: choropleth of desa, borders, zones and kantong. Texts in data are escaped already.
"use strict";

const peta = {};

peta.number = new Intl.NumberFormat("id-ID");
peta.decimal = new Intl.NumberFormat("id-ID", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
peta.count = (value) => (value === null || value === undefined ? "–" : peta.number.format(value));
peta.percent = (rate) => (rate === null || rate === undefined ? "–" : peta.decimal.format(100 * rate) + " %");

peta.popupHeight = (map) => Math.max(180, map.getSize().y - 90);

// A colour mixed with white, so that what lies below the desa does not tint it.
peta.fade = function (colour, strength) {
  const parts = [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
  return `rgb(${parts.map((part) => Math.round(255 + (part - 255) * strength)).join(",")})`;
};

peta.areas = function (map, data) {
  // one pane a kind keeps the heap in order whatever is switched on later
  const order = ["desa", "zones", "borders", "kantong", "households", "names"];
  order.forEach((name, place) => {
    const pane = map.createPane(name);
    pane.style.zIndex = 400 + 10 * place;
    if (["zones", "borders", "households", "names"].includes(name)) pane.style.pointerEvents = "none";
  });

  const desa = L.geoJSON(data.desa, { pane: "desa", style: { color: "#7d8994", weight: 0.6, fillOpacity: 1 } });
  desa.addTo(map);
  const byPlace = desa.getLayers();
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

  const titles = Object.fromEntries(data.indicators.map((indicator) => [indicator.id, indicator.title]));
  const kantong = L.geoJSON(data.kantong, {
    pane: "kantong",
    style: { color: data.colours.kantong, fillColor: "#fff", fillOpacity: 0.05 },
  });
  const kantongText = (shape) => {
    const about = shape.feature.properties;
    return `<b>${about.name}</b>${titles[about.indicator] || about.indicator}: ${peta.count(about.households)} rumah tangga,
      ${peta.decimal.format(about.density)} per hektare<br><i>Kantong kerja, bukan uji signifikansi</i>`;
  };
  kantong.bindTooltip(kantongText, { sticky: true });
  const thin = () => kantong.setStyle(map.getZoom() < 12.5 ? { weight: 1, dashArray: null } : { weight: 2, dashArray: "5 4" });
  map.on("zoomend", thin);
  thin();

  let theme = "";
  // far out the colours speak, close by the houses do
  const strength = () => Math.max(0.3, Math.min(1, 1 - 0.2 * (map.getZoom() - 11.5)));
  const paint = () => desa.setStyle((feature) => {
    const about = feature.properties[theme];
    return { fillColor: about ? peta.fade(about.colour, strength()) : "#ffffff" };
  });
  map.on("zoomend", paint);

  desa.bindTooltip((shape) => {
    const about = shape.feature.properties;
    const figures = about[theme];
    const line = figures && figures.word
      ? figures.word
      : figures
      ? `${titles[theme]}: ${figures.enough ? peta.percent(figures.rate) : figures.known === null ? "tidak ditampilkan" : "data belum cukup"}`
      : `${peta.count(about.households)} rumah tangga dalam daftar`;
    return `<b>${about.name}</b>Kec. ${about.kecamatan}<br>${line}`;
  }, { sticky: true, direction: "top", offset: [0, -8] });
  let chosen = null;
  const outline = (shape, stressed) => {
    shape.setStyle(stressed || shape === chosen ? { weight: 3, color: "#111111" } : { weight: 0.6, color: "#7d8994" });
    if (stressed) shape.bringToFront();
  };
  desa.on("mouseover", (event) => outline(event.layer, true));
  desa.on("mouseout", (event) => outline(event.layer, false));

  return {
    zones,
    kantong,
    desaAt: (place) => byPlace[place],
    setTheme(id) { theme = id; paint(); },
    // households come first: the areas answer where none is near
    onClick(isTaken) {
      desa.on("click", (event) => { if (!isTaken(event.latlng)) this.tell(event.layer, event.latlng); });
      kantong.on("click", (event) => {
        if (isTaken(event.latlng)) return;
        L.popup({ maxWidth: 300 }).setLatLng(event.latlng)
          .setContent(`<div class="popup">${kantongText(event.layer)}</div>`).openOn(map);
      });
    },
    tell(shape, latlng) {
      L.popup({ maxWidth: 330, maxHeight: peta.popupHeight(map), autoPanPadding: [12, 12] })
        .setLatLng(latlng)
        .setContent(peta.desaText(shape.feature.properties, data))
        .on("remove", () => { chosen = null; outline(shape, false); })
        .openOn(map);
      chosen = shape;
      outline(shape, true);
    },
  };
};

// What a click on a desa tells: every figure with its profile, its unknowns and how sure it is.
peta.desaText = function (about, data) {
  const indicators = data.indicators.map((indicator) => {
    const figures = about[indicator.id];
    const title = `<h4>${indicator.title} <small>${indicator.profile}</small></h4>`;
    if (figures.known === null) return `${title}<p>Tidak ditampilkan: jumlahnya terlalu kecil.</p>`;
    const rate = figures.enough
      ? `${peta.percent(figures.rate)} <small>selang 95 %: ${peta.percent(figures.low)} sampai ${peta.percent(figures.high)}</small>`
      : "<small>Data belum cukup untuk persentase</small>";
    return `${title}<p class="rate">${rate}</p>
      <p>${peta.count(figures.need)} ${indicator.gap ? "membutuhkan" : "ada"} dari ${peta.count(figures.known)} yang diketahui;
      ${peta.count(figures.unknown)} belum diketahui${figures.unknown ? ` (dari semua: antara ${peta.percent(figures.least)} dan ${peta.percent(figures.most)})` : ""}.
      ${indicator.gap ? `Kekurangan menuju target${data.target && " " + data.target}: ${peta.count(figures.gap)} rumah tangga.` : ""}</p>`;
  });
  const zones = (about.zones || []).map(([word, why, share, homes], place) => {
    const shares = [share && `${peta.percent(share)} luas desa`, homes && `${peta.percent(homes)} rumah tangganya`];
    const parts = shares.filter(Boolean).join(", ");
    return `<dt>${data.layers[place]}</dt><dd>${word}${parts ? ` (${parts})` : ""}${why ? `<br><small>${why}</small>` : ""}</dd>`;
  });
  return `<div class="popup"><h3>${about.kind} ${about.name}</h3>
    <p class="muted">Kec. ${about.kecamatan} · ${peta.count(about.households)} rumah tangga dalam daftar,
    ${peta.count(about.located)} bertitik</p>${indicators.join("")}<dl>${zones.join("")}</dl></div>`;
};
