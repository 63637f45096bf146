"""What goes wrong in the other cells of a sheet: names of places, identity numbers, answers, whole rows."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from geo.sample.hamlets import District
from geo.sample.housing import ANSWERS
from geo.sample.positions import deal

DESA_SHARES: Mapping[str, float] = {
    "prefix": 0.025, "typo": 0.02, "upper": 0.015, "spaces": 0.01, "alias": 0.01,
    "blank": 0.003, "blank_both": 0.001,
}  # fmt: skip
KECAMATAN_SHARES: Mapping[str, float] = {"prefix": 0.025, "upper": 0.01, "alias": 0.01, "spaces": 0.005}
NIK_SHARES: Mapping[str, float] = {"last_zero": 0.004, "exponent": 0.003, "apostrophe": 0.003, "blank": 0.005}
RT_RW_SHARES: Mapping[str, float] = {"date": 0.005}
ANSWER_SHARES: Mapping[str, float] = {
    "code_88": 0.0004, "code_0": 0.0003, "code_dash": 0.003,
    "desil_word": 0.005, "desil_14": 0.0003, "desil_blank": 0.01,
    "luas_unit": 0.01, "luas_comma": 0.03, "luas_word": 0.0002, "luas_0": 0.0003, "luas_4500": 0.0003,
    "members_word": 0.0002, "members_0": 0.0002, "members_45": 0.0002,
    "jamban_blank": 0.02, "house_blank": 0.015,
}  # fmt: skip
"""Share of all households with each kind of mess; in a sample of a hundred every kind occurs once."""

REJECTED = frozenset(
    {
        "code_88",
        "code_0",
        "desil_14",
        "luas_word",
        "luas_0",
        "luas_4500",
        "members_word",
        "members_0",
        "members_45",
    }
)
HOSTILE_NAMES = (
    "<img src=x onerror=alert(1)>",
    '=HYPERLINK("http://contoh.invalid","x")',
    "\u202eUTNES\u202c KARTIBOSEM",
    "</script><script>alert(1)</script>",
    "${7*7} {{7*7}} %s",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "WENDUNGI " * 34,
    "O\"NEIL; '--",
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
_LONG_ENOUGH = 5


def mess_places(desa: np.ndarray, district: District, rng: np.random.Generator) -> pd.DataFrame:
    """Write the desa and kecamatan of every household as a clerk would.

    Returns
    -------
    pandas.DataFrame
        ``desa``, ``kecamatan`` (text) and the kinds of mess, ``mess_desa`` and ``mess_kecamatan``.
    """
    table = district.desa
    kelurahan = (table["jenis"] == "kelurahan").to_numpy()
    written: dict[str, np.ndarray] = {}
    mess: dict[str, np.ndarray] = {}
    for level, shares in (("desa", DESA_SHARES), ("kecamatan", KECAMATAN_SHARES)):
        names = table[f"nama_{level}"].to_numpy(dtype=object)
        aliases = table.get(
            "alias" if level == "desa" else "alias_kecamatan", pd.Series("", index=table.index)
        )
        kind = deal(desa.size, shares, rng, least=int(desa.size >= 100))  # noqa: PLR2004  -- too few for every kind
        text = names[desa]
        for name, spelled in _spellings(names, aliases, kelurahan, level, rng).items():
            rows = np.flatnonzero(kind == name)
            text[rows] = spelled[desa[rows], rng.integers(0, spelled.shape[1], rows.size)]
            kind[rows[text[rows] == names[desa[rows]]]] = ""
        written[level], mess[level] = text, kind
    written["desa"][np.isin(mess["desa"], ["blank", "blank_both"])] = ""
    neither = mess["desa"] == "blank_both"
    written["kecamatan"][neither], mess["kecamatan"][neither] = "", "blank_both"
    return pd.DataFrame({**written, "mess_desa": mess["desa"], "mess_kecamatan": mess["kecamatan"]})


def _spellings(
    names: np.ndarray, aliases: pd.Series, kelurahan: np.ndarray, level: str, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """List the ways each name is written wrongly, one row a name, by kind of mess."""
    known = {_letters(name) for name in names}
    prefixes = [("Kel. ", "Kelurahan ") if town else ("Ds. ", "Desa ") for town in kelurahan]
    if level == "kecamatan":
        prefixes = [("Kec. ", "Kecamatan ")] * len(names)
    other = [
        alias.split(";")[0].strip() or name for alias, name in zip(aliases.fillna(""), names, strict=True)
    ]
    return {
        "prefix": _table([[p + n for p in pair] for pair, n in zip(prefixes, names, strict=True)]),
        "typo": _table([[_typo(n, known, rng) for _ in range(4)] for n in names]),
        "upper": _table([[n.upper()] for n in names]),
        "spaces": _table([[f" {n}", f"{n}  ", n.replace(" ", "  ") + " "] for n in names]),
        "alias": _table([[o] for o in other]),
    }


def _table(rows: list[list[str]]) -> np.ndarray:
    return np.array(rows, dtype=object)


def _letters(name: str) -> str:
    return "".join(filter(str.isalpha, name.casefold()))


def _typo(name: str, known: set[str], rng: np.random.Generator) -> str:
    """Drop, double, swap or mishear one letter; short names, and slips that make another name, stay whole."""
    at = int(rng.integers(1, max(2, len(name) - 2)))
    slips = (
        name[:at] + name[at + 1 :],
        name[:at] + name[at] + name[at:],
        name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :],
        name[:at] + name[at:].translate(str.maketrans("aiueo", "eouia")),
    )
    slip = slips[int(rng.integers(0, len(slips)))]
    return name if len(name) < _LONG_ENOUGH or _letters(slip) in known else slip


def mess_persons(sheet: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Damage NIK and RT/RW as Excel does, and plant hostile names.

    Returns
    -------
    sheet, mess
        The columns ``NIK``, ``RT/RW`` and ``Nama Kepala Keluarga`` with mess, and its kinds in ``nik``,
        ``rt_rw`` and ``nama``.
    """
    nik, rt_rw, nama = (sheet[column].to_numpy(dtype=object, copy=True) for column in ("NIK", "RT/RW", _NAMA))
    kind = deal(nik.size, NIK_SHARES, rng)
    damage: Mapping[str, Callable[[str], str]] = {
        "last_zero": lambda text: text[:15] + "0",
        "exponent": lambda text: f"{float(text):.5E}".replace(".", ","),
        "apostrophe": lambda text: f"'{text}",
        "blank": lambda _: "",
    }
    for name, damaged in damage.items():
        rows = np.flatnonzero(kind == name)
        nik[rows] = [damaged(text) for text in nik[rows]]
    dated = deal(nik.size, RT_RW_SHARES, rng)
    rows = np.flatnonzero(dated == "date")
    rt_rw[rows] = [f"{text[1:3]}-{_MONTHS[int(text[4:]) - 1]}" for text in rt_rw[rows]]
    hostile = deal(nik.size, {}, rng)
    rows = rng.permutation(nik.size)[: min(len(HOSTILE_NAMES), nik.size // 50)]
    nama[rows], hostile[rows] = HOSTILE_NAMES[: rows.size], "hostile"
    damaged_sheet = sheet.assign(**{"NIK": nik, "RT/RW": rt_rw, _NAMA: nama})
    return damaged_sheet, pd.DataFrame({"nik": kind, "rt_rw": dated, "nama": hostile})


_NAMA = "Nama Kepala Keluarga"


def mess_answers(answers: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    """Plant answers that are empty, oddly written, or impossible.

    Parameters
    ----------
    answers
        Text: ``desil``, ``members``, ``luas_lantai`` and the codes of ``ANSWERS``.

    Returns
    -------
    answers, kind
        The same columns, and the kind of mess of each row; those in ``REJECTED`` make the row unusable.
    """
    count = len(answers)
    cells = {str(name): answers[name].to_numpy(dtype=object, copy=True) for name in answers}
    kind = deal(count, ANSWER_SHARES, rng, least=int(count >= 100))  # noqa: PLR2004  -- too few for every kind
    for name, value in (("code_88", "88"), ("code_0", "0"), ("code_dash", "-")):
        _into_one_of(ANSWERS, value, np.flatnonzero(kind == name), cells, rng)
    _into_one_of(("luas_lantai", *ANSWERS[:3]), "", np.flatnonzero(kind == "house_blank"), cells, rng)
    for column in ("fasilitas_bab", "jenis_kloset", "buang_tinja"):
        cells[column][kind == "jamban_blank"] = ""
    cells["desil"][kind == "desil_word"] = "Desil " + cells["desil"][kind == "desil_word"]
    cells["luas_lantai"][kind == "luas_unit"] += " m2"
    cells["luas_lantai"][kind == "luas_comma"] += ",5"
    fixed = {
        "desil": {"desil_14": "14", "desil_blank": ""},
        "luas_lantai": {"luas_word": "abc", "luas_0": "0", "luas_4500": "4500"},
        "members": {"members_word": "banyak", "members_0": "0", "members_45": "45"},
    }
    for column, values in fixed.items():
        for name, value in values.items():
            cells[column][kind == name] = value
    return pd.DataFrame(cells), kind


def _into_one_of(
    columns: tuple[str, ...],
    value: str,
    rows: np.ndarray,
    cells: dict[str, np.ndarray],
    rng: np.random.Generator,
) -> None:
    where = rng.integers(0, len(columns), rows.size)
    for place, column in enumerate(columns):
        cells[column][rows[where == place]] = value


def with_extra_rows(count: int, rng: np.random.Generator) -> np.ndarray:
    """Place a few rows twice and leave a few blank.

    Returns
    -------
    numpy.ndarray
        For each row of the sheet the household (0 up) that stands there; -1 where the row is blank.
    """
    few = count >= 50  # noqa: PLR2004  -- a tiny sample stays plain
    twice = rng.permutation(count)[: max(2, count // 2000) if few else 0]
    blank = rng.integers(1, count, 2 if few else 0)
    household = np.concatenate([np.arange(count), twice, np.full(blank.size, -1)])
    place = np.concatenate([np.arange(count), twice + rng.integers(1, 20, twice.size) + 0.25, blank - 0.5])
    return np.asarray(household[np.argsort(place, kind="stable")])
