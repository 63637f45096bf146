"""How many written names of desa a second find their desa; ``python3 scripts/bootstrap.py bench names``."""

import argparse
import difflib
import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from geo.boundaries import default_folder
from geo.gazetteer import Gazetteer
from geo.settings import GeocodingSettings

MANY = 84_000
GOAL_MIX, GOAL_DISTRICT, GOAL_COUNTRY = 1_000_000, 500_000, 4_000
PEER_CUTOFF = 80
_PEER_PAIRS = {"difflib": 100_000, "rapidfuzz": 6_000_000}
"""Names that a peer compares in its sample: some seconds."""

_OLD_SPELLING, _AS_LISTED = 0.2, 0.75
_KNOWN_START, _MIDDLE, _SECOND_WORD = 0.6, 0.95, 0.37
_STARTS = (
    "Wono", "Karang", "Sido", "Kali", "Suka", "Batu", "Muara", "Lubuk", "Ke", "Pa", "Si", "Ba", "Ran", "Ta", "Me",
    "Gu", "Bu", "La", "So", "Ku", "Ma", "Te", "Pe", "Na",
)  # fmt: skip
_ENDS = (
    "rejo", "sari", "mulyo", "jaya", "bang", "tan", "lar", "dadi", "pura", "lan", "mas", "lin", "ng", "k", "wa", "ri",
    "to", "h", "nu", "si",
)  # fmt: skip
_SECOND = (
    "Jaya", "Baru", "Makmur", "Indah", "Raya", "Timur", "Barat", "Kulon", "Wetan", "Lor", "Kidul", "Tengah", "Hulu",
    "Hilir", "Dalam", "II", "Mulya", "Agung",
)  # fmt: skip
_CONSONANTS, _VOWELS = "bdgjklmnprstwc", "aaaiuueo"
_COLUMNS = ("kode_tertulis", "desa_tertulis", "kecamatan_tertulis")


def made_up_names(count: int, chance: random.Random) -> pd.DataFrame:
    """Return desa of an invented country in kecamatan of twelve, as a :class:`Gazetteer` needs them.

    As long as those of Kemendagri's list (half of them 7 to 12 letters, 9.5 on average) and as often the same (three
    distinct names in four desa): both decide what a search costs.
    """
    place = np.arange(count)
    kecamatan = place // 12
    names = [_made_up(chance) for _ in place]
    return pd.DataFrame(
        {
            "kode_desa": [f"{k // 900 + 11:02d}.{k // 30 % 30 + 1:02d}.{k % 30 + 1:02d}.{2001 + p % 12}"
                          for p, k in zip(place, kecamatan, strict=True)],
            "nama_desa": names,
            "alias": "",
            "kode_kecamatan": [f"{k // 900 + 11:02d}.{k // 30 % 30 + 1:02d}.{k % 30 + 1:02d}" for k in kecamatan],
            "nama_kecamatan": [f"{names[k * 12]} {k}" for k in kecamatan],
            "alias_kecamatan": "",
            "kode_bps": "",
        }
    )  # fmt: skip


def _made_up(chance: random.Random) -> str:
    def syllable() -> str:
        return chance.choice(_CONSONANTS) + chance.choice(_VOWELS)

    known = chance.random() < _KNOWN_START
    name = chance.choice(_STARTS) if known else syllable().capitalize()
    name += syllable() if chance.random() < _MIDDLE else ""
    name += chance.choice(_ENDS)
    return f"{name} {chance.choice(_SECOND)}" if chance.random() < _SECOND_WORD else name


def dirty(name: str, chance: random.Random) -> str:
    """Write a name as people do: capitals, a word in front, old spelling, and a slip or two.

    Examples
    --------
    >>> dirty("Wonokerto", random.Random(4)) != dirty("Wonokerto", random.Random(5))
    True
    """
    text = name.replace("u", "oe") if chance.random() < _OLD_SPELLING else name
    for _ in range(chance.choice((1, 1, 2))):
        place = chance.randrange(len(text))
        letter = chance.choice("abcdefghijklmnoprstuwy")
        text = chance.choice(
            (
                text[:place] + text[place + 1 :],
                text[:place] + letter + text[place + 1 :],
                text[:place] + letter + text[place:],
                text[:place] + text[place : place + 2][::-1] + text[place + 2 :],
            )
        ) or name  # fmt: skip
    text = chance.choice((str, str.upper, str.lower))(text)
    return chance.choice(("", "", "", "Ds. ", "Desa ", "Kel. ", "DS.")) + text


def spellings(desa: pd.DataFrame, count: int, chance: random.Random, *, kecamatan: bool) -> pd.DataFrame:
    """Return distinct dirty spellings of names, beside their kecamatan or alone."""
    names, around = desa["nama_desa"].tolist(), desa["nama_kecamatan"].tolist()
    seen: dict[tuple[str, str], None] = {}
    while len(seen) < count:
        place = chance.randrange(len(names))
        seen[dirty(names[place], chance), around[place] if kecamatan else ""] = None
    return pd.DataFrame(
        [("", *pair) for pair in seen], columns=list(_COLUMNS), dtype="str"
    )  # fmt: skip


