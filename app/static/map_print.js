// Prints the view of the map: what shows households is asked for its purpose and left in the trail first.
"use strict";

/** Let the button print; `households()` tells whether points of households may be on the map, `say(text)` tells faults. */
function mapPrint(map, {households, say}) {
  const root = document.documentElement;
  const box = document.getElementById("cetak-kotak"), reason = document.getElementById("alasan");

  const leaveTrail = why => fetch(`/peta/cetak${location.search}`, {
    method: "POST", body: new URLSearchParams({alasan: why}), keepalive: true,
    headers: {"X-CSRF": document.body.dataset.csrf, Accept: "application/json"},
  });

  async function print(why) {
    if (households()) {
      const left = await leaveTrail(why);
      if (!left.ok) return say("Pencetakan tidak dapat dicatat di jejak, jadi tidak dilakukan. Muat ulang halaman ini.");
    }
    root.classList.add("printing");
    map.print(true);
    // the map takes the size of the paper before the browser takes its picture
    await new Promise(done => setTimeout(done, 900));
    window.print();
    map.print(false);
    root.classList.remove("printing");
  }

  document.getElementById("cetak").addEventListener("click", () => {
    if (!households()) return print("");
    box.showModal();
    reason.focus();
  });
  box.addEventListener("close", () => { if (box.returnValue === "cetak") print(reason.value); });
  // the browser's own command prints too
  window.addEventListener("beforeprint", () => {
    printTime();
    if (households() && !root.classList.contains("printing")) leaveTrail("");
  });
}
