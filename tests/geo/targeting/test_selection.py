"""The choice: as many as asked, every quota met or explained, and what each of them cost."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import SettingsError
from geo.settings import SelectionSettings
from geo.targeting import Selection, choose, number_to_choose
from tests.geo.targeting.pretend import areas, households, listed

COSTS = {"rtlh": 20_000_000.0, "jamban": 5_000_000.0}


def chosen_of(selection: Selection, people: pd.DataFrame) -> pd.DataFrame:
    return people.set_index("sheet_row").loc[selection.chosen["sheet_row"]]


def test_without_quotas_and_money_the_first_are_chosen():
    people = households()
    order = listed(people)
    selection = choose(order, people, SelectionSettings(number=30))
    assert selection.chosen["sheet_row"].tolist() == order["sheet_row"].head(30).tolist()
    assert (selection.chosen["cost"] == 1).all()
    assert selection.facts["met"]
    assert selection.facts["proven"]
    assert selection.facts["rules"] == []
    assert selection.facts["score"] == pytest.approx(order["score"].head(30).sum())
    json.dumps(selection.facts, allow_nan=False)


def test_quotas_money_and_the_minimum_a_desa_hold():
    people = households()
    quotas = (
        "zone:coastal:pesisir>=9",
        "kecamatan:99.01.02<=25%",
        "group:pesisir>=4",
        "desa:99.01.01.2001<=3",
    )
    asked = SelectionSettings(number=20, budget=300e6, unit_costs=COSTS, least_a_desa=3, quotas=quotas)
    selection = choose(listed(people), people, asked, areas=areas())
    some = chosen_of(selection, people)
    assert selection.facts["met"]
    assert len(some) == selection.facts["chosen"] <= 20
    assert (some["zone_coastal"] == "pesisir").sum() >= 9
    assert (some["kode_kecamatan"] == "99.01.02").sum() <= 0.25 * len(some)
    assert some["group_pesisir"].sum() >= 4
    assert (some["kode_desa"] == "99.01.01.2001").sum() <= 3
    assert some["kode_desa"].notna().all()
    assert some["kode_desa"].value_counts().min() >= 3
    costs = 20e6 * some["need_rtlh"].fillna(value=False) + 5e6 * some["need_jamban"].fillna(value=False)
    assert selection.chosen["cost"].tolist() == costs.tolist()
    assert selection.facts["cost"] == costs.sum() <= 300e6


def test_what_a_quota_cost_is_the_best_choice_without_it_less_the_choice():
    people = households()
    order, quotas = (
        listed(people),
        ("zone:coastal:pesisir>=15", "kecamatan:99.01.01>=12", "kecamatan:99.01.03>=1"),
    )
    asked = SelectionSettings(number=30, least_a_desa=4, quotas=quotas)
    whole = choose(order, people, asked)
    for nth, rule in enumerate(whole.facts["rules"]):
        less = {"least_a_desa": 1} if nth == 0 else {"quotas": tuple(quotas[: nth - 1] + quotas[nth:])}
        without = choose(order, people, asked.model_copy(update=less))
        # whoever has no desa is no candidate of a minimum a desa
        if nth or without.facts["candidates"] == whole.facts["candidates"]:
            assert rule["score_lost"] == pytest.approx(
                without.facts["score"] - whole.facts["score"], abs=1e-6
            )
        assert rule["score_lost"] >= 0
    assert [rule["kind"] for rule in whole.facts["rules"]] == ["desa", "quota", "quota", "quota"]
    assert whole.facts["rules"][1]["chosen"] >= 15
    assert any(rule["score_lost"] > 0 for rule in whole.facts["rules"])


@pytest.mark.parametrize(
    ("quotas", "told"),
    [
        (("zone:coastal:pesisir>=5000",), "minta 5.000, yang memenuhi syarat hanya"),
        (("desa:99.01.04.2001>=10%",), "yang memenuhi syarat hanya 0"),
        (("zone:coastal:pesisir>=15", "zone:coastal:luar>=15"), "Bersama-sama tidak dapat dipenuhi: paling banyak 20"),
        (("group:pesisir>=60%", "zone:coastal:pesisir<=50%"), "Kelompok pesisir paling sedikit 60 %"),
        (("desa:99.01.01.2001<=0%", "desa:99.01.01.2001>=2"), "Desa Contoh 2001"),
    ],
)  # fmt: skip
def test_quotas_that_cannot_be_met_are_explained_and_not_relaxed(quotas: tuple[str, ...], told: str):
    people = households()
    selection = choose(listed(people), people, SelectionSettings(number=20, quotas=quotas), areas=areas())
    assert not selection.facts["met"]
    assert selection.chosen.empty
    assert told in " ".join(selection.facts["why_not"])
    assert selection.facts["conflict"]
    assert not selection.equity["chosen"].any()
    json.dumps(selection.facts, allow_nan=False)


def test_only_the_rules_at_fault_are_named():
    people = households()
    quotas = (
        "zone:coastal:pesisir>=15",
        "kecamatan:99.01.01>=1",
        "zone:coastal:luar>=15",
        "group:pesisir<=19",
    )
    selection = choose(listed(people), people, SelectionSettings(number=20, least_a_desa=2, quotas=quotas))
    assert len(selection.facts["conflict"]) == 3
    assert "Kecontohan" not in " ".join(selection.facts["conflict"])


def test_money_that_pays_for_nobody_and_a_desa_too_small_are_explained():
    people = households()
    order = listed(people)
    poor = choose(order, people, SelectionSettings(budget=1000.0, unit_costs=COSTS))
    assert "yang termurah 5.000.000" in " ".join(poor.facts["why_not"])
    crowd = choose(order, people, SelectionSettings(number=None, least_a_desa=5000))
    assert "Tidak satu desa pun punya 5.000 calon" in " ".join(crowd.facts["why_not"])
    short = SelectionSettings(budget=40e6, unit_costs=COSTS, quotas=("zone:coastal:pesisir>=12",))
    assert "membutuhkan paling sedikit" in " ".join(choose(order, people, short).facts["why_not"])


def test_nobody_to_choose_from_is_no_fault():
    people = households()
    none = people.assign(need_rtlh=pd.array([False] * len(people), dtype="boolean"))
    selection = choose(listed(none), none, SelectionSettings(of="rtlh"))
    assert selection.facts["why_not"] == ["Tidak ada calon."]
    empty = households().iloc[:0]
    assert choose(listed(empty), empty, SelectionSettings(least_a_desa=2)).chosen.empty
    unpriced = choose(listed(people), people, SelectionSettings(unit_costs={"babs": 1.0}))
    assert "tanpa biaya satuan" in unpriced.facts["why_not"][0]


def test_a_need_without_a_price_is_never_free():
    people = households()
    selection = choose(
        listed(people), people, SelectionSettings(number=None, budget=1e12, unit_costs={"rtlh": 1.0})
    )
    assert chosen_of(selection, people)["need_rtlh"].all()
    assert selection.facts["aside"]["no_price"] > 0
    assert any("tidak punya biaya satuan" in note for note in selection.facts["notes"])


def test_the_order_of_the_rows_changes_nothing():
    people = households()
    asked = SelectionSettings(
        number=25, least_a_desa=3, quotas=("zone:coastal:pesisir>=10", "kecamatan:99.01.01>=20%")
    )
    one = choose(listed(people), people, asked)
    mixed = people.sample(frac=1, random_state=5)
    order = listed(mixed).sample(frac=1, random_state=6)
    other = choose(order, mixed, asked)
    pd.testing.assert_frame_equal(one.chosen, other.chosen)
    pd.testing.assert_frame_equal(one.equity, other.equity)
    assert one.facts == other.facts


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"quotas": ("zone:laut:pesisir>=2",)}, "lapisan zona «laut», yang tidak ada. Yang ada: coastal"),
        ({"quotas": ("zone:coastal:laut>=2",)}, "zona pada lapisan coastal «laut»"),
        ({"quotas": ("zone:coastal>=2",)}, "tidak menyebut zonanya"),
        ({"quotas": ("kecamatan:11.22.33>=2",)}, "99.01.01 (Kecontohan 01)"),
        ({"quotas": ("kecamatan:kecontohan 03>=2",)}, "Mungkin maksudnya 99.01.03 (Kecontohan 03)"),
        ({"quotas": ("desa:99.01.01.2009>=2",)}, "Mungkin maksudnya"),
        ({"quotas": ("group:petani>=2",)}, "kelompok sasaran «petani», yang tidak ada. Yang ada: pesisir"),
        ({"budget": 5.0}, "Anggaran diberikan tanpa biaya satuan"),
        ({"unit_costs": {"disabilitas": 5.0}}, "Biaya satuan diberikan untuk «disabilitas»"),
        ({"unit_costs": {"rtlh": -5.0}}, "paling kecil 0"),
    ],
)
def test_what_does_not_exist_is_refused_with_what_does(changes: dict[str, object], told: str):
    people = households()
    with pytest.raises(SettingsError) as fault:
        choose(listed(people), people, SelectionSettings.model_validate(changes), areas=areas())
    assert told in str(fault.value)


def dear_and_cheap() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return 95 dear houses that need both and 100 cheap ones, with their priorities: two scores in all."""
    people = households(195).assign(
        need_rtlh=pd.array([True] * 95 + [False] * 100, dtype="boolean"),
        need_jamban=pd.array([True] * 195, dtype="boolean"),
        sheet_row=np.arange(2, 197),
        desil=1,
        jumlah_art=4,
        severity_rtlh=0.5,
    )
    return people, listed(people)


