// The pages about data: jobs watched while they run, a sheet sent with its progress shown, deletions asked about.
"use strict";

(() => {
  const section = document.getElementById("kerja");
  const EVERY_MS = 1000;

  function part(card, name) {
    return card.querySelector(`[data-part="${name}"]`);
  }

  function item(text, kind, seconds) {
    const line = document.createElement("li");
    line.className = kind;
    line.textContent = text;
    if (seconds) {
      const time = document.createElement("span");
      time.className = "quiet";
      time.textContent = ` ${seconds.replace(".", ",")} s`;
      line.append(time);
    }
    return line;
  }

  function show(card, job) {
    if (part(card, "state").textContent !== job.state_title) part(card, "state").textContent = job.state_title;
    part(card, "state").className = `tag ${job.mark}`;
    part(card, "hint").textContent = job.hint;
    part(card, "seconds").textContent = job.state === "jalan" ? `${job.seconds} detik` : "";
    const stages = job.done.map(([name, seconds]) => item(name, "done", seconds));
    if (job.stage) stages.push(item(`${job.stage} …`, "now", ""));
    part(card, "stages").replaceChildren(...stages);
  }

  async function look() {
    const cards = [...section.querySelectorAll("[data-job]")];
    if (!cards.length) return;
    try {
      const answer = await fetch(section.dataset.address, {headers: {Accept: "application/json"}});
      if (!answer.ok) return answer.status < 500 ? location.reload() : setTimeout(look, 5 * EVERY_MS);
      const jobs = new Map((await answer.json()).pekerjaan.map(job => [String(job.id), job]));
      // what is no longer active has come to its end, and the page tells what became of it
      if (cards.some(card => !jobs.has(card.dataset.job))) return location.reload();
      for (const card of cards) show(card, jobs.get(card.dataset.job));
      setTimeout(look, EVERY_MS);
    } catch {
      setTimeout(look, 5 * EVERY_MS);
    }
  }

  function send(form) {
    const file = form.querySelector("input[type=file]").files[0];
    const fault = part(form, "fault"), bar = form.querySelector("progress"), button = form.querySelector("button");
    const most = Number(form.dataset.most);
    const refuse = words => {
      fault.textContent = words;
      fault.hidden = false;
      bar.hidden = true;
      button.disabled = false;
    };
    fault.hidden = true;
    if (!file) return;
    if (file.size > most) {
      return refuse(`Berkas itu lebih besar dari ${Math.round(most / 1e6)} MB, jadi tidak dikirim. Hapus gambar dan lembar yang tidak perlu, atau bagi per kecamatan.`);
    }
    const request = new XMLHttpRequest();
    button.disabled = true;
    bar.hidden = false;
    request.upload.addEventListener("progress", event => { if (event.lengthComputable) bar.value = event.loaded / event.total; });
    request.addEventListener("error", () => refuse("Pengiriman terputus. Periksa jaringan, lalu kirim lagi."));
    request.addEventListener("load", () => {
      if (request.status < 400) return location.assign(request.responseURL);
      let words = "Lembar tidak diterima. Muat ulang halaman, lalu kirim lagi.";
      try { words = JSON.parse(request.responseText).galat || words; } catch { /* no JSON: the words above */ }
      refuse(words);
    });
    request.open("POST", form.action);
    request.setRequestHeader("X-CSRF", document.body.dataset.csrf);
    request.setRequestHeader("Accept", "application/json");
    const body = new FormData();
    body.append("berkas", file);
    request.send(body);
  }

  document.addEventListener("submit", event => {
    const form = event.target;
    if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) return event.preventDefault();
    if ("upload" in form.dataset) {
      event.preventDefault();
      send(form);
    }
  });
  if (section) setTimeout(look, EVERY_MS);
})();
