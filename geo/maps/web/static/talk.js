// The one door between map and page: messages of the page around this frame and of nobody else, each checked.
"use strict";

peta.talk = function (handlers) {
  const page = window.parent === window ? null : window.parent;
  const kode = (value) => value === null || (typeof value === "string" && value.length <= 20);
  const place = ({ lat, lon, zoom }) => [lat, lon, zoom].every(Number.isFinite) && Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && zoom >= 0 && zoom <= 24;
  const known = {
    view: (message) => typeof message.view === "object" && message.view !== null,
    go: place,
    follow: place,
    fit: (message) => kode(message.kode),
    select: (message) => kode(message.kode),
    highlight: (message) => kode(message.kode),
    print: (message) => typeof message.on === "boolean",
  };
  window.addEventListener("message", ({ source, data }) => {
    if (!page || source !== page || !data || typeof data !== "object" || data.peta !== 1) return;
    if (!Object.hasOwn(known, data.kind) || !known[data.kind](data)) return;
    handlers[data.kind](data);
  });
  // this document has no origin of its own; the page's is that of its address
  return (kind, told = {}) => { if (page) page.postMessage({ peta: 1, kind, ...told }, window.location.origin); };
};
