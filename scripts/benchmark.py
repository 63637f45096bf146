"""``peta assess`` beside the usual analyst's script, on the same households: time, memory, size of the page.

``python3 scripts/bootstrap.py bench [job] [--households N] [--runs N] [--slow] [--markdown] [--folder DIR]``. What is
compared, and why it is fair, stands in docs/benchmark.md. ``bench locate``, ``bench names``, ``bench distances``,
``bench landcover``, ``bench clusters``, ``bench web``, ``bench atlas``, ``bench exports`` and ``bench api`` measure
parts alone (scripts/benchmark_locate.py and so on), ``bench all`` everything, each as it is by default.
"""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from scripts.tables import table

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
SHEET, TRUTH, SETTINGS, LANDCOVER = (
    "contoh_rumah_tangga.csv", "kebenaran.parquet", "setelan.toml", "tutupan_lahan.tif",
)  # fmt: skip
CLEAN, DESA = "households.csv", "desa.geojson"
PEER, SLOW = "analyst, quick", "analyst, markers"
SAME, MESSY, ALL = "peta, same sheet", "peta, messy sheet", "peta, everything"
PAGES = {PEER: "map.html", SLOW: "map.html", SAME: "peta.html", MESSY: "peta.html", ALL: "peta.html"}
GOAL_PAGE_MB = 6.0
JOB, PARTS = (
    "job",
    ("locate", "names", "distances", "landcover", "clusters", "web", "atlas", "exports", "api"),
)
LIBRARIES = ("numpy", "pandas", "geopandas", "shapely", "folium", "rasterstats", "scikit-learn")
TEXT_HEADINGS = {
    "ID Keluarga", "NIK", "No KK", "Nama Kepala Keluarga", "Alamat", "Dusun", "RT/RW", "Desa/Kelurahan", "Kecamatan",
    "Pekerjaan", "Penyakit kronis", "Disabilitas",
}  # fmt: skip
_DATA = re.compile(r'<script type="application/json" id="data">.*?</script>', re.DOTALL)


