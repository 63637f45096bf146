"""NIK and KK numbers: cleaned as text, and marked where they are damaged or cannot be right.

Their digits tell where and when a number was first given out. They are read for form alone, and never say where a
household lives.
"""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

DIGITS = 16
EXPONENT = "rusak: notasi ilmiah, angkanya hilang"
LAST_LOST = "rusak: angka terakhir hilang"
LAST_PERHAPS_LOST = "mungkin rusak: terlalu banyak nomor di kolom ini berakhir 0"
NOT_DIGITS = "bukan angka"
NOT_SIXTEEN = "bukan 16 angka"
DUMMY = "angka isian, bukan nomor"
NO_REGION = "kode wilayah tidak ada"
NO_DATE = "tanggal di dalamnya tidak mungkin"
NO_SERIAL = "nomor urut 0000: angka terakhir mungkin hilang"

PROVINCES = (11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 31, 32, 33, 34, 35, 36, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 72,
             73, 74, 75, 76, 81, 82, 91, 92, 93, 94, 95, 96, 97)  # fmt: skip
"""Province codes that numbers were given out under: Kemendagri's and BPS's, the former 54 included."""

_WOMEN_DAYS = 40
_ZERO_SHARE, _ZERO_DOUBT, _ZERO_LEAST = 0.10, 1e-6, 20
_MONTH_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def read_identifiers(
    cells: pd.Series, *, came_as_numbers: bool = False, women_days: bool = True
) -> pd.DataFrame:
    """Clean a column of NIK or KK numbers, and mark what is wrong with them.

    Parameters
    ----------
    cells
        Text or missing.
    came_as_numbers
        Whether long numbers of the column were numbers in the workbook, not text: a spreadsheet program keeps 15
        digits of a number and makes the sixteenth 0.
    women_days
        For NIK: the day of birth of a woman is written plus 40. KK numbers hold the day of issue, as it is.

    Returns
    -------
    pandas.DataFrame
        ``number`` (text; sixteen digits where they are there, else as written) and ``mark`` (Indonesian; empty
        where nothing is wrong or nothing is written), with the index of ``cells``.

    Notes
    -----
    A text that ends in 0 is in itself no sign of damage. A serial number does so in one case of ten at most, so
    where so many numbers of one column of text end in 0 that chance would do it less than once in a million columns
    (Chernoff's bound on a binomial with p = 0.1), all of them are marked as perhaps damaged.

    Examples
    --------
    >>> cells = pd.Series(["'9926 0145 0190 0003", "3,326E+15", "9926014501900003.0", "123", None], dtype="str")
    >>> read_identifiers(cells)["number"].tolist()
    ['9926014501900003', '3,326E+15', '9926014501900003', '123', nan]
    >>> read_identifiers(cells)["mark"].tolist()
    ['kode wilayah tidak ada', 'rusak: notasi ilmiah, angkanya hilang', 'kode wilayah tidak ada', 'bukan 16 angka', '']
    """
    text = pa.array(cells, type=pa.large_string(), from_pandas=True)
    found = _cleaned(text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text)
    size = len(cells)

    def where(condition: pa.ChunkedArray) -> np.ndarray:
        return np.asarray(pc.fill_null(condition, False).to_numpy(zero_copy_only=False), dtype=bool)

    written = where(pc.is_valid(found))
    digits = where(pc.match_substring_regex(found, r"^[0-9]+$"))
    whole = digits & where(pc.equal(pc.utf8_length(found), DIGITS))
    place = np.flatnonzero(whole)
    figures = _figures(found, whole)
    last_zero = np.zeros(size, dtype=bool)
    last_zero[place] = figures[:, -1] == 0
    # a column where some numbers were kept as text holds numbers that end in 0 by right
    surely_lost = came_as_numbers and bool(last_zero[place].all())
    perhaps_lost = came_as_numbers or _too_many_zeros(last_zero[place])
    faults = {
        EXPONENT: where(pc.match_substring_regex(found, r"^[-+]?[0-9]+(?:[.,][0-9]+)?\s*[eE]\s*\+?[0-9]+$")),
        NOT_DIGITS: written & ~digits,
        DUMMY: _spread(size, place, _is_dummy(figures)) | where(pc.match_substring_regex(found, r"^0+$")),
        NOT_SIXTEEN: digits & ~whole,
        LAST_LOST: last_zero & surely_lost,
        NO_REGION: _spread(size, place, ~_has_region(figures)),
        NO_DATE: _spread(size, place, ~_has_date(figures, women_days=women_days)),
        NO_SERIAL: _spread(size, place, (figures[:, 12:] == 0).all(axis=1)),
        LAST_PERHAPS_LOST: last_zero & perhaps_lost,
    }
    kind = np.zeros(size, dtype=np.int8)
    for place_of, condition in enumerate(reversed(faults.values())):
        kind[condition] = len(faults) - place_of
    marks = pd.Series(["", *faults], dtype="str").take(kind)
    return pd.DataFrame(
        {"number": found.to_pandas().astype("str").set_axis(cells.index), "mark": marks.set_axis(cells.index)}
    )


