"""The laws that one map can be tried for by itself: marks at their places, numbers that can be read."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from scripts.book_checks.faults import Findings
from scripts.book_checks.laws import BESIDE, CUT, MARKS, OVERLAPS, PLACE_MM, Collected, desa_of
from scripts.book_checks.maps import DOT_MM, Label, Map, cell_letters
from scripts.book_checks.pages import Text, to_grid
from scripts.book_checks.run import Truth
from scripts.book_checks.scale_laws import check_grid, check_scale

TOUCH_MM = 0.03
CELL_EDGE_M = 0.05
"""A house so near a grid line may be in either cell: positions in the PDF are told to hundredths of a point."""

BESIDE_MM = 2.1
"""A number without a leader stands so near the edge of its mark's middle at most."""

JOINED_MM = 0.6
LONE_MM = 4.0
"""A mark so far from others is surely that of its house."""


def check_map(map_: Map, truth: Truth, told: Collected, found: Findings) -> None:
    """Try every law that a map can be tried for by itself, and gather its numbers."""
    sheet, desa = map_.page.sheet, desa_of(map_.page.sheet)
    told.desa.add(desa)
    numbers = [number for label in map_.labels for number in label.numbers]
    told.mapped[sheet].update(numbers)
    where = f"page {map_.page.number} {sheet}{map_.letter and ' ' + map_.letter}"
    check_scale(map_, where, found)
    people = truth.of(desa)
    people = people[people["lon"].notna()]
    ground = map_ground(map_, people)
    spots = map_.view.to_page(ground)
    offset = check_grid(map_, where, found)
    _gather_cells(map_, desa, people, ground, numbers, offset, told)
    _check_marks(map_, where, people, spots, numbers, told, found)
    _check_beside(map_, where, dict(zip(people.index.tolist(), spots, strict=True)), found)
    _check_texts(map_, where, found)


def map_ground(map_: Map, people: pd.DataFrame) -> np.ndarray:
    """Return households in metres of a map's grid."""
    return to_grid(people[["lon", "lat"]].to_numpy(float), map_.view.epsg)


