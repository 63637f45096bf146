"""Keys by which a household is found again in the next register, without keeping its numbers or its name."""

import hmac

import numpy as np
import pandas as pd

from geo.duplicates import plain_names
from geo.households.identifiers import NO_DATE, NO_REGION, read_identifiers

KEYS = ("key_id", "key_kk", "key_nik", "key_name")
"""From the register's own number, the KK, the NIK of the head, and name with desa: the order in which they count."""

TITLES = {"key_id": "nomor register", "key_kk": "KK", "key_nik": "NIK", "key_name": "nama dan desa"}

DOUBTS = {
    "berlawanan": "nomornya menunjuk rumah tangga yang berbeda-beda",
    "bergabung": "beberapa rumah tangga lama menunjuk satu rumah tangga baru",
    "lemah": "hanya satu petunjuk yang cocok, yang lain berbeda",
}
"""Why a household is not told to be another though a key says so."""

LEAST_ID = 3
"""A register number with fewer letters and figures than this is nobody's."""

_COMPARED, _AGREEING = 20, 0.5


def household_keys(persons: pd.DataFrame, secret: str) -> pd.DataFrame:
    """Turn what identifies the households of one register into keys that only this installation can make.

    Needs columns: ``id_keluarga``, ``no_kk``, ``nik``, ``nama``, ``kode_desa``; a column that is not there counts as
    empty. Sharpened by ``nik_mark`` and ``no_kk_mark``; without them the numbers are judged here.

    Parameters
    ----------
    persons
        All households of a register that count, not a part of them: a number that stands for several of them is no
        key, and that shows only in the whole.
    secret
        Of the installation. Without it a NIK cannot be guessed from its key by trying all of them.

    Returns
    -------
    pandas.DataFrame
        :data:`KEYS` (HMAC-SHA256, 64 hexadecimal figures; missing where what stands there identifies nobody), with
        the index of ``persons``. Keys of different kinds never meet, not even over the same number.

    Examples
    --------
    >>> two = pd.DataFrame({"id_keluarga": ["A-001", " a001 "], "no_kk": ["0000000000000000", None],
    ...                     "nama": ["H. SLAMET", "Slamet"], "kode_desa": ["33.26.01.2001", "33.26.01.2002"]})
    >>> keys = household_keys(two, "rahasia")
    >>> keys.notna().sum().tolist()
    [0, 0, 0, 2]
    """
    name = plain_names(_text(persons, "nama")).str.replace(" ", "")
    desa = _text(persons, "kode_desa")
    meant = {
        "key_id": _register_numbers(_text(persons, "id_keluarga")),
        "key_kk": _numbers(persons, "no_kk", women_days=False),
        "key_nik": _numbers(persons, "nik", women_days=True),
        "key_name": name.where(desa.notna() & (desa != "")).str.cat(desa, sep=" "),
    }
    keys = {kind: _keyed(_of_one(values), kind, secret) for kind, values in meant.items()}
    return pd.DataFrame(keys, index=persons.index)


def match_keys(old: pd.DataFrame, new: pd.DataFrame) -> pd.Series:
    """Find the households of an earlier register in another: for each its label in ``new``, missing when not sure.

    The same as the column ``match`` of :func:`compare_keys`.
    """
    return compare_keys(old, new)["match"]