def count_marks(marks: pd.Series) -> dict[str, int]:
    """Count each mark, the most common first.

    Examples
    --------
    >>> count_marks(pd.Series(["", "bukan 16 angka", ""], dtype="str"))
    {'bukan 16 angka': 1}
    """
    counted = marks[marks.notna() & (marks != "")].value_counts()
    return {str(mark): int(count) for mark, count in counted.items()}


def _cleaned(text: pa.Array) -> pa.Array:
    """Take off what people and spreadsheet programs put around and between digits; nothing else is changed."""
    unclear = pc.invert(pc.fill_null(pc.match_substring_regex(text, r"^[0-9]{16}$"), True))
    bare = pc.utf8_trim_whitespace(text.filter(unclear))
    bare = pc.replace_substring_regex(bare, r"^['`’‘\"]+|['`’‘\"]+$", "")
    bare = pc.replace_substring_regex(bare, r"^(?i:nik|no|nkk|kk|ktp)[\s.:]*([0-9])", r"\1")
    bare = pc.replace_substring_regex(bare, r"^([0-9]+)[.,]0{1,2}$", r"\1")
    # a number written with all its sixteen figures has lost none: a double holds them up to 9·10¹⁵ exactly
    bare = pc.replace_substring_regex(bare, r"^([1-8])[.,]([0-9]{15})[eE]\+?15$", r"\1\2")
    joined = pc.replace_substring_regex(
        bare, r"[\s\x{00a0}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}\x{feff}.,'’_/\-–—]+", ""
    )
    is_number = pc.fill_null(pc.match_substring_regex(joined, r"^[0-9]+$"), False)
    out = pc.if_else(is_number, joined, bare)
    nothing = pc.match_substring_regex(out, r"^(?:[-–—.?*_]*|(?i:n/a|#n/a|null))$")
    mended = pc.if_else(pc.fill_null(nothing, True), pa.scalar(None, pa.large_string()), out)
    return pc.replace_with_mask(text, unclear, mended)


def _figures(found: pa.Array, whole: np.ndarray) -> np.ndarray:
    """Return the sixteen figures of each whole number, a row each."""
    text = "".join(found.filter(pa.array(whole)).to_pylist())
    return np.frombuffer(text.encode("ascii"), dtype=np.uint8).reshape(-1, DIGITS) - np.uint8(ord("0"))


def _spread(size: int, place: np.ndarray, condition: np.ndarray) -> np.ndarray:
    spread = np.zeros(size, dtype=bool)
    spread[place] = condition
    return spread


def _pair(figures: np.ndarray, first: int) -> np.ndarray:
    return np.asarray(figures[:, first] * 10 + figures[:, first + 1])


def _is_dummy(figures: np.ndarray) -> np.ndarray:
    """Find one figure all along, and counting up or down."""
    steps = np.diff(figures.view(np.int8), axis=1)
    same = (steps == 0).all(axis=1)
    up, down = (steps == 1) | (steps == -9), (steps == -1) | (steps == 9)  # noqa: PLR2004  -- 9 is next to 0
    return np.asarray(same | up.all(axis=1) | down.all(axis=1))


def _has_region(figures: np.ndarray) -> np.ndarray:
    return np.asarray(
        np.isin(_pair(figures, 0), PROVINCES) & (_pair(figures, 2) > 0) & (_pair(figures, 4) > 0)
    )


def _has_date(figures: np.ndarray, *, women_days: bool) -> np.ndarray:
    day, month, year = (_pair(figures, first) for first in (6, 8, 10))
    day = np.where(women_days & (day > _WOMEN_DAYS), day - _WOMEN_DAYS, day)
    inside = (month >= 1) & (month <= 12)  # noqa: PLR2004
    longest = _MONTH_DAYS[np.where(inside, month, 0)] - ((month == 2) & (year % 4 != 0))  # noqa: PLR2004
    return np.asarray(inside & (day >= 1) & (day <= longest))


def _too_many_zeros(last_zero: np.ndarray) -> bool:
    count = last_zero.size
    if count < _ZERO_LEAST:
        return False
    share = last_zero.mean()
    if share <= _ZERO_SHARE:
        return False
    other = 0.0 if share == 1 else (1 - share) * np.log((1 - share) / (1 - _ZERO_SHARE))
    divergence = share * np.log(share / _ZERO_SHARE) + other
    return bool(np.exp(-count * divergence) < _ZERO_DOUBT)
