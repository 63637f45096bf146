// Outlines where need gathers: kantong for the day's work, and the circles of the scan statistic.
"use strict";

peta.kantong = function (map, data) {
  const titles = Object.fromEntries(data.indicators.map((indicator) => [indicator.id, indicator.title]));
  const layer = L.geoJSON(data.kantong, {
    pane: "kantong",
    style: { color: data.colours.kantong, fillColor: "#fff", fillOpacity: 0.05 },
  });
  const text = (shape) => {
    const about = shape.feature.properties;
    const base = about.base === null ? "" : `<br>Di dalam garisnya ${peta.count(about.base)} rumah bertitik yang diketahui${about.share === null ? "" : `, ${peta.percent(about.share)} di antaranya membutuhkan`}`;
    const walk = about.walk === null ? "" : `<br>Dari ujung ke ujung, rumah demi rumah: sekitar ${peta.count(Math.round(about.walk / 10) * 10)} m`;
    return `<b>${about.name}</b>${titles[about.indicator] || about.indicator}: ${peta.count(about.households)} rumah tangga,
      ${about.density === null ? "–" : peta.decimal.format(about.density)} per hektare${base}${walk}<br><i>Kantong kerja, tanpa uji statistik</i>`;
  };
  layer.bindTooltip(text, { sticky: true });
  // far out many small outlines would be crumbs that darken the colours below
  const thin = () => layer.setStyle(map.getZoom() < 11.75 ? { weight: 0.6, opacity: 0.65, dashArray: null }
    : map.getZoom() < 12.5 ? { weight: 1, opacity: 1, dashArray: null } : { weight: 2, opacity: 1, dashArray: "5 4" });
  map.on("zoomend", thin);
  thin();
  layer.onClick = (isTaken) => layer.on("click", (event) => {
    if (isTaken(event.latlng)) return;
    L.popup({ maxWidth: 300 }).setLatLng(event.latlng)
      .setContent(`<div class="popup">${text(event.layer)}</div>`).openOn(map);
  });
  return layer;
};

// Only the rim and the badge answer a click: what lies inside a circle stays within reach.
peta.scans = function (map, data) {
  const titles = Object.fromEntries(data.indicators.map((indicator) => [indicator.id, indicator.title]));
  const groups = {};
  data.scans.forEach((circle) => {
    const group = (groups[circle.layer] = groups[circle.layer] || L.layerGroup());
    const tell = (latlng) => L.popup({ maxWidth: 320, minWidth: 230, maxHeight: peta.popupHeight(map), autoPanPadding: [12, 12] })
      .setLatLng(latlng)
      .setContent(`<div class="popup">${peta.scanText(data, circle, titles[circle.indicator] || circle.indicator)}</div>`).openOn(map);
    if (circle.shape) {
      const rim = { pane: "scans", fill: false, color: circle.colour, interactive: false };
      const weight = circle.base === "desa" ? 3 : 1.8;
      group.addLayer(L.geoJSON(circle.shape, { ...rim, color: "#fff", weight: weight + 3, opacity: 0.85 }));
      group.addLayer(L.geoJSON(circle.shape, { ...rim, weight }));
      group.addLayer(L.geoJSON(circle.shape, { ...rim, weight: 16, opacity: 0, interactive: true })
        .on("click", (event) => { L.DomEvent.stop(event); tell(event.latlng); }));
    }
    if (circle.at) group.addLayer(peta.badge(circle, titles[circle.indicator] || "", tell));
  });
  return groups;
};

peta.badge = function (circle, title, tell) {
  const name = `Lingkaran ${circle.label}, ${title}, sekitar ${circle.nama_desa}`;
  // beside the rim, away from the middle: far out the circles are small
  const [wide, high] = [14 + 8 * circle.label.length, 20];
  const iconAnchor = [(wide / 2) * (1 - circle.side[0]), (high / 2) * (1 + circle.side[1])];
  const icon = L.divIcon({ className: `badge badge-${circle.base === "desa" ? "desa" : "rumah"}`, html: circle.label, iconSize: [wide, high], iconAnchor });
  const marker = L.marker(circle.at, { circle, pane: "badges", icon, keyboard: true, riseOnHover: true });
  marker.on("click", () => tell(marker.getLatLng()));
  marker.on("keypress", ({ originalEvent }) => { if (["Enter", " "].includes(originalEvent.key)) tell(marker.getLatLng()); });
  marker.on("add", () => {
    marker.getElement().style.setProperty("--scan", circle.colour);
    marker.getElement().setAttribute("aria-label", peta.plain(name));
    marker.getElement().setAttribute("role", "button");
  });
  return marker.bindTooltip(name, { direction: "top", offset: [0, -10] });
};

peta.times = function (risk) {
  if (risk === null || risk === undefined) return "Di luar lingkaran tidak ada yang membutuhkan";
  const times = peta.decimal.format(risk < 1 ? 1 / risk : risk);
  return `${times} kali lebih ${risk < 1 ? "jarang" : "sering"} daripada di luar lingkaran`;
};

// What p says, and no more: how often chance alone makes a circle as strong as this one.
peta.chance = function (p, replicates) {
  if (p === null) return "";
  // a share of repeated draws is never nought: this one was rounded
  if (p === 0) return "sangat jarang";
  if (replicates && p <= 1.0001 / (replicates + 1)) return `paling banyak 1 dari ${peta.count(replicates + 1)} kali`;
  const times = [100, 1000, 10000, 100000].find((out) => Math.round(p * out) >= 1);
  return times ? `sekitar ${peta.count(Math.round(p * times))} dari ${peta.count(times)} kali` : "sangat jarang";
};

peta.scanText = function (data, circle, title) {
  const radius = !circle.radius_m ? "satu desa saja" : circle.radius_m < 1000
    ? `radius ${peta.count(Math.round(circle.radius_m / 10) * 10)} m` : `radius ${peta.decimal.format(circle.radius_m / 1000)} km`;
  const counts = circle.observed === null ? "" : `<dt>Membutuhkan</dt><dd>${peta.count(circle.observed)} dari ${peta.count(circle.households)} rumah tangga yang diketahui</dd>
    <dt>Bila merata</dt><dd>${circle.expected === null ? "–" : peta.decimal.format(circle.expected)}</dd>`;
  const replicates = data.replicates[circle.base];
  const chance = peta.chance(circle.p_value, replicates);
  const repeated = replicates ? `; ${peta.count(replicates)} ulangan acak` : "";
  const p = circle.p_value ? `; p = ${peta.small.format(circle.p_value)}` : "";
  const base = circle.base === "desa" ? "angka desa" : "rumah bertitik sendiri";
  return `<h3>Lingkaran ${circle.label}: sekitar ${circle.nama_desa}</h3>
    <p class="muted">${title} · Kec. ${circle.nama_kecamatan}</p>
    <p class="rate">${peta.times(circle.relative_risk)}</p>
    <dl>${counts}${chance && `<dt>Bila tersebar acak</dt><dd>yang sekuat ini muncul ${chance}</dd>`}
    <dt>Luasnya</dt><dd>${radius}</dd>
    <dt>Desa</dt><dd>${peta.count(circle.desa.length)}: ${circle.members}</dd>
    <dt>Cara</dt><dd>Kulldorff, model ${circle.model}, dari ${base}${repeated}${p}</dd></dl>`;
};
