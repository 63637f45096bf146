"""Names of places as people write them: taken apart, and reduced to what their spellings have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

LONGEST_NAME = 120
"""More characters than this are not read."""

_DESA = r"(?:dess?a|ds|dsa|pemdes|kades|kelurahan|kalurahan|kel|kal|klh|klrhn|pemkel|pemkal)"
_OFFICE = r"(?:pemerintah|pemerintahan|pem|kantor|balai|kepala|perangkat|aparat)"
_KECAMATAN = r"(?:kecamatan|kec|kcmtn|kcm|distrik|dist|kapanewon|kemantren)"
_LOCAL = r"(?:gampong|gampoeng|gp|gmp|nagari|nag|negeri|negari|kampung|kampong|kamp|kp|kmp|lembang|pekon)"
"""What a desa is called in some provinces; elsewhere a part of its name."""

_PART_OF_DESA = r"(?:dusun|dsn|dukuh|dkh|dk|pedukuhan|padukuhan|lingkungan|lingk|lk|jorong|rt|rw)"
_BEFORE_DESA = rf"^{_PART_OF_DESA}\b.*?[ ,.)/;-]({_DESA})\b[ .:]*([a-z0-9])"
_NOTHING = (
    r"^(?:[^a-z1-9]*|x{3,}|s ?[.]? ?d ?[.]? ?a ?[.]?|id(?:em)?[.]?|ditto|nihil|kosong|n[./ ]*a[.]?|null|none|nan|"
    r"(?:tidak|tdk|tak|belum|blm) ?(?:ada|diisi|isi|terisi|tahu|tau|diketahui|jelas|terdata|tercantum)(?: data)?|"
    r"sama (?:dengan|dgn|seperti) (?:di ?)?atas)$"
)

_SEPARATED = (
    rf"[,(/;]| -|- |\b(?:{_KECAMATAN}|kabupaten|kab|provinsi|prov|rt|rw|dusun|dsn|dukuh|dk|dkh|jl|jln|"
    r"kel|kelurahan)\b"
)
_KABUPATEN_PART = r"^(?P<head>.*?)[ ,(/;-]*(?P<rest>\b(?:kabupaten|kab|provinsi|prov)\b.*|[,(;] ?kota .*)$"
_KECAMATAN_PART = rf"^(?P<head>.*?)[ ,(/;-]*\b{_KECAMATAN}\b[ .:]*(?P<rest>.*)$"
_PROVINCE = r"\b(?:provinsi|prov)\b.*$"
_BELOW = r"([a-z0-9][ .)]*)[ ,(/;-]+(?:rt|rw|dusun|dsn|dukuh|dk|dkh|jl|jln)\b.*$"
_KIND = rf"^(?:[ (./-]*\b(?:{_OFFICE}[ .]+)*{_DESA}\b[ ).:/,-]*)+"
_KIND_AFTER = rf"(?: ?[(,/-] ?{_DESA}| (?:kel|kelurahan))[ ).]*$"
_TAIL = r"^(?P<head>.*?[a-z0-9.]) ?(?:[,(/;]| -|- )(?P<rest>.*)$"
_CODE = r"^(?P<rest>[0-9]{2}[.][0-9]{2}[.][0-9]{2}[.][0-9]{4}|[0-9]{10})\b[ .,)/-]*(?P<head>.*)$"
_CODE_BEHIND = (
    r"^(?P<head>.*?[a-z].*?)[ ,(/;.-]+(?P<rest>[0-9]{2}[.][0-9]{2}[.][0-9]{2}[.][0-9]{4}|[0-9]{10})[ .)]*$"
)
_KECAMATAN_NUMBER = (
    r"^[ (]*(?:[0-9]{2}[.][0-9]{2}[.][0-9]{2,3}|[0-9]{6,7}|[0-9]{3}|[0-9]{1,3} ?[.)-])[ .)/-]+([a-z]{3})"
)
_NUMBERING = r"^[0-9]{1,4} ?[.)-][ .)-]*([a-z])"
_NUMBER = r"^[0-9]{1,4} +"
_SET_APART = "^(?:[a-z0-9] ){3,}[a-z0-9]$"
_TWICE = r"^([a-z]{2,}) ?2$"
_GLUED = (("([a-z])iii$", r"\1 3"), ("([a-z])ii$", r"\1 2"), ("([a-z])1$", r"\1l"))

_SHORT_WORD = r"\b[a-z]{1,4}[.]|\b[b-df-hj-np-tv-z]{1,6}\b"
_ONSET = r"^(?:[bcdfgjkpstvw][hlry]|s[kmptw]|ng|ny|mb|nd|nj|[dktg]w|ps|ml|mr|wr|wl|lh)"
_FEW_VOWELS = 0.25

_ROMAN = (
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv",
)  # fmt: skip
_COUNTED = ("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh")
_NUMERALS = {
    **{word: str(place) for words in (_ROMAN, _COUNTED) for place, word in enumerate(words, start=1)},
    "l": "1",
    "ll": "2",
    "il": "2",
    "lll": "3",
}
_SHORT_SIDES = {
    "lr": "lor", "kln": "kulon", "kdl": "kidul", "wtn": "wetan", "tgh": "tengah", "tngh": "tengah", "utr": "utara",
    "slt": "selatan", "sltn": "selatan", "sel": "selatan", "brt": "barat", "tmr": "timur", "tim": "timur",
}  # fmt: skip
_NUMERAL_OR_SHORT = (
    rf"[a-z][013]|[01][a-z]|[ .-](?:{'|'.join(sorted({*_NUMERALS, *_SHORT_SIDES}, key=len, reverse=True))})\b"
)
_SIDES = (
    ("lor", "utara", "kaler"), ("kulon", "barat"), ("kidul", "selatan"), ("wetan", "timur"),
    ("tengah", "teungoh", "tonga"), ("hulu", "ulu"), ("hilir", "ilir"), ("julu",), ("jae",), ("atas",), ("bawah",),
    ("dalam",), ("luar",), ("baru", "anyar"), ("lama",), ("besar", "gede"), ("kecil",), ("laut",), ("darat",),
    ("kanan",), ("kiri",), ("tunong",), ("baroh",),
)  # fmt: skip
"""Words that tell two places of one name apart; those of a row mean the same."""

SAME_SIDE = tuple(words[:2] for words in _SIDES[:4])
"""The quarters of the compass in Javanese and in Indonesian."""

_SIDE_OF = {word: place for place, words in enumerate(_SIDES, start=1) for word in words}
_FIRST_NUMBER = 1000
_SIDE = rf"[a-z0-9]{{3}}(?P<side>{'|'.join(sorted(_SIDE_OF, key=len, reverse=True))}|[0-9]+)$"

_OLD_SPELLING = (("oe", "u"), ("dj", "j"), ("tj", "c"), ("sj", "sy"))
_SAME_SOUND = (
    ("sy", "s"), ("dh", "d"), ("th", "t"), ("bh", "b"), ("gh", "g"), ("kh", "k"), ("ph", "p"), ("ch", "c"),
    ("eu", "e"),
)  # fmt: skip
_SAME_LETTER = np.arange(256, dtype=np.uint8)
_SAME_LETTER[list(b"oyvfwqz")] = list(b"ajppuks")


@dataclass(frozen=True)
class Parts:
    """Cells taken apart; arrays of text, in the order of the cells.

    Attributes
    ----------
    written
        The name with all that follows it, but for a kecamatan and a kabupaten.
    whole
        The same without «(desa)» behind it.
    name
        Its beginning, up to a comma, bracket, slash or dash.
    note
        What stands behind that: a kecamatan, a side, or nothing of use.
    kecamatan, kabupaten
        Named as such in the cell.
    kode
        Ten digits in front of the name, or behind it.
    """

    written: pa.Array
    whole: pa.Array
    name: pa.Array
    note: pa.Array
    kecamatan: pa.Array
    kabupaten: pa.Array
    kode: pa.Array


def tidy(written: Sequence[str] | np.ndarray | pd.Series | pa.Array) -> pa.Array:
    """Write names in small letters without accents, invisible characters and unusual punctuation.

    This is the form under which decisions about names are kept, so it must not change.

    Examples
    --------
    >>> tidy(["  DS.WONOKERTO\u200f  ", "Désa «X» – Kec: Y"]).to_pylist()
    ['ds.wonokerto', 'desa x - kec y']
    """
    given = written if isinstance(written, pa.StringArray) else pa.array(written, pa.string())
    texts = pc.utf8_slice_codeunits(given, 0, LONGEST_NAME)
    foreign = pc.invert(pc.string_is_ascii(texts))
    if pc.any(foreign).as_py():
        marked = pc.replace_substring_regex(texts.filter(foreign), r"[\x{2010}-\x{2015}\x{2212}]", "-")
        plain = pc.replace_substring_regex(pc.utf8_normalize(marked, "NFKD"), r"[\p{M}\p{Cf}]", "")
        texts = pc.replace_with_mask(texts, foreign, plain)
    texts = pc.replace_substring_regex(pc.utf8_lower(texts), r"[^a-z0-9.,()/;-]+", " ")
    return pc.utf8_trim(texts, " ")


def take_apart(texts: pa.Array) -> Parts:
    """Part tidy names of desa into name, note, kecamatan, kabupaten and code.

    Examples
    --------
    >>> parts = take_apart(tidy(["Kel/Desa X Kec. Y Kab Z", "1. X (pemekaran)", "X, Y"]))
    >>> parts.name.to_pylist(), parts.note.to_pylist(), parts.kecamatan.to_pylist(), parts.kabupaten.to_pylist()
    (['x', 'x', 'x'], ['', 'pemekaran', 'y'], ['y', '', ''], ['kab z', '', ''])
    """
    none = pa.array([""] * len(texts), pa.string())
    kode, note, kecamatan, kabupaten = none, none, none, none
    texts = _replace(_put_together(said(texts)), _BEFORE_DESA, r"\1 \2")
    numbered = pc.match_substring_regex(texts, "^[0-9]")
    if pc.any(numbered).as_py():
        texts, kode = _split(texts, numbered, _CODE)
        texts = _replace(texts, _NUMBERING, r"\1")
    ending = pc.match_substring_regex(texts, "[0-9]{4}[ .)]*$")
    if pc.any(ending).as_py():
        texts, behind = _split(texts, ending, _CODE_BEHIND)
        kode = pc.if_else(pc.equal(kode, ""), behind, kode)
    structured = pc.match_substring_regex(texts, _SEPARATED)
    if not pc.any(structured).as_py():
        whole = _replace(texts, _KIND, "")
        return Parts(whole, whole, whole, note, kecamatan, kabupaten, kode)
    rest, all_rest = texts.filter(structured), pc.is_valid(texts.filter(structured))
    rest, kab = _split(rest, all_rest, _KABUPATEN_PART)
    kab = _replace(kab, _PROVINCE, "")
    rest, kec = _split(rest, all_rest, _KECAMATAN_PART)
    written = _replace(_replace(rest, _BELOW, r"\1"), _KIND, "")
    rest = _replace(written, _KIND_AFTER, "")
    head, tail = _split(rest, all_rest, _TAIL)
    whole = pc.replace_with_mask(_replace(texts, _KIND, ""), structured, rest)
    return Parts(
        pc.replace_with_mask(whole, structured, written),
        whole,
        pc.replace_with_mask(whole, structured, head),
        pc.replace_with_mask(note, structured, _bare(tail)),
        pc.replace_with_mask(kecamatan, structured, _bare(kec)),
        pc.replace_with_mask(kabupaten, structured, _bare(kab)),
        kode,
    )


def said(texts: pa.Array) -> pa.Array:
    """Empty the tidy texts that only fill a cell.

    Examples
    --------
    >>> said(tidy(["s.d.a", "0", "Belum diisi", "xxx", "Idem", "Idempotan"])).to_pylist()
    ['', '', '', '', '', 'idempotan']
    """
    return _where(texts, _NOTHING, lambda filler: pa.array([""] * len(filler), pa.string()))


def without_kecamatan_word(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Strip code and «Kec.» from tidy names of kecamatan; return them, and the kabupaten that stands behind some."""
    texts = _put_together(said(texts))
    names, kabupaten = _split(texts, pc.is_valid(texts), _KABUPATEN_PART)
    kabupaten = _replace(kabupaten, _PROVINCE, "")
    names = _replace(names, rf"^[ (./-]*\b{_KECAMATAN}\b[ ).:/-]*", "")
    names = _where(names, "^[ (]*[0-9]", _without_number)
    return _replace(names, rf"([a-z0-9])[ ,(/-]+{_KECAMATAN}[ ).]*$", r"\1"), _bare(kabupaten)


