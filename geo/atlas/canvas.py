"""The PDF surface: the one door for text, and whole paths written at once."""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import cast

import numpy as np
from fpdf import FPDF
from fpdf.fonts import TTFFont

FONTS = Path(__file__).parent.parent / "fonts"
FACES = {"": "DejaVuSansCondensed", "B": "DejaVuSansCondensed-Bold", "I": "DejaVuSansCondensed-Oblique"}
BOX = "□"
LONGEST_TEXT = 4000
NAME_PT = 6.6


class _Legible(dict[int, int | str | None]):
    """What becomes of each character: itself, a space, nothing, or a box where the font cannot show it."""

    def __init__(self, shown: Iterable[int]) -> None:
        super().__init__()
        self._shown = frozenset(shown)

    def __missing__(self, code: int) -> int | str | None:
        character = chr(code)
        category = unicodedata.category(character)
        verdict: int | str | None = code
        if character.isspace():
            verdict = " "
        elif category[0] == "M" or category == "Cf":
            verdict = None
        elif (
            category[0] == "C"
            or code not in self._shown
            or unicodedata.bidirectional(character) in {"R", "AL", "AN"}
        ):
            verdict = BOX
        self[code] = verdict
        return verdict


class Canvas(FPDF):
    """A document in millimetres that prints any text as text, and draws a path in one go."""

    def __init__(self, paper: tuple[float, float], title: str, created: datetime) -> None:
        super().__init__(unit="mm", format=paper)
        self.set_auto_page_break(auto=False)
        for style, name in FACES.items():
            self.add_font("atlas", style, FONTS / f"{name}.ttf")
        shown = set.intersection(*(set(cast("TTFFont", self.fonts[f"atlas{style}"]).cmap) for style in FACES))
        self._legible = _Legible(shown)
        self._ink = "#000000"
        self._cleaned: dict[str, str] = {}
        self._widths: dict[tuple[str, str], float] = {}
        self._encoded: dict[tuple[str, str], str] = {}
        self.set_title(self.legible(title))
        self.set_lang("id")
        self.set_creation_date(created)

    def close(self) -> None:
        """Let go of the font files, which are read as glyphs are needed."""
        for style in FACES:
            cast("TTFFont", self.fonts[f"atlas{style}"]).close()

    def legible(self, text: str) -> str:
        """Make any text printable on one line: a box stands for what the font cannot show."""
        cleaned = self._cleaned.get(text)
        if cleaned is None:
            short = text[:LONGEST_TEXT]
            cleaned = " ".join(unicodedata.normalize("NFC", short).translate(self._legible).split())
            self._cleaned[text] = cleaned
        return cleaned

    def face(self, size: float, style: str = "", colour: str = "#000000") -> None:
        """Choose the letters for what follows: size in points, style ``""``, ``"B"`` or ``"I"``."""
        self.set_font("atlas", style, size)
        self._ink = colour
        self.set_text_color(colour)
        self.set_fill_color(colour)

    def width(self, text: str) -> float:
        """Return the width of a text in the chosen letters, in millimetres."""
        key = self._letters.fontkey, text
        width = self._widths.get(key)
        if width is None:
            width = self._letters.get_text_width(self.legible(text), 1.0, None)[1] / self.k
            self._widths[key] = width
        return width * float(self.font_size_pt)

    def name_widths(self, names: Sequence[str]) -> np.ndarray:
        """Return the widths (mm) of names of desa as printed on the map."""
        self.face(NAME_PT, "I")
        return np.array([self.width(name) for name in names])

    def write_at(
        self, x: float, y: float, text: str, *, align: str = "L", within: float | None = None
    ) -> None:
        """Write one line with its baseline at y; ``within`` is the width in mm where it is cut with …."""
        text = self.legible(text) if within is None else self.cut(text, within)
        if align != "L":
            x -= self.width(text) * (1.0 if align == "R" else 0.5)
        self.text(x, y, text)

    @property
    def _letters(self) -> TTFFont:
        return cast("TTFFont", self.current_font)

    def write_many(self, x: Iterable[float], y: Iterable[float], texts: Sequence[str]) -> None:
        """Write many lines from the left in the chosen letters; each is encoded once for the document."""
        if not texts:
            return
        self.set_fill_color(self._ink)
        font, spots = self._letters, list(zip(x, y, texts, strict=True))
        # The first one puts the font on the page.
        self.text(spots[0][0], spots[0][1], self.legible(texts[0]))
        operators = []
        for left, baseline, text in spots[1:]:
            key = font.fontkey, text
            encoded = self._encoded.get(key)
            if encoded is None:
                encoded = self._encoded[key] = font.encode_text(self.legible(text))
            operators.append(f"BT {left * self.k:.2f} {(self.h - baseline) * self.k:.2f} Td {encoded} ET")
        self._out(" ".join(operators))

    def cut(self, text: str, width: float) -> str:
        """Return the text, shortened with … where it is wider than so many millimetres."""
        text = self.legible(text)
        if self.width(text) <= width:
            return text
        shorter = next(
            (end for end in range(len(text) - 1, 0, -1) if self.width(text[:end].rstrip() + "…") <= width), 0
        )
        return text[:shorter].rstrip() + "…"

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

    def pen(self, colour: str, width: float, dash: tuple[float, float] = (0.0, 0.0)) -> None:
        """Choose line colour, width and dashes (millimetres) for what follows."""
        self.set_draw_color(colour)
        self.set_line_width(width)
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
