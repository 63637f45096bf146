// The button that leads back to the whole district.
"use strict";

peta.homeButton = function (home) {
  const button = L.control({ position: "topleft" });
  button.onAdd = () => {
    const bar = L.DomUtil.create("div", "leaflet-bar");
    const link = L.DomUtil.create("a", "home", bar);
    link.href = "#";
    link.title = "Kembali ke seluruh kabupaten";
    link.setAttribute("role", "button");
    link.setAttribute("aria-label", link.title);
    link.innerHTML = '<svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true"><path d="M2 9 9 2.5 16 9M4 8v7.5h10V8" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/></svg>';
    L.DomEvent.disableClickPropagation(bar).on(link, "click", (event) => { L.DomEvent.preventDefault(event); home(); });
    return bar;
  };
  return button;
};
