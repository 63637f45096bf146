"""The function of a polygon of a kawasan hutan file: forest, areal penggunaan lain, water, or not known."""

import re
from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.layers.csv_list import shown

_APL, _WATER, _FOREST = "areal penggunaan lain (APL)", "tubuh air", "kawasan hutan"

_WORDS = {
    _APL: (
        r"apl", r"areal? penggunaan lain(?:nya)?", r"(?:bukan|non|(?:di )?luar) kawasan(?: hutan)?", r"kbnk",
        r"kawasan budi ?daya non kehutanan",
    ),
    _FOREST: (
        r"hl", r"hp[tk]?", r"hk", r"ksa", r"kpa", r"hsaw?", r"hpa", r"ca", r"sm", r"tn", r"twa", r"tb", r"tahura",
        r"hutan (?:lindung|produksi|konservasi|suaka alam|pelestarian alam|wisata|negara|desa|kemasyarakatan)",
        r"kawasan (?:suaka|pelestarian) alam", r"cagar alam", r"suaka margasatwa", r"suaka alam", r"pelestarian alam",
        r"taman (?:nasional|wisata|buru|hutan raya)", r"kawasan hutan", r"khdtk",
    ),
}  # fmt: skip
"""Ways to name a function, in small letters without signs; Undang-Undang 41/1999 names the functions of a forest."""

_SHORT = re.compile(
    r"(?:kawasan )?(?:lindung|konservasi|produksi(?: (?:tetap|terbatas|(?:dapat di)?konversi))?)"
)
"""Under a heading of functions these alone say that it is a forest."""

_DENIED = r"(?:\b(?:bukan|non|tidak|tdk|eks|ex|bekas|semula|asal|dari|berbatasan dengan|dekat) )?"
_NAMED = {kind: re.compile(rf"{_DENIED}\b(?:{'|'.join(ways)})\b") for kind, ways in _WORDS.items()}
_PLAIN_NAMES = {kind: re.compile(rf"(?:{'|'.join(ways)})") for kind, ways in _WORDS.items()}

_WATERS = frozenset({"air", "perairan", "danau", "sungai", "waduk", "telaga", "situ", "embung", "laut"})
_BESIDE_WATER = frozenset({"tubuh", "badan", "ta", "dan", "atau"})
_SURELY_WATER = re.compile(r"\b(?:(?:tubuh|badan) air|perairan)\b")
_BESIDE_APL = frozenset({"dan", "atau", "kawasan", "areal"})

# FUNGSIKWS of the ministry of forestry, with zeros to six digits: 1007 and 100700 are the same. Two public sources
# agree on them: the lookup of Global Forest Watch (IndonesiaForestArea: 1001 to 1005, 1007, 10021 to 10026; 5001 and
# 5003 are no land of any function) and legends of the ministry's map (100210 cagar alam ... 500100 and 500300 tubuh
# air). Codes of conservation at sea (100201, 100241, ...) are left unknown.
_CODES = {
    **dict.fromkeys(("100000", "100100", "100300", "100400", "100500"), _FOREST),
    **dict.fromkeys(("100200", "100210", "100220", "100230", "100240", "100250", "100260"), _FOREST),
    "100700": _APL,
    "500100": _WATER,
    "500300": _WATER,
}
_CODE = re.compile(r"(\d{4,6})(?:[.,]0+)?")

_HEADING = re.compile(r"fungsi|(?:kode|kd)_?(?:kws|kaw)")
_OTHER_HEADING = re.compile(r"luas|lama|asal|awal|sebelum")
_LONGEST, _LISTED = 200, 5


