"""The sanitation ladder of a household, from facility, closet, disposal, urban status and emptying.

Steps after BPS (layak 2021/22) and the SDG ladder; the table stands in docs/definitions.md. What follows here is
that table as data: it is spread once over every combination of answers, and then looked up.
"""

from functools import cache

import numpy as np
import pandas as pd

from geo.columns import Column, code_column

FASILITAS_BAB = code_column(
    "fasilitas_bab",
    (
        "fasilitas bab",
        "fasilitas buang air besar",
        "jamban",
        "tempat bab",
        "fasilitas tempat bab",
        "kd fasilitas tempat bab",
        "fasbab",
    ),
)
JENIS_KLOSET = code_column("jenis_kloset", ("jenis kloset", "kloset", "kd jenis kloset"))
BUANG_TINJA = code_column(
    "buang_tinja",
    (
        "pembuangan akhir tinja",
        "tempat pembuangan akhir tinja",
        "buang tinja",
        "tpa tinja",
        "kd pembuangan akhir tinja",
        "pembuangan tinja",
    ),
)
SEDOT_TINJA = Column(
    "sedot_tinja",
    (
        "tangki septik disedot dalam 5 tahun terakhir",
        "tangki septik pernah disedot dalam 5 tahun terakhir",
        "apakah tangki septik disedot dalam 5 tahun terakhir",
        "disedot dalam 5 tahun terakhir",
        "penyedotan tangki septik dalam 5 tahun terakhir",
        "penyedotan tinja dalam 5 tahun terakhir",
        "sedot tinja 5 tahun terakhir",
        "tangki septik disedot",
        "pernah disedot",
        "penyedotan tinja",
        "penyedotan tangki septik",
        "sedot tinja",
    ),
    kind="presence",
)

AMAN = "aman"
LAYAK_SENDIRI = "layak sendiri"
LAYAK_BERSAMA = "layak bersama"
BELUM_LAYAK = "belum layak"
BABS_TERTUTUP = "BABS tertutup"
BABS = "BABS"
UNKNOWN = "tidak diketahui"
IN_URBAN_DESA = "di desa perkotaan"
"""Stands in a reason that rests on the urban status of the desa."""
STEPS = (UNKNOWN, BABS, BABS_TERTUTUP, BELUM_LAYAK, LAYAK_BERSAMA, LAYAK_SENDIRI, AMAN)
"""From the lowest to the highest, after the one that is none."""
LAYAK = (AMAN, LAYAK_SENDIRI, LAYAK_BERSAMA)
TERBUKA = (BABS,)
SEMBARANGAN = (BABS, BABS_TERTUTUP)
"""Nobody uses a facility; or what is used empties into water or onto land."""

OWN, SHARED, KOMUNAL, UMUM, UNUSED, NONE = 1, 2, 3, 4, 5, 6
"""Facility (309a)."""
LEHER_ANGSA = 1
"""The one closet (309b) that is layak; 2, 3 and 4 are not."""
SEPTIC, IPAL, WATER, PIT, LAND, OTHER = 1, 2, 3, 4, 5, 6
"""Disposal (310)."""
RURAL, URBAN = 1, 2
EMPTIED, NOT_EMPTIED = 1, 2

BLANK = 0
SHAPE = (7, 5, 7, 3, 3)
"""Answers to 309a, 309b, 310, urban status and emptying; in each the first place is the blank."""

_USED, _BASIC, _ANY = (OWN, SHARED, KOMUNAL), (2, 3, 4), ()
_RULES = (
    ((UNUSED, NONE), _ANY, _ANY, _ANY, BABS),
    ((UMUM,), _ANY, _ANY, _ANY, BELUM_LAYAK),
    (_USED, _ANY, (WATER, LAND), _ANY, BABS_TERTUTUP),
    (_USED, _ANY, (OTHER,), _ANY, BELUM_LAYAK),
    (_USED, _BASIC, _ANY, _ANY, BELUM_LAYAK),
    (_USED, _ANY, (PIT,), (URBAN,), BELUM_LAYAK),
    ((OWN,), _ANY, _ANY, _ANY, LAYAK_SENDIRI),
    ((SHARED, KOMUNAL), _ANY, _ANY, _ANY, LAYAK_BERSAMA),
)
"""Facility, closet, disposal, urban status, and the step: the first line that fits holds."""

_OPEN = -1


@cache
def _steps() -> np.ndarray:
    """Return the place in ``STEPS`` of every combination of answers and blanks."""
    table = np.zeros(SHAPE, dtype=np.int8)
    for *answers, step in reversed(_RULES):
        chosen = [answer or range(1, size) for answer, size in zip(answers, SHAPE, strict=False)]
        table[np.ix_(*chosen)] = STEPS.index(step)
    # a row that answers about emptying is of a sheet that asks; a blank is no sign of it
    table[OWN, LEHER_ANGSA, SEPTIC, 1:, EMPTIED] = STEPS.index(AMAN)
    table[OWN, LEHER_ANGSA, IPAL, 1:, 1:] = STEPS.index(AMAN)
    return _completed(table, 0)


