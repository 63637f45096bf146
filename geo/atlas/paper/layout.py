"""Paper and the parts of a sheet: where everything stands, in millimetres from the upper left corner."""

from dataclasses import dataclass

from geo.errors import SettingsError

PAPERS = {"A4": (210.0, 297.0), "F4": (215.0, 330.0), "A3": (297.0, 420.0)}
"""Width and height of the upright sheet in millimetres."""

MARGIN, COLLAR, GAP = 8.0, 4.5, 3.0
HEADER, STRIP, NOTES, BANNER = 27.0, 11.0, 14.0, 6.0
PANEL_WIDTH, PANEL_HEIGHT = 61.0, 60.0


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
class Window:
    """Room for one map: the inside of its neat line, with a collar around it, and the strip with its scale below."""

    map: Rect
    strip: Rect


@dataclass(frozen=True)
class Layout:
    """Where the parts of a map sheet stand on one kind of page.

    ``panel`` holds the legend and figures: a column beside the map (``panel`` higher than wide), or a band below it.
    """

    page: tuple[float, float]
    header: Rect
    body: Rect
    panel: Rect
    notes: Rect
    banner: bool

    def windows(self, count: int) -> tuple[Window, ...]:
        """Return room for one, two or four maps on the page, in reading order.

        Examples
        --------
        >>> lying = layouts("A4", banner=False)[-1]
        >>> [(round(window.map.width), round(window.map.height)) for window in lying.windows(2)]
        [(98, 133), (98, 133)]
        """
        above = BANNER if self.banner else 0.0
        body = Rect(self.body.left, self.body.top + above, self.body.width, self.body.height - above)
        across = {1: 1, 2: 2 if body.width > body.height else 1, 4: 2}[count]
        down = count // across
        width = (body.width - (across - 1) * GAP) / across
        height = (body.height - (down - 1) * GAP) / down
        return tuple(
            _window(
                Rect(
                    body.left + column * (width + GAP),
                    body.top + row * (height + GAP),
                    width,
                    height,
                )
            )
            for row in range(down)
            for column in range(across)
        )


def layouts(paper: str, *, banner: bool) -> tuple[Layout, ...]:
    """Return the layouts that a map sheet may take on ``A4``, ``F4`` or ``A3``.

    Upright with the panel below the map, upright with the panel beside it, and lying.

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
    """
    width, height = paper_size(paper)
    upright, lying = (width, height), (height, width)
    return _below(upright, banner=banner), _beside(upright, banner=banner), _beside(lying, banner=banner)


def paper_size(paper: str) -> tuple[float, float]:
    """Return width and height (mm) of the upright sheet.

    Raises
    ------
    SettingsError
        When the paper is not known.
    """
    if paper not in PAPERS:
        raise SettingsError(f"Kertas «{paper}» tidak dikenal; pilih salah satu dari {', '.join(PAPERS)}.")
    return PAPERS[paper]


def _beside(page: tuple[float, float], *, banner: bool) -> Layout:
    header, inside, notes = _bands(page)
    left = inside.right - PANEL_WIDTH
    panel = Rect(left, inside.top, PANEL_WIDTH, inside.height)
    body = Rect(inside.left, inside.top, left - GAP - inside.left, inside.height)
    return Layout(page, header, body, panel, notes, banner)


def _below(page: tuple[float, float], *, banner: bool) -> Layout:
    header, inside, notes = _bands(page)
    top = inside.bottom - PANEL_HEIGHT
    panel = Rect(inside.left, top, inside.width, PANEL_HEIGHT)
    body = Rect(inside.left, inside.top, inside.width, inside.height - PANEL_HEIGHT - GAP)
    return Layout(page, header, body, panel, notes, banner)


def _bands(page: tuple[float, float]) -> tuple[Rect, Rect, Rect]:
    width, height = page[0] - 2 * MARGIN, page[1] - 2 * MARGIN
    header = Rect(MARGIN, MARGIN, width, HEADER)
    body = Rect(MARGIN, header.bottom, width, height - HEADER - NOTES)
    return header, body, Rect(MARGIN, body.bottom, width, NOTES)


def _window(room: Rect) -> Window:
    map_ = Rect(
        room.left + COLLAR,
        room.top + COLLAR,
        room.width - 2 * COLLAR,
        room.height - 2 * COLLAR - STRIP,
    )
    return Window(map_, Rect(room.left, room.bottom - STRIP, room.width, STRIP))
