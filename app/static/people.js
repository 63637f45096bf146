// Finds a desa among many by a part of its name, and tells how many are ticked; without it the list is simply long.
"use strict";

const field = document.querySelector("#desa");
const seek = field.querySelector(".seek");
const groups = [...field.querySelectorAll(".group")];
const told = document.querySelector("#terpilih");

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function show() {
  const wanted = plain(seek.querySelector("input").value).trim();
  let any = false;
  for (const group of groups) {
    const whole = plain(group.querySelector("h3").textContent).includes(wanted);
    let some = false;
    for (const label of group.querySelectorAll("label")) {
      label.hidden = !(whole || plain(label.textContent).includes(wanted));
      some ||= !label.hidden;
    }
    group.hidden = !some;
    any ||= some;
  }
  field.querySelector(".none").hidden = any || groups.length === 0;
}

function count() {
  const names = [...field.querySelectorAll("input[type=checkbox]:checked")].map((box) => box.nextElementSibling.firstChild.data.trim());
  told.textContent = names.length ? `${names.length} desa dipilih: ${names.join(", ")}.` : "Belum ada desa yang dipilih.";
}

// each of the two is of use for one role only
function fold() {
  const role = document.querySelector("input[name=peran]:checked");
  field.hidden = role?.value !== "petugas";
  document.querySelector("#instansi").hidden = role?.value !== "opd";
}

seek.hidden = groups.length === 0;
seek.addEventListener("input", show);
seek.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
field.addEventListener("change", count);
for (const role of document.querySelectorAll("input[name=peran]")) role.addEventListener("change", fold);
count();
fold();
