"""The laws that other programs try: pages as poppler renders them, positions as GDAL reads them, no warning."""

import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely
from PIL import Image
from scipy import ndimage
from scipy.spatial import cKDTree

from scripts.book_checks.faults import Findings
from scripts.book_checks.laws import GROUND_M, PLACE_MM, SCALE_TOLERANCE, desa_of
from scripts.book_checks.map_laws import map_ground
from scripts.book_checks.maps import ENDS, Map
from scripts.book_checks.pages import Page
from scripts.book_checks.run import Truth

DPI, BAR_DPI = 400, 1200
WINDOW_MM, ALONE_MM, LARGEST_MM = 1.6, 2.8, 2.3
DARK, BLACK = 150, 128
CLEAR_MM, SCRAP_MM, OUTLINE_MM = 0.85, 0.5, 1.3
WIDEST = 40
"""Pixels that a line of the scale bar has at most."""
ALIKE = 0.999
MANY = 8
"""Marks tried a page, at most."""

INK = "marks on rendered pages are at their coordinates (mm)"
INKED_BAR = "the scale bar on rendered pages is as long as it says"
GDAL = "gdalinfo has the corners of the largest map there (metres)"
QPDF = "qpdf --check finds nothing"
POPPLER = "pdftoppm renders every page without a warning"
RENDERED = (INK, INKED_BAR, GDAL, QPDF, POPPLER)


def check_ink(
    book: Path, pages: Sequence[Page], truth: Truth, wanted: int, seed: int, found: Findings
) -> None:
    """Find the ink of some lone marks on rendered pages, and compare its middle with the coordinates."""
    dice = np.random.default_rng(seed)
    done = 0
    for page in pages:
        if done >= wanted:
            break
        picture = None
        left_here = MANY
        for view in page.views:
            map_ = Map(page, view)
            for number, spot in _lone(map_, truth, dice):
                if not left_here or done >= wanted:
                    break
                if picture is None:
                    picture = _render(book, page.number, DPI)
                off = _off(picture, spot)
                where = f"page {page.number} {page.sheet}: number {number}"
                if off is None:
                    found.told["marks that touch something else, not measured"] += 1
                    continue
                done, left_here = done + 1, left_here - 1
                found.law(INK, faults=[f"{where}: {off:.2f} mm"] if off > PLACE_MM else [], worst=off)


def _lone(map_: Map, truth: Truth, dice: np.random.Generator) -> list[tuple[int, np.ndarray]]:
    """Return houses of a map in any order that stand away from others, texts and the neat line."""
    people = truth.of(desa_of(map_.page.sheet))
    people = people[people["lon"].notna()]
    if people.empty:
        return []
    spots = map_.view.to_page(map_ground(map_, people))
    alone = map_.view.holds(spots, -2.0)
    if len(spots) > 1:
        alone &= cKDTree(spots).query(spots, k=2)[0][:, 1] > ALONE_MM
    boxes = np.array([text.box for text in map_.page.texts if text.text.strip()]).reshape(-1, 4)
    gap = np.maximum(boxes[None, :, :2] - spots[:, None], spots[:, None] - boxes[None, :, 2:]).max(axis=2)
    alone &= (gap > CLEAR_MM).all(axis=1)
    if len(map_.strokes):  # a leader is ink that hangs on its mark
        alone &= cKDTree(map_.strokes[:, 0]).query(spots)[0] > ALONE_MM / 2
    outlines = [
        shapely.LineString(np.vstack([trace.xy, trace.xy[: trace.closed]]))
        for trace in map_.page.paths
        if trace.paint == "s" and len(trace.xy) > ENDS
    ]
    if outlines:
        alone[shapely.STRtree(outlines).query(shapely.points(spots), "dwithin", OUTLINE_MM)[0]] = False
    own = people.index.isin([number for label in map_.labels for number in label.numbers])
    places = np.flatnonzero(alone & own)
    dice.shuffle(places)
    return [(int(people.index[place]), spots[place]) for place in places.tolist()]


def _render(book: Path, page: int, dpi: int, crop: tuple[int, int, int, int] | None = None) -> np.ndarray:
    cut = (
        []
        if crop is None
        else [word for pair in zip(("-x", "-y", "-W", "-H"), map(str, crop), strict=True) for word in pair]
    )
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "page"
        subprocess.run(
            [
                "pdftoppm",
                "-gray",
                "-r",
                str(dpi),
                "-f",
                str(page),
                "-l",
                str(page),
                "-singlefile",
                *cut,
                book,
                target,
            ],
            check=True,
            capture_output=True,
        )
        with Image.open(target.with_suffix(".pgm")) as image:
            return np.asarray(image)


def _off(picture: np.ndarray, spot: np.ndarray) -> float | None:
    """Return how far the ink of a mark is from where it belongs (mm); ``None`` when it touches other ink."""
    per_mm = DPI / 25.4
    middle = spot * per_mm
    low = np.maximum(np.floor(middle - WINDOW_MM * per_mm).astype(int), 0)
    high = np.ceil(middle + WINDOW_MM * per_mm).astype(int) + 1
    ink = ndimage.binary_fill_holes(picture[low[1] : high[1], low[0] : high[0]] < DARK)
    shapes, _ = ndimage.label(ink, np.ones((3, 3)))
    best = None
    for place, box in enumerate(ndimage.find_objects(shapes), start=1):
        extent = np.array([axis.stop - axis.start for axis in box]) / per_mm
        if extent.max() < SCRAP_MM:  # a scrap of a hatch or grid line
            continue
        if extent.max() > LARGEST_MM:
            return None
        of_ink = np.array(ndimage.center_of_mass(shapes == place))[::-1] + 0.5
        of_box = np.array([(axis.start + axis.stop) / 2 for axis in box])[::-1]
        # The anchor of a triangle is between the middle of its ink and that of its corners.
        off = float(np.hypot(*((of_ink + of_box) / 2 + low - middle)) / per_mm)
        best = off if best is None else min(best, off)
    return WINDOW_MM if best is None else best