@dataclass(frozen=True)
class Cost:
    """What one process took.

    Attributes
    ----------
    wall_s, cpu_s
        Seconds from start to end, and of all its threads together.
    peak_mb
        Largest resident memory, megabytes.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float


class Failed(Exception):
    """A measured process ended with a fault; the message is the end of what it said."""


def measure(command: Sequence[str], log: Path) -> Cost:
    """Run one process to its end; what it prints goes to a file.

    Raises
    ------
    Failed
        When it does not end well.
    """
    with log.open("wb") as said:
        begin = perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        wall = perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Failed(log.read_text(encoding="utf-8", errors="replace")[-2000:])
    unit = 1e6 if sys.platform == "darwin" else 1e3  # bytes there, kilobytes elsewhere
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def typical(costs: Sequence[Cost]) -> Cost:
    """Return the median of each figure.

    Examples
    --------
    >>> typical([Cost(1, 5, 10), Cost(9, 1, 20), Cost(2, 3, 90)])
    Cost(wall_s=2, cpu_s=3, peak_mb=20)
    """
    return Cost(*(median(getattr(cost, name) for cost in costs) for name in ("wall_s", "cpu_s", "peak_mb")))


def clean_households(sheet: "pd.DataFrame", truth: "pd.DataFrame") -> "pd.DataFrame":
    """Return the sample as an analyst would wish for it: its mess undone by hand, or by the truth behind it.

    Parameters
    ----------
    sheet
        The messy sheet, all text.
    truth
        As ``geo.sample.Sample`` describes it: one row a row of the sheet.

    Returns
    -------
    pandas.DataFrame
        The sheet's columns, with the true ``lat`` and ``lon`` (degrees, WGS 84) of every household in place of what
        was written. Rows that were repeated or rejected are left out; an answer that is no number is missing.
    """
    import pandas as pd  # noqa: PLC0415  -- see prepare()

    wanted = (truth["expected_fate"] == "valid") & (truth["copy_of"] < 0)
    rows, known = sheet[wanted.to_numpy()], truth[wanted]
    numbers = {
        heading: pd.to_numeric(rows[heading].str.replace(",", "."), errors="coerce")
        for heading in map(str, rows)
        if heading not in TEXT_HEADINGS and heading not in {"Lintang", "Bujur"}
    }
    place = {"lat": known["true_lat"].to_numpy(), "lon": known["true_lon"].to_numpy()}
    return rows.drop(columns=["Lintang", "Bujur"]).assign(**numbers, **place)


def prepare(folder: Path, households: int) -> int:
    """Write the sample, and for the analyst the desa and a clean table; return how many rows that one has.

    To be run in a process of its own: the peak memory of a child counts from what its parent held.
    """
    import pandas as pd  # noqa: PLC0415  -- see above

    from geo.boundaries import default_folder, read_boundaries  # noqa: PLC0415
    from geo.sample import make_sample, write_sample  # noqa: PLC0415

    district = read_boundaries(default_folder())
    write_sample(make_sample(district.desa, district.sea, households=households), folder)
    columns = ["kode_desa", "nama_desa", "nama_kecamatan", "geometry"]
    district.desa[columns].to_file(folder / DESA, driver="GeoJSON")
    sheet = pd.read_csv(folder / SHEET, sep=";", dtype="str", keep_default_na=False)
    clean = clean_households(sheet, pd.read_parquet(folder / TRUTH))
    clean.to_csv(folder / CLEAN, index=False)
    return len(clean)


def commands(folder: Path) -> dict[str, list[str]]:
    """Return the command line of each contender; its outputs go to a folder of its name."""
    inputs = [str(folder / name) for name in (CLEAN, DESA, LANDCOVER)]
    analyst = [sys.executable, str(ROOT / "scripts" / "analyst.py"), *inputs]
    peta = [sys.executable, "-m", "app.cli", "assess", "--settings", str(folder / SETTINGS)]
    like = ["--outputs", "peta,geojson"]
    return {
        PEER: [*analyst, str(folder / PEER)],
        SAME: [*peta, str(folder / CLEAN), *like, "--out", str(folder / SAME)],
        MESSY: [*peta, str(folder / SHEET), *like, "--out", str(folder / MESSY)],
        ALL: [*peta, str(folder / SHEET), "--out", str(folder / ALL)],
        SLOW: [*analyst, str(folder / SLOW), "--markers", "one-by-one"],
    }


def run_all(folder: Path, runs: int, *, slow: bool) -> tuple[dict[str, list[Cost]], list[dict[str, float]]]:
    """Run the contenders in turn, so that a busy moment of the machine meets all of them.

    Returns
    -------
    costs
        One a run, by contender.
    seconds
        The stages of each run of ``peta`` with the analyst's sheet and outputs, and its start (see :func:`stages`).
    """
    lines = commands(folder)
    plan = [name for _ in range(runs) for name in (PEER, SAME, MESSY, ALL)] + [SLOW] * slow
    costs: dict[str, list[Cost]] = {}
    seconds = []
    for place, name in enumerate(plan, start=1):
        shutil.rmtree(folder / name, ignore_errors=True)
        cost = measure(lines[name], folder / f"{name}.log")
        costs.setdefault(name, []).append(cost)
        if name == SAME:
            seconds.append(stages(folder / name, cost))
        said = (
            f"{place}/{len(plan)} {name}: {cost.wall_s:.1f} s, CPU {cost.cpu_s:.1f} s, {cost.peak_mb:.0f} MB"
        )
        print(said, file=sys.stderr, flush=True)
    return costs, seconds


def stages(run: Path, cost: Cost) -> dict[str, float]:
    """Return the seconds of each stage of a run; what no stage took is start, tables and end."""
    told: dict[str, float] = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["seconds"]
    return told | {"(start, imports, tables)": cost.wall_s - sum(told.values())}


def page_mb(page: Path) -> tuple[float, float]:
    """Return the size of a page, and of that what is not its data, in megabytes."""
    text = page.read_text(encoding="utf-8")
    return len(text.encode()) / 1e6, len(_DATA.sub("", text).encode()) / 1e6


def compared(costs: Mapping[str, Cost], pages: Mapping[str, float]) -> list[list[str]]:
    """Return the rows of the comparison: each figure, and its ratio to the quick analyst's."""
    rows = [["", "wall", "ratio", "CPU", "ratio", "peak memory", "ratio", "page", "ratio"]]
    peer = costs[PEER]
    for name in (name for name in (PEER, SLOW, SAME, MESSY, ALL) if name in costs):
        cost = costs[name]
        rows.append(
            [
                name,
                f"{cost.wall_s:.1f} s", f"{cost.wall_s / peer.wall_s:.2f}",
                f"{cost.cpu_s:.1f} s", f"{cost.cpu_s / peer.cpu_s:.2f}",
                f"{cost.peak_mb:.0f} MB", f"{cost.peak_mb / peer.peak_mb:.2f}",
                f"{pages[name]:.1f} MB", f"{pages[name] / pages[PEER]:.2f}",
            ]
        )  # fmt: skip
    return rows


