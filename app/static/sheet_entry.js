// Hasil per lembar: number, Enter, outcome, Enter, without leaving the page; without this script the forms do the same.
"use strict";

(() => {
  document.documentElement.classList.add("script");
  const sheet = document.querySelector("[data-sheet]");
  if (!sheet) return;
  const find = (name) => sheet.querySelector(`[data-${name}]`);
  const [asking, entering, house, said] = ["number", "outcome", "house", "said"].map(find);
  const number = asking.elements.nomor;
  const choice = entering.querySelector("fieldset");
  const taps = [...entering.querySelectorAll(".tap")];
  const LOST = "Sambungan terputus. Coba lagi bila sudah tersambung.";

  function tell(words, bad = false) {
    said.textContent = words;
    said.classList.toggle("bad", bad);
  }

  async function ask(address, more) {
    const headers = { Accept: "application/json", "X-CSRF": document.body.dataset.csrf };
    let answer, found;
    try {
      answer = await fetch(address, { headers, signal: AbortSignal.timeout(30000), ...more });
      found = await answer.json();
    } catch {
      throw new Error(LOST);
    }
    if (!answer.ok) throw new Error(found.galat || LOST);
    return found;
  }

  function make(tag, words, kind) {
    const made = document.createElement(tag);
    made.textContent = words;
    if (kind) made.className = kind;
    return made;
  }

  function fill(place, words) {
    place.textContent = words;
    place.hidden = !words;
  }

  const outcome = (found) => make("span", found.judul, `tag of-${found.hasil}`);
  const note = (found) => (found.catatan ? [make("span", `«${found.catatan}»`, "small under")] : []);

  function show(found) {
    find("order").textContent = find("number-told").textContent = entering.elements.nomor.value = found.nomor;
    fill(find("name"), found.nama);
    fill(find("address"), found.alamat);
    find("place").textContent = found.tempat || "RT/RW dan dusun tidak tertulis";
    const needs = found.butuh.length ? found.butuh : ["tanpa kebutuhan yang diketahui"];
    const tags = needs.map((need) => make("span", need, "tag"));
    if (!found.titik) tags.push(make("span", "tanpa titik", "tag warn"));
    find("needs").replaceChildren(...tags.flatMap((tag) => [tag, " "]));
    const state = found.hasil
      ? [outcome(found), make("span", ` ${found.tanggal}, dicatat ${found.oleh}`, "small quiet"), ...note(found)]
      : [make("span", "belum dikunjungi", "tag")];
    find("state").replaceChildren(...state);
    taps.forEach((tap) => (tap.value === found.hasil ? tap.setAttribute("aria-pressed", "true") : tap.removeAttribute("aria-pressed")));
    house.hidden = false;
  }

  function list(found) {
    const rows = find("entered");
    rows.querySelector("[data-none]")?.remove();
    rows.querySelector(`[data-row="${found.nomor}"]`)?.remove();
    const row = document.createElement("tr");
    row.dataset.row = found.nomor;
    const head = make("th", "", "num");
    head.scope = "row";
    const link = make("a", found.nomor);
    link.href = `/kunjungan/lembar?${new URLSearchParams({ lembar: sheet.dataset.sheet, nomor: found.nomor })}`;
    head.append(link);
    const told = document.createElement("td");
    told.append(outcome(found), ...note(found));
    row.append(head, make("td", found.tempat || "–"), told, make("td", `${found.tanggal}, ${found.oleh}`, "small"));
    rows.prepend(row);
  }

  // What is typed while an answer is awaited must not fall on the buttons of a house that nobody has seen yet:
  // nothing is chosen until a key of its own chooses it, and two keys at once are a number, not a choice.
  let shown = null;
  let lastKey = 0;
  let saving = Promise.resolve(true);

  asking.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (number.readOnly) return;
    number.readOnly = true;
    if (await saving) {
      tell("Mencari …");
      try {
        shown = await ask(`/kunjungan/lembar/rumah?${new URLSearchParams({ lembar: sheet.dataset.sheet, nomor: number.value })}`);
        show(shown);
        entering.elements.catatan.value = "";
        tell("");
        choice.focus();
      } catch (fault) {
        house.hidden = true;
        tell(fault.message, true);
        number.select();
      }
    }
    number.readOnly = false;
  });

  entering.addEventListener("submit", (event) => {
    event.preventDefault();
    const tap = event.submitter;
    if (!tap || !tap.value || number.readOnly) return;
    const body = new URLSearchParams(new FormData(entering));
    body.set("hasil", tap.value);
    saving = save(body, shown);
    house.hidden = true;
    entering.elements.catatan.value = number.value = "";
    number.focus();
  });

  /** Send an outcome while the next number is typed; when that fails its house comes back, as it was. */
  async function save(body, of) {
    tell(`Mengirim nomor ${body.get("nomor")} …`);
    try {
      const found = await ask(entering.action, { method: "POST", body });
      list(found);
      find("known").textContent = found.sudah.toLocaleString("id-ID");
      tell(`Nomor ${found.nomor} tersimpan: ${found.judul}.`);
      return true;
    } catch (fault) {
      if (of) show(of);
      house.hidden = false;
      number.value = body.get("nomor");
      entering.elements.catatan.value = body.get("catatan");
      tell(`Nomor ${body.get("nomor")} belum tersimpan. ${fault.message}`, true);
      choice.focus();
      return false;
    }
  }

  const day = entering.elements.tanggal;
  day.addEventListener("change", () => {
    const chosen = day.valueAsDate;
    find("day").textContent = chosen ? chosen.toLocaleDateString("id-ID", { dateStyle: "long", timeZone: "UTC" }) : "hari ini";
    asking.elements.tanggal.value = day.value;
  });

  entering.addEventListener("keydown", (event) => {
    if (event.target === choice || event.target.matches(".tap")) {
      if (!/^[0-9]$/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
      const chosen = taps[Number(event.key) - 1];
      const alone = event.timeStamp - lastKey > 500;
      lastKey = event.timeStamp;
      (chosen && alone ? chosen : choice).focus();
    } else if (event.key === "Enter" && event.target.matches("#catatan, #tanggal")) {
      event.preventDefault(); // Enter in a note must not choose the first outcome
      choice.focus();
    }
  });

  if (!house.hidden) choice.focus();
})();
