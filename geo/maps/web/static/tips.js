// What the page wants to be told of an area: its text, of which only bold, small and line breaks keep their form.
"use strict";

peta.tip = function (html) {
  const tip = document.createElement("div");
  let into = tip;
  for (const part of html.split(/(<\/?(?:b|small)>|<br>)/)) {
    if (part === "<br>") into.append(document.createElement("br"));
    else if (part === "</b>" || part === "</small>") into = into === tip ? tip : into.parentNode;
    else if (part === "<b>" || part === "<small>") {
      const inner = document.createElement(part.slice(1, -1));
      into.append(inner);
      into = inner;
    } else into.append(peta.plain(part));
  }
  return tip;
};
