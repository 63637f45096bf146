"""The whole sample on one page: from boundaries to an invented register and the truth behind it."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.sample.hamlets import District, make_district, make_hamlets
from geo.sample.houses import make_houses
from geo.sample.housing import answer
from geo.sample.jobs import invent_jobs, share_around
from geo.sample.landcover import BUILT, TREES, LandCover, make_landcover
from geo.sample.mess import REJECTED, mess_answers, mess_persons, mess_places, with_extra_rows
from geo.sample.people import HEALTH_SHARES, KK, NIK, describe, invent_health, invent_names, poverty
from geo.sample.positions import write_positions
from geo.sample.regions import plant_regions, strike

SEED = 3326
FIRST_ROW = 2
"""Number of the first row under the header, as a spreadsheet program shows it."""

ANSWER_HEADINGS = {
    "members": "Jml Anggota Keluarga",
    "desil": "Desil",
    "luas_lantai": "Luas Lantai (m2)",
    "jenis_lantai": "Jenis Lantai",
    "jenis_dinding": "Jenis Dinding",
    "jenis_atap": "Jenis Atap",
    "sumber_air": "Sumber Air Minum",
    "fasilitas_bab": "Fasilitas BAB",
    "jenis_kloset": "Jenis Kloset",
    "buang_tinja": "Pembuangan Akhir Tinja",
}
NO_DUSUN_SHARE = 0.08
LEAST_FAMILIES = 1.5
"""Families of a desa for each household in the register, at the least."""

TOWN_FAMILIES = 1.2
"""Families a household in the densest desa, where several share a house."""

FAMILIES_SOURCE = "Contoh rekaan (bukan data penduduk)"
HEADINGS = (
    "No", "ID Keluarga", "NIK", "No KK", "Nama Kepala Keluarga", "Alamat", "Dusun", "RT/RW", "Desa/Kelurahan",
    "Kecamatan", "Lintang", "Bujur", "Jml Anggota Keluarga", "Desil", "Pekerjaan", "Luas Lantai (m2)",
    "Jenis Lantai", "Jenis Dinding", "Jenis Atap", "Sumber Air Minum", "Fasilitas BAB", "Jenis Kloset",
    "Pembuangan Akhir Tinja", *HEALTH_SHARES,
)  # fmt: skip
"""The columns of the sheet, headed as offices head them."""


@dataclass(frozen=True)
class Sample:
    """An invented district register, and the truth behind it.

    Attributes
    ----------
    sheet
        What a clerk would hand over: all text, empty cells are ``""``.
    truth
        One row a row of the sheet, in its order: ``sheet_row``; ``kode_desa``, ``dusun``, ``true_lon``,
        ``true_lat`` (degrees, WGS 84); ``cluster_id`` of its planted kantong or -1; ``jamban_gap`` (its desa
        has planted low coverage); ``region``, the need that is planted in its desa and those around, or
        empty; the kinds of mess applied, empty where none: ``mess_position``,
        ``mess_desa``, ``mess_kecamatan``, ``mess_nik``, ``mess_rt_rw``, ``mess_nama``, ``mess_answer``;
        ``expected_fate`` (``valid``, ``reject``, or ``empty`` for a blank row); ``copy_of``, the row it
        repeats, or -1.
    truth_clusters
        One row a planted kantong: ``cluster_id``, ``kode_desa``, ``nama_desa``, ``dusun``, ``part``, ``lon``,
        ``lat``, ``radius_m``, ``households``.
    landcover
        Classes of ESA WorldCover, invented.
    families
        All families of each desa, poor or not: ``kode_desa``, ``keluarga``, ``tahun``, ``sumber``; invented.
    """

    sheet: pd.DataFrame
    truth: pd.DataFrame
    truth_clusters: pd.DataFrame
    landcover: LandCover
    families: pd.DataFrame


def make_sample(
    desa: gpd.GeoDataFrame, sea: gpd.GeoDataFrame | None, *, households: int = 20_000, seed: int = SEED
) -> Sample:
    """Invent the households of a district; the same arguments give the same sample.

    Parameters
    ----------
    desa
        One row a desa, WGS 84: ``kode_desa``, ``nama_desa``, ``jenis``, ``nama_kecamatan``, and where known
        ``alias`` and ``alias_kecamatan`` (spellings with ``;`` between them).
    sea
        Polygons of the sea, or None.
    households
        How many; the sheet has some rows more (repeated and blank ones).
    """
    streams = [np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(10)]
    district = make_district(desa, sea, streams[0])
    hamlets = make_hamlets(district, households, streams[1])
    homes = make_houses(district, hamlets, streams[2])
    houses = homes[homes["listed"]].reset_index(drop=True)
    poor = poverty(houses["desa"].to_numpy(), houses["hamlet"].to_numpy(), streams[3])
    people = describe(poor, streams[3])
    landcover = make_landcover(district, sea, hamlets, homes, streams[0])
    trees, built = (share_around(landcover, code, houses) for code in (TREES, BUILT))
    jobs = invent_jobs(poor, _from_sea(district, sea)[houses["desa"]], trees, built, streams[8])
    region = plant_regions(district, streams[9])
    dwelling = answer(
        poor,
        people["members"].to_numpy(),
        streams[4],
        planted=hamlets["cluster_id"].to_numpy()[houses["hamlet"]] > 0,
        gap=district.jamban_gap[houses["desa"]],
        struck=strike(region[houses["desa"]], streams[9]),
        rural=(district.part != "perkotaan")[houses["desa"]],
    )
    positions = write_positions(houses, district, streams[5])
    places = mess_places(houses["desa"].to_numpy(), district, streams[6])
    answers, answer_mess = mess_answers(
        people[["desil", "members"]].join(dwelling).astype("str").fillna(""), streams[6]
    )
    persons, person_mess = mess_persons(_persons(houses, hamlets, jobs, streams[7]), streams[7])
    sheet = persons.assign(
        **{
            "Desa/Kelurahan": places["desa"],
            "Kecamatan": places["kecamatan"],
            "Lintang": positions["lat"],
            "Bujur": positions["lon"],
            **{heading: answers[name] for name, heading in ANSWER_HEADINGS.items()},
            **invent_health(poor, people["members"].to_numpy(), streams[8]),
        }
    )[list(HEADINGS)]
    mess = pd.DataFrame(
        {
            "mess_position": positions["mess"],
            "mess_desa": places["mess_desa"],
            "mess_kecamatan": places["mess_kecamatan"],
            **person_mess.add_prefix("mess_"),
            "mess_answer": answer_mess,
        }
    )
    truth = (
        _truth(houses, hamlets, district, region)
        .join(mess)
        .assign(
            expected_fate=np.where(np.isin(answer_mess, list(REJECTED)), "reject", "valid"),
        )
    )
    return Sample(
        *_in_sheet_order(sheet, truth, with_extra_rows(households, streams[7])),
        _clusters(hamlets, houses, district.desa, district.part),
        landcover,
        _families(district, houses),
    )


def _from_sea(district: District, sea: gpd.GeoDataFrame | None) -> np.ndarray:
    """Return the metres of each desa from the sea; without one no desa is near it."""
    return np.full(len(district.desa), np.inf) if sea is None or sea.empty else district.inland_m


def _families(district: District, houses: pd.DataFrame) -> pd.DataFrame:
    """Count all families of each desa: those in life, and always more than stand in the register."""
    listed = np.bincount(houses["desa"], minlength=len(district.desa))
    living = district.life * np.where(district.part == "perkotaan", TOWN_FAMILIES, 1.0)
    return pd.DataFrame(
        {
            "kode_desa": district.desa["kode_desa"],
            "keluarga": np.maximum(living, listed * LEAST_FAMILIES).round().astype(int),
            "tahun": "rekaan",
            "sumber": FAMILIES_SOURCE,
        }
    )


def _persons(
    houses: pd.DataFrame, hamlets: pd.DataFrame, jobs: pd.Series, rng: np.random.Generator
) -> pd.DataFrame:
    count = len(houses)
    place = np.arange(count)
    number = pd.Series(place + 1).astype("str")
    own = hamlets.take(houses["hamlet"].to_numpy()).reset_index(drop=True)
    dusun, rw = own["dusun"], own["rw"].astype("str").str.zfill(3)
    rt = houses["rt"].astype("str").str.zfill(3)
    return pd.DataFrame(
        {
            "No": number,
            "ID Keluarga": "CONTOH-" + number.str.zfill(7),
            "NIK": NIK.text(place),
            "No KK": KK.text(place),
            "Nama Kepala Keluarga": invent_names(count, rng),
            "Alamat": "DK. " + dusun.str.upper() + " RT " + rt + " RW " + rw,
            "Dusun": dusun.mask(rng.random(count) < NO_DUSUN_SHARE, ""),
            "RT/RW": rt + "/" + rw,
            "Pekerjaan": jobs,
        }
    )


def _truth(
    houses: pd.DataFrame, hamlets: pd.DataFrame, district: District, region: np.ndarray
) -> pd.DataFrame:
    own = hamlets.take(houses["hamlet"].to_numpy()).reset_index(drop=True)
    return pd.DataFrame(
        {
            "kode_desa": district.desa["kode_desa"].to_numpy()[houses["desa"]],
            "dusun": own["dusun"],
            "true_lon": houses["lon"],
            "true_lat": houses["lat"],
            "cluster_id": own["cluster_id"],
            "jamban_gap": district.jamban_gap[houses["desa"]],
            "region": region[houses["desa"]],
        }
    )


def _clusters(
    hamlets: pd.DataFrame, houses: pd.DataFrame, desa: gpd.GeoDataFrame, part: np.ndarray
) -> pd.DataFrame:
    planted = hamlets[hamlets["cluster_id"] > 0].sort_values("cluster_id")
    middle = houses.groupby("hamlet")[["lon", "lat"]].mean().reindex(planted.index)
    return pd.DataFrame(
        {
            "cluster_id": planted["cluster_id"],
            "kode_desa": desa["kode_desa"].to_numpy()[planted["desa"]],
            "nama_desa": desa["nama_desa"].to_numpy()[planted["desa"]],
            "dusun": planted["dusun"],
            "part": part[planted["desa"]],
            "lon": middle["lon"],
            "lat": middle["lat"],
            "radius_m": planted["radius_m"],
            "households": planted["households"],
        }
    ).reset_index(drop=True)


def _in_sheet_order(
    sheet: pd.DataFrame, truth: pd.DataFrame, household: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lay the rows out as they stand in the sheet, the blank and the repeated ones among them."""
    blank = household < 0
    sheet = sheet.astype("str").take(household).reset_index(drop=True)
    sheet.loc[blank] = ""
    truth = truth.take(household).reset_index(drop=True)
    sheet_row = np.arange(FIRST_ROW, FIRST_ROW + household.size)
    _, first = np.unique(household, return_index=True)
    original = sheet_row[first[household - household.min()]]
    truth.loc[blank, ["true_lon", "true_lat"]] = np.nan
    texts = [
        "kode_desa",
        "dusun",
        "region",
        *(name for name in map(str, truth.columns) if name.startswith("mess_")),
    ]
    truth.loc[blank, texts] = ""
    truth.loc[blank, "cluster_id"], truth.loc[blank, "jamban_gap"] = -1, False
    truth["copy_of"] = np.where(blank | (original == sheet_row), -1, original)
    truth.loc[blank, "expected_fate"] = "empty"
    truth.insert(0, "sheet_row", sheet_row)
    return sheet, truth