def test_a_budget_that_passes_over_the_best_says_so_and_the_ranks_alone_do_not():
    people, order = dear_and_cheap()
    asked = SelectionSettings(number=None, budget=500e6, unit_costs=COSTS)
    selection = choose(order, people, asked)
    facts, some = selection.facts, chosen_of(selection, people)
    assert not some["need_rtlh"].any()
    assert len(some) == 100
    assert facts["alone"]["chosen"] == 20
    assert facts["alone"]["both"] == 0
    assert facts["alone"]["cost"] == 500e6
    assert facts["score"] >= facts["alone"]["score"]
    assert facts["budget"]["first"] == 100
    assert facts["budget"]["passed_over"] == 95
    assert facts["budget"]["never"] == [{"need": "rtlh", "title": "RTLH (indikasi)", "candidates": 95}]
    assert facts["budget"]["score_lost"] == pytest.approx(order["score"].head(100).sum() - facts["score"])
    notes = " ".join(facts["notes"])
    assert "95 dari 100 peringkat teratas tidak dipilih karena biayanya: dengan uang yang sama" in notes
    assert "Tidak satu pun calon dengan kebutuhan «RTLH (indikasi)» terpilih, padahal ada 95." in notes
    assert "yang tidak terbayar oleh sisa uang dilewati) terpilih 20 rumah tangga" in notes
    assert "dibanding 100 rumah tangga terbaik tanpa batas uang." in notes
    desil = selection.equity[selection.equity["kind"] == "desil"]
    assert desil[["alone", "chosen"]].sum().tolist() == [20, 100]