def machine() -> str:
    """Say what the figures were measured on."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {cores} cores, {platform.machine()}, {platform.system()}, "
        f"Python {platform.python_version()}, {libraries}."
    )


def report(
    folder: Path,
    costs: Mapping[str, Sequence[Cost]],
    seconds: Sequence[Mapping[str, float]],
    *,
    markdown: bool,
) -> str:
    """Return everything that was measured, as text to read or to paste."""
    middle = {name: typical(found) for name, found in costs.items()}
    sizes = {name: page_mb(folder / name / PAGES[name]) for name in costs}
    whole, inlined = sizes[SAME]
    ratio = middle[SAME].wall_s / middle[PEER].wall_s
    goals = (
        f"peta against the quick analyst, same sheet and outputs, wall: {ratio:.2f} "
        f"(goal: at most 1; {_met(ratio <= 1)}).\n"
        f"peta.html: {whole:.2f} MB, of which {inlined:.2f} MB scripts and styles "
        f"(goal: under {GOAL_PAGE_MB:.0f} MB; {_met(whole < GOAL_PAGE_MB)})."
    )
    spent = [[f"stage of {SAME}", "seconds"]]
    spent += [[stage, f"{median(run[stage] for run in seconds):.2f}"] for stage in seconds[0]]
    comparison = compared(middle, {name: size for name, (size, _) in sizes.items()})
    return "\n\n".join(
        [table(comparison, markdown=markdown), goals, table(spent, markdown=markdown), machine()]
    )


def _met(reached: bool) -> str:
    return "met" if reached else "missed"


def main(words: Sequence[str]) -> None:
    """Choose by the first word what to measure."""
    first, rest = (words[0], words[1:]) if words and words[0] in {JOB, *PARTS, "all"} else (JOB, words)
    if first in {JOB, "all"}:
        measure_job(rest)
    for part in PARTS:
        if first in {part, "all"}:
            import_module(f"benchmark_{part}").main(rest)


def measure_job(words: Sequence[str]) -> None:
    """Read the arguments, prepare, measure, tell."""
    parser = argparse.ArgumentParser(description="Measure peta beside the usual analyst's script.")
    parser.add_argument("--households", type=int, default=100_000)
    parser.add_argument(
        "--runs", type=int, default=3, help="of each contender; the median counts (%(default)s)"
    )
    parser.add_argument(
        "--slow", action="store_true", help="also the analyst's script with a marker object a household, once"
    )
    parser.add_argument("--markdown", action="store_true", help="print the tables ready to paste")
    parser.add_argument("--folder", type=Path, help="keep sample and outputs here; else they are thrown away")
    wish = parser.parse_args(words)
    if not hasattr(os, "wait4"):
        sys.exit(
            "The benchmark needs Linux or macOS: it asks the system for the peak memory of each process."
        )
    if wish.households < 1 or wish.runs < 1:
        parser.error("--households and --runs must be at least 1")
    with tempfile.TemporaryDirectory() as temporary:
        folder = (wish.folder or Path(temporary)).resolve()
        with ProcessPoolExecutor(1, get_context("spawn")) as own:
            placed = own.submit(prepare, folder, wish.households).result()
        print(f"{wish.households} households; {placed} of them left in the clean sheet.", file=sys.stderr)
        try:
            costs, seconds = run_all(folder, wish.runs, slow=wish.slow)
        except Failed as fault:
            sys.exit(f"A measured process failed:\n{fault}")
        print(report(folder, costs, seconds, markdown=wish.markdown))


if __name__ == "__main__":
    main(sys.argv[1:])
