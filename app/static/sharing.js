// Bagikan: parts of the form that a choice does not need are folded away, areas are found by name, a package is waited for.
"use strict";

(() => {
  const EVERY_MS = 1000;
  document.documentElement.classList.add("script");
  const plain = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  function asking(form) {
    const parts = [...form.querySelectorAll("[data-for]")];
    const list = form.querySelector("#daftar"), api = form.querySelector("input[name=bentuk][value=api]");
    const areas = form.querySelector(".areas"), told = areas.querySelector('[data-part="chosen"]');
    const seek = areas.querySelector("input[type=search]"), groups = [...areas.querySelectorAll(".group")];
    const chosen = name => form.querySelector(`input[name=${name}]:checked`)?.value;

    function fold() {
      for (const part of parts) {
        const [name, value] = part.dataset.for.split("=");
        part.hidden = chosen(name) !== value;
      }
      const names = chosen("tingkat") === "petugas";
      if (list) list.required = names;
      api.disabled = names;
      if (names && api.checked) {
        form.querySelector("input[name=bentuk][value=berkas]").checked = true;
        fold();
      }
    }

    // a kecamatan stands for all its desa
    function count() {
      let desa = 0;
      for (const group of groups) {
        const whole = group.querySelector("input[name=kecamatan]").checked;
        const boxes = [...group.querySelectorAll("input[name=desa]")];
        for (const box of boxes) box.disabled = whole;
        desa += whole ? boxes.length : boxes.filter(box => box.checked).length;
      }
      told.textContent = desa ? `${desa} desa ditandai.` : "Belum ada yang ditandai.";
    }

    function search() {
      const wanted = plain(seek.value).trim();
      let any = false;
      for (const group of groups) {
        const whole = plain(group.querySelector(".whole").textContent).includes(wanted);
        let some = whole;
        for (const label of group.querySelectorAll(".desa .check")) {
          label.hidden = !(whole || plain(label.textContent).includes(wanted));
          some ||= !label.hidden;
        }
        group.hidden = !some;
        any ||= some;
      }
      areas.querySelector(".none").hidden = any;
    }

    seek.addEventListener("input", search);
    seek.addEventListener("keydown", event => { if (event.key === "Enter") event.preventDefault(); });
    form.addEventListener("change", () => { fold(); count(); });
    fold();
    count();
  }

  function watch(box) {
    const part = name => box.querySelector(`[data-part="${name}"]`);

    async function look() {
      try {
        const answer = await fetch(box.dataset.watch, {headers: {Accept: "application/json"}});
        if (!answer.ok) return answer.status < 500 ? location.reload() : setTimeout(look, 5 * EVERY_MS);
        const told = await answer.json();
        if (!told.active) return location.reload();
        const words = `${told.stage || "Menunggu giliran"} …`;
        if (part("words").textContent !== words) part("words").textContent = words;
        part("hint").textContent = told.hint;
        setTimeout(look, EVERY_MS);
      } catch {
        setTimeout(look, 5 * EVERY_MS);
      }
    }
    setTimeout(look, EVERY_MS);
  }

  // what leaves may take some seconds to put together: a second click would only ask for it again
  function patient(form) {
    const button = form.querySelector("button[type=submit]"), words = button.textContent;
    form.addEventListener("submit", () => { button.disabled = true; button.textContent = form.dataset.wait; });
    window.addEventListener("pageshow", () => { button.disabled = false; button.textContent = words; });
  }

  // without HTTPS a browser lets no page write to the clipboard: the key is marked, and the keys do it
  function copying(button) {
    const text = document.getElementById(button.dataset.copy);
    const told = button.parentElement.querySelector('[data-part="copied"]');
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.textContent);
        told.textContent = "Tersalin.";
      } catch {
        getSelection().selectAllChildren(text);
        told.textContent = "Tekan Ctrl+C untuk menyalin.";
      }
    });
  }

  for (const button of document.querySelectorAll("[data-copy]")) copying(button);
  for (const form of document.querySelectorAll("form.asking")) asking(form);
  for (const form of document.querySelectorAll("form[data-wait]")) patient(form);
  for (const box of document.querySelectorAll("[data-watch]")) watch(box);
})();
