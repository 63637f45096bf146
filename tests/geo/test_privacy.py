"""What each audience may see, and that no published sum gives a hidden figure away."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest

from geo.assessment import Assessment
from geo.privacy import PERSONAL, SMALLEST, Level, for_audience
from tests.geo.small import small_assessment

COUNTS = ("known", "need", "unknown")


def with_sensitive() -> Assessment:
    small = small_assessment()
    needs = small.households["need_jamban"]
    facts = {**small.facts, "indicators": [dict(about) for about in small.facts["indicators"]]}
    facts["indicators"][1]["sensitive"] = True
    return replace(small, households=small.households.assign(need_jamban=needs), facts=facts)


def test_petugas_receives_everything():
    small = small_assessment()
    shown = for_audience(small, Level.PETUGAS)
    assert shown.households is small.households
    assert shown.facts["audience"] == "petugas"


@pytest.mark.parametrize("level", [Level.OPD, Level.PUBLIK])
def test_no_person_below_petugas(level: Level):
    shown = for_audience(small_assessment(), level)
    assert not set(PERSONAL) & set(shown.households.columns)
    for table in (shown.households, shown.rejects, shown.priorities):
        assert "RAHASIA" not in table.to_csv()
    assert isinstance(shown.households, gpd.GeoDataFrame)


def test_opd_keeps_points_needs_and_reasons():
    small = small_assessment()
    shown = for_audience(small, Level.OPD).households
    assert len(shown) == len(small.households)
    assert {"need_rtlh", "why_rtlh", "kode_desa", "zone_coastal", "desil", "cluster_rtlh"} <= set(
        shown.columns
    )
    assert shown.geometry.notna().sum() == small.households.geometry.notna().sum()


@pytest.mark.parametrize("level", [Level.OPD, Level.PUBLIK])
def test_rejected_rows_and_rows_that_do_not_count_stay_inside(level: Level):
    full = small_assessment()
    counts = np.arange(len(full.households)) % 3 > 0
    shared = for_audience(replace(full, households=full.households.assign(counts=counts)), level)
    wanted = full.households.loc[counts, "sheet_row"].tolist() if level is Level.OPD else []
    assert shared.households["sheet_row"].tolist() == shared.counted["sheet_row"].tolist() == wanted
    assert shared.rejected_cells.empty
    assert shared.rejected_cells.columns.empty


def test_a_column_that_nobody_thought_of_stays_inside():
    small = small_assessment()
    wider = replace(small, households=small.households.assign(disabilitas="RAHASIA"))
    assert "disabilitas" not in for_audience(wider, Level.OPD).households


def test_opd_never_learns_a_sensitive_need_of_a_household():
    small = with_sensitive()
    shown = for_audience(small, Level.OPD)
    assert not [name for name in shown.households if name.endswith("_jamban")]
    assert "part_jamban" not in shown.priorities
    assert shown.priorities["why"].isna().all()
    assert (shown.priorities["score"] == 2.0).all()
    assert shown.desa["jamban_suppressed"].any()
    assert "rtlh_suppressed" not in shown.desa


def test_a_household_listed_for_a_sensitive_need_alone_is_not_listed():
    small = with_sensitive()
    needs = small.households["need_rtlh"].copy()
    needs[small.households["sheet_row"] == small.priorities["sheet_row"].iloc[0]] = False
    shown = for_audience(replace(small, households=small.households.assign(need_rtlh=needs)), Level.OPD)
    assert len(shown.priorities) == len(small.priorities) - 1
    assert shown.priorities["rank"].tolist() == list(range(1, len(small.priorities)))


def test_publik_has_no_row_about_a_house():
    shown = for_audience(small_assessment(), Level.PUBLIK)
    assert [len(table) for table in (shown.households, shown.rejects, shown.clusters, shown.priorities)] == [
        0
    ] * 4


@pytest.mark.parametrize("seed", range(6))
def test_no_small_count_is_published(seed: int):
    shown = for_audience(small_assessment(seed=seed, households=600), Level.PUBLIK)
    for table in (shown.desa, shown.kecamatan, shown.zones):
        for name in ("rtlh", "jamban"):
            seen = table[~table[f"{name}_suppressed"]]
            cells = np.column_stack(
                [
                    seen[f"{name}_need"],
                    seen[f"{name}_known"] - seen[f"{name}_need"],
                    seen[f"{name}_unknown"],
                ]
            ).astype(float)
            assert not ((cells > 0) & (cells < SMALLEST)).any()
            hidden = table.loc[
                table[f"{name}_suppressed"], [f"{name}_{part}" for part in (*COUNTS, "rate", "low")]
            ]
            assert hidden.isna().all(axis=None)


def solvable(before: Assessment, after: Assessment, measure: str) -> bool:
    """Tell whether a reader who adds and subtracts what is published finds a hidden desa (by elimination)."""
    hidden = after.desa[f"{measure}_suppressed"].to_numpy()
    unknown = np.flatnonzero(hidden)
    sums = [np.ones(len(hidden))]
    for code, gone in zip(
        after.kecamatan["kode_kecamatan"], after.kecamatan[f"{measure}_suppressed"], strict=True
    ):
        if not gone:
            sums.append((before.desa["kode_kecamatan"] == code).to_numpy(dtype=float))
    for layer, zone, gone in zip(
        after.zones["layer"], after.zones["zone"], after.zones[f"{measure}_suppressed"], strict=True
    ):
        if not gone:
            sums.append((before.desa[f"zone_{layer}"] == zone).to_numpy(dtype=float))
    equations = np.array(sums)[:, unknown]
    rank = np.linalg.matrix_rank(equations)
    return any(np.linalg.matrix_rank(np.vstack([equations, row])) == rank for row in np.eye(len(unknown)))


def test_no_name_of_the_sheet_is_left(assessment: Assessment):
    names = set(assessment.households["nama"].dropna()) | set(assessment.households["nik"].dropna())
    shown = for_audience(assessment, Level.OPD)
    for table in (shown.households, shown.priorities, shown.clusters, shown.rejects):
        assert not names & set(
            table.drop(columns="geometry", errors="ignore").astype("str").to_numpy().ravel()
        )


@pytest.mark.parametrize("seed", range(12))
def test_no_sum_gives_a_hidden_desa_away(seed: int):
    # many households, so that few figures are small and the sums are the only danger
    before = small_assessment(seed=seed, kecamatan=4, desa=5, households=4000)
    after = for_audience(before, Level.PUBLIK)
    for measure in ("households", "rtlh", "jamban"):
        assert not solvable(before, after, measure)


def test_one_hidden_desa_takes_a_neighbour_along():
    small = small_assessment(households=6000)
    desa = small.desa.copy()
    desa["rtlh_unknown"], desa["rtlh_known"], desa["rtlh_need"] = 0, desa["households"], 5
    desa.loc[1, "rtlh_need"] = 3
    kecamatan = small.kecamatan.assign(rtlh_unknown=0, rtlh_need=[18, 20, 20])
    kecamatan["rtlh_known"] = kecamatan["households"]
    shown = for_audience(replace(small, desa=desa, kecamatan=kecamatan), Level.PUBLIK)
    hidden = shown.desa.loc[shown.desa["rtlh_suppressed"]]
    assert len(hidden) == 2
    assert 1 in hidden.index
    assert hidden["kode_kecamatan"].nunique() == 1
    assert not shown.kecamatan["rtlh_suppressed"].any()


def test_a_lone_desa_takes_its_kecamatan_along():
    small = small_assessment(kecamatan=3, desa=1, households=3000)
    need = [3, 900, 900]
    desa, kecamatan = small.desa.copy(), small.kecamatan.copy()
    for table in (desa, kecamatan):
        table["rtlh_unknown"], table["rtlh_need"] = 0, need
        table["rtlh_known"] = 1000
    shown = for_audience(replace(small, desa=desa, kecamatan=kecamatan), Level.PUBLIK)
    assert shown.kecamatan["rtlh_suppressed"].sum() == 2
    assert shown.desa["rtlh_suppressed"].sum() == 2


def test_the_assessment_itself_is_left_alone():
    small = small_assessment()
    before = small.desa.copy()
    for_audience(small, Level.PUBLIK)
    assert small.desa.equals(before)
