// Reads shapes as they travel: each ring or line one list of whole numbers, of which all but the first two are steps.
"use strict";

peta.unroll = function (geometry) {
  if (geometry.type === "Point") return geometry;
  if (geometry.type === "GeometryCollection") return { ...geometry, geometries: geometry.geometries.map(peta.unroll) };
  const open = (list) => {
    if (Array.isArray(list[0])) return list.map(open);
    const positions = [];
    let [x, y] = [0, 0];
    for (let i = 0; i < list.length; i += 2) {
      x += list[i];
      y += list[i + 1];
      positions.push([x / 1e5, y / 1e5]);
    }
    return positions;
  };
  return { ...geometry, coordinates: open(geometry.coordinates) };
};

// Of a whole document; what is rarely asked for is opened when it is.
peta.unrolled = (collection) => ({ ...collection, features: collection.features.map((feature) => ({ ...feature, geometry: peta.unroll(feature.geometry) })) });
