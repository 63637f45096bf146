"""Names and codes of the desa of a kabupaten: Kemendagri and BPS paired, typing errors mended, spellings kept."""

import re
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA
from scipy.optimize import linear_sum_assignment

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]

NAME_MATCH = 60.0  # least likeness (0-100) of two spellings of one desa


def letters(name: str) -> str:
    """Return the bare letters of a name: ``"Api-Api" -> "apiapi"``."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def same(names: str, name: str) -> bool:
    """Tell whether a name is one of the spellings ``A/B`` of another, letter by letter."""
    return letters(name) in map(letters, names.split("/"))


def pair(left: Mapping[str, str], right: Mapping[str, str], place: str) -> dict[str, str]:
    """Match two code lists one to one by the likeness of their names, or raise with what does not fit."""
    if len(left) != len(right):
        raise ValueError(f"{place}: {len(left)} official names, {len(right)} in the other list")
    likeness = process.cdist(
        [letters(n) for n in left.values()], [letters(n) for n in right.values()], scorer=fuzz.ratio
    )
    rows, columns = linear_sum_assignment(-likeness)
    codes, others = list(left), list(right)
    poor = likeness[rows, columns] < NAME_MATCH
    if poor.any():
        bad = [f"{left[codes[i]]} - {right[others[j]]}" for i, j in zip(rows, columns, strict=True)]
        raise ValueError(f"{place}: no sure match among {'; '.join(np.array(bad)[poor])}")
    return {codes[i]: others[j] for i, j in zip(rows, columns, strict=True)}


def is_typing_error(official: str, agreed: str, kecamatan: str) -> bool:
    """Tell a typing error of the official list from a variant, given what two other sources agree on.

    One or two letters missing, doubled or transposed are an error; a vowel for a vowel (Sokosari, Sukosari)
    is a variant; so is writing apart what is published as one word, unless it starts with the kecamatan's
    name (Kedungwuni Timur is published so).

    >>> is_typing_error("Karagsari", "Karangsari", "Bojong"), is_typing_error("Sokosari", "Sukosari", "Kajen")
    (True, False)
    """
    a, b = letters(official), letters(agreed)
    if a == b:
        return " " not in official and agreed.lower().startswith(f"{kecamatan.lower()} ")
    same_frame = len(a) == len(b) and re.sub("[aeiou]", "", a) == re.sub("[aeiou]", "", b)
    return OSA.distance(a, b) <= 2 and not same_frame  # noqa: PLR2004 - two slips of the hand


def spellings(chosen: str, others: Iterable[str]) -> str:
    """Join the spellings that differ from the chosen one; ``A/B`` in a source means two."""
    known = {chosen.lower(): ""}
    for name in (part.strip() for other in others for part in other.split("/")):
        known.setdefault(name.lower(), name)
    return ";".join(name for name in known.values() if name)


def add_names(
    table: pd.DataFrame,
    wilayah: Mapping[str, str],
    bps: Mapping[str, Mapping[str, str]],
    postal: Mapping[str, list[str]],
) -> pd.DataFrame:
    """Add the higher regions, the BPS crosswalk, aliases, and the right spelling of mistyped names."""
    kabupaten = str(table["kode_desa"].iloc[0])[:5]
    regencies = {k: n for k, n in bps["regencies"].items() if k[:2] == kabupaten[:2]}
    bps_kabupaten = max(
        regencies, key=lambda k: fuzz.ratio(letters(regencies[k]), letters(wilayah[kabupaten]))
    )
    kecamatan = {k: wilayah[k] for k in table["kode_kecamatan"].unique()}
    districts = {k: n for k, n in bps["districts"].items() if k[:4] == bps_kabupaten}
    district_of = pair(kecamatan, districts, wilayah[kabupaten])
    crosswalk: dict[str, str] = {}
    for kode, rows in table.groupby("kode_kecamatan"):
        villages = {k: n for k, n in bps["villages"].items() if k[:7] == district_of[str(kode)]}
        official = dict(zip(rows["kode_desa"], rows["nama_desa"], strict=True))
        crosswalk |= pair(official, villages, f"kecamatan {wilayah[str(kode)]}")
    out = table.assign(
        nama_kecamatan=table["kode_kecamatan"].map(kecamatan),
        kode_kabupaten=kabupaten,
        nama_kabupaten=wilayah[kabupaten],
        kode_provinsi=kabupaten[:2],
        nama_provinsi=wilayah[kabupaten[:2]],
        kode_bps=table["kode_desa"].map(crosswalk),
    )
    out["nama_bps"] = out["kode_bps"].map(bps["villages"])
    out["nama_kecamatan_bps"] = out["kode_bps"].str[:7].map(districts)
    post = {letters(part): (kec, names) for kec, names in postal.items() for part in kec.split("/")}
    for i, row in out.iterrows():
        nama, lain, kec = row["nama_desa"], row["nama_bps"], row["nama_kecamatan"]
        sheet, names = post.get(letters(kec), post.get(letters(row["nama_kecamatan_bps"]), ("", [])))
        heard = [n for n in names if same(n, nama) or same(n, lain)]
        agreed = any(same(n, lain) for n in heard) and is_typing_error(nama, lain, kec)
        out.loc[i, "nama_desa"] = lain if agreed else nama
        out.loc[i, "alias"] = spellings(lain if agreed else nama, [nama, lain, *heard])
        out.loc[i, "alias_kecamatan"] = spellings(kec, [row["nama_kecamatan_bps"], sheet])
    return out
