// Kunjungan: the map of a plan, outcomes sent without leaving the page, and the wait for a plan that is being made.
"use strict";

(() => {
  const FEW_DESA = 6;
  const csrf = document.body.dataset.csrf;

  /** Send an outcome; when that fails the form stays as it is, to be sent again. */
  async function send(form, button) {
    const said = form.querySelector(".said");
    const taps = [...form.querySelectorAll(".tap")];
    const body = new URLSearchParams(new FormData(form));
    body.set("hasil", button.value);
    taps.forEach((tap) => { tap.disabled = true; });
    tell(said, "Mengirim …");
    try {
      const answer = await fetch(form.action, {
        method: "POST", body, headers: { "X-CSRF": csrf, Accept: "application/json" }, signal: AbortSignal.timeout(30000),
      });
      const found = await answer.json();
      if (!answer.ok) throw new Error(found.galat);
      show(form, taps, button, found);
      tell(said, "Tersimpan.");
    } catch (fault) {
      const known = fault instanceof Error && fault.name === "Error" && fault.message;
      tell(said, known || "Belum terkirim: sambungan terputus. Ketuk lagi bila sudah tersambung.", true);
    }
    taps.forEach((tap) => { tap.disabled = false; });
    button.focus();
  }

  function tell(place, words, bad = false) {
    place.textContent = words;
    place.classList.toggle("bad", bad);
  }

  function show(form, taps, button, found) {
    taps.forEach((tap) => (tap === button ? tap.setAttribute("aria-pressed", "true") : tap.removeAttribute("aria-pressed")));
    const state = form.closest(".stop").querySelector("[data-state]");
    const tag = document.createElement("span");
    tag.className = `tag of-${button.value}`;
    tag.textContent = found.judul;
    const by = document.createElement("span");
    by.className = "small quiet";
    by.textContent = ` ${found.tanggal}, dicatat ${found.oleh}`;
    state.replaceChildren(tag, by);
    if (found.catatan) {
      const note = document.createElement("span");
      note.className = "small under";
      note.textContent = `«${found.catatan}»`;
      state.append(note);
    }
    form.querySelectorAll("details input").forEach((input) => { input.value = ""; });
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-entry]") || !event.submitter || event.submitter.name !== "hasil") return;
    event.preventDefault();
    send(form, event.submitter);
  });

  document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));

  const frame = document.getElementById("peta-kunjungan");
  if (frame && typeof petaMap === "function") begin(frame);

  function begin(place) {
    let placed = false;
    const map = petaMap(place, {
      stale: draw,
      household: (row) => {
        if (place.dataset.home) window.location.assign(`${place.dataset.home}baris=${row}`);
        else if (document.getElementById(place.dataset.jump + row)) window.location.hash = place.dataset.jump + row;
      },
    });
    async function draw() {
      const answer = await fetch(place.dataset.plan, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { view } = await answer.json();
      map.view(view);
      if (!placed) fit(view);
      placed = true;
    }
    // a plan of many desa is seen with its whole district around it, a few desa as near as their stops allow
    function fit(view) {
      const { lat, lon } = view.plan;
      if (view.classes.filter((step) => step >= 0).length > FEW_DESA && place.dataset.home) return map.fit();
      if (!lat.length) return;
      const [south, north, west, east] = [Math.min(...lat), Math.max(...lat), Math.min(...lon), Math.max(...lon)];
      const zooms = [[east - west, place.clientWidth - 150], [north - south, place.clientHeight - 110]]
        .map(([span, side]) => Math.log2((360 / Math.max(span, 0.003)) * (Math.max(side, 120) / 256)));
      map.go({ lat: (south + north) / 2, lon: (west + east) / 2, zoom: Math.max(7, Math.min(16, Math.floor(4 * Math.min(...zooms)) / 4)) });
    }
    draw();
  }

  const planning = document.querySelector("[data-planning]");
  if (planning) {
    const words = planning.querySelector("span");
    const clock = setInterval(async () => {
      const answer = await fetch(`/kunjungan/susun/keadaan?daftar=${planning.dataset.planning}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const found = await answer.json();
      words.textContent = found.pesan;
      if (["antre", "jalan"].includes(found.keadaan)) return;
      clearInterval(clock);
      window.location.reload();
    }, 1500);
  }
})();
