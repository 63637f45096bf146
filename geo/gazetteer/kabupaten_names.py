"""Which kabupaten a cell names: ours or another one, however the cell dresses it up."""

import re
from string import ascii_lowercase

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process
from rapidfuzz.distance import OSA

from geo.gazetteer.spelling import letters, modern_key, sound_key, tidy

_PROVINCE_OF = {
    "11": ("aceh", "nanggroe aceh darussalam", "nad"),
    "12": ("sumatera utara", "sumatra utara", "sumut"),
    "13": ("sumatera barat", "sumatra barat", "sumbar"),
    "14": ("riau",),
    "15": ("jambi",),
    "16": ("sumatera selatan", "sumatra selatan", "sumsel"),
    "17": ("bengkulu",),
    "18": ("lampung",),
    "19": ("kepulauan bangka belitung", "bangka belitung", "babel"),
    "21": ("kepulauan riau", "kepri"),
    "31": ("dki jakarta", "jakarta", "dki", "dkj", "daerah khusus ibukota jakarta", "daerah khusus jakarta"),
    "32": ("jawa barat", "jabar", "west java"),
    "33": ("jawa tengah", "jateng", "central java"),
    "34": ("daerah istimewa yogyakarta", "di yogyakarta", "d.i. yogyakarta", "yogyakarta", "diy", "jogja"),
    "35": ("jawa timur", "jatim", "east java"),
    "36": ("banten",),
    "51": ("bali",),
    "52": ("nusa tenggara barat", "ntb"),
    "53": ("nusa tenggara timur", "ntt"),
    "61": ("kalimantan barat", "kalbar"),
    "62": ("kalimantan tengah", "kalteng"),
    "63": ("kalimantan selatan", "kalsel"),
    "64": ("kalimantan timur", "kaltim"),
    "65": ("kalimantan utara", "kaltara"),
    "71": ("sulawesi utara", "sulut"),
    "72": ("sulawesi tengah", "sulteng"),
    "73": ("sulawesi selatan", "sulsel"),
    "74": ("sulawesi tenggara", "sultra"),
    "75": ("gorontalo",),
    "76": ("sulawesi barat", "sulbar"),
    "81": ("maluku",),
    "82": ("maluku utara", "malut"),
    # the lists of Kemendagri and BPS number these in two ways
    "91 92 93 94 95 96": (
        "papua",
        "papua barat",
        "papua selatan",
        "papua tengah",
        "papua pegunungan",
        "papua barat daya",
    ),
}
"""What people call the provinces, by what their codes begin with."""

_PROVINCES = tuple(name for names in _PROVINCE_OF.values() for name in names)
_ONE_PROVINCE = f"(?:{'|'.join(sorted(_PROVINCES, key=len, reverse=True)).replace('.', '[.]')})"
_SPELT = 88.0
_DRESS = (
    (r"\b(?:pemerintah|pemerintahan|pemda|dinas|administrasi|adm|indonesia)\b", " "),
    (r"\bpemkab\b|\bkabupaten\b|\bkab[a-z]{0,4}[pt][a-z]?n\b|\bregency\b", "kab"),
    (r"\bkota ?madya\b|\b(?:kodya|kotif|pemkot|city)\b", "kota"),
    (r"\bkab[ .]*[/-][ .]*kota\b|\bkota[ .]*[/-][ .]*kab\b", " "),
    (r"\b(?:provinsi|propinsi|prov|prop)\b[ .]*([^,;/()-]*?)(\bkab\b|\bkota\b|[,;/()-]|$)", r", prov \1, \2"),
    (r"[ .,(/;-]+(kab|kota)[ .)]*($|[,;/(-])", r" \1\2"),
)
"""What stands around names: a kind of district becomes «kab» or «kota», a province that is called so stands apart."""

_CODE = r"(?:^|[^0-9])(?P<code>[0-9]{2}[. ]?[0-9]{2})(?:[^0-9]|$)"
_DIGITS_OF_CODES = (4, 6, 7, 10)
_DISTRICT_DIGITS = 4
_SEPARATOR = r"[,;/()]+| -+ ?|- "
_ONE_SIGN = "|".join(f"{letter}+" for letter in ascii_lowercase)
_NO_ANSWER = r"(?:tidak|tdk|tak|belum|blm)\b.*|idem|sda|s[.]d[.]a|sama|null|nihil|kosong|none|nan"
_NOTHING_SAID = rf"^(?:(?:[a-z]\b ?)+|{_ONE_SIGN}|{_NO_ANSWER})$"
_BRIEF = 3
_KIND = r"^(?:(?:kab|kota)\b[ .]*)+"


