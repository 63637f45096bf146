"""The table of a book's sheets, and how it and the index maps are divided over pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.layout import GAP, MARGIN, Rect
from geo.atlas.sheet.furniture import GREY
from geo.sheet_ids import MAPLESS
from geo.symbology import number

HEADER_MM, FOOT_MM = 22.0, 5.0
PITCH_MM, TITLES_MM, TEXT_PT = 4.6, 6.0, 7.0
LEAST_MAP = 0.34
"""The part of a page's height that an index map has at least."""

FEW_PAGES = 2
"""A table of sheets on no more pages needs no map of each kecamatan, where only some households are chosen."""

MOST_DESA = 30
"""Names of so many desa find room on one map; more are shown kecamatan by kecamatan."""

Columns = Mapping[str, tuple[str, float, str]]
"""Heading, width in millimetres (0: what is left) and alignment of each column."""

SHEETS: Columns = {
    "order": ("No.", 6.5, "R"),
    "sheet": ("Lembar", 34.0, "L"),
    "desa": ("Desa/kelurahan", 0.0, "L"),
    "scale": ("Skala", 13.5, "R"),
    "households": ("RT", 10.0, "R"),
    "page": ("Hal.", 9.5, "R"),
}
WALKED: Columns = {
    "turn": ("Urut", 11.0, "L"),
    **{name: how for name, how in SHEETS.items() if name != "scale"},
}
"""Of a day's visits, with the turns that each sheet holds."""

KECAMATAN: Columns = {
    "desa": ("Kecamatan", 0.0, "L"),
    "areas": ("Desa", 12.0, "R"),
    "sheets": ("Peta", 13.0, "R"),
    "households": ("RT", 14.0, "R"),
    "page": ("Hal.", 11.0, "R"),
}


@dataclass(frozen=True)
class IndexPage:
    """One page of the index.

    Attributes
    ----------
    title
        What it covers.
    desa
        Places (in the selection) of the desa on its map, in the order of codes; none: it has the table alone.
    overview
        Whether it tells of kecamatan rather than of sheets.
    rows
        Which rows of the table of kecamatan or of sheets stand on it.
    """

    title: str
    desa: tuple[int, ...]
    overview: bool
    rows: np.ndarray


def index_pages(
    sheets_of: Sequence[int],
    kecamatan: Sequence[str],
    title: str,
    page: tuple[float, float],
    *,
    some: bool = False,
) -> list[IndexPage]:
    """Divide the index over pages: one map when all names find room, else an overview and one a kecamatan.

    A book of some households has one map also when its table is short, as most kecamatan hold little of it.

    Parameters
    ----------
    sheets_of
        How many sheets (list without a map included) each desa of the book has.
    kecamatan
        Name of the kecamatan of each, unique by itself; those of one stand together.
    title
        Of the book.
    page
        Width and height (mm) of the page.
    some
        Whether the book holds only some households of its desa.

    Returns
    -------
    list
        Every sheet stands on exactly one page, in the order of the book.
    """
    starts = np.concatenate([[0], np.cumsum(sheets_of)]).astype(int)
    names = list(dict.fromkeys(kecamatan))
    everything = tuple(range(len(sheets_of)))
    alone = _section(title, everything, np.arange(starts[-1]), page)
    if len(sheets_of) <= MOST_DESA or len(names) == 1 or (some and len(alone) <= FEW_PAGES):
        return alone
    pages = [
        IndexPage(title, everything if not place else (), overview=True, rows=rows)
        for place, rows in enumerate(_divide(np.arange(len(names)), page))
    ]
    for name in names:
        places = tuple(place for place in everything if kecamatan[place] == name)
        rows = np.arange(starts[places[0]], starts[places[-1] + 1])
        pages += _section(f"Kecamatan {name}", places, rows, page)
    return pages


def _section(
    title: str, desa: tuple[int, ...], rows: np.ndarray, page: tuple[float, float]
) -> list[IndexPage]:
    return [
        IndexPage(title, desa if not place else (), overview=False, rows=part)
        for place, part in enumerate(_divide(rows, page))
    ]


def _divide(rows: np.ndarray, page: tuple[float, float]) -> list[np.ndarray]:
    body = _body(page)
    beside = 2 * int((body.height * (1 - LEAST_MAP) - GAP - TITLES_MM) / PITCH_MM)
    whole = 2 * int((body.height - TITLES_MM) / PITCH_MM)
    return np.split(rows, list(range(beside, len(rows), whole)))


def _body(page: tuple[float, float]) -> Rect:
    height = page[1] - 2 * MARGIN - HEADER_MM - FOOT_MM
    return Rect(MARGIN, MARGIN + HEADER_MM, page[0] - 2 * MARGIN, height)


