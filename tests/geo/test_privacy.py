"""What each audience may see, and that no published sum gives a hidden figure away."""

from contextlib import nullcontext
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.assessment import Assessment, assess
from geo.job import run_job
from geo.privacy import PERSONAL, SMALLEST, Level, for_audience, without_sensitive_cells
from geo.runs import MAPPED, PLAIN, open_run
from geo.settings import Settings, TargetingSettings
from tests.geo.small import small_assessment
from tests.server import serving

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
    """Tell whether a reader who adds and subtracts what is published finds a hidden desa (by elimination).

    Households whose desa, or whose kecamatan, is not known are one more desa that nobody publishes; it is no secret
    unless it is small.
    """
    kecamatan, desa = after.kecamatan["kode_kecamatan"].to_numpy(), before.desa
    inside = (kecamatan[:, None] == desa["kode_kecamatan"].to_numpy()).astype(float)
    hidden = after.desa[f"{measure}_suppressed"].to_numpy()
    in_kecamatan = cells_of(before.kecamatan, measure)
    left_over = np.vstack(
        [
            in_kecamatan - inside @ cells_of(desa, measure),
            total_of(before, measure) - in_kecamatan.sum(axis=0),
        ]
    )
    # how many households stand in no desa is told with how they are located
    open_rest = measure == "households"
    small = ((left_over > 0) & (left_over < SMALLEST)).any(axis=1) & (not open_rest)
    unknown = np.concatenate([hidden, left_over.any(axis=1) & (not open_rest)])
    secret = np.concatenate([hidden, small])[unknown]
    open_ones = ~after.kecamatan[f"{measure}_suppressed"].to_numpy()
    members = np.hstack([inside, np.eye(len(kecamatan)), np.zeros((len(kecamatan), 1))])
    sums = [np.ones(len(unknown)), *members[open_ones]]
    for layer, zone, gone in zip(
        after.zones["layer"], after.zones["zone"], after.zones[f"{measure}_suppressed"], strict=True
    ):
        if not gone:
            words = (desa[f"zone_{layer}"] == zone).to_numpy(dtype=float)
            rest = np.full(len(left_over), float(zone == "tidak diketahui"))
            sums.append(np.concatenate([words, rest]))
    equations = np.array(sums)[:, unknown]
    rank = np.linalg.matrix_rank(equations)
    return any(
        np.linalg.matrix_rank(np.vstack([equations, row])) == rank for row in np.eye(len(secret))[secret]
    )


def total_of(assessment: Assessment, measure: str) -> np.ndarray:
    """Return the cells of a measure for the whole district."""
    facts = assessment.facts
    if measure == "households":
        return np.array([facts["rows"]["counted"]])
    if "needs" not in facts:
        return cells_of(assessment.kecamatan, measure).sum(axis=0)
    found = facts["needs"][measure]
    return np.array([found["need"], found["known"] - found["need"], found["unknown"]])


def cells_of(table: gpd.GeoDataFrame, measure: str) -> np.ndarray:
    """Return the cells of a measure, a row of the table each."""
    if measure == "households":
        return table[["households"]].to_numpy(float)
    need, known = table[f"{measure}_need"], table[f"{measure}_known"]
    return np.column_stack([need, known - need, table[f"{measure}_unknown"]]).astype(float)


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
    assert len(set(hidden["kode_kecamatan"])) == 1
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


def with_zone_rows(small: Assessment) -> Assessment:
    """Return the assessment with every row of its layer: the zone, what lies outside, and what is unknown."""
    people = small.households.assign(
        zone_coastal=small.households["zone_coastal"].where(
            small.households["kode_desa"].notna(), "tidak diketahui"
        )
    )
    rows = []
    for zone in ("pesisir", "luar", "tidak diketahui"):
        inside = people[people["zone_coastal"] == zone]
        row = {**small.zones.iloc[0].to_dict(), "zone": zone, "title": zone, "households": len(inside)}
        for name in ("rtlh", "jamban"):
            needs = inside[f"need_{name}"]
            row |= {
                f"{name}_need": int(needs.sum()),
                f"{name}_known": int(needs.count()),
                f"{name}_unknown": int(needs.isna().sum()),
            }
        rows.append(row)
    needs = {
        name: {
            "need": int(people[f"need_{name}"].sum()),
            "known": int(people[f"need_{name}"].count()),
            "unknown": int(people[f"need_{name}"].isna().sum()),
        }
        for name in ("rtlh", "jamban")
    }
    zones = gpd.GeoDataFrame(rows, geometry="geometry", crs=4326)
    return replace(small, households=people, zones=zones, facts={**small.facts, "needs": needs})


@pytest.mark.parametrize("households", [60, 300, 1200, 6000])
@pytest.mark.parametrize("seed", range(4))
def test_no_zone_is_what_the_others_leave_of_the_district(seed: int, households: int):
    before = with_zone_rows(small_assessment(seed=seed, households=households))
    shown = for_audience(before, Level.PUBLIK)
    for measure in ("households", "rtlh", "jamban"):
        rows = cells_of(before.zones, measure)
        filled = before.zones["households"].to_numpy() > 0
        hidden = shown.zones[f"{measure}_suppressed"].to_numpy()
        small = ((rows > 0) & (rows < SMALLEST)).any(axis=1)
        assert hidden[small].all()
        # the rows of a layer add up to the district
        assert (hidden & filled).sum() != 1
        assert not solvable(before, shown, measure)


