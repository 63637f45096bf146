"""The map document in a real browser: what it draws and tells, and that its two walls hold."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from app.access.roles import person
from app.routes.tiles import tile_address
from geo.assessment import Assessment
from geo.filters import read_filter
from geo.maps.households import DRAWING_ORDER
from geo.runs import write_manifest, write_tables
from geo.symbology import NEED_COLOURS, NEED_SHAPES
from tests.browser.axe import violations
from tests.browser.chromium import Browser
from tests.server import Served, serving

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror='window.hacked=1'></script>`${window.hacked=1}`{{7*7}}\"'"
COLOURS = ["#ffeecc", "#dd8800", "#772200"]
PARENT = """<!doctype html><html lang="id"><title>Uji</title><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<style>html, body, iframe { width: 100%; height: 100%; margin: 0; border: 0; display: block }</style>
<iframe sandbox="allow-scripts" allow="fullscreen; geolocation" title="Peta"></iframe>
<script>
const frame = document.querySelector("iframe");
window.heard = [];
window.say = (message) => frame.contentWindow.postMessage({ peta: 1, ...message }, "*");
addEventListener("message", ({ source, data }) => { if (source === frame.contentWindow) heard.push(data); });
frame.src = "/peta/gambar/" + location.hash.slice(1);
</script>"""


@dataclass(frozen=True)
class Shown:
    """A page around a map, and the run that it shows."""

    browser: Browser
    served: Served
    assessment: Assessment

    def open(self) -> "Shown":
        """Open the page with a planner signed in, and wait until the map is ready."""
        cookie = self.served.sign_in("perencana").cookies["peta"]
        self.browser.open(self.served.address + "/healthz")
        self.browser.driver.add_cookie({"name": "peta", "value": cookie})
        self.browser.open(f"{self.served.address}/uji#{self.served.app.state.library.shown_id()}")
        self.browser.until(lambda: self.heard("ready"))
        return self

    def heard(self, kind: str) -> list[dict[str, Any]]:
        """Return what the page heard of a kind."""
        found: list[dict[str, Any]] = self.browser.run(
            "return heard.filter(({ kind }) => kind === arguments[0])", kind
        )
        return found

    def say(self, kind: str, **told: object) -> None:
        """Send a message to the map."""
        self.browser.run("say(arguments[0])", {"kind": kind, **told})

    def inside(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        """Run JavaScript in the map document, as a script that got through would."""
        driver = self.browser.driver
        driver.switch_to.frame(driver.find_element("css selector", "iframe"))
        try:
            return self.browser.run(script, *arguments)
        finally:
            driver.switch_to.default_content()

    def asynchronous(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        """Run JavaScript in the map document and wait for what its last argument is called with."""
        driver = self.browser.driver
        driver.switch_to.frame(driver.find_element("css selector", "iframe"))
        try:
            return driver.execute_async_script(script, *arguments)
        finally:
            driver.switch_to.default_content()

    def view(self, **wishes: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return a view of all desa in three classes; one has no figure, one lies outside."""
        count = len(self.assessment.desa)
        names = self.assessment.desa["nama_desa"]
        return {
            "level": "desa",
            "classes": [-1, *(place % 3 for place in range(count - 1))],
            "colours": COLOURS,
            "inside": [*([1] * (count - 1)), 0],
            "tips": [f"<b>Desa {place}</b><br>25 %" for place in range(len(names))],
            "tiles": "", "base": "", "layers": [],
            "needs": {
                "order": list(DRAWING_ORDER),
                "colours": [NEED_COLOURS[need] for need in DRAWING_ORDER],
                "shapes": [NEED_SHAPES[need] for need in DRAWING_ORDER],
            },
        } | wishes  # fmt: skip

    def tiles(self) -> str:
        """Return the address of the tiles of all households."""
        who = person("perencana", "", "perencana", [])
        return tile_address(
            self.served.app, who, self.served.app.state.library.shown_id(), read_filter({}, self.assessment)
        )

    def draw(self, **wishes: Any) -> None:  # noqa: ANN401
        """Send a view and wait until the first one is drawn."""
        self.say("view", view=self.view(**wishes))
        self.browser.until(lambda: self.heard("drawn"))

    def fills(self) -> list[str]:
        """Return the fill of each area."""
        found: list[str] = self.inside(
            "return [...document.querySelectorAll('.leaflet-desa-pane path')].map((path) => path.getAttribute('fill'))"
        )
        return found

    def middle(self, place: int) -> tuple[float, float]:
        """Say where a desa lies in the window, once the map rests."""
        with self.browser.inside():
            self.browser.find(".leaflet-desa-pane path").still()
        point = self.assessment.desa.geometry.iloc[place].representative_point()
        x, y = self.inside(
            "const at = map_peta.latLngToContainerPoint([arguments[0], arguments[1]]); return [at.x, at.y]",
            point.y, point.x,
        )  # fmt: skip
        return x, y

    def need_colours(self) -> int:
        """Count the classes of need whose colour stands on the canvas."""
        found: int = self.inside(
            """const canvas = document.getElementById("households");
            if (!canvas) return 0;
            const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
            copy.drawImage(canvas, 0, 0);
            const bytes = copy.getImageData(0, 0, canvas.width, canvas.height).data;
            const seen = new Set();
            for (let i = 0; i < bytes.length; i += 4) {
              if (bytes[i + 3] === 255) seen.add((bytes[i] << 16) | (bytes[i + 1] << 8) | bytes[i + 2]);
            }
            return arguments[0].filter((colour) => seen.has(parseInt(colour.slice(1), 16))).length;""",
            list(NEED_COLOURS.values()),
        )
        return found


