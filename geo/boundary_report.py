"""What an import of boundaries met, matched, mended and left, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo.coverage import Fault
from geo.symbology import number

LISTED = 20
"""So many things of one kind are listed; the rest is counted."""


@dataclass(frozen=True)
class ImportReport:
    """What an import met, matched, mended and left; areas in km² and m², measured in metres.

    Attributes
    ----------
    file, schema
        Name of the file, and whose columns were recognised.
    features, outside
        Features in the file, and those of another district.
    matched
        Desa by the way they were found: ``kode Kemendagri``, ``kode BPS``, ``nama``.
    spellings
        Name in the file and desa taken for it, where the match was by a like name or the code's name differs.
    merged, repaired, far
        Desa made of several features, with invalid rings, or far from their own point.
    not_desa
        Forest, water and the like.
    overlaps, gaps
        Faults between polygons, and for each its words.
    slits_m
        Length of narrow gaps between neighbours that open to the outside, left as they are.
    area_km2
        By ``kode_desa``.
    """

    file: str
    schema: str
    features: int
    outside: int
    matched: Mapping[str, int]
    spellings: tuple[str, ...]
    merged: tuple[str, ...]
    repaired: tuple[str, ...]
    far: tuple[str, ...]
    not_desa: tuple[str, ...]
    overlaps: tuple[tuple[Fault, str], ...]
    gaps: tuple[tuple[Fault, str], ...]
    slits_m: float
    area_km2: Mapping[str, float]

    @property
    def total_km2(self) -> float:
        """The area of the district."""
        return sum(self.area_km2.values())

    @property
    def warnings(self) -> tuple[str, ...]:
        """Large overlaps and gaps, which were left as they are."""
        return tuple(words for fault, words in (*self.overlaps, *self.gaps) if not fault.mended)

    def lines(self) -> list[str]:
        """Return the report in Indonesian, one finding a line."""
        ways = ", ".join(f"{count} menurut {how}" for how, count in self.matched.items())
        smallest, largest = min(self.area_km2.values()), max(self.area_km2.values())
        outside = f", {self.outside} di luar kabupaten ini" if self.outside else ""
        extent = f"desa terkecil {number(smallest, 2)} km², terbesar {number(largest, 2)} km²"
        lines = [
            f"Berkas: {self.file}; kolom menurut {self.schema}; {self.features} bentuk{outside}.",
            f"Desa dan kelurahan yang cocok: {len(self.area_km2)} ({ways}).",
            f"Luas: {number(self.total_km2, 2)} km²; {extent}.",
        ]
        for title, found in (
            ("Ejaan berbeda, mohon diperiksa", self.spellings),
            ("Gabungan beberapa bentuk", self.merged),
            ("Bentuk tidak sah, telah diperbaiki", self.repaired),
            ("Jauh dari titik desanya, mohon diperiksa", self.far),
            ("Bukan desa, tidak dipakai", self.not_desa),
        ):
            if found:
                lines.append(f"{title} ({len(found)}): {listed(found)}.")
        for title, faults in (("Tumpang tindih", self.overlaps), ("Celah", self.gaps)):
            mended = [fault.area_m2 for fault, _ in faults if fault.mended]
            left = [words for fault, words in faults if not fault.mended]
            if mended:
                lines.append(f"{title} kecil dirapikan: {len(mended)} ({number(sum(mended) / 1e4, 2)} ha).")
            if left:
                lines.append(f"PERHATIAN, {title.lower()} besar dibiarkan ({len(left)}): {listed(left)}.")
        if self.slits_m:
            lines.append(
                f"PERHATIAN, desa bertetangga tidak bersentuhan: celah sempit sepanjang "
                f"{number(self.slits_m / 1000, 1)} km dibiarkan."
            )
        return lines


def listed(things: Sequence[str]) -> str:
    """Return things in one line, the first of many.

    Examples
    --------
    >>> listed(["a", "b"])
    'a; b'
    >>> listed(["desa"] * 22).endswith("desa; dan 2 lagi")
    True
    """
    rest = len(things) - LISTED
    return "; ".join(things[:LISTED]) + (f"; dan {rest} lagi" if rest > 0 else "")
