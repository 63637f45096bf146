"""How people write the name of a place: each way of changing it, as a function from text to text.

Invented from what offices, enumerators, phones and Excel do to names, not from what any reader of them undoes.
"""

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

Change = Callable[[str, int, np.random.Generator], str]
"""A name, the strength (1 light to 3 heavy) and the dice, to what is written."""

NEIGHBOURS: Mapping[str, str] = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl",
    "p": "o", "a": "qsz", "s": "adw", "d": "sfe", "f": "dgr", "g": "fht", "h": "gjy", "j": "hku", "k": "jli",
    "l": "ko", "z": "ax", "x": "zc", "c": "xvd", "v": "cbf", "b": "vng", "n": "bmh", "m": "n",
}  # fmt: skip
"""Keys beside each key of a phone."""

_DUTCH = {"ny": "nj", "sy": "sj", "u": "oe", "j": "dj", "c": "tj", "y": "j"}
_JAVANESE = (
    "wono", "sido", "joyo", "mulyo", "rejo", "suko", "soko", "yoso", "mojo", "kerto", "harjo", "purwo", "noto",
    "dono", "podo", "pono", "gondo", "kuto", "guto", "rogo", "rowo", "boto", "tlogo", "logo", "jolo", "doro",
    "singo", "songgo", "karyo", "windu", "dowo", "joyo", "bodo", "proto", "ombo", "loro", "yono", "asri",
)  # fmt: skip
_SHORT = {
    "karang": ("Kr.", "Krg.", "Kr. "), "kedung": ("Kd.", "Kdg.", "Kdg. "), "wono": ("Wn.", "Wn. "),
    "tanjung": ("Tj.", "Tjg."), "sumber": ("Sbr.", "Smbr."), "tegal": ("Tgl.", "Tg. "), "gunung": ("Gn.", "G. "),
    "kali": ("Kl.",), "kebon": ("Kbn.", "Kb. "), "legok": ("Lgk.",), "bojong": ("Bj.", "Bjg. "), "sido": ("Sd.",),
    "suko": ("Sk.",), "banjar": ("Bjr.",), "randu": ("Rd.",), "purwo": ("Pw.",), "pasar": ("Ps. ",), "tambak": ("Tb.",),
    "pekiringan": ("Pkr. ", "Pek."), "simbang": ("Smb.",), "tangkil": ("Tkl.",), "watu": ("Wt.",), "muara": ("Ma. ",),
}  # fmt: skip
_ENDS = {
    "kidul": ("Kdl",), "kulon": ("Kln", "Kl"), "wetan": ("Wtn", "Wt"), "tengah": ("Tgh", "Tng"), "barat": ("Brt",),
    "timur": ("Tmr", "Tim"), "utara": ("Utr",), "selatan": ("Slt", "Sel"), "rejo": ("rjo",), "sari": ("sr",),
    "anyar": ("anyr",), "lor": ("L",), "gunung": ("gng",), "agung": ("agg",),
}  # fmt: skip
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_LONG = 5


