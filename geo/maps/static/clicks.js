// One click, one answer: a household where one is near, else what lies below it. Returns what opens one household.
"use strict";

peta.clicks = function (map, data, { areas, households, kantong, chosen, visits }) {
  const reach = window.matchMedia("(pointer: coarse)").matches ? 18 : 10;
  const marks = [visits, chosen, households];

  // nearest first; those that stand on the same spot follow it
  function pick(latlng) {
    const found = [...new Set(marks.flatMap((layer) => (map.hasLayer(layer) ? layer.pick(latlng, reach) : [])))];
    if (!found.length) return found;
    const { x, y } = households;
    const world = 256 * 2 ** map.getZoom();
    const at = map.project(latlng);
    const distance = (i) => Math.hypot(x[i] * world - at.x, y[i] * world - at.y);
    const spot = found.reduce((best, i) => (distance(i) < distance(best) ? i : best));
    const stacked = found.filter((i) => i !== spot && Math.hypot(x[i] - x[spot], y[i] - y[spot]) * world < 2);
    return [spot, ...stacked];
  }

  function fill(element, i) {
    const { row, desa, lines } = households.tell(i);
    const about = desa >= 0 ? data.desa.features[desa].properties : null;
    const list = (pairs, kind) => {
      const told = pairs.filter(([, word]) => word).map(([title, word]) => `<dt>${title}</dt><dd>${word}</dd>`);
      return told.length ? `<dl class="${kind}">${told.join("")}</dl>` : "";
    };
    const first = list([...chosen.tell(i), ...visits.tell(i)], "first");
    element.innerHTML = `<h3>Baris lembar ${row}</h3>
      <p class="muted">${about ? `${about.kind} ${about.name}, Kec. ${about.kecamatan}` : "Desa tidak diketahui"}</p>${first}${list(lines, "rest")}`;
  }

  function show(found) {
    const content = L.DomUtil.create("div", "popup");
    const about = L.DomUtil.create("div", "", content);
    fill(about, found[0]);
    const popup = L.popup({ maxWidth: 320, minWidth: 240, maxHeight: peta.popupHeight(map), autoPanPadding: [12, 12] });
    if (found.length > 1) content.append(leaf(found.length, (place) => { fill(about, found[place]); popup.update(); }));
    popup.setLatLng(households.latlng(map, found[0])).setContent(content).openOn(map);
  }

  // households that stand on one spot are leafed through
  function leaf(count, turn) {
    const pages = L.DomUtil.create("nav");
    pages.innerHTML = `<button type="button" aria-label="Sebelumnya">‹</button>
      <span role="status"></span><button type="button" aria-label="Berikutnya">›</button>`;
    let place = 0;
    const go = (step) => {
      place = (place + step + count) % count;
      pages.querySelector("span").textContent = `${place + 1} dari ${count} di titik ini`;
      if (step) turn(place);
    };
    const [back, on] = pages.querySelectorAll("button");
    back.addEventListener("click", () => go(-1));
    on.addEventListener("click", () => go(1));
    L.DomEvent.disableClickPropagation(pages);
    go(0);
    return pages;
  }

  const isTaken = (latlng) => pick(latlng).length > 0;
  areas.onClick(isTaken);
  kantong.onClick(isTaken);
  map.on("click", (event) => {
    const found = pick(event.latlng);
    if (found.length) show(found);
  });
  map.on("mousemove", (event) => {
    map.getContainer().style.cursor = isTaken(event.latlng) ? "pointer" : "";
  });
  return (i) => show([i]);
};
