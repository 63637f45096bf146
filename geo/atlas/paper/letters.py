"""Letters: what of any text can be printed, how wide it is, and how the document writes it."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import numpy as np
from fpdf.fonts import TTFFont

BOX = "□"
MOST_KEPT = 4_000
"""What was found out about texts is kept for so many of them, then forgotten: a book may hold any number."""

Found = TypeVar("Found")


class Legible(dict[int, int | str | None]):
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


class Kept(dict[str, Found]):
    """What was found out about each of the last texts."""

    def __init__(self, find: Callable[[str], Found]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, text: str) -> Found:
        if len(self) >= MOST_KEPT:
            self.clear()
        found = self[text] = self._find(text)
        return found


class Glyphs(dict[int, str]):
    """How the document writes each character of a font; those asked for become part of it."""

    def __init__(self, font: TTFFont) -> None:
        super().__init__()
        self._font = font

    def __missing__(self, code: int) -> str:
        place = self._font.subset.pick(code)
        glyph = self[code] = "" if place is None else self._font.escape_text(chr(place))
        return glyph


class Letters:
    """What is known of one font: widths (mm at one point) and operators of texts, and advances of characters."""

    def __init__(self, font: TTFFont, legible: Kept[str], shown: set[int], per_mm: float) -> None:
        self.font, self._per_mm, self._legible = font, per_mm, legible
        self._glyphs = Glyphs(font)
        self._advances = np.zeros(max(shown) + 1)
        codes = np.array(sorted(shown))
        self._advances[codes] = [font.cw[code] for code in codes.tolist()]
        self.widths = Kept(self._width)
        self.operators = Kept(self._operator)

    def many(self, texts: Sequence[str]) -> np.ndarray:
        """Return the widths of many texts at once (mm at one point)."""
        clean = [self._legible[text] for text in texts]
        codes = np.frombuffer("".join(clean).encode("utf-32-le"), dtype=np.uint32)
        ends = np.cumsum([*map(len, clean)], dtype=int)
        reached = np.concatenate([[0.0], np.cumsum(self._advances[codes])])[ends]
        return np.asarray(np.diff(reached, prepend=0.0) * 0.001 / self._per_mm)

    def _width(self, text: str) -> float:
        advances = self.font.cw
        return sum([advances[ord(letter)] for letter in self._legible[text]]) * 0.001 / self._per_mm

    def _operator(self, text: str) -> str:
        return f"({self._legible[text].translate(self._glyphs)}) Tj"
