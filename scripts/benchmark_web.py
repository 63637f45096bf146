"""How fast a planner's map is there, beside the usual folium pages of the same households in the same browser.

``python3 scripts/bootstrap.py bench web [--households N] [--runs N] [--planners N] [--slow] [--markdown]``.
What is compared, and why it is fair, stands in docs/benchmark.md.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from app.access.users import add_user
from app.records import open_records
from app.settings import WebSettings
from scripts.benchmark import CLEAN, DESA, LANDCOVER, ROOT, SETTINGS, machine, measure, prepare
from scripts.counting_proxy import counting
from scripts.load import PASSWORD, filter_times, load
from scripts.tables import table

OURS, CLOSE, FAST, MARKERS = "peta", "peta, houses in view", "FastMarkerCluster", "MarkerCluster"
GOAL_DRAWN, GOAL_MB, GOAL_FILTER_MS = 1 / 3, 1.0, 300
PATIENCE_S = 120
SWITCHES = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    "--window-size=1440,900",
)  # fmt: skip

# the same rule for all: drawn when areas and households (or their clusters) are painted; answered when a turn of the
# wheel has zoomed the map
_PEER_WATCH = """
const t = (window.told = {});
const look = () => {
  const name = Object.keys(window).find((key) => /^map_[0-9a-f]+$/.test(key));
  const there = name && document.querySelector(".marker-cluster") && document.querySelector("path.leaflet-interactive");
  if (!there) return requestAnimationFrame(look);
  window[name].on("zoomend", () => requestAnimationFrame(() => { t.answered = t.answered || performance.now(); }));
  requestAnimationFrame(() => requestAnimationFrame(() => { t.drawn = performance.now(); }));
};
requestAnimationFrame(look);
"""
_OWN_WATCH = """
const t = (window.told = {});
addEventListener("message", ({ data }) => {
  if (!data || data.peta !== 1) return;
  if (data.kind === "drawn") t.drawn = t.drawn || performance.now();
  if (data.kind === "moved" && data.by === "user") t.answered = t.answered || performance.now();
});
"""


@dataclass(frozen=True)
class Seen:
    """What one opening of a page took.

    Attributes
    ----------
    drawn_s, answered_s
        From the request until the map was painted, and until the first turn of the wheel had zoomed it.
    transferred_mb
        What the server sent, headers included.
    memory_mb
        Proportional memory of the browser's pages after that.
    """

    drawn_s: float
    answered_s: float
    transferred_mb: float
    memory_mb: float


def open_page(
    address: str, watch: str, port: int, enter: Callable[[webdriver.Chrome, str], None] | None
) -> Seen:
    """Open a page in a fresh browser and turn the wheel over its map as soon as that is drawn."""
    options = webdriver.ChromeOptions()
    for switch in SWITCHES:
        options.add_argument(switch)
    with tempfile.TemporaryDirectory() as profile, counting(port) as count:
        options.add_argument(f"--user-data-dir={profile}")
        driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        driver.set_page_load_timeout(PATIENCE_S)
        base = f"http://127.0.0.1:{count.port}"
        try:
            if enter:
                enter(driver, base)
            driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": watch})
            before = count.received
            driver.get(base + address)
            drawn = _wait(driver, "drawn")
            wheel = {"type": "mouseWheel", "x": 800, "y": 450, "deltaX": 0, "deltaY": -240}
            driver.execute_cdp_cmd("Input.dispatchMouseEvent", wheel)
            answered = _wait(driver, "answered")
            time.sleep(1)  # what still comes counts as well
            return Seen(drawn / 1000, answered / 1000, (count.received - before) / 1e6, _memory_mb(driver))
        finally:
            driver.quit()


def _wait(driver: webdriver.Chrome, what: str) -> float:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if found := driver.execute_script(f"return window.told && window.told.{what}"):
            return float(found)
        time.sleep(0.01)
    raise TimeoutError(f"the page was not {what} within {PATIENCE_S} s")


def _memory_mb(driver: webdriver.Chrome) -> float:
    """Return the proportional memory of the renderers of a browser."""
    browser = int(driver.service.process.pid) if driver.service.process else 0
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(after[1]), []).append(int(stat.parent.name))
    family, found = [browser], 0.0
    while family:
        pid = family.pop()
        family += children.get(pid, [])
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            if b"--type=renderer" in command:
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                found += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1e3
        except OSError:
            continue
    return found


@contextmanager
def running(command: Sequence[str], port: int, **environment: str) -> Iterator[None]:
    """Run a server until the block ends; yields when it answers."""
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdin=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def free_port() -> int:
    """Return a port that nothing listens at."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def enter(driver: webdriver.Chrome, base: str) -> None:
    """Sign in."""
    driver.get(base + "/masuk")
    driver.find_element("css selector", "#nama").send_keys("perencana")
    driver.find_element("css selector", "#kata_sandi").send_keys(PASSWORD)
    driver.find_element("css selector", "form[action='/masuk'] button").click()
    until = time.monotonic() + PATIENCE_S
    while "/masuk" in driver.current_url and time.monotonic() < until:
        time.sleep(0.01)