def test_money_enough_for_everybody_costs_nothing_and_is_not_spoken_of():
    people, order = dear_and_cheap()
    facts = choose(order, people, SelectionSettings(number=50, budget=1e12, unit_costs=COSTS)).facts
    assert facts["budget"] == {"first": 50, "passed_over": 0, "never": [], "score_lost": 0, "proven": True}
    assert not any("batas uang" in note or "Menurut peringkat saja" in note for note in facts["notes"])


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 1000),
    number=st.one_of(st.none(), st.integers(1, 60)),
    millions=st.integers(5, 900),
    seconds=st.sampled_from([30.0, 0.0]),
)
def test_without_quotas_no_choice_is_worse_than_the_ranks_alone(
    seed: int, number: int | None, millions: int, seconds: float
):
    people = households(80, seed=seed)
    asked = SelectionSettings(number=number, budget=millions * 1e6, unit_costs=COSTS)
    facts = choose(listed(people), people, asked, seconds=seconds).facts
    assert facts["score"] >= facts["alone"]["score"] - 1e-9
    assert facts["alone"]["cost"] <= millions * 1e6
    assert facts["alone"]["chosen"] <= (number or 80)
    assert facts["budget"]["passed_over"] <= facts["budget"]["first"] == facts["chosen"]


def test_whom_only_the_order_of_the_sheet_chooses_is_told():
    people, order = dear_and_cheap()
    facts = choose(order, people, SelectionSettings(number=30, of="rtlh")).facts
    most = order.head(30)["score"].iloc[-1]
    assert facts["tied"] == (order["score"] == most).sum() > facts["tied_chosen"] > 0
    assert any(
        "bernilai sama di batas" in note and "urutan lembar yang memilih" in note for note in facts["notes"]
    )
    everybody = choose(order, people, SelectionSettings(number=195)).facts
    assert (everybody["tied"], everybody["tied_chosen"]) == (0, 0)