def pick(forms: Sequence[str], strength: int, rng: np.random.Generator) -> str:
    """Choose one of the forms; they stand from tidy to bad, and a low strength knows only the first ones.

    Examples
    --------
    >>> {pick(["a", "b", "c"], 1, np.random.default_rng(seed)) for seed in range(9)}
    {'a'}
    """
    known = -(-len(forms) * strength // 3)
    return forms[int(rng.integers(known))]


def like(name: str, model: str) -> str:
    """Give each word of a lower-case name the capitals of a model."""
    return name.title() if model.istitle() or not model.isupper() else name.upper()


def dutch(name: str, strength: int, rng: np.random.Generator) -> str:
    """Spell as before 1947 or 1972: oe, dj, tj, j; a light hand changes ``u`` alone."""
    keys = "u" if strength == 1 and "u" in name.lower() and rng.random() < 0.7 else "ny|sy|u|j|c|y"  # noqa: PLR2004
    return like(re.sub(keys, lambda found: _DUTCH[found[0]], name.lower()), name)


def javanese(name: str, strength: int, rng: np.random.Generator) -> str:
    """Write the open Javanese o as a, in one word of the name or (heavy) in all of them."""
    lower = name.lower()
    words = [word for word in _JAVANESE if word in lower and "o" in word]
    if not words:
        return name
    chosen = words if strength > 1 else [words[int(rng.integers(len(words)))]]
    for word in chosen:
        lower = lower.replace(word, word.replace("o", "a"))
    return like(lower, name)


def glides(name: str, strength: int, rng: np.random.Generator) -> str:
    """Confuse iyono, iono and iyana; uwe and ue; kwa and kua."""
    lower = name.lower()
    forms = [lower.replace("iyo", "io").replace("iya", "ia").replace("uwe", "ue"), lower.replace("kwa", "kua"),
             lower.replace("iyono", "iyana").replace("iyo", "iya"), lower.replace("iyono", "iana")]  # fmt: skip
    changed = [form for form in forms if form != lower]
    return like(pick(changed, strength, rng), name) if changed else name


def consonants(name: str, strength: int, rng: np.random.Generator) -> str:
    """Write dh for d, th for t, k for g at the end, f for p, v for w, z for j: as it is heard."""
    lower = name.lower()
    swaps = [("d", "dh"), ("t", "th"), ("ng", "n"), ("w", "u"), ("p", "f"), ("j", "z"), ("g", "k")]
    usable = [(old, new) for old, new in swaps[: 2 * strength + 1] if re.search(old + "[aiueo]", lower)]
    if not usable:
        return name
    old, new = usable[int(rng.integers(len(usable)))]
    return like(re.sub(old + "(?=[aiueo])", new, lower, count=1), name)


def letters(name: str, strength: int, rng: np.random.Generator) -> str:
    """Make one typing error, sometimes (2) or always (3) two: drop, double, swap, replace, hit a neighbour.

    A number at the end stays: a slip there says another desa.
    """
    errors = 1 if strength == 1 else 2 if strength == 3 else int(rng.integers(1, 3))  # noqa: PLR2004
    stem, _, last = name.rpartition(" ")
    if stem and (last.upper() in _ROMAN or last.isdigit()):
        return f"{letters(stem, strength, rng)} {last}"
    text = name.lower()
    for _ in range(errors if len(name) > _LONG else 1):
        at = int(rng.integers(0 if strength == 3 and rng.random() < 0.1 else 1, len(text)))  # noqa: PLR2004
        key = text[at]
        other = "abcdefghijklmnopqrstuvwxyz"[int(rng.integers(26))]
        beside = NEIGHBOURS.get(key, "n")
        slips = (
            text[:at] + text[at + 1 :],
            text[:at] + key + text[at:],
            text[: at - 1] + key + text[at - 1] + text[at + 1 :] if at else text,
            text[:at] + other + text[at + 1 :],
            text[:at] + beside[int(rng.integers(len(beside)))] + text[at + 1 :],
        )
        text = slips[int(rng.integers(len(slips)))]
    return like(text, name)


def truncated(name: str, strength: int, rng: np.random.Generator) -> str:
    """Cut the end off, as a narrow field of an older application does."""
    return name[: len(name) - int(rng.integers(1, strength + 2))].strip() if len(name) > _LONG + 2 else name


def abbreviated(name: str, strength: int, rng: np.random.Generator) -> str:
    """Shorten a known beginning or end, or (heavy) leave the vowels out."""
    lower = name.lower()
    for end, forms in _ENDS.items():
        if lower.endswith(end) and len(lower) > len(end) + 2 and rng.random() < 0.6:  # noqa: PLR2004
            return like(lower[: -len(end)].strip(), name) + " " + pick(forms, strength, rng)
    for begin, forms in _SHORT.items():
        if lower.startswith(begin) and len(lower) > len(begin) + 2:
            return pick(forms, strength, rng) + lower[len(begin) :].strip()
    if strength == 1:
        return name
    bare = lower[0] + re.sub("[aiueo ]", "", lower[1:])
    return like(bare, name) if len(bare) >= _LONG - 1 else name


def spaced(name: str, strength: int, rng: np.random.Generator) -> str:
    """Part a long word, double a space, or (heavy) set the letters apart."""
    joint = [
        at.end() for at in re.finditer(r"[aiueo](?:ng|[nrlhk])?(?=[b-df-hj-np-tv-z][aiueo])", name.lower())
    ]
    joint = [at for at in joint if 3 <= at <= len(name) - 3 and name[at - 1] != " "]  # noqa: PLR2004
    forms = []
    if joint:
        at = joint[int(rng.integers(len(joint)))]
        forms = [f"{name[:at].strip()} {name[at:].strip().title()}", f"{name[:at]} {name[at:]}"]
    return pick([*forms, f" {name} ", name.replace(" ", "  ") + "  ", " ".join(name)], strength, rng)


def glued(name: str, _strength: int, _rng: np.random.Generator) -> str:
    """Write two words as one."""
    return name.replace(" ", "").replace("-", "").capitalize()


def hyphen(name: str, strength: int, rng: np.random.Generator) -> str:
    """Join words with a hyphen or an underscore, or write a doubled word with a 2."""
    double = re.fullmatch(r"(\w+)[- ]\1", name, re.IGNORECASE)
    if double:
        return pick(
            [f"{double[1]} {double[1]}", f"{double[1]}2", f"{double[1]}-{double[1].lower()}"], strength, rng
        )
    parted = spaced(name, 1, rng).strip()
    return re.sub(r"\s+", pick(["-", " - ", "_"], strength, rng), parted)


def numbers(name: str, _strength: int, _rng: np.random.Generator) -> str:
    """Turn a Roman number at the end into an Arabic one, and the other way."""
    stem, _, last = name.rpartition(" ")
    if stem and last.upper() in _ROMAN:
        return f"{stem} {_ROMAN.index(last.upper()) + 1}"
    return (
        f"{stem} {_ROMAN[int(last) - 1]}"
        if stem and last.isdigit() and 0 < int(last) <= len(_ROMAN)
        else name
    )


def case(name: str, strength: int, rng: np.random.Generator) -> str:
    """Change the capitals."""
    swapped = "".join(letter.upper() if at % 2 else letter.lower() for at, letter in enumerate(name))
    return pick([name.upper(), name.lower(), name.swapcase(), swapped], strength, rng)


def prefix(name: str, strength: int, rng: np.random.Generator, *, level: str = "desa") -> str:
    """Put the word for the kind of place before its name."""
    forms = {
        "desa": (
            "Desa {}",
            "Ds. {}",
            "DESA {}",
            "Ds {}",
            "ds.{}",
            "DS. {}",
            "Desa : {}",
            "Pemdes {}",
            "Ds.{} ",
        ),
        "kelurahan": ("Kelurahan {}", "Kel. {}", "KEL. {}", "Kel {}", "kel.{}", "Kelurahan: {}", "Klh. {}"),
        "kecamatan": ("Kecamatan {}", "Kec. {}", "KEC. {}", "Kec {}", "kec.{}", "Kecamatan : {}", "Kcmtn {}"),
    }
    return pick(forms[level], strength, rng).format(name)


CORE: Mapping[str, Change] = {
    "glued": glued, "spacing": spaced, "hyphen": hyphen, "dutch": dutch, "javanese": javanese, "glides": glides,
    "consonants": consonants, "letters": letters, "truncated": truncated, "abbreviated": abbreviated,
    "numbers": numbers,
}  # fmt: skip
"""What happens to the letters of a name, by kind; ``prefix`` and ``case`` only dress it."""
