"""The classes of ESA WorldCover, and cells that must hold nothing else."""

import numpy as np
import pandas as pd

from geo.errors import UnknownClasses
from geo.symbology import number

TREES, BUILT_UP = 10, 50
CLASSES = {
    10: "pohon",
    20: "semak",
    30: "padang rumput",
    40: "tanaman",
    50: "terbangun",
    60: "lahan terbuka",
    70: "salju dan es",
    80: "air",
    90: "lahan basah",
    95: "mangrove",
    100: "lumut",
}
"""ESA WorldCover 2021, product user manual v2.0, table of classes."""

NO_DATA = 0
"""In WorldCover, and in every array of cells here, whatever the file uses."""

COVERED = 0.99
"""Share of an area that must hold data before anything is said of it."""

_KNOWN = np.isin(np.arange(256), [NO_DATA, *CLASSES])
_KNOWN_PAIRS = (_KNOWN[:, None] & _KNOWN).ravel()  # of two cells seen as one number, in either order
_AT_ONCE = 1 << 16  # cells: numpy takes eight bytes for each that it looks up
_SHOWN = 8  # strange values that a message lists


def checked_classes(raw: np.ndarray, nodata: float | None, name: str) -> np.ndarray:
    """Return cells as uint8 classes, 0 where there is no data.

    Parameters
    ----------
    raw
        As the file has them, of any number type.
    nodata
        The value that the file declares for no data.
    name
        Of the file, for the message.

    Raises
    ------
    UnknownClasses
        When a cell holds what is no class: another legend, shares or probabilities, an undeclared no-data value.

    Examples
    --------
    >>> checked_classes(np.array([[10.0, -1.0]]), -1, "lahan.tif")
    array([[10,  0]], dtype=uint8)
    """
    if raw.dtype == np.uint8:
        cells = raw
        if nodata not in {None, NO_DATA} and (absent := raw == nodata).any():
            cells = np.where(absent, np.uint8(NO_DATA), raw)
        return cells if _all_known(cells) else _refuse(cells, nodata, name)
    absent = np.isnan(raw) if nodata is not None and np.isnan(nodata) else raw == nodata
    usable = absent | np.isin(raw, [NO_DATA, *CLASSES])
    return (
        np.where(absent, NO_DATA, raw).astype(np.uint8)
        if usable.all()
        else _refuse(raw[~absent], nodata, name)
    )


def _all_known(cells: np.ndarray) -> bool:
    flat = np.ascontiguousarray(cells).reshape(-1)
    even = flat.size // 2 * 2
    pairs = flat[:even].view(np.uint16)
    looked = (
        _KNOWN_PAIRS.take(pairs[first : first + _AT_ONCE], mode="clip").all()
        for first in range(0, pairs.size, _AT_ONCE)
    )
    return all(looked) and bool(_KNOWN[flat[even:]].all())


def _refuse(cells: np.ndarray, nodata: float | None, name: str) -> np.ndarray:
    values = np.sort(pd.unique(cells.ravel()).astype(float))
    strange = values[~np.isin(values, [NO_DATA, *CLASSES])]
    listed = [number(value, 0 if value.is_integer() else 2) for value in strange[:_SHOWN].tolist()]
    more = f" dan {len(strange) - _SHOWN} nilai lain" if len(strange) > _SHOWN else ""
    undeclared = (
        " Raster ini juga tidak menyatakan nilai tanpa data (nodata); bila salah satu nilai itu berarti tanpa data, "
        "nyatakan dahulu, misalnya dengan gdal_edit.py -a_nodata."
    )
    raise UnknownClasses(
        f"Raster {name} memuat nilai {'; '.join(listed)}{more} yang bukan kelas ESA WorldCover. Yang diharapkan "
        f"satu pita berisi kode kelas {', '.join(map(str, CLASSES))}, dan 0 untuk tanpa data; bukan peluang, "
        f"persentase, atau gambar berwarna.{undeclared if nodata is None else ''}"
    )