def real_mix(desa: pd.DataFrame, rows: int, chance: random.Random) -> pd.DataFrame:
    """Return the rows of an office's sheet: three in four as the list has them, the rest in a few spellings."""
    few = spellings(desa, 5 * len(desa), chance, kecamatan=True)
    clean = pd.DataFrame(
        {
            "kode_tertulis": "",
            "desa_tertulis": desa["nama_desa"],
            "kecamatan_tertulis": desa["nama_kecamatan"],
        }
    )
    place = np.array([chance.random() for _ in range(rows)])
    known = clean.iloc[(place * 4 % 1 * len(clean)).astype(int)].reset_index(drop=True)
    other = few.iloc[(place * 7 % 1 * len(few)).astype(int)].reset_index(drop=True)
    return known.where(pd.Series(place < _AS_LISTED), other)


@dataclass(frozen=True)
class Task:
    """What is measured: spellings of the names of some desa, and the rows a second that are to be reached."""

    title: str
    desa: pd.DataFrame
    stated: pd.DataFrame
    goal: int


def by_difflib(names: Sequence[str]) -> Callable[[str], object]:
    """Return the search of the standard library: the closest of some names."""
    return lambda written: difflib.get_close_matches(written, names, n=1, cutoff=PEER_CUTOFF / 100)


def by_rapidfuzz(names: Sequence[str]) -> Callable[[str], object]:
    """Return the usual search: the best of some names, row by row."""
    return lambda written: process.extractOne(written, names, scorer=fuzz.ratio, score_cutoff=PEER_CUTOFF)


PEERS = {"rapidfuzz": by_rapidfuzz, "difflib": by_difflib}


def peer_rate(name: str, task: Task) -> float:
    """Return how many written names a second a peer looks for, row by row among the distinct names of all desa.

    Measured on a sample from all over the sheet, for it needs hours for the whole of it.
    """
    known = list(dict.fromkeys(task.desa["nama_desa"].str.lower()))
    size = min(len(task.stated), max(1, _PEER_PAIRS[name] // len(known)))
    written = (
        task.stated["desa_tertulis"].iloc[:: max(1, len(task.stated) // size)].str.lower().tolist()[:size]
    )
    search = PEERS[name](known)
    begin = perf_counter()
    for text in written:
        search(text)
    return len(written) / (perf_counter() - begin)


def measure(task: Task, runs: int) -> str:
    """Return one line: rows a second, the best of some runs, how many times a peer's, and the share that was found."""
    gazetteer = Gazetteer(task.desa, GeocodingSettings())
    gazetteer.match(task.stated.head(100))  # the tables of a district are made once
    rates, loads = [], []
    for _ in range(runs):
        begin, busy = perf_counter(), process_time()
        found = gazetteer.match(task.stated)
        wall = perf_counter() - begin
        rates.append(len(task.stated) / wall)
        loads.append((process_time() - busy) / wall)
    best = max(rates)
    share = 100 * found["kode_desa"].notna().mean()
    times = ", ".join(f"{best / peer_rate(name, task):,.0f} x {name}" for name in PEERS)
    reached = "met" if best >= task.goal else "missed"
    return (
        f"{task.title:<52} {best:>10,.0f} a second (goal {task.goal:,}: {reached}) on "
        f"{loads[rates.index(best)]:.1f} processors; {times}; {share:.1f} % found"
    )


def main(argv: Sequence[str]) -> None:
    """Read the arguments, measure, tell."""
    parser = argparse.ArgumentParser(description="Measure the finding of desa by their written names.")
    parser.add_argument("--rows", type=int, default=1_000_000, help="of a real mix (%(default)s)")
    parser.add_argument("--distinct", type=int, default=500_000, help="dirty spellings (%(default)s)")
    parser.add_argument(
        "--many", type=int, default=20_000, help=f"dirty spellings against {MANY} (%(default)s)"
    )
    parser.add_argument("--desa", type=int, default=MANY, help="of the invented country (%(default)s)")
    parser.add_argument("--runs", type=int, default=3, help="the best of them counts (%(default)s)")
    parser.add_argument(
        "--country",
        type=Path,
        help="CSV kode_desa, nama_desa, kode_kecamatan, nama_kecamatan, ... in place of invented names",
    )
    wish = parser.parse_args(argv)
    chance = random.Random(1)  # noqa: S311  -- the same names each time
    district = pd.read_csv(default_folder() / "wilayah.csv", dtype="str", keep_default_na=False)
    country = (
        pd.read_csv(wish.country, dtype="str", keep_default_na=False)
        if wish.country
        else made_up_names(wish.desa, chance)
    )
    few, many = f"{len(district)} desa", f"{len(country)} desa"
    plan = [
        Task(f"{wish.rows} rows, real mix, {few}", district, real_mix(district, wish.rows, chance), GOAL_MIX)
    ]
    for desa, among, count, goal in (
        (district, few, wish.distinct, GOAL_DISTRICT), (country, many, wish.many, GOAL_COUNTRY),
    ):  # fmt: skip
        for kecamatan, words in ((True, "with"), (False, "without")):
            stated = spellings(desa, count, chance, kecamatan=kecamatan)
            plan.append(Task(f"{count} distinct, {words} kecamatan, {among}", desa, stated, goal))
    for task in plan:
        print(measure(task, wish.runs), flush=True)
    if hasattr(os, "getloadavg"):
        print(f"{os.cpu_count()} processors, load of the last minute {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
