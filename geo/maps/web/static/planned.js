// The chosen households and the visits of a plan, in the shape that the layers of the offline map read.
"use strict";

peta.planned = function (plan) {
  const at = plan.lat.map((lat, place) => peta.mercator(lat, plan.lon[place]));
  const x = Float64Array.from(at, (spot) => spot.x);
  const y = Float64Array.from(at, (spot) => spot.y);
  const places = new Map(plan.row.map((row, place) => [row, place]));
  const households = { x, y, find: (rows) => rows.map((row) => (places.has(row) ? places.get(row) : -1)) };
  const data = { chosen: { row: plan.chosen }, visits: plan.visits };
  const chosen = new peta.Chosen(data, households);
  const visits = new peta.Visits(data, households);
  const layers = [visits, chosen];
  return {
    chosen,
    visits,
    pick: (map, latlng, reach) => layers.flatMap((layer) => (map.hasLayer(layer) ? layer.pick(latlng, reach) : [])).map((i) => plan.row[i]),
  };
};
