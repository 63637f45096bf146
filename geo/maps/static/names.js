// Names of kecamatan and desa, each shown as soon as it fits where it belongs and meets no greater name.
"use strict";

peta.names = function (map, names) {
  const pane = map.getPane("names");
  const buttons = map.getContainer().querySelector(".leaflet-top.leaflet-left");
  const elements = names.map(([kind, name]) => {
    const element = L.DomUtil.create("span", `name name-${kind} leaflet-zoom-hide`, pane);
    element.innerHTML = name;
    return element;
  });
  const sizes = elements.map((element) => [element.offsetWidth, element.offsetHeight]);

  // what stands partly outside the window, or below its buttons, moves inside
  function inside(at, wide) {
    const { x, y } = map.latLngToContainerPoint(at);
    const from = (buttons && y < buttons.offsetHeight ? 54 : 6) + wide / 2;
    const to = map.getSize().x - 6 - wide / 2;
    return x < 0 || x > map.getSize().x || to < from ? 0 : Math.max(from, Math.min(to, x)) - x;
  }

  function place() {
    const zoom = map.getZoom();
    const pixelsPerDegree = (256 * 2 ** zoom) / 360;
    const taken = [];
    names.forEach(([kind, , lat, lon, width], index) => {
      const [wide, high] = sizes[index];
      const point = map.latLngToLayerPoint([lat, lon]);
      point.x += inside([lat, lon], wide);
      const box = [point.x - wide / 2 - 3, point.y - high / 2, point.x + wide / 2 + 3, point.y + high / 2];
      const meets = (other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3];
      const room = kind === "kecamatan" ? 1.25 : 0.95;
      const fits = (kind === "kecamatan" || zoom >= 12) && wide < width * pixelsPerDegree * room && !taken.some(meets);
      if (fits) taken.push(box);
      elements[index].hidden = !fits;
      if (fits) {
        elements[index].style.left = `${point.x}px`;
        elements[index].style.top = `${point.y}px`;
      }
    });
  }
  map.on("zoomend moveend viewreset resize", place);
  place();
};