def not_forest(shapes: gpd.GeoDataFrame) -> tuple[np.ndarray, str]:
    """Return which polygons are no kawasan hutan by their attributes, and what must be said of that (Indonesian).

    A column with the heading «fungsi» decides (words, or the codes of FUNGSIKWS); where it says nothing that is known,
    any other column that names areal penggunaan lain or water and nothing else. What is not known counts as kawasan
    hutan, and is listed.

    Examples
    --------
    >>> words = ["HL", "Areal Penggunaan Lain (Bukan Kawasan Hutan)", "Danau/Sungai", "1007", "Kebun rakyat"]
    >>> other, note = not_forest(gpd.GeoDataFrame({"FUNGSI": words}, geometry=[None] * 5))
    >>> other.tolist(), note.rpartition("; ")[2]
    ([False, True, True, True, False], 'fungsi yang tidak dikenal dan dihitung sebagai kawasan hutan: «Kebun rakyat»')
    """
    columns = [(str(name).casefold(), shapes[name]) for name in shapes.columns.drop("geometry")]
    text = [(head, cells) for head, cells in columns if not pd.api.types.is_numeric_dtype(cells)]
    own = [cells for head, cells in columns if _HEADING.search(head) and not _OTHER_HEADING.search(head)]
    others = [cells for head, cells in text if not any(cells is one for one in own)]

    kind = pd.Series(None, index=range(len(shapes)), dtype=object)
    for cells in own:
        kind = kind.where(kind.notna(), _kinds(cells, under_its_heading=True))
    beside = [_kinds(cells, under_its_heading=False) for cells in others]
    for found in beside:
        kind = kind.where(kind.notna(), found.where(found != _FOREST, None))
    unknown = kind.isna()
    if not own:
        for found in beside:
            unknown &= found.isna()

    told = [title for title in (_APL, _WATER) if (kind == title).any()]
    notes = [f"{' dan '.join(told)} dalam berkas itu bukan kawasan hutan dan tidak dihitung"] if told else []
    if unknown.all() and not own and len(shapes):
        notes.append(
            "berkas itu tidak menyebut fungsi yang dikenal: semua poligonnya dihitung sebagai kawasan hutan"
        )
    elif unknown.any():
        telling = own or [max(zip(others, beside, strict=True), key=lambda pair: pair[1].notna().sum())[0]]
        notes.append(
            "fungsi yang tidak dikenal dan dihitung sebagai kawasan hutan: "
            + _listed(telling[0][unknown.to_numpy()])
        )
    return kind.isin([_APL, _WATER]).to_numpy(bool), "; ".join(notes)


def _kinds(cells: pd.Series, *, under_its_heading: bool) -> pd.Series:
    places, distinct = pd.factorize(cells)
    kinds = [_kind(_written(value), under_its_heading=under_its_heading) for value in distinct]
    return (
        pd.Series([*kinds, None], dtype=object).take(places).reset_index(drop=True)
    )  # -1: the last, nothing


def _kind(text: str, *, under_its_heading: bool) -> str | None:
    """Return the one function that a cell names, or nothing.

    Examples
    --------
    >>> own = lambda text: _kind(text, under_its_heading=True)
    >>> [own(text) for text in ("APL (eks HPK)", "Bukan APL", "HL dan APL", "100400", "Taman Nasional")]
    ['areal penggunaan lain (APL)', None, None, 'kawasan hutan', 'kawasan hutan']
    >>> _kind("HL, berbatasan dengan APL", under_its_heading=False), _kind("Sungai", under_its_heading=False)
    ('kawasan hutan', None)
    """
    if code := _CODE.fullmatch(text.strip()):
        return _CODES.get(code[1].ljust(6, "0")) if under_its_heading else None
    words = " ".join(re.sub(r"[\W\d_]+", " ", text).casefold().split())
    said, rest = set(), words
    for kind, pattern in _NAMED.items():
        said |= {kind for found in pattern.findall(rest) if _PLAIN_NAMES[kind].fullmatch(found)}
        rest = pattern.sub(" ", rest)
    parts = frozenset(words.split())
    if parts & _WATERS and parts <= _WATERS | _BESIDE_WATER:
        return _WATER if under_its_heading or _SURELY_WATER.search(words) else None
    if len(said) == 1:
        kind = said.pop()
        return kind if kind == _FOREST or under_its_heading or {*rest.split()} <= _BESIDE_APL else None
    return _FOREST if under_its_heading and _SHORT.fullmatch(words) else None


def _written(value: object) -> str:
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return text[:_LONGEST]


def _listed(cells: Iterable[object]) -> str:
    values = dict.fromkeys("kosong" if pd.isna(value) else _written(value) for value in cells)  # type: ignore[call-overload]
    more = f" dan {len(values) - _LISTED} lainnya" if len(values) > _LISTED else ""
    return f"{', '.join(shown(value) for value in list(values)[:_LISTED])}{more}"
