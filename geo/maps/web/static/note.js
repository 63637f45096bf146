// Short notes on the map, and what a screen reader hears of it.
"use strict";

peta.notes = function (map) {
  const element = L.DomUtil.create("p", "notice", map.getContainer());
  element.setAttribute("role", "status");
  element.hidden = true;
  let standing = "";
  let passing = 0;
  const write = (text) => { element.hidden = !text; element.textContent = text; };
  return {
    // stays until it is taken back with an empty text
    keep(text) { standing = text; if (!passing) write(text); },
    // for a while
    say(text) {
      clearTimeout(passing);
      write(text);
      passing = setTimeout(() => { passing = 0; write(standing); }, 6000);
    },
    announce(text) { document.getElementById("told").textContent = text; },
  };
};
