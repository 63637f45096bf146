"""The peer of the benchmark of books: the same map sheets drawn with matplotlib into one PDF.

What it is spared: finding scale, sheets and places of numbers (it is given the plan), halo of numbers, legend, panel,
notes, QR code, inset, zones, kantong, names of neighbours, north arrow, georeference, outline. It draws the frame with
grid and coordinates, desa, marks, numbers, leader lines, title and a scale bar.
"""

from collections.abc import Iterator
from pathlib import Path
from time import process_time

import matplotlib as mpl
import numpy as np
import pandas as pd
import shapely
from matplotlib import pyplot as plt
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from geo.atlas.listing import CLASSES, book_households
from geo.atlas.notes import describe
from geo.atlas.options import BookOptions
from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.frame import Frame, cell_name
from geo.atlas.paper.layout import layouts, paper_size
from geo.atlas.planning.book_plan import plan_book
from geo.atlas.planning.labels import NUMBER_PT
from geo.atlas.planning.plan import SheetPlan, View
from geo.atlas.sheet.surroundings import polygons_in_metres
from geo.runs import open_run
from geo.symbology import NEED_COLOURS
from scripts.benchmark_atlas import some_desa

MARKERS = {"both": "s", "rtlh": "^", "jamban": "o", "none": ".", "unknown": "x"}
INCH = 25.4


def write_maps(run: Path, path: Path, pages: int) -> dict[str, float]:
    """Draw at most so many map sheets of desa from all over the district; return pages and CPU seconds."""
    assessment = open_run(run)
    selection = some_desa(assessment, pages)
    book = describe(assessment, title=selection.title, options=BookOptions())
    listed = book_households(assessment.counted, selection, book.crs)
    desa = assessment.desa.set_index("kode_desa", drop=False)
    shapes = polygons_in_metres(desa, book.crs)
    own = shapes[desa.index.get_indexer(list(selection.desa))]
    canvas = Canvas(paper_size("A4"), "", book.created)
    plan = plan_book(
        listed, selection, own, layouts("A4", banner=bool(book.banner)),
        lambda texts: canvas.text_widths(texts, NUMBER_PT, "B"),
    )  # fmt: skip
    sheets = [(place, sheet) for place, entry in enumerate(plan.desa) for sheet in entry.sheets]
    # from all over the book, not its first desa alone
    chosen = np.unique(np.linspace(0, len(sheets) - 1, min(pages, len(sheets))).astype(int)).tolist()
    names = desa.loc[list(selection.desa), "nama_desa"].astype(str).tolist()
    edges = [shapely.get_coordinates(ring) for ring in shapely.get_parts(shapely.boundary(shapes))]
    mpl.rcParams.update({"pdf.fonttype": 42, "font.size": 7})
    begin = process_time()
    with PdfPages(path) as pdf:
        for figure in (
            _figure(sheets[at][1], f"Peta kerja — {names[sheets[at][0]]}", plan.households, edges)
            for at in chosen
        ):
            pdf.savefig(figure)
            plt.close(figure)
    return {"pages": len(chosen), "drawn_s": process_time() - begin}


def _figure(sheet: SheetPlan, title: str, listed: pd.DataFrame, edges: list[np.ndarray]) -> Figure:
    width, height = sheet.layout.page
    figure = plt.figure(figsize=(width / INCH, height / INCH))
    scales = ", ".join(f"1:{view.frame.scale:,}".replace(",", ".") for view in sheet.views)
    figure.text(
        8 / width, 1 - 16 / height, f"{title}, lembar {sheet.part} dari {sheet.parts}", size=15, weight="bold"
    )
    figure.text(8 / width, 1 - 22 / height, f"Skala {scales}")
    own = listed[listed["desa"] == sheet.desa]
    for view in sheet.views:
        _map(figure, view, (width, height), listed, own, edges)
    return figure


def _map(
    figure: Figure,
    view: View,
    page: tuple[float, float],
    listed: pd.DataFrame,
    own: pd.DataFrame,
    edges: list[np.ndarray],
) -> None:
    frame, (width, height) = view.frame, page
    box = frame.map
    axes = figure.add_axes(
        (box.left / width, 1 - box.bottom / height, box.width / width, box.height / height),
        xlim=(frame.west, frame.east), ylim=(frame.south, frame.north),
    )  # fmt: skip
    axes.add_collection(LineCollection(edges, colors="#777777", linewidths=0.6), autolim=False)
    eastings, northings = frame.grid_lines()
    axes.set_xticks(eastings, [f"{east:.0f} mT" for east in eastings], size=5)
    axes.set_yticks(northings, [f"{north:.0f} mU" for north in northings], size=5, rotation=90, va="center")
    axes.grid(color="#8fa9bd", linewidth=0.35)
    for text, along, up in _cells(frame, eastings, northings):
        axes.text(along, up, text, size=7, weight="bold", ha="center", va="bottom")
    inside = own["x"].between(frame.west, frame.east) & own["y"].between(frame.south, frame.north)
    near = own[inside]
    for place, name in enumerate(CLASSES):
        some = near[near["need"] == place]
        axes.scatter(some["x"], some["y"], s=14, marker=MARKERS[name], c=NEED_COLOURS[name])
    labels, per_mm = view.labels, frame.scale / 1000
    middle = labels.corner + labels.size / 2
    x = frame.west + (middle[:, 0] - box.left) * per_mm
    y = frame.north - (middle[:, 1] - box.top) * per_mm
    for text, along, up in zip(labels.text, x.tolist(), y.tolist(), strict=True):
        axes.text(along, up, text, size=NUMBER_PT, weight="bold", ha="center", va="center")
    marks = listed[["x", "y"]].to_numpy()[labels.member]
    lines = np.stack([marks, np.column_stack([x, y])], axis=1)[labels.leader]
    axes.add_collection(LineCollection(list(lines), colors="#444444", linewidths=0.35), autolim=False)
    axes.plot(
        [frame.west + 5 * per_mm, frame.west + 5 * per_mm + frame.step_m],
        [frame.south + 5 * per_mm] * 2,
        "k",
        lw=2,
    )


def _cells(frame: Frame, eastings: np.ndarray, northings: np.ndarray) -> Iterator[tuple[str, float, float]]:
    """Yield the names of columns and rows, and where they stand."""
    columns, rows = (
        np.array([frame.west, *eastings, frame.east]),
        np.array([frame.north, *northings[::-1], frame.south]),
    )
    for place, x in enumerate((columns[:-1] + columns[1:]) / 2):
        yield cell_name(place, 0).rstrip("1"), float(x), frame.north
    for place, y in enumerate((rows[:-1] + rows[1:]) / 2):
        yield str(place + 1), frame.west, float(y)
