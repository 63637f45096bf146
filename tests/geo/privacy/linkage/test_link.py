"""The whole test on whole products: publik, publik with grid and masked households, opd."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.assessment import Assessment
from geo.crs import measuring_crs
from geo.levels import Level
from geo.privacy import for_audience
from geo.privacy.grid import grid_cells
from geo.privacy.linkage import LinkageReport, link
from geo.privacy.masking import mask_households
from geo.privacy.pseudonyms import pseudonyms
from tests.geo.privacy.registers import KEY
from tests.geo.small import small_assessment

SUMS = "angka rahasia dari jumlah dan selisih semua tabel"


def whole(seed: int, households: int = 500) -> Assessment:
    """Return a small district with uneven needs, so that some figures are of few."""
    made = small_assessment(seed=seed, kecamatan=3, desa=3, households=households)
    random = np.random.default_rng(seed)
    people = made.households.copy()
    share = people["kode_desa"].map(
        {kode: random.choice([0.02, 0.1, 0.5]) for kode in made.desa["kode_desa"]}
    )
    answers = pd.Series(random.random(len(people)) < share.fillna(0.3), index=people.index, dtype="boolean")
    people["need_rtlh"] = answers.mask(random.random(len(people)) < random.choice([0.0, 0.05]))
    tables = {
        name: _counted(getattr(made, name), people, key)
        for name, key in (("desa", "kode_desa"), ("kecamatan", "kode_kecamatan"))
    }
    coastal = people[people["zone_coastal"] == "pesisir"]
    zones = _counted(made.zones.assign(all=0), coastal.assign(all=0), "all").drop(columns="all")
    return replace(made, households=people, zones=zones, **tables)


def _counted(areas: gpd.GeoDataFrame, people: pd.DataFrame, key: str) -> gpd.GeoDataFrame:
    answers = people.groupby(key)["need_rtlh"]
    known = areas[key].map(answers.count()).fillna(0).astype("int64")
    need = areas[key].map(answers.sum()).fillna(0).astype("int64")
    unknown = areas["households"] - known
    return areas.assign(rtlh_known=known, rtlh_need=need, rtlh_unknown=unknown)


def terbatas(made: Assessment, key: bytes = KEY) -> tuple[dict[str, gpd.GeoDataFrame], pd.Series]:
    public = for_audience(made, Level.PUBLIK)
    crs = measuring_crs(tuple(made.desa.total_bounds))
    needs = [about["id"] for about in made.facts["indicators"]]
    masked = mask_households(made.counted, public.desa, needs, 5, crs, key, public.zones)
    cells = grid_cells(masked.table, public.desa, needs, 100.0, crs)
    areas = {"desa": public.desa, "kecamatan": public.kecamatan, "zona": public.zones}
    return {**areas, "kisi": cells, "rumah_tangga": masked.table}, masked.truth


def report_on(
    made: Assessment, released: dict[str, gpd.GeoDataFrame], truth: pd.Series | None, level: Level
) -> LinkageReport:
    public = for_audience(made, Level.PUBLIK)
    return link(
        released,
        made.counted,
        level=level,
        indicators=made.facts["indicators"],
        others=5,
        crs=measuring_crs(tuple(made.desa.total_bounds)),
        facts=public.facts,
        truth=truth,
    )


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([150, 500, 1_500]))
def test_nothing_withheld_is_recovered_from_all_that_is_published(seed: int, households: int):
    made = whole(seed, households)
    released, truth = terbatas(made)
    report = report_on(made, released, truth, Level.TERBATAS)
    assert report.passed, report.lines()


def test_there_is_something_to_recover():
    made = whole(1)
    released, truth = terbatas(made)
    assert next(
        each for each in report_on(made, released, truth, Level.TERBATAS).attacks if each.name == SUMS
    ).tried


def failed(report: LinkageReport) -> set[str]:
    return {attack.name for attack in report.attacks if not attack.passed}


def test_figures_as_they_are_fail():
    made = whole(1)
    released = {"desa": made.desa, "kecamatan": made.kecamatan}
    assert "angka kecil dalam desa" in failed(report_on(made, released, None, Level.PUBLIK))


def test_a_small_figure_alone_is_recovered_by_its_kecamatan():
    """Suppressed for itself alone: what the kecamatan leaves over is the figure."""
    made = whole(1)
    desa = made.desa.copy()
    counts = [desa["rtlh_need"], desa["rtlh_known"] - desa["rtlh_need"], desa["rtlh_unknown"]]
    few = np.logical_or.reduce([count.between(1, 4) for count in counts])
    first = few & ~desa.loc[few, "kode_kecamatan"].duplicated().reindex(desa.index, fill_value=True)
    assert first.any()
    for part in ("known", "need", "unknown"):
        desa[f"rtlh_{part}"] = desa[f"rtlh_{part}"].astype("Int64").mask(first)
    report = report_on(made, {"desa": desa, "kecamatan": made.kecamatan}, None, Level.PUBLIK)
    assert SUMS in failed(report)
    assert "Terungkap: rtlh" in " ".join(report.lines())


def test_households_that_tell_what_their_desa_does_not_fail():
    """Masked as if nothing were withheld, beside the edition for everybody: the two together tell it."""
    fails = set()
    for seed in range(6):
        made = whole(seed)
        released, _ = terbatas(made)
        bare = made.desa.assign(households_suppressed=False, rtlh_suppressed=False, jamban_suppressed=False)
        crs = measuring_crs(tuple(made.desa.total_bounds))
        loose = mask_households(made.counted, bare, ["rtlh", "jamban"], 5, crs, KEY, made.zones)
        released = {**released, "rumah_tangga": loose.table}
        del released["kisi"]
        fails |= failed(report_on(made, released, loose.truth, Level.TERBATAS))
    assert SUMS in fails


def test_a_personal_or_sensitive_column_fails():
    made = whole(1)
    released, truth = terbatas(made)
    released["rumah_tangga"] = released["rumah_tangga"].assign(sheet_row=1, nik="x")
    report = report_on(made, released, truth, Level.TERBATAS)
    assert "kolom pribadi atau peka" in failed(report)
    assert "TIDAK LULUS" in report.lines()[-2]


def test_points_as_they_are_are_called_so():
    made = whole(1)
    rows = made.counted[["geometry"]].assign(pseudonim="p1")[["pseudonim", "geometry"]]
    report = report_on(made, {"rumah_tangga": rows}, None, Level.OPD)
    assert report.passed
    assert any("titik sebenarnya" in line for line in report.lines())


@pytest.mark.parametrize(("to", "fails"), [("perkim", False), ("dinkes", True)])
def test_two_recipients_are_held_against_each_other(to: str, fails: bool):
    made = whole(1)
    keys = pd.DataFrame(
        {f"key_{kind}": made.counted["sheet_row"].astype("str") for kind in ("id", "kk", "nik", "name")}
    )
    first, second = (
        made.counted[["geometry"]].assign(pseudonim=pseudonyms(keys, "rahasia", name, "r"))
        for name in ("dinkes", to)
    )
    report = link(
        {"rumah_tangga": first[["pseudonim", "geometry"]]},
        made.counted,
        level=Level.OPD,
        indicators=made.facts["indicators"],
        others=5,
        crs=measuring_crs(tuple(made.desa.total_bounds)),
        facts={},
        elsewhere=second,
    )
    assert report.passed is not fails
