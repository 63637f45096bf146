// The comparison: two maps that move as one, and desa that light up in maps, funnels and table alike.
"use strict";

(() => {
  const REDRAWN_MS = 700;
  const shown = document.querySelector("[data-state]");
  const table = document.querySelector(".rows table");
  document.body.classList.add("scripted");
  // on a phone the map comes first
  if (matchMedia("(max-width: 52rem)").matches) document.querySelector(".choice").open = false;
  const told = document.getElementById("ditunjuk");
  const maps = new Map();
  const address = new URL(location.href);
  let selected = address.searchParams.get("pilih");
  let place = address.searchParams.get("pusat");

  const gather = selector => {
    const found = new Map();
    for (const one of document.querySelectorAll(selector)) {
      found.set(one.dataset.kode, [...(found.get(one.dataset.kode) || []), one]);
    }
    return found;
  };
  const points = gather(".points .point"), rows = gather("tr[data-kode]");
  const marksOf = kode => [...(points.get(kode) || []), ...(rows.get(kode) || [])];

  // --- light and choice ------------------------------------------------
  let lit = null;

  function light(kode, from = null) {
    if (kode === lit) return;
    for (const one of marksOf(lit)) one.classList.remove("lit");
    lit = kode;
    for (const one of marksOf(kode)) one.classList.add("lit");
    for (const [name, map] of maps) if (name !== from) map.highlight(kode);
    told.textContent = sentence(kode || selected);
  }

  // what stands small in a cell stands in brackets in a sentence
  function textOf(cell) {
    const plain = one => (one ? one.textContent.replace(/\s+/g, " ").trim() : "");
    const [all, small] = [plain(cell), plain(cell.querySelector(".quiet"))];
    return small ? `${all.slice(0, -small.length).trim()} (${small})` : all;
  }

  function sentence(kode) {
    const row = (rows.get(kode) || [])[0];
    if (!row) return "";
    const [name, left, right, difference] = [...row.cells].map(textOf);
    return `${name}: kiri ${left}, kanan ${right}, selisih ${difference}`;
  }

  function choose(kode, again = false) {
    for (const one of marksOf(selected)) {
      one.classList.remove("selected");
      if (one.hasAttribute("aria-selected")) one.setAttribute("aria-selected", "false");
    }
    selected = kode === selected && !again ? null : kode;
    for (const one of marksOf(selected)) {
      if (one.hasAttribute("aria-selected")) one.setAttribute("aria-selected", "true");
      else one.classList.add("selected");
    }
    for (const map of maps.values()) map.select(selected);
    told.textContent = sentence(selected);
    remember("pilih", selected);
  }

  // --- the address: what is chosen and where the maps stand ------------
  function remember(name, value) {
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
    history.replaceState(null, "", address);
    for (const form of document.querySelectorAll("form[method=get]")) {
      let field = form.querySelector(`input[name="${name}"]`);
      if (!field) {
        field = Object.assign(document.createElement("input"), {type: "hidden", name});
        form.append(field);
      }
      field.value = value || "";
    }
  }

  for (const link of document.querySelectorAll("a.sort")) {
    link.addEventListener("click", () => {
      const there = new URL(link.href);
      for (const name of ["pilih", "pusat"]) {
        const value = address.searchParams.get(name);
        if (value) there.searchParams.set(name, value);
        else there.searchParams.delete(name);
      }
      link.href = there;
    });
  }

  // --- maps ------------------------------------------------------------
  async function draw() {
    const answer = await fetch(shown.dataset.state, {headers: {Accept: "application/json"}});
    if (answer.status === 401) return location.reload();
    if (!answer.ok) {
      told.textContent = "Peta belum dapat digambar. Muat ulang halaman ini.";
      return;
    }
    const views = await answer.json();
    for (const [name, map] of maps) map.view(views[name]);
  }

  function moved(name, at) {
    if (at.by !== "user") return;
    for (const [other, map] of maps) if (other !== name) map.follow(at);
    place = `${at.lat.toFixed(5)},${at.lon.toFixed(5)},${at.zoom}`;
    remember("pusat", place);
  }

  for (const frame of document.querySelectorAll("iframe[data-side]")) {
    const name = frame.dataset.side;
    maps.set(name, petaMap(frame, {
      area: kode => choose(kode),
      hover: kode => light(kode, name),
      moved: at => moved(name, at),
      stale: draw,
    }));
  }
  const [lat, lon, zoom] = (place || "").split(",").map(Number);
  if (place && [lat, lon, zoom].every(Number.isFinite)) {
    for (const map of maps.values()) map.go({lat, lon, zoom});
  }
  draw();

  function forPaper(on) {
    document.body.classList.toggle("printing", on);
    for (const map of maps.values()) map.print(on);
  }
  addEventListener("beforeprint", () => forPaper(true));
  addEventListener("afterprint", () => forPaper(false));
  const printer = document.getElementById("cetak");
  printer.hidden = false;
  printer.addEventListener("click", () => {
    forPaper(true);
    setTimeout(() => print(), REDRAWN_MS);
  });

  // --- one map at a time on a phone -------------------------------------
  const buttons = [...document.querySelectorAll("[data-show]")];
  for (const button of buttons) {
    button.addEventListener("click", () => {
      shown.dataset.showing = button.dataset.show;
      for (const one of buttons) one.setAttribute("aria-pressed", String(one === button));
    });
  }

  // --- funnels: one stop of the Tab key each, arrows within --------------
  const standing = {above: "di atas batas", below: "di bawah batas", within: "wajar"};
  for (const list of document.querySelectorAll(".points")) {
    const options = [...list.querySelectorAll(".point")];
    const side = list.closest("[data-side]").dataset.side;
    list.closest("svg").setAttribute("role", "group");
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", `Desa di corong ${side}, tertinggi dahulu`);
    options.forEach((option, at) => {
      const row = (rows.get(option.dataset.kode) || [])[0];
      const word = Object.keys(standing).find(name => option.classList.contains(name));
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.setAttribute("aria-label", row ? `${textOf(row.cells[0])}: ${textOf(row.cells[side === "kiri" ? 1 : 2])}, ${standing[word]}` : standing[word]);
      option.tabIndex = at ? -1 : 0;
    });
    const steps = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: 10, PageUp: -10};
    const focus = option => {
      for (const one of options) one.tabIndex = one === option ? 0 : -1;
      option.focus();
    };
    list.addEventListener("keydown", event => {
      const at = options.indexOf(event.target);
      if (at < 0) return;
      if (event.key === "Enter" || event.key === " ") choose(event.target.dataset.kode);
      else if (event.key === "Home") focus(options[0]);
      else if (event.key === "End") focus(options[options.length - 1]);
      else if (steps[event.key]) focus(options[Math.min(Math.max(at + steps[event.key], 0), options.length - 1)]);
      else return;
      event.preventDefault();
    });
    list.addEventListener("click", event => {
      const option = event.target.closest("[role=option]");
      if (option) choose(option.dataset.kode);
    });
  }
  if (selected) choose(selected, true);

  const of = target => target instanceof Element ? target.closest(".points .point, tr[data-kode]") : null;
  for (const [begin, end] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    document.addEventListener(begin, event => of(event.target) && light(of(event.target).dataset.kode));
    document.addEventListener(end, event => of(event.target) && light(null));
  }
  if (table) table.addEventListener("click", event => {
    const button = event.target.closest("button[name=pilih]");
    if (!button) return;
    event.preventDefault();
    choose(button.value);
  });
})();
