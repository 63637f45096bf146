"""What a free address says of dusun, RT, RW and place: taken out, and put where a row left them empty."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

LONGEST_ADDRESS = 300
_STREET = (
    r"(?:jl|jln|jalan|gg|gang|lorong|lrg|perum|perumahan|komplek|kompleks|pasar|balai|kantor|masjid|lapangan)"
)
_DESA = r"(?:desa|ds|kelurahan|kel|nagari|gampong|pekon|kalurahan)"
_KECAMATAN = r"(?:kecamatan|kec|kapanewon|kemantren|distrik)"
_KABUPATEN = r"(?:kabupaten|kab)"
_DUSUN = (
    r"(?:dusun|dsn|dukuh|dkh|dk|pedukuhan|padukuhan|kampung|kampong|kp|lingkungan|lingk|jorong|korong|banjar)"
)
_SHORT = r"(?:ds|kel|kec|kab|dk|dkh|dsn)"
_STOP = (
    rf"[,;()|]|\s-\s|\b(?:rt|rw)(?:\b|[0-9])|\b(?:no|nomor|blok|jl|jln|jalan|gg|gang|prov|provinsi|kode|kota)\b|\b{_DESA}\b"
    rf"|\b{_KECAMATAN}\b|\b{_KABUPATEN}\b|\b{_DUSUN}\b"
)
_END = rf"[\s.]*(?:$|[/0-9]|{_STOP})"
_NAME = r"[a-z][a-z'’ .-]*?"
_SKIP = r"\b[\s.:/-]*"
_STREETS = (
    # a street takes the word behind it along: «Jl. Desa Baru» is no desa
    (rf"\b{_STREET}\b[\s.]*[\w'’-]+", "§"),
    # and goes on to a comma, a number, an abbreviation, or a desa that is named together with its kecamatan
    (rf"§[^,;]*?\b({_DESA}{_SKIP}{_NAME}\s+{_KECAMATAN})\b", r", \1"),
    (r"§[^,;]*?([,;]|$|\b(?:(?:rt|rw)[0-9]?|no|nomor|ds|kel|kec|kab|dk|dkh|dsn)\b)", r", \1"),
)
_DIRECTION = r"(?:[ivx]{1,4}|[0-9]{1,2}|lor|kidul|wetan|kulon|barat|timur|utara|selatan|tengah)"
_HOUSE_NUMBERS = (
    r"\brt\s*[/.&-]?\s*rw[\s.:]*0*(?P<rt>[0-9]{1,3})\s*[/.\s-]\s*0*(?P<rw>[0-9]{1,3})\b",
    r"\brt[\s.:]*0*(?P<rt>[0-9]{1,3})(?:\s*[/-]\s*|[\s.,;/-]*rw[\s.:/-]*)0*(?P<rw>[0-9]{1,3})\b",
    r"(?:^|[\s,])0*(?P<rt>0[0-9]{2})\s*/\s*0*(?P<rw>0[0-9]{2})\b",
)
_ROMAN = ("xii", "xi", "viii", "vii", "iii", "ii", "iv", "ix", "vi", "x", "v", "i")
_VALUE = (12, 11, 8, 7, 3, 2, 4, 9, 6, 10, 5, 1)
_IN_ROMAN = r"\br[tw][\s.:/-]*(?:[0-9]+\s*[/-]\s*)?[ivx]+\b"
_OF_HOUSES = (
    r"\b(?:rt|rw)(?:[\s/.&-]*\brw)?[\s.:]*[0-9]{1,3}\b(?:\s*[/-]\s*[0-9]{1,3}\b)?",
    r"\brt[\s.:]*[0-9]{1,3}[\s.,;/-]*rw[\s.:/-]*[0-9]{1,3}\b",
    r"\b(?:no|nomor|blok)[\s.:]*[a-z]?[0-9]{1,4}\b",
)
_ALONE_NUMBERS = {"rt": r"\brt[\s.:]*0*(?P<rt>[0-9]{1,3})\b", "rw": r"\brw[\s.:]*0*(?P<rw>[0-9]{1,3})\b"}
_NAMES: Mapping[str, tuple[str, ...]] = {
    "dusun": (
        rf"\b{_DUSUN}{_SKIP}(?P<name>(?:{_NAME}\s+)?[0-9]{{1,2}})[\s.]*(?:$|{_STOP})",
        rf"\b{_DUSUN}{_SKIP}(?P<name>{_NAME}){_END}",
        rf"(?:^|[,;])\s*(?P<name>krajan(?:\s+{_DIRECTION})?){_END}",
        # one or two words at the beginning, right before the RT
        rf"^\s*(?P<name>[a-z'’-]{{4,}}(?:\s+(?:{_DIRECTION}|[a-z'’-]{{4,}}))?)[\s.,]*[|]",
    ),
    "desa_tertulis": (
        rf"(?:\b{_DESA}{_SKIP})+(?P<name>{_NAME}\s+[0-9]{{1,2}})[\s.]*(?:$|{_STOP})",
        rf"(?:\b{_DESA}{_SKIP})+(?P<name>{_NAME}){_END}",
    ),
    "kecamatan_tertulis": (rf"\b{_KECAMATAN}{_SKIP}(?P<name>(?:kota\b\s*)?{_NAME}){_END}",),
    "kabupaten_tertulis": (
        rf"\b{_KABUPATEN}{_SKIP}(?P<name>{_NAME}){_END}",
        rf"[,;]\s*(?P<name>kota\s+{_NAME})[\s.]*(?:$|[,;]|\bprov)",
    ),
}
_BARE = r"[a-z][a-z'’-]*(?:\s+[a-z'’-]+){0,2}(?:\s+[0-9]{1,2})?"
_AT_THE_END = (
    rf"(?:^|[,;|])\s*(?:{_DESA}{_SKIP})?(?P<desa_tertulis>{_BARE})\s*[,;]\s*"
    rf"(?:{_KECAMATAN}{_SKIP})?(?P<kecamatan_tertulis>{_BARE})\s*[,;]\s*(?:{_KABUPATEN}|kota)\b[\s.]*{_NAME}[\s.]*(?:$|[,;])"
)
"""Desa and kecamatan that nothing calls so: the two parts in front of the kabupaten, which is called so."""
_NO_DUSUN = (
    r"^$|^(?:rumah|rmh|bapak|ibu|depan|belakang|samping|sebelah|dekat|seberang|utara|selatan|barat|timur|warung|toko|"
    r"gedung|asrama|kost?|kontrakan|ruko|cluster|griya|puri|villa|taman|mushola|musholla|sekolah|alamat|"
    rf"{_STREET}|{_DESA}|{_KECAMATAN}|{_KABUPATEN}|{_DUSUN})(?:\b|$)"
)
_NO_NAME = r"^(?:[ivx]+|.|)$"
FILLED = ("dusun", "rt", "rw", "desa_tertulis", "kecamatan_tertulis", "kabupaten_tertulis")


def parse_addresses(addresses: pd.Series) -> pd.DataFrame:
    """Take dusun, RT, RW and place out of free addresses.

    Returns
    -------
    pandas.DataFrame
        The columns of :data:`FILLED` as text, missing where an address does not say so; index of ``addresses``.

    Examples
    --------
    >>> said = parse_addresses(pd.Series(["DK. KRAJAN RT 003/RW 001 DS. SUKAMAJU KEC. BOJONG", "Jl. Desa Baru 5"]))
    >>> said.iloc[0].dropna().tolist()
    ['KRAJAN', '3', '1', 'SUKAMAJU', 'BOJONG']
    >>> int(said.iloc[1].notna().sum())
    0
    """
    places, distinct = pd.factorize(addresses)
    text = pa.array(np.asarray(distinct, dtype=object), type=pa.string(), from_pandas=True)
    text = pc.utf8_slice_codeunits(text, 0, LONGEST_ADDRESS)
    text = _in_digits(text)
    off_street = text
    for pattern, replacement in (*_STREETS, *((pattern, " | ") for pattern in _OF_HOUSES)):
        off_street = pc.replace_substring_regex(off_street, f"(?i){pattern}", replacement)
    said: dict[str, pa.Array] = _numbers(text)
    for name, patterns in _NAMES.items():
        found = pc.coalesce(*(_extract(off_street, pattern, "name") for pattern in patterns))
        found = pc.utf8_trim(found, " .'’-")
        is_none = pc.match_substring_regex(
            found, _NO_NAME if name != "dusun" else _NO_DUSUN, ignore_case=True
        )
        said[name] = pc.if_else(is_none, pa.scalar(None, pa.string()), found)
    said |= _at_the_end(off_street, said)
    return pd.DataFrame(
        {name: _taken(said[name], places, addresses.index) for name in FILLED}, index=addresses.index
    )


def _at_the_end(text: pa.Array, said: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
    """Add the desa and the kecamatan that stand in front of the kabupaten without being called so."""
    names = ("desa_tertulis", "kecamatan_tertulis")
    found = {name: _extract(text, _AT_THE_END, name) for name in names}
    good = pc.is_valid(found[names[0]])
    for name in names:
        good = pc.and_not(
            good, pc.match_substring_regex(pc.coalesce(found[name], ""), _NO_DUSUN, ignore_case=True)
        )
    good = pc.and_not(good, pc.coalesce(pc.equal(found[names[0]], said["dusun"]), pa.scalar(value=False)))
    none = pa.scalar(None, pa.string())
    return {name: pc.coalesce(said[name], pc.if_else(good, found[name], none)) for name in names}


def _numbers(text: pa.Array) -> dict[str, pa.Array]:
    """Find RT and RW: together first, so that ``RT 02/03`` is a pair, then each by its own word."""
    found = {
        name: pc.coalesce(
            *(_extract(text, pattern, name) for pattern in (*_HOUSE_NUMBERS, _ALONE_NUMBERS[name]))
        )
        for name in ("rt", "rw")
    }
    return {name: pc.replace_substring_regex(number, "^0+([0-9])", r"\1") for name, number in found.items()}


def _in_digits(text: pa.Array) -> pa.Array:
    """Write the numbers of RT and RW that are Roman in digits."""
    found = pc.fill_null(pc.match_substring_regex(text, f"(?i){_IN_ROMAN}"), False)
    changed = text.filter(found)
    for before in (r"\br[tw][\s.:/-]*[\s.:/-]", r"\brt[\s.:]*[0-9]{1,3}\s*[/-]\s*"):
        for roman, value in zip(_ROMAN, _VALUE, strict=True):
            changed = pc.replace_substring_regex(changed, rf"(?i)({before}){roman}\b", rf"\1{value}")
    return pc.replace_with_mask(text, found, changed)


def _extract(text: pa.Array, pattern: str, name: str) -> pa.Array:
    if not len(text):
        return pa.array([], type=pa.string())
    return pc.struct_field(pc.extract_regex(text, f"(?i){pattern}"), name)


def _taken(found: pa.Array, places: np.ndarray, index: pd.Index) -> pd.Series:
    return pd.Series(found.to_pandas(), dtype="str").reindex(places).set_axis(index)


def fill_from_addresses(households: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Fill what a row leaves empty from its own address; a filled cell always wins.

    Needs columns: ``alamat`` and those of :data:`FILLED` (text or missing).

    Nothing is taken from an address that contradicts the row: no RW where it has another RT, no desa where it has
    another kecamatan.

    Returns
    -------
    households, counts
        How many cells were filled, by column.
    """
    if not households["alamat"].notna().any():
        return households, {}
    said = parse_addresses(households["alamat"])
    for one, other in (("rt", "rw"), ("rw", "rt"), ("kecamatan_tertulis", "desa_tertulis")):
        asked = households.index[households[other].isna() & households[one].notna() & said[one].notna()]
        differs = _letters(households.loc[asked, one]) != _letters(said.loc[asked, one])
        said.loc[asked[differs], other] = pd.NA
    # what nothing calls a kecamatan is none where the desa beside it is not that of the row
    differs = households["desa_tertulis"].notna() & (
        _letters(households["desa_tertulis"]) != _letters(said["desa_tertulis"])
    )
    called = (
        households["alamat"]
        .str.contains(rf"(?i)\b{_KECAMATAN}\b", regex=True)
        .fillna(value=False)
        .astype(bool)
    )
    said["kecamatan_tertulis"] = said["kecamatan_tertulis"].mask(differs & ~called)
    said["dusun"] = said["dusun"].mask(_repeats_the_place(households, said))
    empty = {name: households[name].isna() & said[name].notna() for name in FILLED}
    filled = {name: households[name].mask(rows, said[name]) for name, rows in empty.items()}
    return households.assign(**filled), {name: int(rows.sum()) for name, rows in empty.items() if rows.any()}


def _repeats_the_place(households: pd.DataFrame, said: pd.DataFrame) -> pd.Series:
    """Say where a word in front of the RT, which nothing calls a dusun, is that of the desa or the kecamatan."""
    repeats = pd.Series(data=False, index=said.index)
    for place in ("desa_tertulis", "kecamatan_tertulis"):
        named = households[place].fillna(said[place])
        rows = said.index[said["dusun"].notna() & named.notna()]
        repeats[rows] |= _letters(said.loc[rows, "dusun"]) == _letters(named[rows])
    rows = said.index[repeats]
    repeats[rows] = ~households.loc[rows, "alamat"].str.contains(rf"(?i)\b{_DUSUN}\b", regex=True).astype(
        bool
    )
    return repeats


def _letters(words: pd.Series) -> pd.Series:
    plain = words.str.casefold().str.replace(rf"^\s*(?:{_KECAMATAN}|{_DESA})\b", "", regex=True)
    return plain.str.replace(r"[^a-z0-9]", "", regex=True).str.replace(r"^0+(\d)", r"\1", regex=True)