def test_what_is_unknown_for_everybody_is_said_to_be_unknown():
    people = households().assign(zone_coastal="tidak diketahui", group_pesisir=pd.NA)
    order = listed(people)
    selection = choose(order, people, SelectionSettings(number=20, quotas=("zone:coastal:pesisir>=5",)))
    calon = len(order)
    assert (
        f"yang memenuhi syarat hanya 0 ({calon} calon lain tidak diketahui" in selection.facts["why_not"][0]
    )
    groups = selection.equity[selection.equity["kind"] == "kelompok"]
    assert groups["title"].tolist() == ["Kelompok pesisir: tidak diketahui"]
    assert groups["candidates"].tolist() == [calon]
    assert not {*selection.facts["notes"]} & {*selection.facts["why_not"]}


def test_what_cannot_be_met_is_said_once():
    people = households()
    asked = SelectionSettings(number=20, unit_costs={"rtlh": 1.0}, quotas=("zone:coastal:pesisir>=5000",))
    facts = choose(listed(people), people, asked).facts
    assert not facts["met"]
    assert facts["proven"]
    assert all("tidak menjadi calon" in note for note in facts["notes"])
    assert len(facts["notes"]) == 1


def test_a_time_that_is_up_leaves_prices_out_and_calls_nothing_impossible():
    people = households()
    quotas = ("zone:coastal:pesisir>=9", "kecamatan:99.01.02<=25%")
    asked = SelectionSettings(number=20, budget=300e6, unit_costs=COSTS, least_a_desa=3, quotas=quotas)
    facts = choose(listed(people), people, asked, seconds=0.0).facts
    assert not facts["proven"]
    if facts["met"]:
        assert [rule["score_lost"] for rule in facts["rules"]] == [None] * 3
        assert any("harganya tidak dihitung, waktu pencarian habis" in note for note in facts["notes"])
    else:
        assert "Waktu pencarian habis" in facts["why_not"][0]
    json.dumps(facts, allow_nan=False)


def test_a_search_cut_short_says_that_it_is_not_proven():
    people = households(600, desa=12)
    asked = SelectionSettings(number=60, budget=701e6, unit_costs=COSTS, least_a_desa=3,
                              quotas=("zone:coastal:pesisir>=35%", "group:pesisir<=10%"))  # fmt: skip
    selection = choose(listed(people), people, asked, seconds=1e-9)
    if selection.facts["met"]:
        assert not selection.facts["proven"] or selection.facts["short"] == 0


def test_equity_counts_before_and_after():
    people = households()
    asked = SelectionSettings(number=30, quotas=("zone:coastal:pesisir>=20",))
    order = listed(people)
    titles = {"groups": {"pesisir": "Warga pesisir"}, "zones": {"coastal": "Pesisir (proksi)"}}
    selection = choose(order, people, asked, **titles)
    equity = selection.equity
    some = chosen_of(selection, people)
    coast = equity.set_index(["kind", "key"]).loc[("zona", "coastal")]
    assert coast["title"] == "Pesisir (proksi)"
    assert "Pesisir (desa menyentuh laut, proksi) paling sedikit 20" in selection.facts["rules"][0]["words"]
    assert coast["chosen"] == (some["zone_coastal"] == "pesisir").sum() >= 20 > coast["alone"]
    assert coast["ratio"] == pytest.approx(coast["chosen_share"] / coast["candidates_share"])
    groups = equity[equity["kind"] == "kelompok"].set_index("title")
    assert groups.index.tolist() == ["Warga pesisir", "Warga pesisir: tidak diketahui"]
    listed_people = people[people["sheet_row"].isin(order["sheet_row"])]
    assert groups["candidates"].tolist() == [
        listed_people["group_pesisir"].sum(),
        listed_people["group_pesisir"].isna().sum(),
    ]
    for kind in ("kecamatan", "zona", "desil"):
        sums = equity[equity["kind"] == kind][["candidates", "alone", "chosen"]].sum()
        assert sums.tolist() == [len(order), 30, 30]
        assert np.isclose(equity.loc[equity["kind"] == kind, "chosen_share"].sum(), 1)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (SelectionSettings(number=30), 30),
        (SelectionSettings(number=None), 100),
        (SelectionSettings(number=None, budget=50.0, unit_costs={"rtlh": 5.0}, of="rtlh"), 10),
        (SelectionSettings(number=4, budget=50.0, unit_costs={"rtlh": 5.0}, of="rtlh"), 4),
        (SelectionSettings(number=None, budget=1.0, unit_costs={"rtlh": 5.0}), 1),
    ],
)
def test_how_many_will_be_chosen_is_known_before(asked: SelectionSettings, expected: int):
    assert number_to_choose(households(), asked) == expected