@cache
def _is_on(steps: tuple[str, ...]) -> np.ndarray:
    """Return 1 where a combination is on one of the steps, 0 where it is not, -1 where its blanks leave that open."""
    table = np.isin(_steps(), [STEPS.index(step) for step in steps]).astype(np.int8)
    return _completed(table, _OPEN)


def _completed(table: np.ndarray, unknown: int) -> np.ndarray:
    """Fill in the blanks of closet, disposal and urban status: what every answer in their place would say."""
    table = table.copy()
    for axis in (1, 2, 3):
        answers = np.moveaxis(table, axis, 0)
        answers[BLANK] = np.where((answers[1:] == answers[1]).all(axis=0), answers[1], unknown)
    table[BLANK] = unknown
    return table


def combinations(households: pd.DataFrame, rural: str = "luar") -> np.ndarray:
    """Return the flat place of each household in a table of :data:`SHAPE`.

    Needs columns: ``fasilitas_bab``, ``jenis_kloset``, ``buang_tinja``, ``zone_urban``; of use ``sedot_tinja``.
    """
    codes, words = pd.factorize(households["zone_urban"])
    status = [BLANK if word == UNKNOWN else RURAL if word == rural else URBAN for word in words]
    emptied = np.full(len(households), BLANK, dtype=np.int8)
    if "sedot_tinja" in households:
        said = households["sedot_tinja"].astype("Float64").to_numpy(float, na_value=np.nan)
        emptied = np.select([said == 1, said == 0], [EMPTIED, NOT_EMPTIED], BLANK).astype(np.int8)
    answers = [
        *(_codes(households[name]) for name in ("fasilitas_bab", "jenis_kloset", "buang_tinja")),
        np.array([*status, BLANK], dtype=np.int8)[codes],
        emptied,
    ]
    place = np.zeros(len(households), dtype=np.int32)
    for answer, size in zip(answers, SHAPE, strict=True):
        place = place * size + answer
    return place


def _codes(answers: pd.Series) -> np.ndarray:
    return answers.astype("Int8").to_numpy(np.int8, na_value=BLANK)


def ladder(households: pd.DataFrame, *, rural: str = "luar") -> pd.Series:
    """Return the step of each household on the sanitation ladder.

    Parameters
    ----------
    households
        With ``fasilitas_bab``, ``jenis_kloset``, ``buang_tinja`` (Regsosek 2022 codes 309a, 309b, 310; missing
        allowed) and ``zone_urban`` (``rural`` outside the urban zone, ``tidak diketahui`` when not known); of use
        ``sedot_tinja`` (1 emptied within five years, 0 not).

    Notes
    -----
    With the facility known, the step is said when every answer in place of the blanks gives the same one. A pit
    (*lubang tanah*) is layak in a rural desa only. *Aman* is said only in a row that answers about emptying.

    Examples
    --------
    >>> sheet = pd.DataFrame({"fasilitas_bab": [1, 1, 6], "jenis_kloset": [1, 1, None],
    ...                       "buang_tinja": [1, 4, None], "zone_urban": ["perkotaan", "luar", "luar"]})
    >>> ladder(sheet).tolist()
    ['layak sendiri', 'layak sendiri', 'BABS']
    >>> ladder(sheet.assign(sedot_tinja=[1, None, None])).tolist()
    ['aman', 'layak sendiri', 'BABS']
    """
    words = np.array(STEPS, dtype=object)[_steps().ravel()]
    return pd.Series(words[combinations(households, rural)], index=households.index, dtype="str")


def layak(households: pd.DataFrame, *, rural: str = "luar") -> pd.Series:
    """Say whether each household has access to layak sanitation: yes, no, or missing where that is unknown.

    The columns are those of :func:`ladder`. It may be known where the step is not: a pit latrine of one's own is
    not layak wherever it empties to.

    Examples
    --------
    >>> sheet = pd.DataFrame({"fasilitas_bab": [1, 1], "jenis_kloset": [4, 1], "buang_tinja": [None, 4],
    ...                       "zone_urban": ["luar", "tidak diketahui"]})
    >>> layak(sheet).tolist(), ladder(sheet).tolist()
    ([False, <NA>], ['tidak diketahui', 'tidak diketahui'])
    """
    return _on(LAYAK, households, rural)


