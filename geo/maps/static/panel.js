// The panel beside the map: themes, households, zones, kantong, and the search for a desa.
"use strict";

peta.panel = function (map, data, areas, households) {
  const find = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];

  // the strip repeats what must never be out of sight where the panel is closed
  function setTheme(id) {
    areas.setTheme(id);
    all(".theme").forEach((element) => { element.hidden = element.dataset.theme !== id; });
    const ramp = find(".theme:not([hidden]) .ramp");
    const missing = find("#pointless");
    find("#strip").replaceChildren(...[ramp, missing].filter(Boolean).map((element) => element.cloneNode(true)));
    map.invalidateSize({ animate: false });
  }
  all("input[name=theme]").forEach((input) => input.addEventListener("change", () => setTheme(input.value)));
  setTheme((find("input[name=theme]:checked") || { value: "" }).value);

  const switchLayer = (input, layer) => {
    const show = () => { if (input.checked) layer.addTo(map); else layer.remove(); };
    input.addEventListener("change", show);
    show();
  };
  switchLayer(find("#show-households"), households);
  if (find("#show-kantong")) switchLayer(find("#show-kantong"), areas.kantong);
  all("[data-zone]").forEach((input) => {
    if (areas.zones[input.dataset.zone]) switchLayer(input, areas.zones[input.dataset.zone]);
  });
  all(".chip").forEach((chip) => chip.addEventListener("click", () => {
    const shown = chip.getAttribute("aria-pressed") !== "true";
    chip.setAttribute("aria-pressed", String(shown));
    households.setNeed(chip.dataset.need, shown);
  }));

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
