"""Many planners at once: each looks, waits a little, looks elsewhere; what they ask for is told by kind.

Loopback only. ``python -m scripts.load PORT PLANNERS SECONDS`` against a server with accounts ``perencana0`` and so on.
"""

import asyncio
import json
import random
import re
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field

import httpx
import numpy as np

PASSWORD = "sawah-laut-hutan-7"  # noqa: S105  -- of accounts that live as long as a benchmark
PAUSE_S = (3.0, 7.0)
"""A planner looks so long before asking for something else."""

TILES = 12
"""A view close to the houses asks for so many tiles on a desk's screen."""

GOALS = {"page": 0.5, "filter": 0.5, "map": 0.5, "tile": 0.1}
_JSON = {"Accept": "application/json"}


@dataclass
class Times:
    """Seconds of each answer by kind, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)


def queries(state: dict[str, object], chance: random.Random) -> str:
    """Return the address of a view that a planner may choose."""
    kecamatan = chance.choice(list(state["kecamatan"]))  # type: ignore[call-overload]
    indicator = chance.choice(["rtlh", "jamban", "jamban_sendiri"])
    words = [
        f"indikator={indicator}",
        f"tampil={chance.choice(['rate', 'need', 'smoothed', 'gap'])}",
        "lapisan=rumah",
    ]
    if chance.random() < 0.5:  # noqa: PLR2004
        words.append(f"kecamatan={kecamatan}")
    if chance.random() < 0.5:  # noqa: PLR2004
        words.append(f"desil={chance.randint(1, 2)}-{chance.randint(3, 5)}")
    if chance.random() < 0.5:  # noqa: PLR2004
        words.append(f"butuh={indicator}:ya")
    return "&".join(words)


async def planner(port: int, name: str, until: float, times: Times, seed: int) -> None:
    """Sign in, then look at one thing after another until the time is over."""
    chance = random.Random(seed)  # noqa: S311  -- no secret
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:

        async def ask(kind: str, path: str, headers: dict[str, str] | None = None) -> httpx.Response | None:
            begin = time.perf_counter()
            try:
                answer = await client.get(path, headers=headers)
            except httpx.HTTPError as fault:
                times.faults.append(f"{kind}: {type(fault).__name__}")
                return None
            times.seconds[kind].append(time.perf_counter() - begin)
            if answer.status_code not in {200, 204}:
                times.faults.append(f"{kind}: {answer.status_code} {path[:80]}")
                return None
            return answer

        await asyncio.sleep(chance.uniform(0, PAUSE_S[1]))
        await client.post("/masuk", data={"nama": name, "kata_sandi": PASSWORD})
        page = await ask("page", "/peta")
        if page is None:
            return
        state: dict[str, object] = {
            "kecamatan": sorted(set(re.findall(r"\b\d\d\.\d\d\.\d\d\b(?!\.)", page.text)))
        }
        desa = sorted(set(re.findall(r"\b\d\d\.\d\d\.\d\d\.\d{4}\b", page.text)))
        if frame := re.search(r'<iframe[^>]*src="([^"]+)"', page.text):
            await ask("map", frame[1].replace("&amp;", "&"))
        while time.monotonic() < until:
            await asyncio.sleep(chance.uniform(*PAUSE_S))
            turn = chance.random()
            if turn < 0.15:  # noqa: PLR2004
                await ask("page", chance.choice(["/", "/prioritas", "/kunjungan", "/bandingkan"]))
            elif turn < 0.35 and desa:  # noqa: PLR2004
                await ask("page", f"/desa/{chance.choice(desa)}")
            else:
                answer = await ask("filter", f"/peta/keadaan?{queries(state, chance)}", _JSON)
                view = json.loads(answer.text)["view"] if answer else {}
                if view.get("tiles"):
                    places = tiles_around(chance)
                    await asyncio.gather(*(ask("tile", fill(view["tiles"], *place)) for place in places))


def fill(template: str, z: int, x: int, y: int) -> str:
    """Return the address of a tile."""
    return template.replace("{z}", str(z)).replace("{x}", str(x)).replace("{y}", str(y))


MIDDLE = [109.67, -6.95]
"""Longitude and latitude about which the planners look: seven kilometres from where half the households of the usual
district live, so that a screen holds sea and hills too."""


def tiles_around(chance: random.Random) -> list[tuple[int, int, int]]:
    """Return the tiles of a screen somewhere in the district, at a zoom that shows houses."""
    z = chance.choice([13, 14, 15])
    lon, lat = (middle + chance.gauss(0, 0.06) for middle in MIDDLE)
    x, y = _tile(lon, lat, z)
    return [(z, x + right, y + down) for right in range(4) for down in range(TILES // 4)]


def _tile(lon: float, lat: float, z: int) -> tuple[int, int]:
    sine = np.sin(np.radians(lat))
    return int((lon + 180) / 360 * 2**z), int((0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)) * 2**z)


def load(port: int, planners: int, seconds: float) -> list[list[str]]:
    """Let planners look for a while; return a table of what they waited."""
    times = Times()

    async def all_of_them() -> None:
        until = time.monotonic() + seconds
        await asyncio.gather(*(planner(port, f"perencana{n}", until, times, n) for n in range(planners)))

    asyncio.run(all_of_them())
    rows = [["", "answers", "median, ms", "95th percentile, ms", "slowest, ms", "goal, ms"]]
    for kind, goal in GOALS.items():
        found = np.array(times.seconds[kind]) * 1000
        if found.size:
            figures = [f"{value:.0f}" for value in (*np.percentile(found, [50, 95]), found.max())]
            rows.append([kind, str(found.size), *figures, f"{1000 * goal:.0f}"])
    for fault in times.faults[:10]:
        print(fault, file=sys.stderr)
    return [*rows, ["errors", str(len(times.faults)), "", "", "", "0"]]


def filter_times(port: int, count: int = 40) -> list[float]:
    """Return the seconds that so many filter changes take, one planner alone, none asked for before."""
    chance, found = random.Random(7), []  # noqa: S311
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        client.post("/masuk", data={"nama": "perencana", "kata_sandi": PASSWORD})
        page = client.get("/peta").text
        state: dict[str, object] = {"kecamatan": sorted(set(re.findall(r"\b\d\d\.\d\d\.\d\d\b(?!\.)", page)))}
        for query in dict.fromkeys(queries(state, chance) for _ in range(count)):
            begin = time.perf_counter()
            client.get(f"/peta/keadaan?{query}", headers=_JSON).raise_for_status()
            found.append(time.perf_counter() - begin)
    return found


if __name__ == "__main__":
    for row in load(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])):
        print("  ".join(row))
