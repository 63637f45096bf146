// Writes into the mark of a printed page when it is printed, with the zone of the clock.
"use strict";

function printTime() {
  const form = {day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short"};
  for (const place of document.querySelectorAll(".print-time")) place.textContent = new Date().toLocaleString("id-ID", form);
}