def sembarangan(households: pd.DataFrame, steps: tuple[str, ...] = SEMBARANGAN) -> pd.Series:
    """Say whether each household defecates in the open: yes, no, or missing where that is unknown.

    The columns are those of :func:`ladder`. With the facility known, only a blank disposal can leave it open, and
    that only where closed BABS (*tertutup*) is among the ``steps``: the closet and the urban status say nothing.

    Examples
    --------
    >>> sheet = pd.DataFrame({"fasilitas_bab": [6, 1, 1, 1], "jenis_kloset": [None, 1, None, 1],
    ...                       "buang_tinja": [None, 3, 1, None], "zone_urban": "luar"})
    >>> sembarangan(sheet).tolist(), sembarangan(sheet, TERBUKA).tolist()
    ([True, True, False, <NA>], [True, False, False, False])
    """
    return _on(steps, households, "luar")


def _on(steps: tuple[str, ...], households: pd.DataFrame, rural: str) -> pd.Series:
    found = _is_on(steps).ravel()[combinations(households, rural)]
    return pd.Series(found == 1, index=households.index).astype("boolean").mask(found == _OPEN)


def reasons(households: pd.DataFrame) -> pd.Series:
    """Name the facts that make a household's sanitation not layak, or what is missing to know; empty where it is.

    The columns are those of :func:`ladder`.

    Examples
    --------
    >>> sheet = pd.DataFrame({"fasilitas_bab": [1, 4, 2, 1], "jenis_kloset": [4, 1, 1, 1],
    ...                       "buang_tinja": [1, 1, 3, None], "zone_urban": "luar"})
    >>> reasons(sheet).tolist()[:2]
    ['sendiri, cemplung/cubluk', 'MCK umum']
    >>> reasons(sheet)[2]
    'bersama keluarga tertentu, buang tinja ke kolam/sawah/sungai/danau/laut'
    >>> reasons(sheet)[3]
    'belum ada data: pembuangan akhir tinja'
    """
    return pd.Series(_reasons()[combinations(households)], index=households.index, dtype="str")


@cache
def _reasons() -> np.ndarray:
    words = [
        "" if found == 1 else _facts(*answers[:4]) if found == 0 else _missing(*answers[:4])
        for answers, found in zip(np.ndindex(*SHAPE), _is_on(LAYAK).ravel(), strict=True)
    ]
    return np.array(words, dtype=object)


def sembarangan_reasons(households: pd.DataFrame, steps: tuple[str, ...] = SEMBARANGAN) -> pd.Series:
    """Name the facts by which a household defecates in the open, or what is missing to know; empty where it does not.

    Examples
    --------
    >>> sheet = pd.DataFrame({"fasilitas_bab": [5, 2, None], "jenis_kloset": None, "buang_tinja": [None, 5, None],
    ...                       "zone_urban": "luar"})
    >>> sembarangan_reasons(sheet).tolist()[:2]
    ['ada fasilitas BAB, tetapi tidak digunakan', 'bersama keluarga tertentu, buang tinja ke pantai/tanah lapang/kebun']
    >>> sembarangan_reasons(sheet)[2]
    'belum ada data: fasilitas BAB'
    """
    words = _sembarangan_reasons(steps)[combinations(households)]
    return pd.Series(words, index=households.index, dtype="str")


@cache
def _sembarangan_reasons(steps: tuple[str, ...]) -> np.ndarray:
    # neither the closet nor the urban status has a say: stand in for them whatever is no reason
    words = [
        _facts(place, LEHER_ANGSA, disposal, RURAL) if found == 1
        else _missing(place, LEHER_ANGSA, disposal, RURAL) if found == _OPEN else ""
        for (place, _, disposal, *_), found in zip(np.ndindex(*SHAPE), _is_on(steps).ravel(), strict=True)
    ]  # fmt: skip
    return np.array(words, dtype=object)


_FACILITIES = {
    OWN: "sendiri",
    SHARED: "bersama keluarga tertentu",
    KOMUNAL: "MCK komunal",
    UMUM: "MCK umum",
    UNUSED: "ada fasilitas BAB, tetapi tidak digunakan",
    NONE: "tidak ada fasilitas BAB",
}


def _facts(place: int, closet: int, disposal: int, urban: int) -> str:
    said = [_FACILITIES[place]]
    if place in _USED:
        if closet in _BASIC:
            said.append(JENIS_KLOSET.labels[closet])
        if disposal in {WATER, LAND}:
            said.append(f"buang tinja ke {BUANG_TINJA.labels[disposal]}")
        if disposal == OTHER:
            said.append("pembuangan akhir tinja lainnya")
        if disposal == PIT and urban == URBAN:
            said.append(f"lubang tanah {IN_URBAN_DESA}")
    return ", ".join(said)


def _missing(place: int, closet: int, disposal: int, urban: int) -> str:
    asked = {
        "fasilitas BAB": place == BLANK,
        "jenis kloset": place != BLANK and closet == BLANK,
        "pembuangan akhir tinja": place != BLANK and disposal == BLANK,
        "status perkotaan atau perdesaan desa": place != BLANK and disposal == PIT and urban == BLANK,
    }
    return "belum ada data: " + ", ".join(what for what, is_missing in asked.items() if is_missing)