def check_inked_bar(book: Path, pages: Sequence[Page], found: Findings) -> None:
    """Measure scale bars on rendered pages."""
    for page in pages:
        for view in page.views[:1]:
            map_ = Map(page, view)
            if map_.bar is None or not map_.scale:
                found.law(INKED_BAR, faults=[f"page {page.number}: no scale bar"])
                continue
            boxes = np.concatenate(map_.bar_boxes)
            per_mm = BAR_DPI / 25.4
            left, top = ((boxes.min(axis=0) - 1.0) * per_mm).astype(int).tolist()
            width, height = (np.ptp(boxes, axis=0) * per_mm + 2.0 * per_mm).astype(int).tolist()
            picture = _render(book, page.number, BAR_DPI, (left, top, width, height))
            # the middles of its first and last upright edges: of lines, each as wide as the frame of the bar
            dark = picture < BLACK
            upright = np.flatnonzero(dark.sum(axis=0) > 0.6 * dark.any(axis=1).sum())
            length = (upright[-1] - upright[0] + 1 - _line_width(dark, upright[-1])) / per_mm
            off = abs(length / (map_.bar[1] * 1000 / map_.scale) - 1)
            fault = f"page {page.number} {page.sheet}: {length:.3f} mm for {map_.bar[1]} m at 1:{map_.scale}"
            found.law(INKED_BAR, faults=[fault] if off > SCALE_TOLERANCE else [], worst=off)


def _line_width(dark: np.ndarray, last: int) -> int:
    """Return the width in pixels of the upright line that ends a bar whose last part is white."""
    middle = dark[dark.shape[0] // 2]
    width = 0
    while width < WIDEST and middle[last - width]:
        width += 1
    return width


def check_gdal(book: Path, pages: Sequence[Page], found: Findings) -> None:
    """Compare what GDAL makes of a page with its printed coordinates."""
    for page in pages:
        said = subprocess.run(
            ["gdalinfo", "-json", f"PDF:{page.number}:{book}"], check=False, capture_output=True, text=True
        )
        where = f"page {page.number} {page.sheet}"
        if said.returncode or "geoTransform" not in said.stdout:
            found.law(GDAL, faults=[f"{where}: {said.stderr.strip()[:200] or 'no georeference'}"])
            continue
        told = json.loads(said.stdout)
        x0, per_x, turn_x, y0, turn_y, per_y = told["geoTransform"]
        wide, high = told["size"]
        areas = [float(np.prod(np.subtract(view.box[2:], view.box[:2]))) for view in page.views]
        # Of maps of one size GDAL may take any.
        views = [view for view, area in zip(page.views, areas, strict=True) if area > ALIKE * max(areas)]
        view = views[0]
        if f"UTM zone {view.epsg % 100}" not in told["coordinateSystem"]["wkt"].replace("_", " "):
            found.law(
                GDAL, faults=[f"{where}: another reference system, {told['coordinateSystem']['wkt'][:60]}"]
            )
            continue
        off = np.inf
        for each in views:
            left, top, right, bottom = each.box
            corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
            pixel = corners / page.size * (wide, high)
            ground = np.column_stack([x0 + pixel @ (per_x, turn_x), y0 + pixel @ (turn_y, per_y)])
            apart = np.hypot(*(ground - printed_ground(Map(page, each), corners)).T)
            off = min(off, float(apart.max()))
        fault = [f"{where}: {off:.2f} m"] if off > GROUND_M or said.stderr.strip() else []
        found.law(GDAL, faults=fault, worst=off)


def printed_ground(map_: Map, page: np.ndarray) -> np.ndarray:
    """Return metres of places on a page (n, 2; mm) by the printed scale and coordinates alone."""
    east, north = map_.coordinates
    metres = map_.scale / 1000
    west = np.mean(east[:, 1] - east[:, 0] * metres)
    south = np.mean(north[:, 1] + north[:, 0] * metres)
    return np.column_stack([west + page[:, 0] * metres, south - page[:, 1] * metres])


def check_programs(book: Path, found: Findings, *, pages: int, dpi: int = 10) -> None:
    """Let qpdf check the file and poppler render it."""
    said = subprocess.run(["qpdf", "--check", book], check=False, capture_output=True, text=True)
    warned = [
        line for line in (said.stdout + said.stderr).splitlines() if "WARNING" in line or "rror:" in line
    ]
    found.law(QPDF, faults=warned or ([said.stderr[:200]] if said.returncode else []))
    chunk = 200
    for first in range(1, pages + 1, chunk):
        with tempfile.TemporaryDirectory() as folder:
            last = min(first + chunk - 1, pages)
            said = subprocess.run(
                [
                    "pdftoppm",
                    "-gray",
                    "-r",
                    str(dpi),
                    "-f",
                    str(first),
                    "-l",
                    str(last),
                    book,
                    Path(folder) / "p",
                ],
                check=False,
                capture_output=True,
                text=True,
            )
            made = len([*Path(folder).iterdir()])
        lines = said.stderr.splitlines()
        if made != last - first + 1:
            lines.append(f"{made} pictures of {last - first + 1} pages")
        found.law(POPPLER, tried=last - first + 1, faults=lines)
