// Peta: filters change the map in place, the address always tells the whole view, and a click opens a desa or a house.
"use strict";

(() => {
  const part = id => document.getElementById(id);
  const form = part("saringan"), card = part("kartu"), inside = part("kartu-isi"), news = part("kabar");
  const PLACE = /^-?\d+(\.\d+)?,-?\d+(\.\d+)?,\d+(\.\d+)?$/;
  let asking = null, opening = null, drawsHouseholds = false, before = null, timer = 0, standing = location.search;
  document.documentElement.classList.add("script");

  const now = () => new URLSearchParams(location.search);
  const map = petaMap(part("gambar"), {
    ready: () => { part("tunggu").textContent = "Menggambar peta …"; },
    drawn: () => { part("tunggu").hidden = true; },
    area: kode => byLevel(kode),
    household: row => open(`/rumah/${row}`),
    houses: seen => part("legenda").classList.toggle("far", !seen),
    moved: at => {
      clearTimeout(timer);
      timer = setTimeout(() => keep({pusat: `${at.lat.toFixed(5)},${at.lon.toFixed(5)},${Number(at.zoom.toFixed(2))}`}), 250);
    },
    hover: kode => light(kode),
    stale: () => load(now(), {push: false}),
  });

  function say(text) {
    news.textContent = text;
    if (text) setTimeout(() => { if (news.textContent === text) news.textContent = ""; }, 6000);
  }

  // the address is the view: what changes is written into it at once
  function keep(changes, {push = false} = {}) {
    const query = now();
    for (const [name, value] of Object.entries(changes)) value ? query.set(name, value) : query.delete(name);
    const address = `/peta?${tidy(query)}`;
    if (push && address !== location.pathname + location.search) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    standing = location.search;
  }

  const tidy = query => query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");

  function asked() {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value || name === "lapisan") query.append(name, value);
    for (const name of ["pusat", "pilih"]) if (now().get(name)) query.set(name, now().get(name));
    return query;
  }

  async function answer(address, signal) {
    const got = await fetch(address, {headers: {Accept: "application/json"}, signal});
    if (got.status === 401) return location.reload();
    const told = await got.json();
    if (!got.ok) throw new Error(told.galat || "Permintaan ini ditolak.");
    return told;
  }

  async function load(query, {push = true, move = false} = {}) {
    if (asking) asking.abort();
    asking = new AbortController();
    document.body.setAttribute("aria-busy", "true");
    try {
      const told = await answer(`/peta/keadaan?${query}`, asking.signal);
      if (told) show(told, query, {push, move});
    } catch (fault) {
      if (fault.name !== "AbortError") say(fault.message);
    } finally {
      document.body.removeAttribute("aria-busy");
    }
  }

  function show(told, query, {push, move}) {
    drawsHouseholds = told.households;
    map.view(told.view);
    // rendered by the server, where every text is escaped
    part("legenda").innerHTML = told.panel;
    part("kepala").innerHTML = told.head;
    part("tabel").innerHTML = told.table;
    document.title = `${told.title} – Peta Sasaran`;
    fill(told.state);
    const order = ["urut", "semua"].filter(name => query.get(name)).map(name => `&${name}=${encodeURIComponent(query.get(name))}`);
    const address = told.address + order.join("");
    if (push) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    standing = location.search;
    if (move) stand(query);
    // what the card tells of depends on the view too
    if (!card.hidden && card.dataset.kode) open(cardOf(card.dataset.kode), {kode: card.dataset.kode});
  }

  // the form follows the view: an address may hold what was not chosen here
  function fill(state) {
    chosenDesa(state.desa);
    for (const field of form.elements) {
      if (!state[field.name]) continue;
      if (field.type === "checkbox") field.checked = state[field.name].includes(field.value);
      else if (field.tagName === "SELECT") field.value = state[field.name][0];
    }
    for (const count of document.querySelectorAll("[data-count]")) {
      const size = count.dataset.count.split(" ").reduce((sum, name) => sum + (state[name] || []).length, 0);
      count.textContent = size ? String(size) : "";
    }
  }

  function chosenDesa(codes) {
    const list = part("desa-dipilih");
    const there = new Map([...list.querySelectorAll("label")].map(label => [label.querySelector("input").value, label]));
    list.replaceChildren(...codes.map(kode => there.get(kode) || box(kode)));
    list.hidden = !codes.length;
  }

  function box(kode) {
    const label = document.createElement("label"), input = document.createElement("input"), name = document.createElement("span");
    label.className = "check";
    Object.assign(input, {type: "checkbox", name: "desa", value: kode, checked: true});
    name.textContent = card.dataset.kode === kode ? card.dataset.name : kode;
    label.append(input, name);
    return label;
  }

  function stand(query) {
    const at = query.get("pusat") || "";
    if (!PLACE.test(at)) return around(query);
    const [lat, lon, zoom] = at.split(",").map(Number);
    map.go({lat, lon, zoom});
  }

  const areas = query => [...query.getAll("desa"), ...query.getAll("kecamatan")].filter(Boolean).sort().join();

  // one area that is asked for fills the map
  function around(query) {
    const [desa, kecamatan] = [query.getAll("desa").filter(Boolean), query.getAll("kecamatan").filter(Boolean)];
    map.fit(desa.length === 1 ? desa[0] : kecamatan.length === 1 ? kecamatan[0] : part("peta").dataset.first || null);
  }

  function byLevel(kode) {
    if (kode.split(".").length < 4) return map.fit(kode);
    openDesa(kode);
  }

  // what is opened and closed are steps that lead back
  async function openDesa(kode, {focus = false} = {}) {
    keep({pilih: kode}, {push: true});
    map.select(kode);
    await open(cardOf(kode), {kode, focus});
  }

  const cardOf = kode => `/desa/${encodeURIComponent(kode)}/kartu${location.search}`;

  async function open(address, {kode = "", focus = false} = {}) {
    if (opening) opening.abort();
    opening = new AbortController();
    try {
      const told = await answer(address, opening.signal);
      if (!told) return;
      if (card.hidden) before = document.activeElement;
      const other = card.hidden || card.dataset.kode !== kode || !kode;
      inside.innerHTML = told.isi;
      card.hidden = false;
      card.dataset.kode = kode;
      card.dataset.name = told.judul || "";
      if (other) inside.scrollTop = 0;
      if (focus) inside.focus({preventScroll: true});
    } catch (fault) {
      if (fault.name !== "AbortError") say(fault.message);
    }
  }

  function shut() {
    if (opening) opening.abort();
    card.hidden = true;
    map.select(null);
  }

  function close() {
    shut();
    keep({pilih: ""}, {push: true});
    if (before && before.isConnected) before.focus();
  }

  function light(kode) {
    for (const row of document.querySelectorAll("tr.lit")) row.classList.remove("lit");
    const link = kode && document.querySelector(`[data-desa="${CSS.escape(kode)}"]`);
    if (link) link.closest("tr").classList.add("lit");
  }

  function follow(event) {
    const link = event.target.closest("a[data-peta]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const to = new URL(link.href), query = to.searchParams;
    if (now().get("pusat")) query.set("pusat", now().get("pusat"));
    if (now().get("pilih") && !query.get("pilih")) query.set("pilih", now().get("pilih"));
    const moves = areas(query) !== areas(now());
    load(query).then(() => {
      if (to.hash) part("tabel").querySelector("th[aria-sort] a")?.focus();
      else if (moves) around(query);
    });
  }

  async function copy() {
    try {
      await navigator.clipboard.writeText(location.href);
      say("Tautan tampilan ini sudah disalin.");
    } catch {
      prompt("Salin tautan ini:", location.href);
    }
  }

  async function full() {
    const on = !document.fullscreenElement;
    await (on ? part("peta").requestFullscreen() : document.exitFullscreen()).catch(() => say("Peramban ini menolak layar penuh."));
  }

  form.addEventListener("change", event => {
    load(asked()).then(() => { if (["kecamatan", "desa"].includes(event.target.name)) around(asked()); });
  });
  form.addEventListener("submit", event => { event.preventDefault(); load(asked()); });
  document.addEventListener("click", follow);
  part("tabel").addEventListener("click", event => {
    const link = event.target.closest("a[data-desa]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    map.fit(link.dataset.desa);
    openDesa(link.dataset.desa, {focus: true});
    part("peta").scrollIntoView();
  });
  for (const way of ["pointerover", "focusin"]) part("tabel").addEventListener(way, event => {
    const link = event.target.closest("tr")?.querySelector("a[data-desa]");
    map.highlight(link ? link.dataset.desa : null);
  });
  part("tabel").addEventListener("pointerleave", () => map.highlight(null));
  const book = part("buku");
  // the book is of the view as it stands when it is asked for
  if (book) for (const way of ["pointerdown", "click"]) book.addEventListener(way, () => { book.href = `/cetak${location.search}`; });
  part("salin").addEventListener("click", copy);
  part("penuh").addEventListener("click", full);
  part("tutup").addEventListener("click", close);
  card.addEventListener("keydown", event => { if (event.key === "Escape") close(); });
  document.addEventListener("fullscreenchange", () => part("penuh").setAttribute("aria-pressed", String(Boolean(document.fullscreenElement))));
  window.addEventListener("popstate", () => {
    if (location.search === standing) return;  // a step within the page, to its table or back
    const was = new URLSearchParams(standing), kode = now().get("pilih");
    standing = location.search;
    if (!kode) shut();
    else if (card.hidden || kode !== card.dataset.kode) openDesa(kode);
    for (const name of ["pilih", "pusat"]) was.delete(name);
    const rest = now();
    for (const name of ["pilih", "pusat"]) rest.delete(name);
    // a card that opened or closed leaves the map where it is
    if (`${was}` !== `${rest}`) load(now(), {push: false, move: true});
  });
  mapPrint(map, {households: () => drawsHouseholds, say});
  desaSearch(part("cari"), one => {
    map.fit(one.kode);
    if (one.kecamatan) openDesa(one.kode, {focus: true});
  });

  const first = now(), kode = first.get("pilih");
  load(first, {push: false}).then(() => {
    if (kode) map.select(kode);
    if (kode && !first.get("pusat")) map.fit(kode);
    else if (part("peta").dataset.first || ["pusat", "kecamatan", "desa"].some(name => first.get(name))) stand(first);
  });
})();