def read_otherwise(names: pa.Array) -> pa.Array:
    """Read names otherwise: without a number or local word in front, «Api2» as «Api-Api», a glued «II» as a number."""
    names = _replace(_replace(_replace(names, _NUMBER, ""), rf"^{_LOCAL}\b[ .:]+", ""), _TWICE, r"\1 \1")
    for pattern, new in _GLUED:
        names = _replace(names, pattern, new)
    return names


def plain_key(names: pa.Array) -> pa.Array:
    """Reduce tidy names to letters and digits, numerals written as digits, sides in full.

    Examples
    --------
    >>> plain_key(tidy(["Wonokerto  Kulon", "W0NOKERTO-KLN", "Karanganyar II", "Simpang Empat"])).to_pylist()
    ['wonokertokulon', 'wonokertokulon', 'karanganyar2', 'simpang4']
    """
    return letters(_where(names, _NUMERAL_OR_SHORT, _words_for_short))


def letters(names: pa.Array) -> pa.Array:
    """Keep letters and digits alone."""
    signs, ends = _signs(names)
    return _texts(signs, ends, (signs >= ord("a")) | _is_digit(signs))


def modern_key(keys: pa.Array) -> pa.Array:
    """Write plain keys as they are spelt today.

    Examples
    --------
    >>> modern_key(plain_key(tidy(["Boeloepandjang", "Tjokro Sjah"]))).to_pylist()
    ['bulupanjang', 'cokrosyah']
    """
    return _respelt(keys, _OLD_SPELLING)


