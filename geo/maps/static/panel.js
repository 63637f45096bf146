// The panel beside the map: themes, layers, the filter of the visits, and the search for a desa.
"use strict";

peta.panel = function (map, data, { areas, households, kantong, scans, chosen, visits }) {
  const find = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const measure = find("#measure");
  const gaveWay = find("#gave-way");
  let wanted = measure ? measure.value : "rate";

  // the strip repeats what must never be out of sight where the panel is closed
  function showTheme() {
    const theme = (find("input[name=theme]:checked") || { value: "" }).value;
    const figures = data.figures[theme];
    if (measure) {
      measure.disabled = !figures;
      [...measure.options].forEach((option) => { option.disabled = Boolean(figures) && !figures.themes[option.value]; });
      // what one indicator lacks the next may have: the choice outlives it
      const lacks = Boolean(figures) && !figures.themes[wanted];
      measure.value = lacks ? "rate" : wanted;
      const words = (value) => measure.querySelector(`option[value=${value}]`).textContent;
      gaveWay.textContent = lacks ? `«${words(wanted)}» tidak ada untuk kebutuhan ini; yang tampak: ${words("rate")}.` : "";
    }
    const shown = measure ? measure.value : "rate";
    areas.setTheme(theme, shown);
    all(".theme").forEach((element) => {
      element.hidden = element.dataset.theme !== theme || Boolean(element.dataset.measure && element.dataset.measure !== shown);
    });
    const ramp = find(".theme:not([hidden]) .ramp");
    const missing = find("#pointless");
    find("#strip").replaceChildren(...[ramp, missing].filter(Boolean).map((element) => element.cloneNode(true)));
    map.invalidateSize({ animate: false });
  }
  all("input[name=theme]").forEach((input) => input.addEventListener("change", showTheme));
  if (measure) measure.addEventListener("change", () => { wanted = measure.value; showTheme(); });
  showTheme();

  const switchLayer = (input, layer) => {
    if (!input || !layer) return;
    const show = () => { if (input.checked) layer.addTo(map); else layer.remove(); };
    input.addEventListener("change", show);
    show();
  };
  switchLayer(find("#show-households"), households);
  switchLayer(find("#show-kantong"), kantong);
  switchLayer(find("#show-chosen"), chosen);
  switchLayer(find("#show-visits"), visits);
  chosen.hidden = (i) => map.hasLayer(visits) && visits.drawn.has(i);
  visits.on("add remove change", () => { if (map.hasLayer(chosen)) chosen.redraw(); });
  all("[data-zone]").forEach((input) => switchLayer(input, areas.zones[input.dataset.zone]));
  all("[data-scan]").forEach((input) => switchLayer(input, scans[input.dataset.scan]));
  all(".chip").forEach((chip) => chip.addEventListener("click", () => {
    const shown = chip.getAttribute("aria-pressed") !== "true";
    chip.setAttribute("aria-pressed", String(shown));
    households.setNeed(chip.dataset.need, shown);
  }));
  if (find("#visit-team")) peta.visitFilter(map, data, visits);

  const toggle = find("#panel-toggle");
  const phone = window.matchMedia("screen and (max-width: 760px)");
  function showPanel(shown) {
    document.body.classList.toggle("no-panel", !shown);
    toggle.setAttribute("aria-expanded", String(shown));
    toggle.textContent = shown ? "Tutup legenda" : "Legenda";
    map.invalidateSize({ animate: false });
  }
  toggle.addEventListener("click", () => showPanel(document.body.classList.contains("no-panel")));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && phone.matches) showPanel(false);
  });
  phone.addEventListener("change", () => showPanel(!phone.matches));
  showPanel(!phone.matches);

  peta.search(map, areas, () => { if (phone.matches) showPanel(false); });
};

