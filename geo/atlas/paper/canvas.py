"""The PDF surface: the one door for text, and whole paths written at once."""

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from fpdf import FPDF
from fpdf.drawing_primitives import convert_to_device_color

from geo.atlas.paper.letters import Kept, Legible, Letters

if TYPE_CHECKING:
    from fpdf.fonts import TTFFont

FONTS = Path(__file__).parents[2] / "fonts"
FACES = {"": "DejaVuSansCondensed", "B": "DejaVuSansCondensed-Bold", "I": "DejaVuSansCondensed-Oblique"}
LONGEST_TEXT = 4000
HALO_MM = 0.55


_device = cache(convert_to_device_color)


class Canvas(FPDF):
    """A document in millimetres that prints any text as text, and draws a path in one go."""

    def __init__(self, paper: tuple[float, float], title: str, created: datetime) -> None:
        super().__init__(unit="mm", format=paper)
        self.set_auto_page_break(auto=False)
        for style, name in FACES.items():
            self.add_font("atlas", style, FONTS / f"{name}.ttf")
        shown = set.intersection(*(set(cast("TTFFont", self.fonts[f"atlas{style}"]).cmap) for style in FACES))
        self._legible = Legible(shown)
        self._ink = "#000000"
        self._cleaned = Kept(self._clean)
        fonts = [cast("TTFFont", self.fonts[f"atlas{style}"]) for style in FACES]
        self._letters = {font.fontkey: Letters(font, self._cleaned, shown, self.k) for font in fonts}
        self._alike: dict[Hashable, bytes] = {}
        self.set_title(self.legible(title))
        self.set_lang("id")
        self.set_creation_date(created)

    def close(self) -> None:
        """Let go of the font files, which are read as glyphs are needed."""
        for style in FACES:
            cast("TTFFont", self.fonts[f"atlas{style}"]).close()

    def legible(self, text: str) -> str:
        """Make any text printable on one line: a box stands for what the font cannot show."""
        return self._cleaned[text]

    def _clean(self, text: str) -> str:
        text = text[:LONGEST_TEXT]
        if not (text.isascii() and text.isprintable()):
            text = unicodedata.normalize("NFC", text).translate(self._legible)
        return " ".join(text.split())

    def face(self, size: float, style: str = "", colour: str = "#000000") -> None:
        """Choose the letters for what follows: size in points, style ``""``, ``"B"`` or ``"I"``."""
        if size != self.font_size_pt or style != self.font_style or not self.current_font:
            self.set_font("atlas", style, size)
        self._ink = colour
        self.set_fill_color(colour)

    def width(self, text: str) -> float:
        """Return the width of a text in the chosen letters, in millimetres."""
        return self._chosen.widths[text] * self.font_size_pt

    def widths(self, texts: Sequence[str]) -> np.ndarray:
        """Return the widths of many texts in the chosen letters, in millimetres."""
        return self._chosen.many(texts) * self.font_size_pt

    def text_widths(self, texts: Sequence[str], size: float, style: str = "") -> np.ndarray:
        """Return the widths (mm) of texts in letters of so many points."""
        self.face(size, style)
        return self.widths(texts)

    @property
    def _chosen(self) -> Letters:
        return self._letters[cast("TTFFont", self.current_font).fontkey]

    def write_at(
        self, x: float, y: float, text: str, *, align: str = "L", within: float | None = None
    ) -> None:
        """Write one line with its baseline at y; ``within`` is the width in mm where it is cut with …."""
        text = self.legible(text) if within is None else self.cut(text, within)
        if align != "L":
            x -= self.width(text) * (1.0 if align == "R" else 0.5)
        self.write_many([x], [y], [text])

    def write_many(self, x: Iterable[float], y: Iterable[float], texts: Sequence[str]) -> None:
        """Write many lines from the left in the chosen letters; each is encoded once for the document."""
        if not texts:
            return
        self.set_fill_color(self._ink)
        letters = self._chosen
        operators = []
        if not self.current_font_is_set_on_page:
            operators.append(self._set_font_for_page(letters.font, self.font_size_pt))
        known, k, high = letters.operators, self.k, self.h
        operators += [
            f"BT {left * k:.2f} {(high - baseline) * k:.2f} Td {known[text]} ET"
            for left, baseline, text in zip(x, y, texts, strict=True)
        ]
        self._out(" ".join(operators))

    def write_haloed(self, x: Sequence[float], y: Sequence[float], texts: Sequence[str]) -> None:
        """Write many lines from the left, each in a white halo; no halo covers another line."""
        self.pen("#ffffff", HALO_MM)
        with self.local_context():
            self._out("1 j 1 Tr")
            self.write_many(x, y, texts)
        self.write_many(x, y, texts)

    @contextmanager
    def inside(self, path: str) -> Iterator[None]:
        """Show of what is drawn meanwhile only what lies inside a traced path."""
        with self.local_context():
            self._out(f"{path} W n")
            yield

    def cut(self, text: str, width: float) -> str:
        """Return the text, shortened with … where it is wider than so many millimetres."""
        text = self.legible(text)
        if self.width(text) <= width:
            return text
        shorter = bisect_right(
            range(1, len(text)), width, key=lambda end: self.width(text[:end].rstrip() + "…")
        )
        return text[:shorter].rstrip() + "…"

    def cut_many(self, texts: Sequence[str], width: float) -> tuple[list[str], np.ndarray]:
        """Return texts, each shortened with … where it is wider than so many millimetres, and their widths."""
        shown, widths = [*texts], self.widths(texts)
        for place in np.flatnonzero(widths > width).tolist():
            shown[place] = self.cut(texts[place], width)
            widths[place] = self.width(shown[place])
        return shown, widths

    def draw_alike(self, key: Hashable, draw: Callable[[], None]) -> None:
        """Draw what looks alike on many pages: told by a key, drawn once and then repeated as it was written."""
        if key not in self._alike:
            written, ink = cast("bytearray", self.pages[self.page].contents), self._ink
            start = len(written)
            with self.local_context(current_font_is_set_on_page=False):
                # What follows must not rest on what this page chose before.
                self.fill_color = self.draw_color = None
                self.line_width, self.dash_pattern = -1.0, {}
                draw()
            self._alike[key], self._ink = bytes(written[start:-1]), ink
        else:
            self._out(self._alike[key])

    def wrap(self, text: str, width: float, lines: int) -> list[str]:
        """Break a text between words into so many lines at most; the last is cut with …."""
        done: list[str] = []
        words = self.legible(text).split()
        while words and len(done) < lines - 1:
            take = 1
            while take < len(words) and self.width(" ".join(words[: take + 1])) <= width:
                take += 1
            done.append(self.cut(" ".join(words[:take]), width))
            words = words[take:]
        return [*done, self.cut(" ".join(words), width)] if words else done

    def set_fill_color(self, r: Any, g: Any = -1, b: Any = -1) -> None:  # noqa: ANN401 - as in fpdf
        """Choose the colour of areas for what follows; each name of a colour is read once."""
        device = _device(r) if isinstance(r, str) else r
        if device is not self.fill_color:
            super().set_fill_color(device, g, b)

    def set_draw_color(self, r: Any, g: Any = -1, b: Any = -1) -> None:  # noqa: ANN401 - as in fpdf
        """Choose the colour of lines for what follows; each name of a colour is read once."""
        device = _device(r) if isinstance(r, str) else r
        if device is not self.draw_color:
            super().set_draw_color(device, g, b)

    def pen(self, colour: str, width: float, dash: tuple[float, float] = (0.0, 0.0)) -> None:
        """Choose line colour, width and dashes (millimetres) for what follows."""
        self.set_draw_color(colour)
        self.set_line_width(width)
        if (self.dash_pattern.get("dash"), self.dash_pattern.get("gap")) != dash:
            self.set_dash_pattern(*dash)

    def trace(self, rings: Sequence[np.ndarray] | np.ndarray, *, close: bool = True) -> str:
        """Return the path operators of rings or lines given in millimetres, each (n, 2).

        One array (many, n, 2) of equally long ones is fastest.
        """
        if not len(rings):
            return ""
        lengths = [rings.shape[1]] * len(rings) if isinstance(rings, np.ndarray) else list(map(len, rings))
        flat = np.concatenate(rings)
        points = ((flat - (0.0, self.h)) * (self.k, -self.k)).ravel().tolist()
        end = "h " if close else ""
        form = "".join(["%.2f %.2f m " + "%.2f %.2f l " * (length - 1) + end for length in lengths])
        return form % tuple(points)

    def paint(self, path: str, how: str) -> None:
        """Paint a traced path: ``S`` strokes, ``f*`` fills, ``B*`` does both (even-odd, holes stay open)."""
        if path:
            self._out(f"{path} {how}")

    def paint_inside(self, clips: Sequence[str], path: str, how: str) -> None:
        """Paint a path only where it lies inside every clip path."""
        if path and all(clips):
            self._out(f"q {' '.join(f'{clip} W* n' for clip in clips)} {path} {how} Q")

    def dots(self, xy: np.ndarray, size: float, colour: str) -> None:
        """Draw round dots of one size (millimetres) at many places (n, 2)."""
        if len(xy):
            self.pen(colour, size)
            self._out(f"q 1 J {self.trace(np.repeat(xy[:, None], 2, axis=1), close=False)} S Q")