def rooms(index: IndexPage, page: tuple[float, float]) -> tuple[Rect, Rect]:
    """Return the room of the map (none for a page without one) and of the table."""
    body = _body(page)
    lines = -(-len(index.rows) // 2)
    table = TITLES_MM + lines * PITCH_MM
    map_ = max(LEAST_MAP * body.height, body.height - table - GAP) if index.desa else 0.0
    top = body.top + (map_ + GAP if map_ else 0.0)
    return Rect(body.left, body.top, body.width, map_), Rect(body.left, top, body.width, body.bottom - top)


def sheet_rows(sheets: pd.DataFrame) -> pd.DataFrame:
    """Return the table of sheets as texts; the desa is numbered and named at its first sheet.

    Needs columns: those of ``Printed.sheets``; ``turn`` (text) is told where it is.
    """
    first = ~sheets["kode_desa"].duplicated().to_numpy()
    order = np.cumsum(first)
    return pd.DataFrame(
        {
            **({"turn": sheets["turn"].astype(object)} if "turn" in sheets else {}),
            "order": np.where(first, order.astype(str), ""),
            "sheet": sheets["sheet"].astype(object),
            "desa": sheets["nama_desa"].astype(object),
            "scale": [f"1:{number(scale)}" if scale else "tanpa peta" for scale in sheets["scale"]],
            "households": [number(count) for count in sheets["households"]],
            "page": [number(page) for page in sheets["first_page"]],
        }
    )


def kecamatan_rows(sheets: pd.DataFrame, kecamatan: pd.Series, pages: Mapping[str, int]) -> pd.DataFrame:
    """Return the table of kecamatan as texts.

    Parameters
    ----------
    sheets
        As ``Printed.sheets``.
    kecamatan
        Name of the kecamatan of each sheet.
    pages
        Where the index of each begins.
    """
    mapped = sheets.assign(mapped=sheets["part"] != MAPLESS)
    found = mapped.groupby(kecamatan.to_numpy(), sort=False).agg(
        areas=("kode_desa", "nunique"), sheets=("mapped", "sum"), households=("households", "sum")
    )
    texts = {name: [number(count) for count in found[name]] for name in found}
    return pd.DataFrame(
        {"desa": [*found.index], **texts, "page": [number(pages[name]) for name in found.index]}
    )


def draw_table(canvas: Canvas, box: Rect, rows: pd.DataFrame, columns: Columns) -> None:
    """Draw rows in two columns side by side, the first one filled first."""
    lines = -(-len(rows) // 2)
    width = (box.width - GAP) / 2
    for place, part in enumerate((rows.iloc[:lines], rows.iloc[lines:])):
        if len(part):
            _draw_column(
                canvas, Rect(box.left + place * (width + GAP), box.top, width, box.height), part, columns
            )


def _draw_column(canvas: Canvas, box: Rect, rows: pd.DataFrame, columns: Columns) -> None:
    free = box.width - sum(width for _, width, _ in columns.values())
    lines = (box.top + TITLES_MM + PITCH_MM * (np.arange(len(rows)) + 0.72)).tolist()
    left = box.left
    for name, (title, fixed, align) in columns.items():
        width = fixed or free
        back = 1.0 if align == "R" else 0.0
        start = left + 0.6 + back * (width - 1.2)
        canvas.face(6.0, "B", GREY)
        canvas.write_at(start, box.top + TITLES_MM - 1.4, title, align=align)
        canvas.face(TEXT_PT, "B" if name == "sheet" else "")
        if name == "sheet":  # identifiers are never cut
            widest = max(canvas.width(text) for text in rows[name])
            canvas.face(TEXT_PT * min(1.0, (width - 1.2) / widest), "B")
        texts = [canvas.cut(text, width - 1.2) for text in rows[name].tolist()]
        written = [
            (start - back * canvas.width(text), y, text) for text, y in zip(texts, lines, strict=True) if text
        ]
        if written:
            x, y, kept = zip(*written, strict=True)
            canvas.write_many(x, y, kept)
        left += width
    edges = box.top + TITLES_MM + PITCH_MM * np.arange(len(rows) + 1)
    ends = np.stack(
        [np.column_stack([np.full(len(edges), side), edges]) for side in (box.left, box.right)], axis=1
    )
    canvas.pen("#999999", 0.12)
    canvas.paint(canvas.trace(ends[1:], close=False), "S")
    canvas.pen("#000000", 0.3)
    canvas.paint(canvas.trace(ends[:1], close=False), "S")
