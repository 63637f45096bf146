// Printing the households of a desa leaves a line in the trail, also when the browser's own command prints.
"use strict";

(() => {
  const list = document.getElementById("rumah-tangga");
  document.documentElement.classList.add("script");
  const button = document.getElementById("cetak");
  if (button) button.addEventListener("click", () => window.print());
  window.addEventListener("beforeprint", printTime);
  if (!list) return;
  window.addEventListener("beforeprint", () => {
    fetch(list.dataset.print + window.location.search, {  // the server counts what stands on this page
      method: "POST", keepalive: true,
      headers: {"X-CSRF": document.body.dataset.csrf, Accept: "application/json"},
    });
  });
})();
