"""The fonts of a PDF, read back: which characters its codes are, and how wide."""

import re
from typing import Any

import pikepdf


class Font:
    """Characters and widths of one font by code."""

    def __init__(self, font: Any) -> None:  # noqa: ANN401
        self.name = str(font.BaseFont)
        self.bold = "Bold" in self.name
        table = font.ToUnicode.read_bytes().decode("ascii")
        self._shown = {
            int(code, 16): bytes.fromhex(shown).decode("utf-16-be")
            for code, shown in re.findall(r"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>\n", table)
        }
        inner = font.DescendantFonts[0]
        self._default = float(inner.get("/DW", 1000))
        self._widths: dict[int, float] = {}
        listed = list(inner.get("/W", []))
        while listed:
            first, second = int(listed.pop(0)), listed.pop(0)
            if isinstance(second, pikepdf.Array):
                self._widths |= {first + place: float(width) for place, width in enumerate(second)}
            else:
                self._widths |= dict.fromkeys(range(first, int(second) + 1), float(listed.pop(0)))

    def read(self, code: bytes) -> tuple[str, float]:
        """Return the characters of a string in the document, and their width in ems."""
        codes = [int.from_bytes(code[at : at + 2]) for at in range(0, len(code), 2)]
        return "".join(map(self._shown.__getitem__, codes)), sum(
            self._widths.get(one, self._default) for one in codes
        ) / 1000
