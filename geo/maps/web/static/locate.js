// Shows where the device is, once, when asked; nothing of it leaves the map.
"use strict";

peta.locate = function (map, notes) {
  const here = L.layerGroup().addTo(map);
  map.on("locationfound", ({ latlng, accuracy }) => {
    const style = { pane: "badges", color: "#0b5fa5", interactive: false };
    here.clearLayers();
    here.addLayer(L.circle(latlng, { ...style, radius: accuracy, weight: 1, fillOpacity: 0.1 }));
    here.addLayer(L.circleMarker(latlng, { ...style, radius: 7, color: "#fff", weight: 3, fillColor: "#0b5fa5", fillOpacity: 1 }));
    notes.say(`Letak Anda, teliti sampai sekitar ${peta.length(accuracy)}.`);
  });
  map.on("locationerror", ({ code }) => notes.say(code === 1
    ? "Peramban tidak mengizinkan peta membaca letak Anda." : "Letak Anda tidak dapat ditemukan; coba lagi di tempat terbuka."));
  return peta.toolButton("Tunjukkan letak saya", '<circle cx="10" cy="10" r="5"/><path d="M10 1v4M10 15v4M1 10h4M15 10h4"/>', () => {
    notes.say("Mencari letak Anda …");
    map.locate({ setView: true, maxZoom: 16, enableHighAccuracy: true, timeout: 15000 });
  });
};
