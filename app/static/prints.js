// Cetak: a book watched while it is made, its sheets looked for and counted, deletions asked about.
"use strict";

(() => {
  const EVERY_MS = 1000;
  document.documentElement.classList.add("script");
  const thousands = new Intl.NumberFormat("id-ID");

  function watch(box) {
    const part = name => box.querySelector(`[data-part="${name}"]`);

    function show(told) {
      part("state").textContent = told.state_title;
      part("state").className = `tag ${told.mark}`;
      part("hint").textContent = told.hint;
      const drawing = told.state === "jalan" && told.pages > 0;
      if (drawing) {
        part("bar").max = told.pages;
        part("bar").value = told.drawn;
      } else {
        part("bar").removeAttribute("value");
      }
      const words = drawing
        ? `${thousands.format(told.drawn)} dari ${thousands.format(told.pages)} halaman`
        : `${told.stage || "Menunggu giliran"} …`;
      if (part("words").textContent !== words) part("words").textContent = words;
    }

    async function look() {
      try {
        const answer = await fetch(box.dataset.watch, {headers: {Accept: "application/json"}});
        if (!answer.ok) return answer.status < 500 ? location.reload() : setTimeout(look, 5 * EVERY_MS);
        const told = await answer.json();
        if (!told.active) return location.reload();
        show(told);
        setTimeout(look, EVERY_MS);
      } catch {
        setTimeout(look, 5 * EVERY_MS);
      }
    }
    setTimeout(look, EVERY_MS);
  }

  function sheets(form) {
    const most = Number(form.dataset.most), button = form.querySelector("button");
    const picked = form.querySelector('[data-part="picked"]'), search = form.querySelector("input[type=search]");

    function count() {
      const chosen = form.querySelectorAll("input[name=lembar]:checked").length;
      button.disabled = chosen === 0 || chosen > most;
      picked.textContent = chosen > most ? `${chosen} lembar dipilih; paling banyak ${most}.` : chosen ? `${chosen} lembar dipilih` : "";
    }

    form.addEventListener("change", count);
    if (search) {
      search.addEventListener("input", () => {
        const words = search.value.trim().toLowerCase();
        for (const row of form.querySelectorAll("tbody tr")) row.hidden = !row.textContent.toLowerCase().includes(words);
      });
      search.addEventListener("keydown", event => { if (event.key === "Enter") event.preventDefault(); });
    }
    count();
  }

  document.addEventListener("submit", event => {
    const words = event.target.dataset.confirm;
    if (words && !window.confirm(words)) event.preventDefault();
  });
  for (const box of document.querySelectorAll("[data-watch]")) watch(box);
  for (const form of document.querySelectorAll("form.reprint")) sheets(form);
})();
