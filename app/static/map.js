// The page's side of a map: tells it what to draw, and hears what was pointed at; the map lives in a walled-off frame.
"use strict";

/**
 * Talk with the map in a frame `<iframe sandbox="allow-scripts" data-src="/peta/gambar/...">`.
 *
 * The frame is loaded here, when somebody already listens. What is sent before the map is ready waits; a map that
 * loads once more gets the view, the selection and the place again.
 *
 * Handlers, all optional: area(kode), household(row), hover(kode|null), moved({lat, lon, zoom, by}), ready(), drawn(),
 * houses(seen): points of households may be on the map, at this zoom; stale(): the addresses of the tiles come to their end, so fetch the view again and send it.
 */
function petaMap(frame, handlers = {}) {
  const RENEW_MS = 600000;
  const LASTING = ["view", "select", "highlight", "print"];
  const text = value => typeof value === "string" && value.length <= 20;
  const place = message => [message.lat, message.lon, message.zoom].every(Number.isFinite);
  const heard = {
    ready: () => [],
    drawn: () => [],
    stale: () => [],
    area: message => text(message.kode) && [message.kode],
    hover: message => (message.kode === null || text(message.kode)) && [message.kode],
    houses: message => typeof message.seen === "boolean" && [message.seen],
    household: message => Number.isSafeInteger(message.row) && message.row >= 0 && [message.row],
    moved: message => place(message) && ["user", "page"].includes(message.by)
      && [{lat: message.lat, lon: message.lon, zoom: message.zoom, by: message.by}],
  };
  const kept = new Map();
  const waiting = new Map();
  let ready = false, at = null, renewed = Date.now();

  function post(message) {
    // the frame has no origin that could be named; it is known by its window
    frame.contentWindow.postMessage({peta: 1, ...message}, "*");
  }

  function send(message) {
    if (LASTING.includes(message.kind)) kept.set(message.kind, message);
    else at = null;
    if (ready) return post(message);
    const moves = !LASTING.includes(message.kind);
    waiting.delete(moves ? "move" : message.kind);
    waiting.set(moves ? "move" : message.kind, message);
  }

  function begin() {
    const again = ready;
    ready = true;
    for (const message of (again ? kept : waiting).values()) post(message);
    waiting.clear();
    if (again && at) post({kind: "go", lat: at.lat, lon: at.lon, zoom: at.zoom});
  }

  function listen(event) {
    if (event.source !== frame.contentWindow) return;
    const message = event.data;
    if (!message || typeof message !== "object" || message.peta !== 1 || !Object.hasOwn(heard, message.kind)) return;
    const found = heard[message.kind](message);
    if (!found) return;
    if (message.kind === "ready") begin();
    if (message.kind === "moved") at = found[0];
    if (message.kind === "stale") return renew();
    if (handlers[message.kind]) handlers[message.kind](...found);
  }

  function renew() {
    renewed = Date.now();
    if (handlers.stale) handlers.stale();
  }

  function renewWhenDue() {
    if (!document.hidden && Date.now() - renewed >= RENEW_MS) renew();
  }

  window.addEventListener("message", listen);
  document.addEventListener("visibilitychange", renewWhenDue);
  const clock = setInterval(renewWhenDue, RENEW_MS / 10);
  if (frame.dataset.src) frame.src = frame.dataset.src;

  return {
    /** Draw a view, as the server gave it. */
    view: view => { renewed = Date.now(); send({kind: "view", view}); },
    /** Move to a place; the map reports it as moved by the page. */
    go: ({lat, lon, zoom}) => send({kind: "go", lat, lon, zoom}),
    /** Move without a report, as the other map moves. */
    follow: ({lat, lon, zoom}) => send({kind: "follow", lat, lon, zoom}),
    /** Show a whole desa or kecamatan, or everything. */
    fit: (kode = null) => send({kind: "fit", kode}),
    select: kode => send({kind: "select", kode: kode || null}),
    highlight: kode => send({kind: "highlight", kode: kode || null}),
    print: on => send({kind: "print", on: Boolean(on)}),
    /** Stop listening. */
    close: () => {
      clearInterval(clock);
      window.removeEventListener("message", listen);
      document.removeEventListener("visibilitychange", renewWhenDue);
    },
  };
}