def page_of(server: Served) -> None:
    """Add the page around the map to a server."""

    def page(_: Request) -> HTMLResponse:
        return HTMLResponse(
            PARENT, headers={"Content-Security-Policy": "default-src 'self' data: 'unsafe-inline'"}
        )

    server.app.router.routes.insert(0, Route("/uji", page))


@pytest.fixture(scope="module")
def server(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(run_folder, state=tmp_path_factory.mktemp("catatan")) as served:
        served.add("perencana", "perencana")
        page_of(served)
        yield served


@pytest.fixture
def shown(desk: Browser, server: Served, assessment: Assessment) -> Iterator[Shown]:
    shown = Shown(desk, server, assessment).open()
    yield shown
    assert desk.complaints() == []
    asked, failed = desk.requests()
    assert [address for address in asked if not address.startswith((server.address, "blob:"))] == []
    assert [reason for reason in failed if reason != "net::ERR_ABORTED"] == []


def test_areas_take_the_colours_of_the_view(shown: Shown) -> None:
    shown.inside("map_peta.setZoom(11, { animate: false })")
    shown.draw()
    fills = shown.fills()
    assert len(fills) == len(shown.assessment.desa)
    assert fills[0] == "url(#hatch-none)"
    assert fills[1:4] == COLOURS
    assert fills[-1] not in fills[:-1]


def test_areas_keep_the_colours_of_the_legend_at_every_zoom(shown: Shown) -> None:
    shown.draw()
    point = shown.assessment.desa.geometry.iloc[1].representative_point()
    far = shown.fills()
    assert far[0] == "url(#hatch-none)"
    assert far[1:4] == COLOURS
    assert far[-1] == "url(#hatch-outside)"
    for zoom in (13, 15.5, 17):
        shown.say("go", lat=point.y, lon=point.x, zoom=zoom)
        time.sleep(0.2)
        assert shown.fills() == far


def test_kecamatan_are_areas_of_their_own(shown: Shown) -> None:
    count = len(shown.assessment.kecamatan)
    shown.draw()
    shown.draw(level="kecamatan", classes=[0] * count, inside=[1] * count, tips=["x"] * count)
    shown.browser.until(lambda: len(shown.fills()) == count)
    shown.draw()
    shown.browser.until(lambda: len(shown.fills()) == len(shown.assessment.desa))


def test_of_views_in_a_hurry_the_last_one_wins(shown: Shown) -> None:
    shown.draw()
    views = [
        shown.view(colours=[colour] * 3, classes=[0] * len(shown.assessment.desa))
        for colour in ("#ff0000", "#00ff00", "#0000ff")
    ]
    shown.inside("map_peta.setZoom(11, { animate: false })")
    shown.browser.run("for (const view of arguments[0]) say({ kind: 'view', view })", views)
    shown.browser.until(lambda: shown.fills()[0] == "#0000ff")
    time.sleep(0.2)
    assert shown.fills()[0] == "#0000ff"


@pytest.mark.parametrize(
    "broken",
    [
        {"classes": [1]}, {"level": "rt"}, {"colours": [1, 2, 3]}, {"tips": None}, {"tiles": "https://lain.id/{z}"},
        {"base": "//lain.id/{z}/{x}/{y}.png"}, {"needs": None}, {"layers": "rumah"}, {"inside": ["1"] * 3},
    ],
)  # fmt: skip
def test_what_is_no_view_draws_nothing(shown: Shown, broken: dict[str, Any]) -> None:
    shown.say("view", view=shown.view(**broken))
    shown.draw()
    assert len(shown.heard("drawn")) == 1
    for message in (
        {"kind": "go", "lat": "x", "lon": 1, "zoom": 9},
        {"kind": "fit"},
        {"kind": "toString"},
        {"kind": "print", "on": 1},
    ):
        shown.browser.run("say(arguments[0])", message)
    shown.browser.run("frame.contentWindow.postMessage(null, '*'); frame.contentWindow.postMessage('x', '*')")
    assert shown.heard("moved") == []


def test_a_click_and_a_pointer_tell_which_area(shown: Shown) -> None:
    shown.draw()
    code = shown.assessment.desa["kode_desa"].iloc[2]
    x, y = shown.middle(2)
    shown.browser.click_at(x, y)
    shown.browser.until(lambda: shown.heard("area"))
    assert shown.heard("area")[-1]["kode"] == code
    assert code in [message["kode"] for message in shown.heard("hover")]
    assert "Desa 2\n25 %" in shown.inside("return document.querySelector('.leaflet-tooltip').innerText")


def test_a_tip_keeps_no_more_than_bold_and_breaks(shown: Shown) -> None:
    tips = [
        "<b onclick='hacked=1'>Judul</b><br><img src=x onerror='window.hacked=1'><script>window.hacked=1</script>teks"
    ]
    shown.draw(tips=tips * len(shown.assessment.desa))
    x, y = shown.middle(1)
    shown.browser.click_at(x, y)
    shown.browser.until(lambda: shown.inside("return document.querySelector('.leaflet-tooltip') !== null"))
    names = "return [...document.querySelectorAll('.leaflet-tooltip *')].map((element) => element.nodeName)"
    assert {*shown.inside(names)} == {"DIV", "BR"}
    assert "<img src=x" in shown.inside("return document.querySelector('.leaflet-tooltip').innerText")
    assert not shown.inside("return window.hacked === 1")


def test_selecting_outlines_and_says_so(shown: Shown) -> None:
    shown.draw()
    row = shown.assessment.desa.iloc[1]
    shown.say("select", kode=row["kode_desa"])
    shown.browser.until(
        lambda: shown.inside("return document.querySelectorAll('.leaflet-outlines-pane path').length") == 2
    )
    assert (
        shown.inside("return document.getElementById('told').textContent") == f"{row['nama_desa']} dipilih."
    )
    shown.say("highlight", kode=row["kode_kecamatan"])
    shown.browser.until(
        lambda: shown.inside("return document.querySelectorAll('.leaflet-outlines-pane path').length") == 4
    )
    shown.say("select", kode=None)
    shown.say("highlight", kode=None)
    shown.browser.until(
        lambda: shown.inside("return document.querySelectorAll('.leaflet-outlines-pane path').length") == 0
    )


def test_moves_are_told_with_who_made_them(shown: Shown) -> None:
    shown.draw()
    middle = shown.assessment.desa.geometry.iloc[0].representative_point()
    shown.say("follow", lat=middle.y, lon=middle.x, zoom=12)
    shown.say("go", lat=middle.y, lon=middle.x, zoom=14)
    shown.browser.until(lambda: shown.heard("moved"))
    told = shown.heard("moved")
    assert [(message["by"], message["zoom"]) for message in told] == [("page", 14)]
    assert abs(told[0]["lat"] - middle.y) < 1e-4
    shown.inside("map_peta.getContainer().focus()")
    shown.browser.driver.switch_to.frame(0)
    ActionChains(shown.browser.driver).send_keys(Keys.ARROW_UP).perform()
    shown.browser.driver.switch_to.default_content()
    shown.browser.until(lambda: len(shown.heard("moved")) == 2)
    assert shown.heard("moved")[1]["by"] == "user"
    assert shown.heard("moved")[1]["lat"] > middle.y
    shown.say("fit", kode=shown.assessment.desa["kode_kecamatan"].iloc[0])
    shown.say("fit", kode=None)
    shown.browser.until(lambda: len(shown.heard("moved")) == 4)
    assert {message["by"] for message in shown.heard("moved")[2:]} == {"page"}


def test_households_are_drawn_from_the_first_zoom_on(shown: Shown) -> None:
    point = shown.assessment.counted.geometry.dropna().iloc[0]
    shown.draw(layers=["rumah"], tiles=shown.tiles())
    shown.say("go", lat=point.y, lon=point.x, zoom=11)
    shown.browser.until(
        lambda: shown.inside("return document.querySelector('.notice:not([hidden])') !== null")
    )
    assert (
        shown.inside("return document.querySelector('.notice').textContent")
        == "Perbesar peta sampai rumah tampak."
    )
    assert shown.need_colours() == 0
    assert [message["seen"] for message in shown.heard("houses")][-1] is False
    shown.say("go", lat=point.y, lon=point.x, zoom=15)
    shown.browser.until(lambda: shown.need_colours() > 0)
    assert shown.inside("return document.querySelector('.notice:not([hidden])') === null")
    assert [message["seen"] for message in shown.heard("houses")][-1] is True
    x, y = shown.inside(
        "const at = map_peta.latLngToContainerPoint([arguments[0], arguments[1]]); return [at.x, at.y]",
        point.y,
        point.x,
    )
    shown.browser.click_at(x, y)
    shown.browser.until(lambda: shown.heard("household"))
    rows = shown.assessment.counted.set_index("sheet_row").geometry
    assert rows[shown.heard("household")[0]["row"]].distance(point) < 1e-4
    assert shown.heard("area") == []


def test_an_address_that_is_over_is_told_once(shown: Shown) -> None:
    point = shown.assessment.counted.geometry.dropna().iloc[0]
    shown.say("go", lat=point.y, lon=point.x, zoom=15)
    address = shown.tiles()
    shown.draw(layers=["rumah"], tiles=address.replace("/rumah/", "/rumah/x"))
    shown.browser.until(lambda: shown.heard("stale"))
    time.sleep(0.3)
    assert len(shown.heard("stale")) == 1
    shown.draw(layers=["rumah"], tiles=address)
    shown.browser.until(lambda: shown.need_colours() > 0)
    assert len(shown.heard("stale")) == 1
    # the browser itself reports refused tiles
    assert all("403" in line for line in shown.browser.complaints())


def test_layers_come_and_go(shown: Shown) -> None:
    names = [f"zona-{layer['id']}" for layer in shown.assessment.facts["layers"]]
    count = """return arguments[0].map((pane) =>
      document.querySelectorAll(`.leaflet-${pane}-pane path, canvas#${pane}`).length)"""
    panes = ["zones", "kantong", "chosen", "visits"]
    shown.draw(layers=[*names, "kantong", "lingkaran", "terpilih", "kunjungan"])
    assert all(shown.inside(count, panes))
    shown.draw(layers=[])
    shown.browser.until(lambda: not any(shown.inside(count, panes)))


def test_badges_of_circles_do_not_pile_up(shown: Shown) -> None:
    shown.draw()
    shown.inside(
        """const { lat, lng } = map_peta.getCenter();
        const ring = [[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]].map(([x, y]) => [lng + x * 1e-3, lat + y * 1e-3]);
        const scans = [...Array(9).keys()].map((place) => ({
          layer: "rtlh desa", indicator: "rtlh", colour: "#5b2a9d", base: place < 8 ? "rumah tangga" : "desa",
          label: `R${place + 1}`, nama_desa: "A", side: [0, 1], at: [lat + 1e-3, lng],
          shape: { type: "Polygon", coordinates: [ring] } }));
        const group = L.layerGroup(Object.values(peta.scans(map_peta, { indicators: [], scans })));
        peta.spread(map_peta, group);
        group.addTo(map_peta);"""
    )
    boxes = """return [...document.querySelectorAll('.badge')].filter((badge) => !badge.hidden).map((badge) => {
      const { left, top, right, bottom } = badge.getBoundingClientRect();
      return [badge.textContent, left, top, right, bottom]; })"""
    shown.browser.until(lambda: 0 < len(shown.inside(boxes)) < 9)
    found = shown.inside(boxes)
    assert len(found) >= 2
    assert "R9" in [label for label, *_ in found]  # a circle of desa goes before those of houses
    for place, (_, left, top, right, bottom) in enumerate(found):
        for _, other_left, other_top, other_right, other_bottom in found[:place]:
            assert left >= other_right or other_left >= right or top >= other_bottom or other_top >= bottom


def test_measuring_adds_up_and_selects_nothing(shown: Shown) -> None:
    shown.draw()
    shown.inside("document.querySelector('.tool').click()")
    x, y = shown.middle(1)
    for step in (0, 60, 120):
        shown.browser.click_at(x + step, y)
        time.sleep(0.3)  # two clicks at once are a double click
    told = shown.inside("return document.querySelector('.measure-total').textContent")
    metres = shown.inside(
        """const at = (step) => map_peta.containerPointToLatLng([arguments[0] + step, arguments[1]]);
        return peta.length(map_peta.distance(at(0), at(120)))""", x, y,
    )  # fmt: skip
    assert told.startswith(f"Jarak {metres}; luas ")
    assert shown.heard("area") == []
    shown.inside("document.querySelector('.tool').click()")
    assert shown.inside("return document.querySelector('.measure-total') === null")


def test_paper_shows_the_map_without_its_buttons(shown: Shown) -> None:
    shown.draw()
    visible = "return getComputedStyle(document.querySelector('.leaflet-bar')).display !== 'none'"
    assert shown.inside(visible)
    shown.say("print", on=True)
    shown.browser.until(lambda: not shown.inside(visible))
    shown.say("print", on=False)
    shown.browser.until(lambda: shown.inside(visible))


def test_the_browsers_own_print_shows_the_whole_view_without_buttons(shown: Shown) -> None:
    shown.draw()
    size = shown.inside("return [innerWidth, innerHeight]")
    shown.browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        told = shown.inside(
            """const bar = getComputedStyle(document.querySelector(".leaflet-bar")).display;
            document.documentElement.style.setProperty("--wide", `${2 * innerWidth}px`);
            const box = document.querySelector(".folium-map").getBoundingClientRect();
            return [bar, box.width, map_peta.getContainer().offsetWidth];"""
        )
    finally:
        shown.browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert told[0] == "none"
    assert told[1:] == pytest.approx([size[0], 2 * size[0]], abs=1)


def test_the_frame_of_paper_does_not_move_the_map(shown: Shown) -> None:
    shown.draw()
    bounds = "return map_peta.getBounds().toBBoxString()"
    before = shown.inside(bounds)
    shown.inside("dispatchEvent(new Event('beforeprint'))")
    shown.browser.run("document.querySelector('iframe').style.width = '300px'")
    time.sleep(0.5)
    assert shown.inside(bounds) == before
    shown.browser.run("document.querySelector('iframe').style.width = ''")
    shown.inside("dispatchEvent(new Event('afterprint'))")
    time.sleep(0.5)
    assert shown.inside(bounds) == before


def test_axe_finds_nothing_serious(shown: Shown) -> None:
    shown.draw(layers=["kantong", "lingkaran", "kunjungan"])
    assert [fault for fault in violations(shown.browser) if fault.startswith("in ")] == []


def test_a_script_in_the_document_reaches_neither_session_nor_pages(shown: Shown) -> None:
    shown.draw(layers=["rumah"], tiles=shown.tiles())
    assert (
        shown.inside("try { return document.cookie } catch (fault) { return fault.name }") == "SecurityError"
    )
    assert (
        shown.inside("try { return localStorage.length } catch (fault) { return fault.name }")
        == "SecurityError"
    )
    assert (
        shown.inside("try { return window.parent.document.title } catch (fault) { return fault.name }")
        == "SecurityError"
    )
    assert shown.inside("return self.origin") == "null"
    got = """const done = arguments[2];
      fetch(arguments[0], { credentials: arguments[1] }).then((answer) => answer.text())
        .then((text) => done(`read ${text.length}`), (fault) => done(fault.name));"""
    for address in (
        "/",
        "/peta",
        "/peta/keadaan",
        "/healthz",
        "/peta/gambar/hasil",
        f"{shown.served.address}/jejak",
        "https://contoh.id/",
    ):
        assert shown.asynchronous(got, address, "include") == "TypeError", address
    picture = """const [done, image] = [arguments[0], new Image()];
      image.onerror = () => done("refused");
      image.onload = () => done("loaded");
      image.src = "/static/x/tanda.svg";"""
    assert shown.asynchronous(picture) == "refused"
    code = """const script = document.createElement("script");
      script.textContent = "window.ran = 1";
      document.body.append(script);
      setTimeout(() => arguments[0](window.ran === 1), 50);"""
    assert shown.asynchronous(code) is False
    text = """setTimeout(() => {
      try { arguments[0](eval("'ran'")); } catch (fault) { arguments[0](fault.name); }
    }, 0);"""
    assert shown.asynchronous(text) == "EvalError"
    # the tiles, and they alone, are open to it
    tile = shown.tiles().format(z=13, x=6589, y=4255)
    assert str(shown.asynchronous(got, tile, "omit")).startswith("read ")
    lines = shown.browser.complaints()
    assert lines
    asked, _ = shown.browser.requests()
    assert not any("contoh.id" in address for address in asked)
    assert all("Content Security Policy" in line or "sandbox" in line or "CORS" in line for line in lines)


def test_hostile_names_stay_names(desk: Browser, assessment: Assessment, tmp_path: Path) -> None:
    facts = assessment.facts
    hostile = replace(
        assessment,
        desa=assessment.desa.assign(nama_desa=HOSTILE),
        kecamatan=assessment.kecamatan.assign(nama_kecamatan=HOSTILE),
        clusters=assessment.clusters.assign(name=HOSTILE),
        scans=assessment.scans.assign(nama_desa=HOSTILE, significant=True),
        facts={
            **facts,
            "district": {**facts["district"], "nama": HOSTILE},
            "boundaries": {**facts["boundaries"], "source": HOSTILE},
            "layers": [{**layer, "title": HOSTILE} for layer in facts["layers"]],
            "indicators": [{**entry, "title": HOSTILE} for entry in facts["indicators"]],
        },
    )
    folder = tmp_path / "hasil"
    folder.mkdir()
    write_tables(hostile, folder)
    write_manifest(hostile.facts, folder, {})
    with serving(folder, state=tmp_path / "catatan") as server:
        server.add("perencana", "perencana")
        page_of(server)
        shown = Shown(desk, server, hostile).open()
        zones = [f"zona-{layer['id']}" for layer in facts["layers"]]
        shown.draw(
            layers=[*zones, "kantong", "lingkaran", "terpilih", "kunjungan"],
            tips=[HOSTILE] * len(hostile.desa),
        )
        shown.say("select", kode=hostile.desa["kode_desa"].iloc[0])
        x, y = shown.middle(0)
        desk.click_at(x, y)
        shown.inside("document.querySelectorAll('.badge').forEach((badge) => badge.click())")
        shown.inside(
            "map_peta.eachLayer((layer) => { if (layer.getTooltip && layer.getTooltip()) layer.openTooltip(); })"
        )
        desk.until(
            lambda: (
                shown.inside("return document.getElementById('told').textContent") == f"{HOSTILE} dipilih."
            )
        )
        names = shown.inside("return [...document.querySelectorAll('.name')].map((name) => name.textContent)")
        assert HOSTILE in names
        assert "<img src=x" in shown.inside(
            "return document.querySelector('.leaflet-control-attribution').textContent"
        )
        assert shown.inside("return window.hacked === undefined && document.images.length === 0")
        assert desk.run("return window.hacked === undefined")
        assert desk.complaints() == []


def test_it_fits_a_phone(phone: Browser, server: Served, assessment: Assessment) -> None:
    shown = Shown(phone, server, assessment).open()
    shown.draw(layers=["rumah"], tiles=shown.tiles())
    assert shown.inside("return document.documentElement.scrollWidth <= innerWidth")
    sizes = shown.inside(
        "return [...document.querySelectorAll('.leaflet-bar a')].map((link) => link.offsetWidth)"
    )
    assert min(sizes) >= 40
    # the emulation of a phone does not reach into a frame of another process
    shown.inside("Object.defineProperty(window, 'devicePixelRatio', { get: () => 2 })")
    point = assessment.counted.geometry.dropna().iloc[0]
    shown.say("go", lat=point.y, lon=point.x, zoom=15)
    phone.until(lambda: shown.need_colours() > 0)
    ratio = shown.inside(
        "const canvas = document.getElementById('households'); return canvas.width / canvas.offsetWidth"
    )
    assert ratio == pytest.approx(2, abs=0.01)
    assert phone.complaints() == []


def test_back_closes_a_desa_and_forward_opens_it(desk: Browser, server: Served) -> None:
    desk.open(server.address + "/healthz")
    desk.driver.add_cookie({"name": "peta", "value": server.sign_in("perencana").cookies["peta"]})
    desk.open(server.address + "/peta")
    hidden = "return document.getElementById('kartu').hidden"
    desk.until(lambda: desk.run("return document.getElementById('tunggu').hidden"))
    before = desk.run("return location.href")
    desk.run("document.querySelector('a[data-desa]').click()")
    desk.until(lambda: not desk.run(hidden))
    assert "pilih=" in desk.run("return location.search")
    desk.driver.back()
    desk.until(lambda: desk.run(hidden))
    # where the map stands is written into the address whenever it comes to rest
    assert re.sub(r"&pusat=[^&]*", "", desk.run("return location.href")) == before
    desk.driver.forward()
    desk.until(lambda: not desk.run(hidden))
    assert "pilih=" in desk.run("return location.search")
    desk.run("document.getElementById('tutup').click()")
    assert "pilih=" not in desk.run("return location.search")
    desk.driver.back()
    desk.until(lambda: not desk.run(hidden))
