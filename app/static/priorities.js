// Prioritas: sliders beside their numbers, rows of quotas, money with points, and the chosen on the map.
"use strict";

const form = document.getElementById("keinginan");

function plainNumber(text) {
  return Number(text.trim().replace(",", "."));
}

for (const slider of form.querySelectorAll("[data-slides]")) {
  const box = document.getElementById(slider.dataset.slides);
  const follow = () => {
    const value = plainNumber(box.value);
    if (Number.isFinite(value)) slider.value = String(value);
  };
  follow();
  slider.hidden = false;
  slider.addEventListener("input", () => { box.value = slider.value.replace(".", ","); });
  box.addEventListener("input", follow);
}

function pointed(text) {
  const digits = text.replace(/\./g, "").trim();
  return /^\d{4,}$/.test(digits) ? digits.replace(/\B(?=(\d{3})+$)/g, ".") : text;
}

for (const box of form.querySelectorAll("[data-money]")) {
  box.value = pointed(box.value);
  box.addEventListener("change", () => { box.value = pointed(box.value); });
}

const rows = form.querySelector("[data-quotas]");

function attend(row) {
  const kind = row.querySelector("[data-kind]");
  const name = row.querySelector(".who");
  kind.addEventListener("change", () => {
    name.setAttribute("list", `nama-${kind.value}`);
    name.value = "";
  });
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "plain remove";
  remove.textContent = "Hapus baris";
  remove.addEventListener("click", () => {
    if (rows.children.length > 1) row.remove();
    else for (const box of row.querySelectorAll("input")) box.value = "";
    number();
    form.querySelector("[data-add]").focus();
  });
  row.append(remove);
}

function number() {
  [...rows.children].forEach((row, place) => {
    for (const box of row.querySelectorAll("[aria-label]")) {
      box.setAttribute("aria-label", box.getAttribute("aria-label").replace(/\d+$/, String(place + 1)));
    }
  });
}

const empty = rows.lastElementChild.cloneNode(true);
[...rows.children].forEach(attend);
form.querySelector("[data-add]").addEventListener("click", (event) => {
  event.preventDefault();
  const row = empty.cloneNode(true);
  rows.append(row);
  attend(row);
  number();
  row.querySelector("select").focus();
});

form.addEventListener("submit", () => {
  form.querySelector("[data-status]").textContent = "Menghitung, beberapa detik …";
  const button = form.querySelector("[data-solve]");
  window.setTimeout(() => { button.disabled = true; }, 0);
});
window.addEventListener("pageshow", () => {
  form.querySelector("[data-solve]").disabled = false;
  form.querySelector("[data-status]").textContent = "";
});

// on a narrow screen the form stays folded until it is wanted
const fold = form.querySelector("[data-fold]");
if (window.matchMedia("(max-width: 63.9rem)").matches && !form.querySelector("[aria-invalid]")) fold.open = false;

const card = document.querySelector("[data-map]");
if (card) showMap(card);

function showMap(section) {
  const frame = section.querySelector("iframe");
  const words = section.querySelector("[data-map-words]");
  let codes = [];
  section.hidden = false;
  const map = petaMap(frame, {
    area: (kode) => { if (codes.includes(kode)) window.location.assign(`/desa/${encodeURIComponent(kode)}`); },
    stale: draw,
  });

  async function draw() {
    try {
      const answer = await fetch(section.dataset.map, { headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (!answer.ok) throw new Error(told.galat || "");
      codes = told.desa;
      map.view(told.view);
      words.textContent = told.words;
      const key = section.querySelector("[data-map-key]");
      key.replaceChildren(...told.legend.map(([colour, title]) => {
        const item = document.createElement("li");
        const patch = document.createElement("i");
        patch.style.background = colour;
        item.append(patch, title);
        return item;
      }));
    } catch (fault) {
      words.textContent = fault.message || "Peta tidak dapat dimuat. Muat ulang halaman ini.";
    }
  }
  draw();
}