def test_the_few_whose_desa_is_not_known_are_not_what_the_desa_leave_over():
    small = with_zone_rows(small_assessment(households=6000))
    desa, kecamatan = small.desa.copy(), small.kecamatan.copy()
    desa["rtlh_unknown"], desa["rtlh_known"], desa["rtlh_need"] = 0, 400, 50
    kecamatan["rtlh_unknown"], kecamatan["rtlh_known"], kecamatan["rtlh_need"] = 0, 1602, 202
    totals = {"known": 4806, "need": 606, "unknown": 0}
    facts = {**small.facts, "needs": {**small.facts["needs"], "rtlh": totals}}
    shown = for_audience(replace(small, desa=desa, kecamatan=kecamatan, facts=facts), Level.PUBLIK)
    assert not shown.kecamatan["rtlh_suppressed"].any()
    assert shown.desa.groupby("kode_kecamatan")["rtlh_suppressed"].sum().tolist() == [1, 1, 1]


@pytest.mark.parametrize("level", [Level.OPD, Level.PUBLIK, None])
def test_combinations_and_groups_tell_nothing_of_a_sensitive_need(level: Level | None):
    table = pd.DataFrame(
        {"combination": ["x"], "households": [3], "rtlh_need": [1], "jamban_need": [1], "jamban_rate": [1.0]}
    )
    full = replace(with_sensitive(), combinations=table, groups=table, comparison=table)
    shown = without_sensitive_cells(full) if level is None else for_audience(full, level)
    for name in ("combinations", "groups"):
        kept = getattr(shown, name)
        assert not [column for column in kept if column.startswith("jamban_")]
        assert len(kept) == (0 if level is Level.PUBLIK else 1)
    assert len(shown.comparison) == (0 if level is Level.PUBLIK else 1)


def test_pages_keep_households_and_order_but_nothing_of_a_sensitive_need():
    full = with_sensitive()
    shown = without_sensitive_cells(full)
    assert len(shown.households) == len(full.households)
    assert {*PERSONAL} & {*shown.households} == {*PERSONAL} & {*full.households}
    assert not [name for name in shown.households if name.endswith("jamban")]
    assert "part_jamban" not in shown.priorities
    assert (shown.priorities["score"] == shown.priorities["part_rtlh"]).all()
    assert shown.desa["jamban_suppressed"].any()
    assert shown.desa.loc[shown.desa["jamban_suppressed"], "jamban_rate"].isna().all()
    assert shown.desa["households"].equals(full.desa["households"])
    assert shown.desa["rtlh_need"].equals(full.desa["rtlh_need"])


def test_without_a_sensitive_indicator_pages_show_everything():
    small = small_assessment()
    assert without_sensitive_cells(small) is small


@pytest.mark.parametrize("level", [Level.OPD, Level.PUBLIK, None])
def test_a_sensitive_need_of_very_few_in_the_district_is_not_counted_at_all(level: Level | None):
    full = with_sensitive()
    needs = {
        "jamban": dict.fromkeys(("known", "need", "unknown")),
        "rtlh": {"known": 240, "need": 90, "unknown": 0},
    }
    full = replace(full, facts={**full.facts, "needs": needs})
    shown = without_sensitive_cells(full) if level is None else for_audience(full, level)
    for table in (shown.desa, shown.kecamatan, shown.zones):
        assert not [column for column in table if column.startswith("jamban_")]
    assert [about["id"] for about in shown.facts["indicators"]] == ["rtlh"]


def test_publik_learns_no_count_by_way_of_the_facts_or_of_shares():
    small = small_assessment()
    layers = [{**layer, "counts": {"pesisir": 3}} for layer in small.facts["layers"]]
    desa = small.desa.assign(share_households_coastal=0.5)
    shown = for_audience(replace(small, desa=desa, facts={**small.facts, "layers": layers}), Level.PUBLIK)
    assert "counts" not in shown.facts["layers"][0]
    assert "share_households_coastal" not in shown.desa


def test_zones_and_groups_leave_for_an_opd_and_occupations_do_not():
    small = small_assessment()
    given = {"why_zone_coastal": "menyentuh laut", "zone_combination": "pesisir", "kelompok_sasaran": "nelayan",
             "tree_share_500m": 0.5, "pekerjaan": "RAHASIA", "penyakit_kronis": 1}  # fmt: skip
    layers = [{**layer, "figures": {"tree_share_500m": "Tutupan pohon"}} for layer in small.facts["layers"]]
    wider = replace(
        small, households=small.households.assign(**given), facts={**small.facts, "layers": layers}
    )
    kept = set(for_audience(wider, Level.OPD).households)
    assert {*given} & kept == {*given} - {"pekerjaan", "penyakit_kronis", "why_zone_coastal"}


