// What a pointer and a click tell of a desa: every figure with its definition, its unknowns and how sure it is.
"use strict";

peta.desaTip = function (data, place, { theme, measure }) {
  const about = data.desa.features[place].properties;
  const head = `<b>${about.name}</b>Kec. ${about.kecamatan}<br>`;
  if (theme === "zona") return head + about.zona.word;
  const figures = data.figures[theme];
  if (!figures) return `${head}${peta.count(about.households)} rumah tangga dalam lembar`;
  const title = data.indicators.find((indicator) => indicator.id === theme).title;
  return `${head}${title}: ${peta.tipFigure(figures, place, measure)}`;
};

peta.tipFigure = function (figures, place, measure) {
  if (measure === "hot") return peta.hotWord(figures.hot, place);
  if (figures.known[place] === null) return "tidak ditampilkan";
  if (!figures.enough[place]) return "data belum cukup";
  if (measure === "need") return `${peta.count(figures.need[place])} rumah tangga`;
  if (measure === "gap") return figures.gap[place] ? `kekurangan ${peta.count(figures.gap[place])} rumah tangga` : "tanpa kekurangan sejauh diketahui";
  return peta.percent(figures[measure][place]) + (measure === "smoothed" ? " (dihaluskan)" : "");
};

peta.hotWord = (hot, place) => hot.untested[place] ||
  { panas: "desa panas", dingin: "desa dingin" }[hot.gi_class[place]] || "tidak nyata berbeda";

// How sure, in words: q is the share of false finds that one accepts in calling everything as clear as this a find.
peta.sureness = function (data, q) {
  if (!data.corrected) return " Tanpa koreksi uji berganda: mungkin semu.";
  if (q === null) return "";
  const sure = q <= 0.001 ? "Sangat yakin" : q <= 0.01 ? "Yakin" : "Cukup yakin";
  const wrong = q < 0.01 ? "kurang dari 1" : `sekitar ${peta.count(Math.round(100 * q))}`;
  return ` ${sure}: dari 100 desa yang ditandai setegas ini, ${wrong} keliru.`;
};

peta.hotText = function (data, hot, place) {
  const kind = hot.gi_class[place];
  const q = hot.q[place];
  const untested = hot.untested[place];
  const head = `<h5><i class="hot-${untested ? "untested" : kind || "blank"}"></i>${peta.capital(peta.hotWord(hot, place))}</h5>`;
  if (untested) return head;
  const exact = q === null ? "" : ` (q ${peta.small.format(q)})`;
  if (!kind) return `${head}<p>Bersama tetangganya tidak nyata lebih sering atau lebih jarang daripada bila tersebar acak${exact}.</p>`;
  const others = data.otherRules ? hot.stays[place] || "tidak ada: hati-hati" : "tidak dicoba";
  const around = {
    "tinggi-tinggi": "desa ini tinggi, tetangganya juga", "rendah-rendah": "desa ini rendah, tetangganya juga",
    "tinggi-rendah": "desa ini tinggi di antara tetangga yang rendah", "rendah-tinggi": "desa ini rendah di antara tetangga yang tinggi",
  }[hot.moran_class[place]];
  return `${head}<p>Bersama tetangganya nyata lebih ${kind === "panas" ? "sering" : "jarang"} daripada bila tersebar acak${exact}.${peta.sureness(data, q)}</p>
    <p>Tetap ${kind} dengan aturan tetangga lain: ${others}.${around ? ` Pola setempat (Moran): ${around}.` : ""}</p>`;
};

peta.capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