def make_pages(folder: Path, households: int, *, slow: bool) -> dict[str, str]:
    """Make the run and the peers' pages of the same households; return the peers' folders by name."""
    with ProcessPoolExecutor(1, get_context("spawn")) as own:
        own.submit(prepare, folder, households).result()
    peers = {FAST: "fast", MARKERS: "markers"} if slow else {FAST: "fast"}
    for name in peers.values():
        (folder / "peers" / name).mkdir(parents=True)
        words = ["--markers", "one-by-one"] if name == "markers" else []
        own_files = [str(folder / each) for each in (CLEAN, DESA, LANDCOVER)]
        measure(
            [sys.executable, "scripts/analyst.py", *own_files, str(folder / "peers" / name), *words],
            folder / f"{name}.log",
        )
    assess = [
        sys.executable,
        "-m",
        "app.cli",
        "assess",
        str(folder / CLEAN),
        "--out",
        str(folder / "runs" / "satu"),
    ]
    measure([*assess, "--settings", str(folder / SETTINGS)], folder / "assess.log")
    return peers


def main(words: Sequence[str]) -> None:
    """Read the arguments, prepare, measure, tell."""
    parser = argparse.ArgumentParser(description="Measure the web maps beside the usual folium pages.")
    parser.add_argument("--households", type=int, default=100_000)
    parser.add_argument(
        "--runs", type=int, default=3, help="openings of each page; the median counts (%(default)s)"
    )
    parser.add_argument("--planners", type=int, default=50, help="at once, in the load test (%(default)s)")
    parser.add_argument("--minutes", type=float, default=1.0, help="of the load test (%(default)s)")
    parser.add_argument(
        "--slow", action="store_true", help="also a folium page with a marker object a household"
    )
    parser.add_argument("--markdown", action="store_true", help="print the tables ready to paste")
    wish = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        peers = make_pages(folder, wish.households, slow=wish.slow)
        settings = WebSettings(runs=folder / "runs")
        records = open_records(settings.database_url)
        with records.session() as session:
            for name in ("perencana", *(f"perencana{place}" for place in range(wish.planners))):
                add_user(session, name, "perencana", PASSWORD, must_change=False)
        records.close()
        own, other = free_port(), free_port()
        serve = [sys.executable, "-m", "app.cli", "serve", str(folder / "runs"), "--port", str(own)]
        pages = [sys.executable, "-m", "scripts.serve_pages", str(folder / "peers"), str(other)]
        with running(serve, own, PETA_WORKER="false"), running(pages, other):
            close = _close_view(folder / "runs" / "satu")
            contenders = {
                OURS: ("/peta", _OWN_WATCH, own, enter),
                CLOSE: (f"/peta?lapisan=rumah&pusat={close}", _OWN_WATCH, own, enter),
                **{name: (f"/{place}", _PEER_WATCH, other, None) for name, place in peers.items()},
            }
            seen: dict[str, list[Seen]] = {name: [] for name in contenders}
            for _ in range(wish.runs):
                for name, contender in contenders.items():
                    seen[name].append(open_page(*contender))
                    print(name, seen[name][-1], file=sys.stderr)
            filters = filter_times(own)
            loaded = load(own, wish.planners, wish.minutes * 60)
    print(report(seen, filters, loaded, markdown=wish.markdown))


def _close_view(run: Path) -> str:
    import geopandas as gpd  # noqa: PLC0415  -- heavy

    points = gpd.read_parquet(run / "households.parquet", columns=["geometry"]).geometry.dropna()
    return f"{points.y.median():.5f},{points.x.median():.5f},14"


def report(
    seen: dict[str, list[Seen]], filters: list[float], loaded: list[list[str]], *, markdown: bool
) -> str:
    """Return what was measured, as text to read or to paste."""
    middle = {
        name: Seen(*(median(values) for values in zip(*map(astuple, found), strict=True)))
        for name, found in seen.items()
    }
    peer = middle[FAST]
    rows = [
        [
            "",
            "drawn, s",
            "of Fast",
            "answers, s",
            "of Fast",
            "transferred, MB",
            "of Fast",
            "memory, MB",
            "of Fast",
        ]
    ]
    for name, one in middle.items():
        row = [name]
        for mine, theirs in zip(astuple(one), astuple(peer), strict=True):
            row += [f"{mine:.2f}" if mine < 100 else f"{mine:.0f}", f"{mine / theirs:.2f}"]  # noqa: PLR2004
        rows.append(row)
    ours, slowest = middle[OURS], 1000 * max(filters)
    share = ours.drawn_s / peer.drawn_s
    told = [
        f"First drawn: {share:.2f} of FastMarkerCluster's time (goal: under 0.33; {_met(share < GOAL_DRAWN)}).",
        f"Transferred: {ours.transferred_mb:.2f} MB (goal: under 1; {_met(ours.transferred_mb < GOAL_MB)}).",
        f"A filter change on the server, median of {len(filters)}: {1000 * median(filters):.0f} ms.",
        f"The slowest of them: {slowest:.0f} ms (goal: under {GOAL_FILTER_MS}; {_met(slowest < GOAL_FILTER_MS)}).",
    ]
    return "\n\n".join(
        [table(rows, markdown=markdown), "\n".join(told), table(loaded, markdown=markdown), machine()]
    )


def _met(reached: bool) -> str:
    return "met" if reached else "missed"


if __name__ == "__main__":
    main(sys.argv[1:])
