// The one object that the page's parts hang on, and numbers and colours as they are written. Texts in data are escaped already.
"use strict";

const peta = {};

peta.number = new Intl.NumberFormat("id-ID");
peta.decimal = new Intl.NumberFormat("id-ID", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
peta.small = new Intl.NumberFormat("id-ID", { maximumSignificantDigits: 2 });
peta.count = (value) => (value === null || value === undefined ? "–" : peta.number.format(value));
peta.percent = (rate) => (rate === null || rate === undefined ? "–" : peta.decimal.format(100 * rate) + " %");

// Texts in data are escaped, which an attribute or a text set by script would show as it is.
peta.plain = function (html) {
  const words = document.createElement("textarea");
  words.innerHTML = html;
  return words.value;
};

peta.popupHeight = (map) => Math.max(180, map.getSize().y - 90);

// A colour mixed with white, so that what lies below the desa does not tint it.
peta.fade = function (colour, strength) {
  if (!colour.startsWith("#")) return colour;
  const parts = [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
  return `rgb(${parts.map((part) => Math.round(255 + (part - 255) * strength)).join(",")})`;
};