peta.desaText = function (data, place, theme) {
  const about = data.desa.features[place].properties;
  const register = about.register === null ? "" : `; register memuat ${peta.percent(about.register)} dari
    ${peta.count(about.families)} keluarga desa`;
  const zones = (about.zones || []).map(([word, why, share, homes], layer) => {
    const shares = [share && `${peta.percent(share)} luas desa`, homes && `${peta.percent(homes)} rumah tangganya`];
    const parts = shares.filter(Boolean).join(", ");
    return `<dt>${data.layers[layer]}</dt><dd>${word}${parts ? ` (${parts})` : ""}${why ? `<br><small>${why}</small>` : ""}</dd>`;
  });
  // the indicator that colours the map is told whole, the others open on demand
  const first = data.indicators.some(({ id }) => id === theme) ? theme : data.indicators[0] && data.indicators[0].id;
  const told = data.indicators.map((indicator) => {
    const figures = data.figures[indicator.id];
    const rate = figures.known[place] === null ? "tidak ditampilkan" : figures.enough[place] ? peta.percent(figures.rate[place]) : "data belum cukup";
    const body = peta.indicatorText(data, indicator, figures, place);
    return indicator.id === first
      ? [`<h4>${indicator.title} <small>${indicator.profile}</small></h4>${body}`, ""]
      : ["", `<details><summary>${indicator.title} <b>${rate}</b></summary><p class="muted">${indicator.profile}</p>${body}</details>`];
  });
  return `<h3>${about.kind} ${about.name}</h3>
    <p class="muted">Kec. ${about.kecamatan} · ${peta.count(about.households)} rumah tangga dalam lembar${about.located === null ? "" : `,
    ${peta.count(about.located)} bertitik`}${register}</p>
    ${told.map((pair) => pair[0]).join("")}${told.map((pair) => pair[1]).join("")}<dl>${zones.join("")}</dl>`;
};

peta.indicatorText = function (data, indicator, figures, place) {
  const figure = (name) => figures[name][place];
  if (figure("known") === null) return "<p>Tidak ditampilkan, agar angka kecil tetap rahasia.</p>";
  const where = { "di atas": "lebih jauh di atas tingkat kabupaten daripada yang biasa", "di bawah": "lebih jauh di bawah tingkat kabupaten daripada yang biasa", wajar: "dalam kisaran yang biasa di kabupaten" }[figures.funnel[place]];
  const compared = [figure("smoothed") === null ? "" : `Dihaluskan ${peta.percent(figure("smoothed"))}`, where].filter(Boolean).join("; ");
  const rate = figures.enough[place]
    ? `${peta.percent(figure("rate"))} <small>interval 95 %: ${peta.percent(figure("low"))} sampai ${peta.percent(figure("high"))}</small>`
    : "<small>Data belum cukup untuk persentase</small>";
  const rest = figure("unknown") && figure("least") !== null ? ` (dari semua: antara ${peta.percent(figure("least"))} dan ${peta.percent(figure("most"))})` : "";
  const share = figure("gap_rate") === null || !figure("gap") ? "" : ` (${peta.percent(figure("gap_rate"))})`;
  const most = figure("gap_most") > figure("gap") ? `, paling banyak ${peta.count(figure("gap_most"))} bila yang belum diketahui membutuhkan juga` : "";
  const gap = indicator.gap && figure("gap") !== null
    ? ` Kekurangan menuju target${indicator.target && " " + indicator.target}: ${peta.count(figure("gap"))} rumah tangga${share}${most}.` : "";
  return `<p class="rate">${rate}</p>${figures.enough[place] && compared ? `<p>${compared}.</p>` : ""}
    <p>${peta.count(figure("need"))} ${indicator.gap ? "membutuhkan" : "ada"} dari ${peta.count(figure("known"))} yang diketahui;
    ${peta.count(figure("unknown"))} belum diketahui${rest}.${gap}</p>${figures.hot ? peta.hotText(data, figures.hot, place) : ""}
    ${peta.circlesText(data, indicator.id, place)}`;
};

// A circle of houses cuts through desa: only those of desa hold a desa whole.
peta.circlesText = function (data, indicator, place) {
  const around = data.scans.filter((circle) => circle.indicator === indicator && circle.base === "desa" && circle.desa.includes(place));
  return around.map((circle) => `<p>Di dalam lingkaran ${circle.label} sekitar ${circle.nama_desa}: ${peta.times(circle.relative_risk)}.</p>`).join("");
};