def sound_key(keys: pa.Array) -> pa.Array:
    """Reduce modern keys to what sounds alike: Javanese spellings, doubled letters, final h and k.

    Examples
    --------
    >>> sound_key(modern_key(plain_key(tidy(["Petungkriyono", "Petoengkriono", "Wonosari"])))).to_pylist()
    ['petungkriana', 'petungkriana', 'uanasari']
    """
    signs, ends = _signs(_respelt(keys, _SAME_SOUND))
    signs = _SAME_LETTER[signs]
    begins = np.zeros(len(signs) + 1, dtype=bool)
    begins[np.append(0, ends)] = True
    glide = (signs == ord("j")) & (np.append(0, signs[:-1]) == ord("i")) & ~begins[:-1]
    last = begins[1:] & ((signs == ord("h")) | (signs == ord("k"))) & ~begins[:-1]
    signs, ends = _kept(signs, ends, ~(glide | last))
    begins = np.zeros(len(signs) + 1, dtype=bool)
    begins[np.append(0, ends)] = True
    doubled = (signs == np.append(0, signs[:-1])) & ~begins[:-1] & ~_is_digit(signs)
    return _texts(signs, ends, ~doubled)


def side(keys: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Find the word or number at the end of plain keys that tells places of one name apart.

    Returns
    -------
    meaning
        0 for none; the same number for words of one meaning; above ``1000`` for numbers.
    length
        Letters of that word.
    """
    found = pc.struct_field(pc.extract_regex(keys, _SIDE), "side")
    coded = pc.dictionary_encode(found)
    words = coded.dictionary.to_pylist()
    meaning = np.array([0, *map(_meaning, words)], dtype=np.int32)
    length = np.array([0, *map(len, words)], dtype=np.int32)
    place = pc.add(pc.fill_null(coded.indices, -1), 1).to_numpy(zero_copy_only=False)
    return meaning[place], length[place]


def is_number(meaning: np.ndarray) -> np.ndarray:
    """Say which sides are numbers."""
    return np.asarray(meaning >= _FIRST_NUMBER)


def least_consonants(names: pa.Array, keys: pa.Array) -> np.ndarray:
    """Return the share of a full name's consonants that each name must hold to be read as short for it.

    Less for short words with a full stop, and words without a vowel; all of them where nothing else says that the
    name is abbreviated.
    """
    short = short_words(names)
    begins = pc.and_not(
        pc.match_substring_regex(keys, "^[b-df-hj-np-tv-z]{2}"), pc.match_substring_regex(keys, _ONSET)
    )
    vowels = pc.count_substring_regex(keys, "[aeiou]").to_numpy(zero_copy_only=False)
    few = vowels <= pc.utf8_length(keys).to_numpy(zero_copy_only=False) * _FEW_VOWELS
    return np.select([short, begins.to_numpy(zero_copy_only=False) | few], [0.5, 0.6], 1.0)


def short_words(names: pa.Array) -> np.ndarray:
    """Say which tidy names hold short words with a full stop, or words without a vowel."""
    return np.asarray(pc.match_substring_regex(names, _SHORT_WORD).to_numpy(zero_copy_only=False), dtype=bool)


def name_key(name: str) -> str:
    """Reduce one name of a place to what its spellings have in common.

    Examples
    --------
    >>> name_key("Ds. Wonokerto  Kulon"), name_key("WONOKERTOKULON"), name_key("Kec. Doro")
    ('wonokertokulon', 'wonokertokulon', 'doro')
    """
    names, _ = without_kecamatan_word(_replace(tidy([name]), _KIND, ""))
    key: str = plain_key(names)[0].as_py()
    return key


def _signs(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Return the signs of all texts in one row, and where each text ends: no text is touched on its own."""
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
    data = texts.buffers()[2]
    signs = np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, dtype=np.uint8)
    return signs[offsets[0] : offsets[-1]], offsets[1:] - offsets[0]


