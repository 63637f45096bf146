// Badges of circles that do not pile up: the stronger circle takes its place first, what finds none waits for a nearer look.
"use strict";

peta.spread = function (map, group) {
  const SIDES = [[0, 1], [1, 0], [-1, 0], [0, -1]];
  const meets = (one) => (other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
  const markers = group.getLayers().flatMap((layer) => layer.getLayers()).filter((layer) => layer.options.circle)
    .sort((one, other) => (one.options.circle.base === "desa" ? 0 : 1) - (other.options.circle.base === "desa" ? 0 : 1));

  // above, right, left and below its circle; where the circle has no outline, its own place alone
  function places({ circle, icon }) {
    const [wide, high] = icon.options.iconSize;
    const box = circle.shape && L.geoJSON(circle.shape).getBounds();
    const spots = [{ at: circle.at, side: circle.side }, ...SIDES.map((side) => box && { at: [
      (box.getSouth() + box.getNorth() + side[1] * (box.getNorth() - box.getSouth())) / 2,
      (box.getWest() + box.getEast() + side[0] * (box.getEast() - box.getWest())) / 2,
    ], side })];
    return spots.filter(Boolean).map(({ at, side }) => ({ at, anchor: [(wide / 2) * (1 - side[0]), (high / 2) * (1 + side[1])], wide, high }));
  }
  const offered = markers.map((marker) => places(marker.options));

  function names() {
    const shift = map.getContainer().getBoundingClientRect();
    return [...map.getPane("names").querySelectorAll(".name-kecamatan:not([hidden])")].map((name) => {
      const box = name.getBoundingClientRect();
      return [box.left - shift.left, box.top - shift.top, box.right - shift.left, box.bottom - shift.top];
    });
  }

  function place() {
    if (!map.hasLayer(group)) return;
    const taken = [];
    const written = names();
    markers.forEach((marker, which) => {
      const boxes = offered[which].map((spot) => {
        const { x, y } = map.latLngToContainerPoint(spot.at);
        return { spot, box: [x - spot.anchor[0], y - spot.anchor[1], x - spot.anchor[0] + spot.wide, y - spot.anchor[1] + spot.high] };
      }).filter(({ box }) => !taken.some(meets(box)));
      const found = boxes.find(({ box }) => !written.some(meets(box))) || boxes[0];
      const element = marker.getElement();
      element.hidden = !found;
      if (!found) return;
      taken.push(found.box);
      marker.setLatLng(found.spot.at);
      element.style.marginLeft = `${-found.spot.anchor[0]}px`;
      element.style.marginTop = `${-found.spot.anchor[1]}px`;
    });
  }
  map.on("zoomend", place);
  group.on("add", () => setTimeout(place, 0));
};