def compare_keys(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Find the households of an earlier register in another, and tell where their keys are in conflict.

    Needs columns: :data:`KEYS`, of both; of the old ones some households are enough.

    Returns
    -------
    pandas.DataFrame
        With the index of ``old``: ``match`` (label in ``new``, missing), ``how`` (the first key of :data:`KEYS` that
        led there, else empty) and ``doubt`` (a word of :data:`DOUBTS`, else empty). Neither a match nor a doubt: the
        household is not there any more, or nothing of it can be recognised.

    Notes
    -----
    A key leads to a household when exactly one has it. Register number, KK and NIK must lead to the same one;
    name with desa is asked only when none of them leads anywhere. A register number alone, and a name alone, are not
    believed where everything else that both know of the household differs. Where register numbers lead elsewhere than
    KK and NIK for most households, they were given out anew, and are not used.

    Examples
    --------
    >>> old = pd.DataFrame({"key_id": ["a", "b"], "key_kk": ["k", "l"], "key_nik": None, "key_name": None})
    >>> new = old.assign(key_kk=["k", "m"]).set_axis([7, 8])
    >>> compare_keys(old, new)[["match", "how", "doubt"]].values.tolist()
    [[7, 'key_id', ''], [<NA>, '', 'lemah']]
    """
    places = {kind: _places(old[kind], new[kind]) for kind in KEYS}
    by_number = np.where(places["key_kk"] >= 0, places["key_kk"], places["key_nik"])
    both = (places["key_id"] >= 0) & (by_number >= 0)
    if both.sum() >= _COMPARED and (places["key_id"] == by_number)[both].mean() < _AGREEING:
        places["key_id"] = np.full(len(old), -1, dtype=np.int64)
    found, how = np.full(len(old), -1, dtype=np.int64), np.full(len(old), "", dtype=object)
    against = np.zeros(len(old), dtype=bool)
    for kind in KEYS:
        leads = places[kind] >= 0
        if kind != "key_name":
            against |= leads & (found >= 0) & (found != places[kind])
        first = leads & (found < 0)
        found[first], how[first] = places[kind][first], kind
    doubt = np.where(against, "berlawanan", "").astype(object)
    agree, differ = _evidence(old, new, found)
    weak = np.isin(how, ("key_id", "key_name")) & (agree <= 1) & (differ > 0) & (found >= 0)
    doubt[weak & ~against] = "lemah"
    sure = (found >= 0) & (doubt == "")
    shared = sure & (np.bincount(found[sure], minlength=len(new) + 1)[found] > 1)
    doubt[shared] = "bergabung"
    sure &= ~shared
    match = pd.Series(new.index.to_numpy()[np.where(sure, found, 0)] if len(new) else 0, index=old.index)
    return pd.DataFrame(
        {"match": match.astype("Int64").where(sure), "how": np.where(sure, how, ""), "doubt": doubt},
        index=old.index,
    )


def _text(persons: pd.DataFrame, column: str) -> pd.Series:
    if column not in persons:
        return pd.Series(None, index=persons.index, dtype="str")
    return persons[column].astype("str")


def _numbers(persons: pd.DataFrame, column: str, *, women_days: bool) -> pd.Series:
    """Return the sixteen figures of numbers that identify; those that are damaged or filled in are missing."""
    numbers, mark = _text(persons, column), persons.get(f"{column}_mark")
    if mark is None:
        read = read_identifiers(numbers, women_days=women_days)
        numbers, mark = read["number"], read["mark"]
    # a slip in region or date is copied from register to register, and identifies as well
    sound = mark.astype("str").fillna("").isin(("", NO_REGION, NO_DATE))
    whole = numbers.str.fullmatch(r"[0-9]{16}", na=False) & ~numbers.str.endswith("0000", na=False)
    dull = numbers.str.fullmatch(r"(?:([0-9])\1{15}|1234567890123456|0123456789012345)", na=False)
    return numbers.where(sound & whole & ~dull)


def _register_numbers(ids: pd.Series) -> pd.Series:
    """Return register numbers without what a spreadsheet or a clerk changes in them: capitals, spaces, marks."""
    plain = ids.str.normalize("NFKC").str.casefold().str.replace(r"\.0+$", "", regex=True)
    plain = plain.str.replace(r"[\W_]+", "", regex=True)
    nobodys = plain.str.fullmatch(r"(.?)\1*|n/?a|nan|null|none|kosong|nihil|(?:tidak|belum)ada", na=True)
    return plain.where(~nobodys & (plain.str.len() >= LEAST_ID))


def _of_one(values: pd.Series) -> pd.Series:
    """Return the values that exactly one household has."""
    return values.where(~values.duplicated(keep=False))


def _keyed(values: pd.Series, kind: str, secret: str) -> pd.Series:
    key, before = secret.encode(), f"{kind}\0"
    there = np.flatnonzero(values.notna())
    made = np.full(len(values), None, dtype=object)
    made[there] = [
        hmac.digest(key, (before + value).encode(), "sha256").hex() for value in values.iloc[there]
    ]
    return pd.Series(made, index=values.index, dtype="str")


def _places(old: pd.Series, new: pd.Series) -> np.ndarray:
    """Return the place in ``new`` of each key, -1 where it is missing, or not that of exactly one household."""
    once = np.flatnonzero(new.notna() & ~new.duplicated(keep=False))
    place = pd.Index(new.to_numpy(object)[once]).get_indexer(pd.Index(old.to_numpy(object)))
    there = (place >= 0) & old.notna().to_numpy() & ~(old.notna() & old.duplicated(keep=False)).to_numpy()
    found = np.full(len(old), -1, dtype=np.int64)
    found[there] = once[place[there]]
    return found


def _evidence(old: pd.DataFrame, new: pd.DataFrame, found: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Count the keys in which a household and the one that was found are alike, and those in which they differ."""
    agree, differ = np.zeros(len(old), dtype=np.int64), np.zeros(len(old), dtype=np.int64)
    rows = np.flatnonzero(found >= 0)
    for kind in KEYS:
        here, there = old[kind].iloc[rows].to_numpy(object), new[kind].iloc[found[rows]].to_numpy(object)
        known = pd.notna(here) & pd.notna(there)
        same = np.array(here == there, dtype=bool)
        agree[rows] += known & same
        differ[rows] += known & ~same
    return agree, differ