def is_another(texts: pa.Array, district: str, codes: frozenset[str], least: float) -> np.ndarray:
    """Say which tidy cells (see :func:`geo.gazetteer.spelling.tidy`) name another kabupaten than the district.

    It does where one of its parts is a name that is neither ours, nor short for ours, nor a province's, and can be
    read; where it names another province and not us; or where its code is another's. What says nothing of a
    kabupaten («Jawa Tengah» in Jawa Tengah, «tidak tahu») is no evidence of another one.
    A kota and the kabupaten around it often share a name: «Kota X» is not «Kabupaten X», a bare «X» may be either.

    Parameters
    ----------
    district
        As people call it, «Kabupaten X» or «Kota X».
    codes
        First four digits of the codes of the district.
    least
        The likeness (0 to 100) from which a name is ours.

    Examples
    --------
    >>> cells = tidy(["Kab. Anu, Jawa Tengah", "ANU - JATENG", "9901 Anu", "Kota Anu", "Anu, Itu", "Jawa Barat", ""])
    >>> is_another(cells, "Kabupaten Anu", frozenset({"3301"}), 85.0).tolist()
    [False, False, True, True, True, True, False]
    >>> is_another(tidy(["Kab. Sklr", "Jateng", "?", "Kota Sklr"]), "Kab. Sukalor", frozenset({"3301"}), 85.0).tolist()
    [False, False, False, True]
    """
    digits = pc.replace_substring_regex(texts, "[. ]", "")
    only_code = _true(pc.match_substring_regex(digits, "^[0-9]+$"))
    coded = only_code & np.isin(pc.utf8_length(digits).to_numpy(zero_copy_only=False), _DIGITS_OF_CODES)
    whole = pc.utf8_slice_codeunits(digits, 0, _DISTRICT_DIGITS).to_numpy(zero_copy_only=False)
    inside = pc.struct_field(pc.extract_regex(texts, _CODE), "code")
    code = pc.replace_substring_regex(pc.coalesce(inside, ""), "[. ]", "").to_numpy(zero_copy_only=False)
    code = np.where(only_code, np.where(coded, whole, ""), code)
    foreign_code = np.array([bool(one) and one not in codes for one in code], dtype=bool)

    parts = pc.split_pattern_regex(_undressed(texts), _SEPARATOR)
    row, part = np.asarray(pc.list_parent_indices(parts)), _kind_first(pc.list_flatten(parts))
    stopped = _true(pc.match_substring_regex(pc.list_flatten(parts), "[a-z][.] *$"))
    core = _core(part)
    named = _true(pc.match_substring_regex(core, "[a-z]"))
    shorter = _kind_first(pc.replace_substring_regex(part, rf"[ .-]+{_ONE_PROVINCE}$", ""))
    ours = _ours(part, district, least) | _ours(shorter, district, least)
    kind = _true(pc.match_substring_regex(part, _KIND))
    called = _core(pc.replace_substring_regex(part, r"^prov(?:insi)?\b[ .]*", ""))
    province = _true(pc.starts_with(part, "prov")) | (~kind & (_like(core, _PROVINCES) >= _SPELT))
    own_province = tuple(
        name
        for digits, names in _PROVINCE_OF.items()
        if any(code.startswith(digits) for code in codes)
        for name in names
    )
    other_province = province & (_like(called, _PROVINCES) >= _SPELT)
    other_province &= (_like(called, own_province) < _SPELT) & bool(own_province)
    unclear = _short_for(part, stopped, district) | _short_for(shorter, stopped, district)
    unclear |= _true(pc.match_substring_regex(core, _NOTHING_SAID))
    foreign, some_ours, outside = (
        np.bincount(row, said, minlength=len(texts)) > 0
        for said in (named & ~ours & ~province & ~unclear, ours | unclear, named & ~ours & other_province)
    )
    return np.asarray(foreign_code | (~only_code & (foreign | (outside & ~some_ours))), dtype=bool)