// One team, one day, or both: the routes that are left are brought into view.
peta.visitFilter = function (map, data, visits) {
  const [team, day, shown] = ["visit-team", "visit-day", "show-visits"].map((id) => document.getElementById(id));
  const answer = document.getElementById("visit-answer");
  function filter() {
    visits.filter(team.value, day.value);
    if (!shown.checked) shown.click();
    const counted = data.visits.days.filter(([ofTeam, ofDay]) =>
      (!team.value || String(ofTeam) === team.value) && (!day.value || String(ofDay) === day.value));
    const sum = (place) => counted.reduce((total, row) => total + row[place], 0);
    const [planned, drawn] = [sum(2), sum(3)];
    answer.textContent = `${peta.count(planned)} kunjungan, ${peta.count(drawn)} di antaranya tampak${planned > drawn ? `; ${peta.count(planned - drawn)} tanpa titik` : ""}.`;
    if ((team.value || day.value) && visits.shown.length) map.fitBounds(visits.bounds(map), { padding: [40, 40], maxZoom: 15, animate: false });
  }
  [team, day].forEach((select) => select.addEventListener("change", filter));
};

// The stops on the map as a list, for who does not point at them; made when it is opened.
peta.visitList = function (map, data, { households, visits }, open) {
  const box = document.getElementById("visit-list");
  if (!box) return;
  const most = 300;
  function go(stop) {
    if (window.matchMedia("screen and (max-width: 760px)").matches) document.getElementById("panel-toggle").click();
    if (!map.hasLayer(visits)) document.getElementById("show-visits").click();
    map.setView(households.latlng(map, stop.i), 16, { animate: false });
    open(stop.i);
  }
  function fill() {
    if (!box.open) return;
    const rows = households.sheetRows();
    const lines = visits.shown.slice(0, most).map((stop) => {
      const line = document.createElement("li");
      const button = line.appendChild(document.createElement("button"));
      button.type = "button";
      const desa = data.desa.features[households.desaOf(stop.i)];
      const where = desa ? peta.plain(desa.properties.name) : "desa tidak diketahui";
      button.textContent = `Hari ${stop.day}, regu ${stop.team}, ke-${stop.order}: ${where} (baris ${rows[stop.i]})`;
      button.addEventListener("click", () => go(stop));
      return line;
    });
    const rest = visits.shown.length - lines.length;
    if (rest > 0) lines.push(Object.assign(document.createElement("li"), { textContent: `dan ${peta.count(rest)} lainnya; pilih regu dan hari` }));
    box.querySelector("ul").replaceChildren(...lines);
  }
  box.addEventListener("toggle", fill);
  visits.on("change", fill);
};

peta.search = function (map, areas, found) {
  const input = document.getElementById("search-desa");
  const answer = document.getElementById("search-answer");
  const names = [...document.querySelectorAll("#desa-names option")].map((option) => option.value);
  const plain = (text) => text.toLocaleLowerCase("id").replace(/[^\p{L}\p{N}]+/gu, " ").trim();

  function go() {
    const asked = plain(input.value);
    if (!asked) return;
    const exact = names.findIndex((name) => plain(name) === asked);
    const alike = names.map((name, place) => place).filter((place) => plain(names[place]).startsWith(asked));
    const within = names.map((name, place) => place).filter((place) => plain(names[place]).includes(asked));
    const places = exact >= 0 ? [exact] : alike.length ? alike : within;
    answer.textContent = places.length === 1 ? "" : places.length
      ? `${places.length} desa cocok; pilih satu dari daftar: ${places.slice(0, 4).map((place) => names[place]).join("; ")}${places.length > 4 ? " …" : ""}`
      : "Tidak ada desa dengan nama itu.";
    if (places.length !== 1) return;
    input.value = names[places[0]];
    found();
    const shape = areas.desaAt(places[0]);
    map.fitBounds(shape.getBounds(), { padding: [30, 30], animate: false });
    areas.tell(shape, shape.getBounds().getCenter());
  }
  document.getElementById("search").addEventListener("submit", (event) => { event.preventDefault(); go(); });
  input.addEventListener("change", () => { if (names.includes(input.value)) go(); });
  input.addEventListener("input", () => { answer.textContent = ""; });
};
