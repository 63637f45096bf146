// The search for a desa: a list below the field, by mouse and by keyboard; without this script the form itself searches.
"use strict";

/** Make a combobox of the form; `pick({kode, nama, kecamatan})` is called with what was chosen. */
function desaSearch(form, pick) {
  const input = form.querySelector("input");
  const list = form.querySelector("[role=listbox]");
  const status = form.querySelector("[role=status]");
  let found = [], active = -1, asked = 0, timer = 0;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  const items = () => [...list.querySelectorAll("[role=option]")];

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(place) {
    active = place;
    items().forEach((item, at) => item.setAttribute("aria-selected", String(at === place)));
    if (place < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", items()[place].id);
    items()[place].scrollIntoView({block: "nearest"});
  }

  function choose(place) {
    const one = found[place];
    if (!one) return;
    input.value = one.nama;
    close();
    pick(one);
  }

  function show() {
    list.replaceChildren(...found.map((one, place) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${place}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      const name = document.createElement("b"), where = document.createElement("span");
      name.textContent = one.nama;
      where.textContent = one.kecamatan ? `Kec. ${one.kecamatan}` : "";
      item.append(name, where);
      // before the field loses the focus
      item.addEventListener("pointerdown", event => { event.preventDefault(); choose(place); });
      return item;
    }));
    const guessed = found.length && found[0].kira;
    if (guessed) {
      const head = document.createElement("li");
      head.setAttribute("role", "presentation");
      head.textContent = "Mungkin maksud Anda:";
      list.prepend(head);
    }
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(Boolean(found.length)));
    status.textContent = guessed ? `Tidak ada nama itu. Mungkin maksud Anda: ${found.map(one => one.nama).join(", ")}`
      : found.length ? `${found.length} ditemukan` : "Tidak ada desa yang namanya mirip itu.";
    status.classList.add("visually-hidden");
    // a guess is taken by whoever chooses it, not by the first Enter
    if (found.length && !guessed) mark(0);
  }

  async function look() {
    const mine = ++asked, written = input.value.trim();
    if (!written) { found = []; status.textContent = ""; return close(); }
    const answer = await fetch(`/peta/cari?q=${encodeURIComponent(written)}`, {headers: {Accept: "application/json"}});
    if (mine !== asked || !answer.ok) return;
    found = await answer.json();
    if (mine === asked) show();
  }

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 120); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", event => {
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); return close(); }
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || !found.length) return;
    event.preventDefault();
    if (list.hidden) return show();
    mark((active + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
  });
  form.addEventListener("submit", async event => {
    event.preventDefault();
    clearTimeout(timer);
    if (list.hidden || active < 0) await look();
    if (found.length && (active >= 0 || !found[0].kira)) choose(Math.max(active, 0));
    else if (found.length) input.focus();
    else { input.focus(); status.classList.remove("visually-hidden"); }
  });
}