def _short_for(parts: pa.Array, stopped: np.ndarray, district: str) -> np.ndarray:
    """Say which parts may be an abbreviation of the district's name: its consonants, or beginnings of its words.

    Parameters
    ----------
    stopped
        Which parts end in a full stop, and so may be the beginning of a longer name.

    Examples
    --------
    >>> said = pa.array(["kab skln", "kab suka", "suk", "sulor", "kota skln", "salatiga", "sukamaju", "kb", "skt"])
    >>> _short_for(said, np.arange(len(said)) == 1, "Kabupaten Sukalorna").tolist()
    [True, True, True, False, False, False, False, False, False]
    >>> _short_for(pa.array(["hsa", "hulsa", "hst", "hulu"]), np.zeros(4, bool), "Hulu Sungai Anu").tolist()
    [True, True, False, False]
    """
    own, is_kota = _own(district)
    words = re.findall("[a-z]+", _core(own)[0].as_py())
    other_kind = _true(pc.match_substring_regex(parts, r"^kab\b" if is_kota else r"^kota\b"))
    short = letters(_core(parts))
    size = pc.utf8_length(short).to_numpy(zero_copy_only=False)
    # each word gives its first letter and then some of the others in their order, or all as far as it goes
    some = "".join(word[0] + "".join(f"{letter}?" for letter in word[1:]) for word in words)
    begun = "".join("(?:".join(word) + ")?" * (len(word) - 1) for word in words)
    fits = _true(pc.match_substring_regex(short, f"^{some}$"))
    fits &= _true(pc.match_substring_regex(short, "^[a-z][^aeiou]+$"))
    fits |= _true(pc.match_substring_regex(short, f"^{begun}$")) & (
        stopped | (size <= _BRIEF) | (len(words) > 1)
    )
    return np.asarray(fits & ~other_kind & (size > 1), dtype=bool)


def _undressed(texts: pa.Array) -> pa.Array:
    """Write the kind of district one way, without codes and what belongs to no name."""
    texts = pc.replace_substring_regex(texts, r"[0-9]{2}[. ]?[0-9]{2}", " ")
    for pattern, new in _DRESS:
        texts = pc.replace_substring_regex(texts, pattern, new)
    return texts


def _kind_first(parts: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(pc.utf8_trim(parts, " .-"), r"^(.+?)[ .]+(kab|kota)$", r"\2 \1")


def _ours(parts: pa.Array, district: str, least: float) -> np.ndarray:
    own, is_kota = _own(district)
    other_kind = _true(pc.match_substring_regex(parts, r"^kab\b" if is_kota else r"^kota\b"))
    name = _core(own)[0].as_py()
    ours = ~other_kind & (_like(_core(parts), (name,)) >= least)
    # «Kotabaru» and «Lima Puluh Kota»: there the word is a part of the name
    called = letters(pc.replace_substring_regex(tidy([district]), r"^(?:kabupaten|kab)\b[ .]*", ""))[
        0
    ].as_py()
    if "kota" in called and not is_kota:
        kinds_last = pc.replace_substring_regex(parts, r"^kota (.+)$", r"\1 kota")
        ours |= np.maximum(_like(parts, (called,)), _like(kinds_last, (called,))) >= least
    return ours


def _own(district: str) -> tuple[pa.Array, bool]:
    """Return the district's own name with its kind in front, and whether it is a kota."""
    own = _kind_first(pc.list_flatten(pc.split_pattern_regex(_undressed(tidy([district])), _SEPARATOR))[:1])
    return own, own[0].as_py().startswith("kota")


def _core(parts: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(parts, _KIND, "")


def _like(texts: pa.Array, names: tuple[str, ...]) -> np.ndarray:
    """Return how like each text is to the best of some names by its sound, 0 to 100."""
    said, known = (
        sound_key(modern_key(letters(one))).to_pylist() for one in (texts, pa.array(names, pa.string()))
    )
    table = process.cdist(known, said, scorer=OSA.normalized_similarity, dtype=np.float32, workers=-1)
    return np.asarray(100 * table.max(axis=0, initial=0.0))


def _true(found: pa.Array) -> np.ndarray:
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)