def _gather_cells(
    map_: Map,
    desa: str,
    people: pd.DataFrame,
    ground: np.ndarray,
    numbers: list[int],
    offset: tuple[int, int] | None,
    told: Collected,
) -> None:
    if offset is None:
        return
    shown = people.index.isin(numbers)
    for number, (east, north) in zip(people.index[shown].tolist(), ground[shown].tolist(), strict=True):
        columns = {int((east + edge) // map_.step) + offset[0] for edge in (-CELL_EDGE_M, CELL_EDGE_M)}
        rows = {offset[1] - int((north + edge) // map_.step) for edge in (-CELL_EDGE_M, CELL_EDGE_M)}
        told.cells[desa, number] = tuple(
            f"{map_.letter}{cell_letters(column)}{row + 1}"
            for column in columns
            for row in rows
            if column >= 0
        )


def _check_marks(
    map_: Map,
    where: str,
    people: pd.DataFrame,
    spots: np.ndarray,
    numbers: list[int],
    told: Collected,
    found: Findings,
) -> None:
    inside = map_.view.holds(spots)
    middles, looks = map_.marks
    if not len(middles):
        middles = np.array([(np.inf, np.inf)])
        looks = [("", 0, 0.0, ())]
    off, _ = cKDTree(np.nan_to_num(middles, posinf=1e6)).query(spots)
    # a triangle's middle is not the middle of its corners' box
    lost = inside & (off > PLACE_MM)
    faults = [
        f"{where}: number {number}, {far:.2f} mm"
        for number, far in zip(people.index[lost], off[lost], strict=True)
    ]
    found.law(MARKS, tried=int(inside.sum()), faults=faults, worst=float(off[inside].max(initial=0)))
    strange = people.index.isin(numbers) & ~inside
    found.law(
        MARKS,
        tried=0,
        faults=[
            f"{where}: number {number} is printed, its house is not in the frame"
            for number in people.index[strange]
        ],
    )
    if not len(spots):
        return
    alone = cKDTree(spots).query(spots, k=2)[0][:, 1] > LONE_MM if len(spots) > 1 else np.ones(1, bool)
    sure = inside & alone & people.index.isin(numbers)
    # some signs have a dot inside
    signs = np.flatnonzero([size > DOT_MM for _, _, size, _ in looks])
    if not sure.any() or not len(signs):
        return
    _, which = cKDTree(middles[signs]).query(spots[sure])
    for kind, place in zip(people["class"].to_numpy()[sure], signs[which].tolist(), strict=True):
        if kind:
            told.looks[kind][looks[place]] += 1


def _check_beside(map_: Map, where: str, spots: dict[int, np.ndarray], found: Findings) -> None:
    strokes = map_.strokes
    starts = cKDTree(strokes[:, 0]) if len(strokes) else None
    faults, far, unsure = [], 0.0, 0
    everyone = cKDTree(np.array([*spots.values()])) if spots else None
    for label in map_.labels:
        head = _head(label, map_.labels)
        box = _boxes([head.text])[0]
        number = head.numbers[0]
        if number not in spots:
            faults.append(f"{where}: number {number} has no house with a point")
            continue
        off = _away(box, spots[number])
        joined = starts is not None and any(
            _away(box, strokes[place, 1]) < JOINED_MM
            for place in starts.query_ball_point(spots[number], 0.15)
        )
        # A row of a stacked label: its own box may be far, that of its first row is not.
        if not joined and off > BESIDE_MM:
            faults.append(f"{where}: number {number} stands {off:.1f} mm from its house without a line")
        if not joined:
            far = max(far, off)
            nearest = (
                min(
                    (
                        _away(box, np.asarray(everyone.data[place]))
                        for place in everyone.query_ball_point(_middle(box), 6.0)
                    ),
                    default=off,
                )
                if everyone
                else off
            )
            unsure += nearest < off - 0.3
    found.law(BESIDE, tried=len(map_.labels), faults=faults, worst=far)
    found.told["numbers without a line that stand nearer to another house"] += unsure


def _head(label: Label, labels: list[Label]) -> Label:
    while label.follows is not None:
        label = labels[label.follows]
    return label


def _check_texts(map_: Map, where: str, found: Findings) -> None:
    labels = [label.text for label in map_.labels]
    left, top, right, bottom = map_.view.box
    boxes = _boxes(labels)
    out = (boxes[:, :2] < (left, top)).any(axis=1) | (boxes[:, 2:] > (right, bottom)).any(axis=1)
    found.law(
        CUT,
        tried=len(labels),
        faults=[f"{where}: {labels[place].text}" for place in np.flatnonzero(out).tolist()],
    )
    own = {id(text) for text in labels}
    others = [
        text
        for text in map_.page.texts
        if not text.halo
        and id(text) not in own
        and text.text.strip()
        and text.box[2] > left
        and text.box[0] < right
        and text.box[3] > top
        and text.box[1] < bottom
    ]
    every = _boxes([*labels, *others])
    every = np.hstack([every[:, :2] + TOUCH_MM / 2, every[:, 2:] - TOUCH_MM / 2])
    shapes = shapely.box(*every.T)
    first, second = shapely.STRtree(shapes).query(shapes, "intersects") if len(shapes) else ([], [])
    texts = [*labels, *others]
    faults = [
        f"{where}: «{texts[one].text}» and «{texts[other].text}»"
        for one, other in zip(list(first), list(second), strict=True)
        if one < other
    ]
    found.law(OVERLAPS, tried=len(texts), faults=faults)


def _boxes(texts: Sequence[Text]) -> np.ndarray:
    return np.array([text.box for text in texts]).reshape(-1, 4)


def _middle(box: np.ndarray) -> np.ndarray:
    return np.asarray((box[:2] + box[2:]) / 2)


def _away(box: np.ndarray, point: np.ndarray) -> float:
    return float(np.hypot(*np.maximum(np.maximum(box[:2] - point, point - box[2:]), 0)))