def without_health(sheet) -> pd.DataFrame:
    """Return the rows of a sheet without what it asks about health."""
    return pd.read_csv(sheet, sep=";", dtype="str").drop(
        columns=["Penyakit kronis", "Disabilitas"], errors="ignore"
    )


@pytest.fixture(scope="module")
def health_run(district, sheet, tmp_path_factory):
    """Return the folder of a run whose sheet asks about illness (many) and disability (three households)."""
    folder = tmp_path_factory.mktemp("kesehatan")
    rows = without_health(sheet)
    chance = np.random.default_rng(5).random(len(rows))
    rows["Penyakit Kronis"] = np.where(chance < 0.1, "RAHASIASTROKE, stroke", "tidak")
    rows["Disabilitas"] = np.where(np.isin(np.arange(len(rows)), [100, 200, 300]), "tuna netra", "tidak ada")
    rows.to_csv(folder / "lembar.csv", sep=";", index=False)
    weights = Settings(targeting=TargetingSettings(penyakit_kronis=9.0, disabilitas=9.0))
    run_job(folder / "lembar.csv", folder / "hasil", district, weights, stage=lambda _: nullcontext())
    return folder / "hasil"


def test_the_run_itself_knows_what_only_the_officer_in_charge_may_see(health_run):
    full = open_run(health_run)
    assert full.households["need_penyakit_kronis"].sum() > 20
    assert full.households["need_disabilitas"].sum() == 3
    assert {"part_penyakit_kronis", "part_disabilitas"} <= set(full.priorities)
    assert not full.priorities["why"].str.contains("kronis|disabilitas|sakit").any()


def test_no_page_and_no_file_of_a_run_tells_who_is_ill(health_run):
    for path in health_run.rglob("*"):
        if path.suffix in {".html", ".geojson", ".json"}:
            text = path.read_text(encoding="utf-8")
            assert "RAHASIASTROKE" not in text
            assert "tuna netra" not in text
            assert "ada anggota keluarga" not in text  # the reason at a household
    points = gpd.read_file(health_run / "geojson" / "households.geojson")
    assert not [name for name in points if "kronis" in name or "disabilitas" in name]
    for name in (*PLAIN, *MAPPED):
        if name != "rejected_cells":
            table = pd.read_parquet(health_run / f"{name}.parquet").drop(columns="geometry", errors="ignore")
            assert "STROKE" not in table.to_csv()


def test_files_of_areas_withhold_small_counts_of_the_ill_and_all_of_very_few(health_run):
    for name in ("desa", "kecamatan", "zones"):
        areas = gpd.read_file(health_run / "geojson" / f"{name}.geojson")
        assert areas["penyakit_kronis_suppressed"].any()
        told = areas["penyakit_kronis_need"].dropna()
        assert not ((told > 0) & (told < SMALLEST)).any()
        assert not [column for column in areas if column.startswith("disabilitas")]


def test_the_facts_tell_nothing_of_very_few_and_say_what_is_off(health_run, tmp_path):
    facts = open_run(health_run).facts
    assert facts["needs"]["disabilitas"] == {"known": None, "need": None, "unknown": None}
    assert facts["needs"]["penyakit_kronis"]["need"] > 20
    assert facts["inactive"] == []
    with serving(health_run, state=tmp_path) as server:
        server.add("perencana", "perencana")
        page = server.sign_in("perencana").get("/").text
    assert "Ada anggota dengan penyakit kronis" in page
    assert "Ada anggota penyandang disabilitas" not in page


def test_an_indicator_that_is_off_says_which_headings_switch_it_on(district, sheet, tmp_path):
    without_health(sheet).to_csv(tmp_path / "lembar.csv", sep=";", index=False)
    found = assess(tmp_path / "lembar.csv", district, Settings())
    off = {about["id"]: about["headings"] for about in found.facts["inactive"]}
    assert off == {"penyakit_kronis": ["Penyakit kronis"], "disabilitas": ["Disabilitas"]}


def test_that_everybody_in_the_district_is_ill_is_not_told_at_all(district, sheet, tmp_path):
    without_health(sheet).assign(**{"Penyakit Kronis": "stroke"}).to_csv(
        tmp_path / "lembar.csv", sep=";", index=False
    )
    found = assess(tmp_path / "lembar.csv", district, Settings())
    assert found.facts["needs"]["penyakit_kronis"]["need"] is None
    assert "penyakit_kronis_need" not in without_sensitive_cells(found).desa


@pytest.mark.parametrize("publik", [True, False])
def test_in_every_layer_of_a_real_run_no_row_is_hidden_alone(assessment: Assessment, publik: bool):
    shown = for_audience(assessment, Level.PUBLIK) if publik else without_sensitive_cells(assessment)
    told = [about["id"] for about in shown.facts["indicators"] if publik or about["sensitive"]]
    assert told
    filled = assessment.zones["households"] > 0
    for name in told:
        rows = cells_of(assessment.zones, name)
        hidden = shown.zones[f"{name}_suppressed"]
        assert hidden[((rows > 0) & (rows < SMALLEST)).any(axis=1)].all()
        assert ((hidden & filled).groupby(assessment.zones["layer"]).sum() != 1).all()
        assert not solvable(assessment, shown, name)
