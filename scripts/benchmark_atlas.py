"""How fast a book of map sheets is printed, beside matplotlib's and QGIS's pages of the same houses.

``python3 scripts/bootstrap.py bench atlas [--households N] [--run FOLDER] [--peer-pages N] [--markdown]``. What is
compared, and why it is fair, stands in docs/benchmark.md.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

from scripts.benchmark import ROOT, SETTINGS, SHEET, Failed, machine, measure, prepare
from scripts.tables import table

if TYPE_CHECKING:
    from geo.assessment import Assessment
    from geo.atlas.selection import Selection

GOAL_MS, GOAL_RATIO, GOAL_GROWTH = 15.0, 8.0, 1.1
BOOK, QGIS = "buku.pdf", "/usr/bin/python3"
HOUSES, AREAS = "rumah.gpkg", "desa.gpkg"


def write_own(run: Path, folder: Path, desa: int) -> dict[str, float]:
    """Print the book of so many desa with lists, names and all; return what it took, in CPU seconds.

    Returns
    -------
    dict
        ``maps``, ``lists``, ``pages``: how many; ``prepare_s``: until the first page is drawn, planning included;
        ``maps_s``, ``lists_s``: drawing; ``rest_s``: cover and index; ``bind_s``: after the last page.
    """
    import numpy as np  # noqa: PLC0415  -- each contender loads what it needs, and no more

    from geo.atlas import write_book  # noqa: PLC0415
    from geo.atlas.options import BookOptions  # noqa: PLC0415
    from geo.runs import open_run  # noqa: PLC0415

    assessment = open_run(run)
    selection = some_desa(assessment, desa)
    ticks = [process_time()]
    printed = write_book(
        assessment,
        selection,
        folder / BOOK,
        BookOptions(names=True),
        progress=lambda *_: ticks.append(process_time()),
    )
    end = process_time()
    spent = np.diff(ticks)
    first = printed.sheets["first_page"].to_numpy() - 1
    is_map = np.zeros(len(spent), dtype=bool)
    is_map[first[printed.sheets["part"] > 0]] = True
    is_list = ~is_map & (np.arange(len(spent)) >= first.min())
    return {
        "desa": len(selection.desa),
        "pages": len(spent),
        "maps": int(is_map.sum()),
        "lists": int(is_list.sum()),
        "households": len(printed.households),
        "prepare_s": float(spent[0]),
        "rest_s": float(spent[1 : first.min()].sum()),
        "maps_s": float(spent[is_map].sum()),
        "lists_s": float(spent[is_list].sum()),
        "bind_s": end - ticks[-1],
        "mb": (folder / BOOK).stat().st_size / 1e6,
    }


def some_desa(assessment: "Assessment", count: int) -> "Selection":
    """Return so many desa, evenly from the whole district; 0: all."""
    import numpy as np  # noqa: PLC0415

    from geo.atlas.selection import Selection  # noqa: PLC0415

    codes = sorted(assessment.desa["kode_desa"])
    places = np.unique(np.linspace(0, len(codes) - 1, count or len(codes)).astype(int))
    return Selection("Uji kecepatan", tuple(codes[place] for place in places))


def write_layers(run: Path, folder: Path, _: int) -> dict[str, float]:
    """Write what QGIS is to draw: the desa, and the houses with their numbers and needs; return how many houses."""
    from geo.crs import measuring_crs  # noqa: PLC0415
    from geo.runs import open_run  # noqa: PLC0415
    from geo.symbology import need_class  # noqa: PLC0415

    assessment = open_run(run)
    crs = measuring_crs(tuple(assessment.desa.total_bounds.tolist()))
    assessment.desa[["kode_desa", "nama_desa", "geometry"]].to_crs(crs).to_file(folder / AREAS)
    houses = assessment.counted.assign(need=need_class(assessment.counted))
    houses = houses[houses.geometry.notna() & houses["kode_desa"].notna()]
    columns = ["kode_desa", "house_number", "need", "geometry"]
    houses[columns].astype({"house_number": int}).to_crs(crs).to_file(folder / HOUSES)
    return {"houses": len(houses)}


def write_peer(run: Path, folder: Path, pages: int) -> dict[str, float]:
    """Print maps of the same book with matplotlib."""
    from scripts.matplotlib_atlas import write_maps  # noqa: PLC0415

    return write_maps(run, folder / "matplotlib.pdf", pages)


CHILDREN: dict[str, Callable[[Path, Path, int], dict[str, float]]] = {
    "own": write_own,
    "matplotlib": write_peer,
    "layers": write_layers,
}


def child(name: str, run: Path, folder: Path, count: int) -> dict[str, float]:
    """Do one part in a process of its own; return its figures with its peak memory (MB) and wall time (s)."""
    command = [sys.executable, "-m", "scripts.benchmark_atlas", "--child", name]
    return _told(
        [*command, "--run", str(run), "--folder", str(folder), "--desa", str(count)], folder / f"{name}.log"
    )


def qgis(folder: Path, pages: int) -> dict[str, float] | None:
    """Print maps of the same layers with QGIS's atlas; ``None`` where Debian's python3-qgis is not installed."""
    there = [QGIS, "-c", "import qgis.core"]
    if not Path(QGIS).exists() or subprocess.run(there, capture_output=True, check=False).returncode:
        return None
    script = str(ROOT / "scripts" / "qgis_atlas.py")
    return _told([QGIS, script, str(folder), str(pages)], folder / "qgis.log")


def _told(command: Sequence[str], log: Path) -> dict[str, float]:
    cost = measure(command, log)
    last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1]
    figures: dict[str, float] = json.loads(last)
    return figures | {"peak_mb": cost.peak_mb, "wall_s": cost.wall_s}


def make_run(folder: Path, households: int) -> Path:
    """Make a sample and its run; return the run's folder."""
    with ProcessPoolExecutor(1, get_context("spawn")) as own:
        own.submit(prepare, folder, households).result()
    run = folder / "hasil"
    assess = [sys.executable, "-m", "app.cli", "assess", str(folder / SHEET), "--outputs", "peta"]
    measure([*assess, "--settings", str(folder / SETTINGS), "--out", str(run)], folder / "assess.log")
    return run


