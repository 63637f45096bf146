"""RT and RW read from columns of their own and from one cell for both, dates that once were RT/RW included."""

import re

import numpy as np
import pandas as pd

from geo.columns import LONGEST_ANSWER

DATE_SETTLED = "tanggal, urutan RT dan RW diketahui dari kolomnya"
DATE_WRITTEN = "tanggal, dibaca menurut urutan tulisnya"
DATE_UNSURE = "tanggal, urutan RT dan RW tidak pasti: dikosongkan"
NOT_READ = "bukan bentuk RT atau RW: dikosongkan"
_LEAST_WITNESSES, _AGREEMENT = 5, 0.9
_MONTHS = (
    ("jan", "januari", "january"),
    ("feb", "peb", "februari", "february", "pebruari"),
    ("mar", "maret", "march", "mrt"),
    ("apr", "april"),
    ("mei", "may"),
    ("jun", "juni", "june"),
    ("jul", "juli", "july"),
    ("agu", "agt", "ags", "agustus", "aug", "august"),
    ("sep", "sept", "september"),
    ("okt", "oktober", "oct", "october"),
    ("nov", "nop", "november", "nopember"),
    ("des", "desember", "dec", "december"),
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_INDONESIAN = frozenset(
    {"peb", "januari", "februari", "pebruari", "maret", "mrt", "mei", "juni", "juli", "agu", "agt", "ags",
     "agustus", "okt", "oktober", "nop", "nopember", "des", "desember"}
)  # fmt: skip
_NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
_ROMAN = {roman: number for number, roman in enumerate(_NUMERALS, start=1)}
# alone in a cell these are ticks
_TICKS = frozenset({"v", "x"})
_IN_ROMAN = re.compile(rf"(?<![a-z0-9])(?:{'|'.join(_ROMAN)})(?![a-z0-9])")
_NUMBER = r"0*(\d{1,3})"
_PAIR = re.compile(
    rf"(?:rt *[/,.&-]? *rw *[.:]* *)?(?:rt)?[ .:]*{_NUMBER}(?: *[/,;.&\\|-] *| +|(?=rw))(?:rw)?[ .:]*{_NUMBER}\.?"
)
_REVERSED = re.compile(rf"rw[ .:]*{_NUMBER}(?: *[/,;.&\\|-] *| +)rt[ .:]*{_NUMBER}")
_ALONE = re.compile(rf"(rt|rw)?[ .:]*{_NUMBER}(?:\.0+)?")
_ONLY_RT = re.compile(rf"(?:rt[ .:]*{_NUMBER}[ /,;.&-]*rw[^0-9]*|{_NUMBER} *[/-][ /-]*)")
"""The RW is left out, or no number: the RT is none the worse for it."""
_DAY_MONTH = re.compile(r"(\d{1,2})[-/ ]([a-z]{3,9})\.?(?:[-/ ](?:\d{2}|\d{4}))?")
_MONTH_NUMBER = re.compile(r"([a-z]{3,9})\.?[-/ ](\d{1,2})(?:,? \d{4})?")
_ISO = re.compile(r"((?:19|20)\d\d)-(\d\d)-(\d\d)(?:[ t]00:00(?::00(?:\.0+)?)?)?")
_SLASHED = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(?:19|20)\d\d(?: 00:00(?::00)?)?")


def read_rt_rw(households: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Read RT and RW from columns of their own, and from one cell for both.

    Needs columns: ``rt``, ``rw``, ``rt_rw``, ``desa_tertulis`` (text or missing).

    Returns
    -------
    households
        ``rt`` and ``rw`` as plain numbers in text, without ``rt_rw``; other words in ``rt`` or ``rw`` stay as they are.
    counts
        How many cells were read, or left empty, in each of the ways named in this module.

    Notes
    -----
    A spreadsheet program makes a date of ``1/2``: the first of February where the day goes first (Indonesia), the
    second of January where the month does (America), and shows either as ``1-Feb`` or ``2-Jan``. So a date alone does
    not say which part was the RT. It is read only where both parts are equal, where one part can only be a year
    (``Jan-13``: month and year, so RT 1, RW 13), or where the column as a whole tells the order:

    1. pairs that stayed text because they are no date: ``15/3`` is none where the month goes first, ``3/15`` none
       where the day does;
    2. pairs of other households of the same desa, ``001/002``, which are dates in one order only;
    3. names of months in Indonesian, which a program shows where the day goes first. English names prove nothing.

    At least five witnesses, nine of ten alike, settle it (for the names one is enough); else both stay empty.
    """
    pair = _pairs(households["rt_rw"], households)
    own_rt, own_rw = households["rt"], households["rw"]
    # a pair in the RT column, where there is none for RW
    both = _pairs(own_rt.where(own_rw.isna()), households)
    rt = _alone(own_rt, "rt").where(both["rt"].isna(), both["rt"])
    rw = _alone(own_rw, "rw").where(both["rw"].isna(), both["rw"])
    counts = pd.concat([pair["note"], both["note"].where(both["note"] != NOT_READ)]).value_counts()
    read = households.assign(
        rt=rt.fillna(pair["rt"]).astype("str"), rw=rw.fillna(pair["rw"]).astype("str")
    ).drop(columns="rt_rw")
    return read, {str(note): int(count) for note, count in counts.items()}


def _distinct(cells: pd.Series) -> tuple[np.ndarray, list[str]]:
    places, distinct = pd.factorize(cells)
    words = [" ".join(str(cell)[:LONGEST_ANSWER].casefold().split()).strip("'`’ ") for cell in distinct]
    return places, [
        word if word in _TICKS else _IN_ROMAN.sub(lambda found: str(_ROMAN[found[0]]), word) for word in words
    ]


def _alone(cells: pd.Series, which: str) -> pd.Series:
    """Strip a single RT or RW to its number; dates are no number and become missing."""
    places, words = _distinct(cells)
    if not words:
        return cells
    read: list[str | None] = []
    for word, cell in zip(words, pd.factorize(cells)[1], strict=True):
        found = _ALONE.fullmatch(word)
        if found and found[1] in {None, which}:
            read.append(found[2])
        else:
            read.append(None if _date(word) or _PAIR.fullmatch(word) else str(cell))
    return pd.Series(np.array([*read, None], dtype=object)[places], index=cells.index, dtype="str")


def _pairs(cells: pd.Series, households: pd.DataFrame) -> pd.DataFrame:
    places, words = _distinct(cells)
    plain = [_plain_pair(word) for word in words]
    dates = [None if pair else _date(word) for pair, word in zip(plain, words, strict=True)]
    order = _order(words, plain, dates, places, households)
    read = [
        _settled(date, order) if date else (*(pair or (None, None)), None if pair else NOT_READ)
        for pair, date in zip(plain, dates, strict=True)
    ]
    table = np.array([*read, (None, None, None)], dtype=object).reshape(-1, 3)[places]
    return pd.DataFrame(table, index=cells.index, columns=["rt", "rw", "note"]).astype("str")


def _plain_pair(word: str) -> tuple[str, str | None] | tuple[None, str] | None:
    if re.fullmatch(r"\d+\.0+", word):  # one number, as a program writes it
        return None
    if found := _PAIR.fullmatch(word):
        return found[1], found[2]
    if found := _REVERSED.fullmatch(word):
        return found[2], found[1]
    if found := _ONLY_RT.fullmatch(word):
        return found[1] or found[2], None
    if (found := _ALONE.fullmatch(word)) and found[1]:
        return (found[2], None) if found[1] == "rt" else (None, found[2])
    return None


_Date = tuple[str, int, int]
"""What the parts are: ``pasti`` (RT, RW), ``tulis`` (RT, RW as written), or ``tanggal`` (day, month)."""


def _date(word: str) -> _Date | None:
    """Take a date apart, where a cell is one.

    Examples
    --------
    >>> [_date(word) for word in ("2-jan", "jan-13", "2026-02-01 00:00:00", "01/02/2026", "30-feb", "rt 1")]
    [('tanggal', 2, 1), ('pasti', 1, 13), ('tanggal', 1, 2), ('tulis', 1, 2), None, None]
    """
    if found := _ISO.fullmatch(word):
        return _checked("tanggal", int(found[3]), int(found[2]))
    if found := _SLASHED.fullmatch(word):
        one, other = int(found[1]), int(found[3])
        return _checked("tulis", one, other) if min(one, other) <= len(_MONTHS) else None
    if (found := _DAY_MONTH.fullmatch(word)) and found[2] in _MONTH:
        return _checked("tanggal", int(found[1]), _MONTH[found[2]])
    if (found := _MONTH_NUMBER.fullmatch(word)) and found[1] in _MONTH:
        month, number = _MONTH[found[1]], int(found[2])
        # no order of day and month gives «Jan-13»: the program took the 13 for a year, as it was typed after a slash
        return ("pasti", month, number) if number > len(_MONTHS) else _checked("tanggal", number, month)
    return None


def _checked(kind: str, one: int, other: int) -> _Date | None:
    longest = 29 if other == 2 else 30 if other in {4, 6, 9, 11} else 31  # noqa: PLR2004  -- days of a month
    if kind == "tanggal" and not (1 <= one <= longest and 1 <= other <= len(_MONTHS)):
        return None
    return kind, one, other


def _settled(date: _Date, order: str) -> tuple[str | None, str | None, str]:
    kind, one, other = date
    if kind != "tanggal":
        return str(one), str(other), DATE_WRITTEN
    if one == other:
        return str(one), str(other), DATE_SETTLED
    if order == "hari":
        return str(one), str(other), DATE_SETTLED
    if order == "bulan":
        return str(other), str(one), DATE_SETTLED
    return None, None, DATE_UNSURE


def _order(
    words: list[str],
    plain: list[tuple[str, str | None] | tuple[None, str] | None],
    dates: list[_Date | None],
    places: np.ndarray,
    households: pd.DataFrame,
) -> str:
    """Find which part of the dates of a column is the RT: ``hari``, ``bulan``, or not known."""
    unsure = [
        place for place, date in enumerate(dates) if date and date[0] == "tanggal" and date[1] != date[2]
    ]
    if not unsure:
        return ""
    times = np.bincount(places[places >= 0], minlength=len(words))
    by_month = by_day = 0
    for word, pair, count in zip(words, plain, times, strict=True):
        # longer parts, such as 001, are no date in any order, and so no witnesses
        if pair and re.fullmatch(r"\d{1,2}[/-]\d{1,2}", word):
            one, other = (int(part) for part in re.split(r"[/-]", word))
            by_month += int(count) * (len(_MONTHS) < one <= 31 and other <= len(_MONTHS))  # noqa: PLR2004
            by_day += int(count) * (len(_MONTHS) < other <= 31 and one <= len(_MONTHS))  # noqa: PLR2004
    if found := _verdict(by_day, by_month):
        return found
    if by_day or by_month:
        return ""
    neighbours = _by_neighbours(plain, dates, places, households)
    if neighbours is not None:
        return neighbours
    months = {part for place in unsure for part in re.findall(r"[a-z]{3,}", words[place])}
    return "hari" if months & _INDONESIAN else ""


def _verdict(by_day: int, by_month: int) -> str:
    most, every = max(by_day, by_month), by_day + by_month
    if most < _LEAST_WITNESSES or most < _AGREEMENT * every:
        return ""
    return "hari" if by_day > by_month else "bulan"


def _by_neighbours(
    plain: list[tuple[str, str | None] | tuple[None, str] | None],
    dates: list[_Date | None],
    places: np.ndarray,
    households: pd.DataFrame,
) -> str | None:
    """Ask the undamaged pairs of the same desa; no answer where they say too little, an empty one where they differ."""
    rows = pd.DataFrame({"place": places, "desa": households["desa_tertulis"].str.casefold()}).query(
        "place >= 0"
    )
    rows = rows[rows["desa"].notna()].drop_duplicates()
    whole = {
        place: (int(pair[0]), int(pair[1]))
        for place, pair in enumerate(plain)
        if pair and pair[0] and pair[1]
    }
    there = {
        (desa, whole[place])
        for desa, place in zip(rows["desa"], rows["place"], strict=True)
        if place in whole
    }
    by_day = by_month = 0
    for place, desa in rows.itertuples(index=False, name=None):
        date = dates[place]
        if date is None or date[0] != "tanggal" or date[1] == date[2]:
            continue
        day_first, month_first = (desa, date[1:]) in there, (desa, date[:0:-1]) in there
        by_day += day_first and not month_first
        by_month += month_first and not day_first
    verdict = _verdict(by_day, by_month)
    return verdict or ("" if min(by_day, by_month) >= _LEAST_WITNESSES else None)
