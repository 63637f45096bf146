// Tinjau: shows the desa that may be meant on the map, and lets number keys choose among them.
"use strict";

(() => {
  const frame = document.getElementById("gambar");
  const form = document.getElementById("putusan");
  const choices = [...form.querySelectorAll(".candidate")];
  const map = petaMap(frame, {
    // a click on a candidate's polygon chooses it
    area: kode => choose(choices.findIndex(choice => choice.dataset.kode === kode)),
  });

  function chosen() {
    const input = form.querySelector("input[name=calon]:checked");
    return input ? input.value : null;
  }

  function choose(place) {
    if (!choices[place]) return;
    const input = choices[place].querySelector("input");
    input.checked = true;
    input.focus();
    follow();
  }

  function follow() {
    map.select(chosen());
  }

  map.view(JSON.parse(frame.dataset.view));
  map.go(JSON.parse(frame.dataset.place));
  if (chosen()) map.select(chosen());

  form.addEventListener("change", event => { if (event.target.name === "calon") follow(); });
  for (const choice of choices) {
    choice.addEventListener("pointerenter", () => map.highlight(choice.dataset.kode));
    choice.addEventListener("pointerleave", () => map.highlight(null));
    choice.addEventListener("focusin", () => map.highlight(choice.dataset.kode));
    choice.addEventListener("focusout", () => map.highlight(null));
  }

  if (choices.length) form.querySelector(".keys").hidden = false;
  document.addEventListener("keydown", event => {
    const typing = event.target.matches("input:not([type=radio]), select, textarea");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
    choose(Number(event.key) - 1);
  });
})();