def report(
    whole: dict[str, float],
    tenth: dict[str, float],
    peer: dict[str, float],
    other: dict[str, float] | None,
    *,
    markdown: bool,
) -> str:
    """Return everything that was measured, as text to read or to paste."""
    drawn = whole["maps_s"] / whole["maps"] * 1000
    share = (whole["prepare_s"] / whole["maps"] + whole["bind_s"] / whole["pages"]) * 1000
    lists = (whole["lists_s"] / whole["lists"] + whole["bind_s"] / whole["pages"]) * 1000
    theirs = peer["drawn_s"] / peer["pages"] * 1000
    rows = [["CPU a page", "pages", "ms a page", "ratio"]]
    rows += [
        ["map, drawn", f"{whole['maps']:.0f}", f"{drawn:.1f}", "1.0"],
        [
            "map, planned, drawn and bound",
            f"{whole['maps']:.0f}",
            f"{drawn + share:.1f}",
            f"{(drawn + share) / drawn:.1f}",
        ],
        ["list, drawn and bound", f"{whole['lists']:.0f}", f"{lists:.1f}", f"{lists / drawn:.1f}"],
        [
            "matplotlib, map of the same plan",
            f"{peer['pages']:.0f}",
            f"{theirs:.1f}",
            f"{theirs / drawn:.1f}",
        ],
    ]
    if other:
        ms = other["drawn_s"] / other["pages"] * 1000
        rows.append(
            ["QGIS, map of the same layers", f"{other['pages']:.0f}", f"{ms:.1f}", f"{ms / drawn:.1f}"]
        )
    sizes = [["book", "desa", "households", "pages", "CPU", "wall", "PDF", "peak memory"]]
    for name, told in (("a tenth", tenth), ("whole", whole)):
        spent = sum(told[part] for part in ("prepare_s", "rest_s", "maps_s", "lists_s", "bind_s"))
        sizes.append(
            [
                name, f"{told['desa']:.0f}", f"{told['households']:.0f}", f"{told['pages']:.0f}", f"{spent:.1f} s",
                f"{told['wall_s']:.1f} s", f"{told['mb']:.1f} MB", f"{told['peak_mb']:.0f} MB",
            ]
        )  # fmt: skip
    growth = whole["peak_mb"] / tenth["peak_mb"]
    goals = (
        f"A map page: {drawn:.1f} ms (goal: under {GOAL_MS:.0f}; {_met(drawn < GOAL_MS)}); matplotlib "
        f"{theirs / drawn:.1f} × that (goal: {GOAL_RATIO:.0f} ×; {_met(theirs / drawn >= GOAL_RATIO)}).\n"
        f"Memory of the whole book: {growth:.2f} × that of a tenth (goal: at most {GOAL_GROWTH}; "
        f"{_met(growth <= GOAL_GROWTH)})."
    )
    absent = "" if other else "QGIS: not measured, Debian's python3-qgis is not installed.\n\n"
    load = f"Load {os.getloadavg()[0]:.1f}. " if hasattr(os, "getloadavg") else ""
    tables = [table(cells, markdown=markdown) for cells in (rows, sizes)]
    return "\n\n".join([*tables, goals, absent + load + machine()])


def _met(reached: bool) -> str:
    return "met" if reached else "missed"


def main(words: Sequence[str]) -> None:
    """Read the arguments, prepare, measure, tell."""
    parser = argparse.ArgumentParser(prog="bench atlas", description="Measure the printing of a whole book.")
    parser.add_argument("--households", type=int, default=100_000)
    parser.add_argument("--run", type=Path, help="a run at hand, instead of one of an invented sample")
    parser.add_argument("--peer-pages", type=int, default=60, help="maps drawn by each peer (%(default)s)")
    parser.add_argument("--markdown", action="store_true", help="print the tables ready to paste")
    parser.add_argument("--folder", type=Path, help="keep sample and books here; else they are thrown away")
    parser.add_argument("--child", choices=CHILDREN, help=argparse.SUPPRESS)
    parser.add_argument("--desa", type=int, default=0, help=argparse.SUPPRESS)
    wish = parser.parse_args(words)
    if wish.child:
        figures = CHILDREN[wish.child](wish.run, wish.folder, wish.desa)
        print(json.dumps(figures))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = (wish.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        try:
            run = (wish.run or make_run(folder, wish.households)).resolve()
            whole = child("own", run, folder, 0)
            tenth = child("own", run, folder, max(int(whole["desa"]) // 10, 1))
            child("layers", run, folder, 0)
            peer = child("matplotlib", run, folder, wish.peer_pages)
            other = qgis(folder, wish.peer_pages)
        except Failed as fault:
            sys.exit(f"A measured process failed:\n{fault}")
        print(report(whole, tenth, peer, other, markdown=wish.markdown))


if __name__ == "__main__":
    main(sys.argv[1:])
