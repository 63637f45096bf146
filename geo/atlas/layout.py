"""Paper and the parts of a sheet: where everything stands, in millimetres from the upper left corner."""

from dataclasses import dataclass

from geo.errors import SettingsError

PAPERS = {"A4": (210.0, 297.0), "F4": (215.0, 330.0)}
"""Width and height of the upright sheet in millimetres."""

MARGIN, COLLAR, GAP = 8.0, 4.5, 3.0
HEADER, STRIP, NOTES, BANNER = 27.0, 10.0, 17.0, 6.0
PANEL_WIDTH, PANEL_HEIGHT = 61.0, 68.0
LIST_HEADING, LIST_PITCH = 10.0, 2.6


@dataclass(frozen=True)
class Rect:
    """A rectangle on the page in millimetres, measured from its upper left corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height


@dataclass(frozen=True)
class Layout:
    """Where the parts of a sheet stand on one kind of page."""

    page: tuple[float, float]
    header: Rect
    map: Rect
    strip: Rect
    panel: Rect
    columns: tuple[Rect, ...]
    notes: Rect

    @property
    def list_rows(self) -> int:
        """How many households the list columns hold."""
        return sum(rows_in(column) for column in self.columns)


def rows_in(column: Rect) -> int:
    """Return how many list rows a column holds."""
    return max(0, int((column.height - LIST_HEADING) / LIST_PITCH))


def layouts(paper: str, *, banner: bool) -> tuple[Layout, ...]:
    """Return the layouts that a desa may choose from, for ``A4`` or ``F4``.

    Parameters
    ----------
    paper
        Name of the paper, a key of ``PAPERS``.
    banner
        Keep room above the map for the notice of schematic boundaries.

    Raises
    ------
    SettingsError
        When the paper is not known.

    Examples
    --------
    >>> [layout.list_rows for layout in layouts("A4", banner=False)]
    [60, 44, 70, 26, 79]
    """
    if paper not in PAPERS:
        raise SettingsError(f"Kertas «{paper}» tidak dikenal; pilih salah satu dari {', '.join(PAPERS)}.")
    width, height = PAPERS[paper]
    upright, lying = (width, height), (height, width)
    return (
        _beside(upright, 1, banner),
        _below(upright, PANEL_HEIGHT, banner),
        _below(upright, 1.5 * PANEL_HEIGHT, banner),
        _beside(lying, 1, banner),
        _beside(lying, 2, banner),
    )


def _beside(page: tuple[float, float], columns: int, banner: bool) -> Layout:
    """Panel and list stand to the right of the map; the list begins under the panel."""
    header, body, notes = _bands(page)
    left = body.right - columns * PANEL_WIDTH - (columns - 1) * GAP
    panel = Rect(left, body.top, PANEL_WIDTH, PANEL_HEIGHT)
    first = Rect(left, panel.bottom + GAP, PANEL_WIDTH, body.height - PANEL_HEIGHT - GAP)
    others = tuple(
        Rect(left + place * (PANEL_WIDTH + GAP), body.top, PANEL_WIDTH, body.height)
        for place in range(1, columns)
    )
    map_, strip = _map_and_strip(Rect(body.left, body.top, left - GAP - body.left, body.height), banner)
    return Layout(page, header, map_, strip, panel, (first, *others), notes)


def _below(page: tuple[float, float], height: float, banner: bool) -> Layout:
    """Panel and list stand under the map, side by side."""
    header, body, notes = _bands(page)
    top = body.bottom - height
    width = (body.width - 2 * GAP) / 3
    panel, *columns = (Rect(body.left + n * (width + GAP), top, width, height) for n in range(3))
    map_, strip = _map_and_strip(Rect(body.left, body.top, body.width, body.height - height - GAP), banner)
    return Layout(page, header, map_, strip, panel, tuple(columns), notes)


def _bands(page: tuple[float, float]) -> tuple[Rect, Rect, Rect]:
    width, height = page[0] - 2 * MARGIN, page[1] - 2 * MARGIN
    header = Rect(MARGIN, MARGIN, width, HEADER)
    body = Rect(MARGIN, header.bottom, width, height - HEADER - NOTES)
    return header, body, Rect(MARGIN, body.bottom, width, NOTES)


def _map_and_strip(room: Rect, banner: bool) -> tuple[Rect, Rect]:
    above = COLLAR + (BANNER if banner else 0.0)
    map_ = Rect(
        room.left + COLLAR,
        room.top + above,
        room.width - 2 * COLLAR,
        room.height - above - COLLAR - STRIP,
    )
    return map_, Rect(room.left, room.bottom - STRIP, room.width, STRIP)