def _kept(signs: np.ndarray, ends: np.ndarray, keep: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    before = np.zeros(len(signs) + 1, dtype=np.int32)
    np.cumsum(keep, dtype=np.int32, out=before[1:])
    return signs[keep], before[ends]


def _texts(signs: np.ndarray, ends: np.ndarray, keep: np.ndarray) -> pa.Array:
    return _gathered(*_kept(signs, ends, keep))


def _gathered(signs: np.ndarray, ends: np.ndarray) -> pa.Array:
    offsets = np.append(0, ends).astype(np.int32)
    return pa.StringArray.from_buffers(len(ends), pa.py_buffer(offsets), pa.py_buffer(signs.tobytes()))


def _respelt(keys: pa.Array, pairs: tuple[tuple[str, str], ...]) -> pa.Array:
    """Write one letter, or two others, for two letters that stand together."""
    signs, ends = _signs(keys)
    for old, new in pairs:
        first = np.flatnonzero((signs[:-1] == ord(old[0])) & (signs[1:] == ord(old[1])))
        first = first[ends[np.searchsorted(ends, first, side="right")] > first + 1]
        if first.size:
            signs = signs.copy()
            signs[first] = ord(new[0])
            keep = np.ones(len(signs), dtype=bool)
            if len(new) > 1:
                signs[first + 1] = ord(new[1])
            else:
                keep[first + 1] = False
            signs, ends = _kept(signs, ends, keep)
    return _gathered(signs, ends)


def _is_digit(signs: np.ndarray) -> np.ndarray:
    return np.asarray((signs >= ord("0")) & (signs <= ord("9")))


def _meaning(word: str) -> int:
    return _FIRST_NUMBER + int(word[-6:]) if word.isdecimal() else _SIDE_OF[word]


def _words_for_short(names: pa.Array) -> pa.Array:
    names = _replace(names, r"([a-z])0", r"\1o")
    names = _replace(names, r"0([a-z])", r"o\1")
    names = _replace(names, r"([a-z])1([a-z])", r"\1l\2")
    for word, digit in _NUMERALS.items():
        names = _replace(names, rf"([ .-]){word}\b", rf"\1 {digit}")
    for short, full in _SHORT_SIDES.items():
        names = _replace(names, rf"([ .-]){short}\b", rf"\1{full}")
    return names


def _without_number(kecamatan: pa.Array) -> pa.Array:
    """Strip code or number in front, and what stands between it and the name."""
    names = _replace(kecamatan, _KECAMATAN_NUMBER, r"\1")
    return _replace(names, rf"^{_KECAMATAN}\b[ .:]*([a-z])", r"\1")


def _put_together(texts: pa.Array) -> pa.Array:
    """Write a name whose letters are set apart, «B l i g o», as one word."""
    return _where(texts, _SET_APART, lambda apart: pc.replace_substring(apart, " ", ""))


def _replace(texts: pa.Array, pattern: str, new: str) -> pa.Array:
    return pc.replace_substring_regex(texts, pattern, new)


def _bare(texts: pa.Array) -> pa.Array:
    return pc.utf8_trim(texts, " .,()/;-")


def _where(texts: pa.Array, pattern: str, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Change only the texts that a pattern is found in: most have nothing to change."""
    found = pc.match_substring_regex(texts, pattern)
    if not pc.any(found).as_py():
        return texts
    return pc.replace_with_mask(texts, found, change(texts.filter(found)))


def _split(texts: pa.Array, where: pa.Array, pattern: str) -> tuple[pa.Array, pa.Array]:
    """Split some texts into the groups ``head`` and ``rest`` of a pattern; without a match all is head."""
    none = pa.array([""] * len(texts), pa.string())
    chosen = texts.filter(where)
    found = pc.match_substring_regex(chosen, pattern)  # many times faster than to extract
    if not pc.any(found).as_py():
        return texts, none
    where = pc.replace_with_mask(where, where, found)
    parts = pc.extract_regex(chosen.filter(found), pattern)
    head, rest = pc.struct_field(parts, "head"), pc.struct_field(parts, "rest")
    return pc.replace_with_mask(texts, where, head), pc.replace_with_mask(none, where, rest)
