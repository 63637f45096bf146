"""Names and codes of desa: what is certain is taken, the rest says why not."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.boundaries import Boundaries
from geo.gazetteer import CONTRADICTIONS, Gazetteer, stated_key
from geo.gazetteer.spelling import name_key
from geo.settings import GeocodingSettings

MUARA_LOR, WANASARI = "99.01.01.2001", "99.01.02.2002"


@pytest.fixture(scope="module")
def gazetteer(district: Boundaries) -> Gazetteer:
    return Gazetteer(pd.DataFrame(district.desa.drop(columns="geometry")), GeocodingSettings())


REAL = (
    ("01", "Wonokerto", ("Wonokerto Kulon", "Wonokerto Wetan", "Api-Api", "Sijambe", "Werdi", "Rowoyoso")),
    (
        "02",
        "Kedungwuni",
        ("Kedungwuni Barat", "Karangdowo", "Karanganyar I", "Karanganyar II", "Kranji", "Kulu"),
    ),
    ("03", "Doro", ("Sidorejo", "Silirejo", "Sidoharjo", "Petungkriyono", "Desa Baru", "Werdi", "Kauman")),
)
"""Names such as occur everywhere, in an invented district: (end of the code, kecamatan, desa)."""


def kode(kecamatan: str, place: int) -> str:
    return f"98.01.{kecamatan}.{2001 + place}"


@pytest.fixture(scope="module")
def places() -> pd.DataFrame:
    rows = [
        {
            "kode_desa": kode(end, place),
            "nama_desa": name,
            "alias": "Karang Kulon" if name == "Sijambe" else "",
            "kode_kecamatan": f"98.01.{end}",
            "nama_kecamatan": kecamatan,
            "alias_kecamatan": "",
            "kode_bps": f"98010{end}0{20 - place:02d}",
        }
        for end, kecamatan, names in REAL
        for place, name in enumerate(names)
    ]
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def names(places) -> Gazetteer:
    return Gazetteer(places, GeocodingSettings())


def found_name(places: pd.DataFrame, found: pd.Series) -> str | None:
    return (
        None
        if pd.isna(found["kode_desa"])
        else places.set_index("kode_desa")["nama_desa"][found["kode_desa"]]
    )


def match(gazetteer: Gazetteer, desa: str = "", kecamatan: str = "", kode: str = "") -> pd.Series:
    stated = pd.DataFrame(
        {"kode_tertulis": [kode], "desa_tertulis": [desa], "kecamatan_tertulis": [kecamatan]}, dtype="str"
    )
    return gazetteer.match(stated.replace("", pd.NA)).iloc[0]


@pytest.mark.parametrize(
    ("desa", "kecamatan", "expected"),
    [
        ("Muara Lor", "Pesisir Raya", MUARA_LOR),
        ("DESA MUARALOR", "KEC. PESISIR RAYA", MUARA_LOR),
        ("Ds. Moeara  Lor", "Pesisir Raya", MUARA_LOR),
        ("Mura Lor", "Pesisir Raya", MUARA_LOR),
        ("Muara Lor", "", MUARA_LOR),
        ("Wonosari", "Bukit Jaya", WANASARI),  # the spelling of BPS
        ("Kel. Pasar Baru", "Pesisir Raya", "99.01.01.1003"),
        ("Sumber Makmur", "Pesisir Raya", "99.01.01.2004"),
        ("Sumber Makmur", "Bukit Jaya", "99.01.02.2001"),
    ],
)
def test_a_name_is_found_inside_its_kecamatan(gazetteer, desa, kecamatan, expected):
    found = match(gazetteer, desa, kecamatan)
    assert found["kode_desa"] == expected
    assert found["kode_kecamatan"] == expected[:8]
    assert found["score"] >= GeocodingSettings().name_score
    assert found["method"].startswith("nama desa")


@pytest.mark.parametrize(
    ("desa", "kecamatan", "note"),
    [
        ("Sumber Makmur", "", "lebih dari satu desa"),  # the name occurs in two kecamatan
        ("Muara", "Pesisir Raya", "tidak dikenali"),  # half of two names
        ("Antah Berantah", "Pesisir Raya", "nama desa tidak dikenali"),
        ("Muara Lor", "Kota Lain", "nama kecamatan tidak dikenali"),  # a neighbour has the same names
        ("Muara Lor", "Bukit Jaya", "nama desa tidak dikenali"),
    ],
)
def test_a_name_that_is_not_certain_is_left_for_review(gazetteer, desa, kecamatan, note):
    found = match(gazetteer, desa, kecamatan)
    assert pd.isna(found["kode_desa"])
    assert note in found["note"]


@pytest.mark.parametrize(
    ("kode", "expected", "list_"),
    [
        ("99.01.01.2001", MUARA_LOR, "Kemendagri"),
        ("9901012001", MUARA_LOR, "Kemendagri"),
        ("9901020003", MUARA_LOR, "BPS"),
        ("9901010001", WANASARI, "BPS"),
    ],
)
def test_a_code_is_read_by_the_list_it_stands_in(gazetteer, kode, expected, list_):
    found = match(gazetteer, kode=kode)
    assert found["kode_desa"] == expected
    assert found["method"] == f"kode {list_}"
    assert found["score"] == 100


@pytest.mark.parametrize(
    ("kode", "desa", "kecamatan", "note"),
    [
        ("9901012001", "Wanasari", "", "bertentangan"),
        ("9901012001", "Muara Lor", "Bukit Jaya", "bertentangan"),
        ("9901012001", "", "Bukit Jaya", "bertentangan"),
        ("1234567890", "", "", "kabupaten lain"),
        ("3375010001", "Muara Lor", "Pesisir Raya", "kabupaten lain"),
        ("99", "", "", "tidak ada dalam daftar"),
    ],
)
def test_a_code_that_does_not_fit_goes_to_review(gazetteer, kode, desa, kecamatan, note):
    found = match(gazetteer, desa, kecamatan, kode)
    assert pd.isna(found["kode_desa"])
    assert note in found["note"]


def test_a_damaged_code_leaves_the_word_to_the_name(gazetteer):
    assert match(gazetteer, "Muara Lor", "Pesisir Raya", "990101")["kode_desa"] == MUARA_LOR


def test_a_code_that_two_lists_give_to_two_desa_is_not_taken(district):
    names = pd.DataFrame(district.desa.drop(columns="geometry"))
    names.loc[names["kode_desa"] == WANASARI, "kode_bps"] = "9901012001"
    found = match(Gazetteer(names, GeocodingSettings()), kode="9901012001")
    assert pd.isna(found["kode_desa"])
    assert "Kemendagri dan BPS" in found["note"]


def test_no_row_and_no_place_are_no_fault(gazetteer):
    nobody = pd.DataFrame({"kode_tertulis": [], "desa_tertulis": [], "kecamatan_tertulis": []}, dtype="str")
    assert list(gazetteer.match(nobody).columns) == ["kode_desa", "kode_kecamatan", "score", "method", "note"]
    silent = match(gazetteer)
    assert pd.isna(silent["kode_desa"])
    assert silent["note"] == ""
    assert match(gazetteer, kecamatan="Kec. Bukitjaya")["kode_kecamatan"] == "99.01.02"


@settings(deadline=None)
@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=14))
def test_any_text_is_matched_or_left_with_a_note(gazetteer, desa, kecamatan, kode):
    found = match(gazetteer, desa, kecamatan, kode)
    assert 0 <= found["score"] <= 100
    something = (
        name_key(desa) or name_key(kecamatan) or any(sign.isascii() and sign.isalnum() for sign in kode)
    )
    assert pd.notna(found["kode_desa"]) or pd.notna(found["kode_kecamatan"]) or found["note"] or not something


def test_endless_names_cost_no_more_than_long_ones(gazetteer):
    assert pd.isna(match(gazetteer, "x" * 5_000_000, "y" * 5_000_000)["kode_desa"])


@pytest.mark.parametrize(
    ("desa", "kecamatan", "expected"),
    [
        ("DS.SIJAMBE", "KEC.WONOKERTO", "Sijambe"),
        ("Kel/Desa Sijambe", "Wonokerto", "Sijambe"),
        ("(Desa) Sijambe", "Wonokerto", "Sijambe"),
        ("Sijambe (Kel)", "Wonokerto", "Sijambe"),
        ("Desa/Kel. Sijambe", "Kecamatan Wonokerto", "Sijambe"),
        ("1. Sijambe", "Wonokerto", "Sijambe"),
        ("2004 Sijambe", "Wonokerto", "Sijambe"),
        ("Sijambe (pemekaran)", "Wonokerto", "Sijambe"),
        ("Sijambe RT 01/02", "Wonokerto", "Sijambe"),
        ("Desa Baru", "Doro", "Desa Baru"),
        ("(Desa) Desa Baru", "Doro", "Desa Baru"),
        ("Karang Kulon", "Wonokerto", "Sijambe"),  # its alias
        ("Sijambe Kec. Wonokerto", None, "Sijambe"),
        ("Werdi, Wonokerto", None, "Werdi"),
        ("Werdi - Doro", None, "Werdi"),
        ("Werdi Kec Doro Kab Contoh", "Doro", "Werdi"),
        ("Api2", "Wonokerto", "Api-Api"),
        ("API\u200fAPI", "Wonokerto", "Api-Api"),
        ("Síjàmbe", "Wonokerto", "Sijambe"),
        ("Sid0rejo", "Doro", "Sidorejo"),
        ("Si1irejo", "Doro", "Silirejo"),
        ("Sidooorejo", "Doro", "Sidorejo"),
        ("Petoengkriono", "Doro", "Petungkriyono"),
        ("Wanakerta Wetan", "Wonokerto", "Wonokerto Wetan"),
        ("Kedoengwoeni Barat", "Kedoengwoeni", "Kedungwuni Barat"),
        ("Karang Anyar 2", "Kedungwuni", "Karanganyar II"),
        ("Karanganyar ll", "Kedungwuni", "Karanganyar II"),
        ("Karanganyar Satu", "Kedungwuni", "Karanganyar I"),
        ("Wonokerto Barat", "Wonokerto", "Wonokerto Kulon"),
        ("Wonokerto Kolon", "Wonokerto", "Wonokerto Kulon"),
        ("Wonokerto Kln", "Wonokerto", "Wonokerto Kulon"),
        ("Wnkrt Wtn", "Wonokerto", "Wonokerto Wetan"),
        ("W. Kulon", "Wonokerto", "Wonokerto Kulon"),
        ("Kd. Wuni Barat", "Kdwuni", "Kedungwuni Barat"),
        ("Karang Dw", "Kedungwuni", "Karangdowo"),
        ("Kuku", "Kedungwuni", "Kulu"),
        ("Zijambe", "Wonokerto", "Sijambe"),
        ("Pteungkriyonno", "Doro", "Petungkriyono"),
        ("Sijambe", "Wonekrtoo", "Sijambe"),  # a kecamatan that is only likely, a desa that is certain
        ("98.01.01.2004 Sijambe", None, "Sijambe"),
        ("Pemdes Sijambe", "Wonokerto", "Sijambe"),
        ("Pemerintah Desa Sijambe", "Wonokerto", "Sijambe"),
        ("Kantor Kepala Desa Sijambe", "Wonokerto", "Sijambe"),
        ("Klh. Sijambe", "Wonokerto", "Sijambe"),
        ("S i j a m b e", "W o n o k e r t o", "Sijambe"),
        ("Sijambe, Jawa Tengah", "Wonokerto", "Sijambe"),
        ("Rowoy", "Wonokerto", "Rowoyoso"),  # cut off
        ("Wonokerto Kul", "Wonokerto", "Wonokerto Kulon"),
        ("Petunkriono", "Doro", "Petungkriyono"),
        ("Werdi", "Wonokrtoo", "Werdi"),  # a name of two desa, of which one is in a kecamatan like that
        ("Werdi", "Doo", "Werdi"),
    ],
)
def test_a_name_is_understood_as_people_write_it(names, places, desa, kecamatan, expected):
    assert found_name(places, match(names, desa, kecamatan or "")) == expected


@pytest.mark.parametrize(
    ("desa", "kecamatan", "note"),
    [
        ("Wonokerto", "Wonokerto", "tidak dikenali"),  # Kulon or Wetan
        ("Wonokerto Lor", "Wonokerto", "tidak dikenali"),
        ("Wn. Kerto", "Wonokerto", "lebih dari satu"),
        ("Karanganyar", "Kedungwuni", ""),
        ("Karanganyar III", "Kedungwuni", "tidak dikenali"),
        ("Sidirejo", "Doro", "lebih dari satu"),  # one letter from Sidorejo, and from Silirejo
        ("Kr", "Kedungwuni", ""),
        ("Werdi", "", "lebih dari satu"),
        ("Sijambe", "Doro", "ada di kecamatan lain"),
        ("Sijambe", "Batang", "kecamatan tidak dikenali"),
        ("Sijambe Kec. Batang", "", "kecamatan tidak dikenali"),
        ("Werdi Kec. Doro", "Wonokerto", "kecamatan lain daripada kolom"),
        ("Kauman (Silirejo)", "Doro", "lebih dari satu"),
        ("Siirejo", "Doro", "lebih dari satu"),  # one letter from Silirejo, two from Sidorejo
        ("Sidoh", "Kedungwuni", "tidak dikenali"),  # cut off, but in another kecamatan
        ("Karangany", "Kedungwuni", ""),  # I or II
        ("Wonokert", "Wonokerto", ""),
        ("Podoharjo", "Doro", "tidak dikenali"),  # another first word is no slip of the pen
        ("Werdi", "Dawa", "kecamatan tidak dikenali"),
    ],
)
def test_what_lies_between_two_desa_is_never_taken(names, desa, kecamatan, note):
    found = match(names, desa, kecamatan)
    assert pd.isna(found["kode_desa"])
    assert found["note"]
    assert note in found["note"]


def test_a_cut_name_that_is_nearly_another_one_is_not_taken(places):
    twins = places.replace({"nama_desa": {"Kauman": "Rowo", "Werdi": "Rowogede", "Rowoyoso": "Rowo"}})
    gazetteer = Gazetteer(twins, GeocodingSettings())
    assert pd.isna(match(gazetteer, "Rowog", "Doro")["kode_desa"])
    assert pd.notna(match(gazetteer, "Rowoge", "Doro")["kode_desa"])


def test_a_name_before_desa_may_end_so(places):
    gazetteer = Gazetteer(places.replace({"nama_desa": {"Werdi": "Wiradesa"}}), GeocodingSettings())
    assert match(gazetteer, "Wira - Desa", "Doro")["kode_desa"] == kode("03", 5)
    assert match(gazetteer, "Kauman - Desa", "Doro")["kode_desa"] == kode("03", 6)


def test_a_code_bears_a_short_or_badly_written_name(names):
    for desa, written, place in (
        ("Wonokertk", "98.01.01.2001", 0), ("Sdrj", "98.01.03.2001", 0), ("Siirejo", "98.01.03.2001", 0)
    ):  # fmt: skip
        kecamatan = written[6:8]
        assert match(names, desa, dict(one[:2] for one in REAL)[kecamatan], written)["kode_desa"] == kode(
            kecamatan, place
        )
    assert match(names, "Sidoharjo", "Doro", "98.01.03.2001")["note"] in CONTRADICTIONS
    assert match(names, "Rowoyoso", "Doro", "98.01.03.2001")["note"] in CONTRADICTIONS


def test_a_code_that_nobody_has_leaves_the_word_to_a_clear_name(names):
    found = match(names, "Sijambe", "Wonokerto", "98.01.01.2099")
    assert found["kode_desa"] == kode("01", 3)
    assert "kode desa tidak ada dalam daftar" in found["note"]
    assert pd.isna(match(names, "Siirejo", "Doro", "98.01.03.2099")["kode_desa"])
    assert match(names, "Sijambe", "Wonokerto", "98.02.01.2099")["note"] in CONTRADICTIONS


def test_the_exact_name_wins_over_its_twin(places):
    twins = places.replace({"nama_desa": {"Rowoyoso": "Werdo"}})
    found = match(Gazetteer(twins, GeocodingSettings()), "Werdo", "Wonokerto")
    assert found_name(twins, found) == "Werdo"


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("98.01.01.2004", 3), ("9801012004", 3), ("'9801012004", 3), ("98 01 01 2004", 3), ("9801012004.0", 3),
        ("9801012004000", 3), ("9801001017", 3), ("9801001017.0", 3),
    ],
)  # fmt: skip
def test_a_code_is_read_in_any_dress(names, written, place):
    assert match(names, "Sijambe", "Wonokerto", written)["kode_desa"] == kode("01", place)
    assert match(names, "Sijambe", "Wonokerto", written)["method"].startswith("kode ")


@pytest.mark.parametrize("written", ["980101200", "9,80101E+09", "2004", "kode"])
def test_a_code_that_lost_its_digits_proves_nothing(names, written):
    assert pd.isna(match(names, kode=written)["kode_desa"])
    assert match(names, "Sijambe", "Wonokerto", written)["method"] == "nama desa di kecamatannya"


def test_a_code_of_a_kecamatan_gives_the_kecamatan(names):
    assert match(names, "Werdi", "", "980103")["kode_desa"] == kode("03", 5)
    assert match(names, "Werdi", "", "98.01.01")["kode_desa"] == kode("01", 4)
    assert match(names, "Werdi", "Wonokerto", "980103")["note"] in CONTRADICTIONS


def test_a_code_settles_a_name_that_is_not_certain_but_fits_it(names):
    assert match(names, "Wonokerto", "Wonokerto", "98.01.01.2002")["kode_desa"] == kode("01", 1)
    assert match(names, "Sidirejo", "Doro", "98.01.03.2002")["kode_desa"] == kode("03", 1)
    assert match(names, "Werdi", "", "98.01.03.2006")["kode_desa"] == kode("03", 5)
    for desa in ("Wonokerto Wetan", "Sijambe", "Karangdowo"):
        assert match(names, desa, "Wonokerto", "98.01.01.2001")["note"] in CONTRADICTIONS


def test_the_other_rows_tell_which_list_a_bare_code_is_from(places):
    both = places.copy()
    both["kode_bps"] = np.roll(both["kode_desa"].str.replace(".", ""), 1)  # every code stands in both lists
    gazetteer = Gazetteer(both, GeocodingSettings())
    bare = both["kode_desa"].str.replace(".", "").iloc[3]
    sheet = pd.DataFrame(
        {
            "kode_tertulis": [bare, *both["kode_bps"]],
            "desa_tertulis": [None, *both["nama_desa"]],
            "kecamatan_tertulis": [None, *both["nama_kecamatan"]],
        }
    )
    read = gazetteer.match(sheet)
    assert read["kode_desa"].tolist()[1:] == both["kode_desa"].tolist()
    assert read["kode_desa"].iloc[0] == both["kode_desa"].iloc[4]
    assert read["method"].iloc[0] == "kode BPS"
    assert pd.isna(gazetteer.match(sheet.head(1))["kode_desa"].iloc[0])


def learned(rows: list[tuple[str, str, str, str | None]]) -> pd.DataFrame:
    stated = pd.DataFrame(
        [row[:3] for row in rows], columns=["kode_tertulis", "desa_tertulis", "kecamatan_tertulis"]
    )
    return stated_key(stated).assign(kode_desa=pd.array([row[3] for row in rows], dtype="str"))


def test_a_decision_stands_and_is_learned_as_an_alias(places):
    decisions = learned(
        [
            ("", "Pondok Indah", "Doro", kode("03", 0)),
            ("", "Sidirejo", "Doro", None),
            ("9801012001", "Werdi", "Doro", kode("03", 5)),
        ]
    )
    taught = Gazetteer(places, GeocodingSettings(), decisions)
    said = match(taught, "PONDOK  INDAH", "DORO")
    assert (said["kode_desa"], said["method"], said["score"]) == (kode("03", 0), "keputusan peninjau", 100)
    near = match(taught, "Ds. Pondok Inda", "Kec. Doro")
    assert (near["kode_desa"], near["method"]) == (kode("03", 0), "ejaan dari keputusan peninjau")
    refused = match(taught, "Sidirejo", "Doro")
    assert pd.isna(refused["kode_desa"])
    assert refused["note"] == "ditinjau: tidak ada yang cocok"
    assert match(taught, "Werdi", "Doro", "9801012001")["kode_desa"] == kode("03", 5)
    assert match(taught, "Pondok Indah", "Doro", "98.01.03.2003")["note"] in CONTRADICTIONS
    assert pd.isna(match(taught, "Pondok Indah", "Wonokerto")["kode_desa"])


@pytest.fixture
def doubted(places) -> Gazetteer:
    """Return names of which one, said without its side, was decided in Wonokerto, and one unlike any other."""
    decisions = [
        ("", "Wonokerto", "Kec. Wonokerto", kode("01", 0)),
        ("", "Pondok Indah", "Doro", kode("03", 0)),
    ]
    return Gazetteer(places, GeocodingSettings(), learned(decisions))


@pytest.mark.parametrize("spelling", ["Wonokerto", "WONOKERTO", "Ds. Wonokerto", "Desa Wonokerto"])
def test_a_decided_spelling_holds_exactly_in_its_kecamatan_and_says_so(doubted, spelling):
    found = match(doubted, spelling, "Wonokerto")
    assert (found["kode_desa"], found["method"]) == (kode("01", 0), "ejaan dari keputusan peninjau")


@pytest.mark.parametrize(
    ("desa", "kecamatan"),
    [("Wonokerto", ""), ("Wonokrto", "Wonokerto"), ("Wonokertoo", "Wonokerto"), ("Wnkrt", "Wonokerto"),
     ("Wonokerto", "Doro"), ("Pondok Indah", ""), ("Pondok Inda", ""), ("Pondok Indah", "Kedungwuni")],
)  # fmt: skip
def test_a_decided_spelling_is_no_alias_elsewhere_nor_where_the_doubt_is_open_again(doubted, desa, kecamatan):
    assert pd.isna(match(doubted, desa, kecamatan)["kode_desa"])


def test_an_official_name_stands_over_what_was_decided(doubted):
    found = match(doubted, "Wonokerto Wetan", "Wonokerto")
    assert (found["kode_desa"], found["method"]) == (kode("01", 1), "nama desa di kecamatannya")


def test_two_decisions_about_one_spelling_teach_nothing(places):
    decisions = [
        ("981", "Pondok Indah", "Doro", kode("03", 0)),
        ("982", "Pondok Indah", "Doro", kode("03", 1)),
    ]
    taught = Gazetteer(places, GeocodingSettings(), learned(decisions))
    assert pd.isna(match(taught, "Pondok Indah", "Doro")["kode_desa"])
    assert match(taught, "Pondok Indah", "Doro", "982")["kode_desa"] == kode("03", 1)


@pytest.mark.parametrize("written", ["9801999999", "3,32602E+09", "9801999"])
def test_a_code_outside_the_list_is_told_where_the_name_places_the_row(names, written):
    found = match(names, "Sijambe", "Wonokerto", written)
    assert (found["kode_desa"], found["note"]) == (
        kode("01", 3), "kode desa tidak ada dalam daftar, nama desa yang dipakai"
    )  # fmt: skip


def test_candidates_are_those_of_the_kecamatan_unless_another_fits_much_better(names):
    stated = pd.DataFrame(
        {
            "kode_tertulis": [None, None, "98.01.03.2001", None],
            "desa_tertulis": ["Sidirejo", "Kedungwuni Barat", "Sijambe", "Werdi"],
            "kecamatan_tertulis": ["Doro", "Doro", "Wonokerto", None],
        }
    )
    candidates = names.candidates(stated, limit=3)
    assert list(candidates.columns) == ["place", "kode_desa", "score"]
    by_row = candidates.groupby("place")["kode_desa"].agg(list)
    assert by_row[0][:2] == [kode("03", 0), kode("03", 1)]
    assert by_row[1][0] == kode("02", 0)
    assert kode("03", 0) in by_row[2]  # the desa of the code
    assert by_row[3][:2] == [kode("01", 4), kode("03", 5)]
    assert candidates["score"].between(0, 100).all()
    assert (candidates.groupby("place")["score"].diff().dropna() <= 0).all()
    assert candidates.groupby("place").size().max() <= 3


def test_a_kabupaten_in_another_cell_is_heard(names):
    stated = pd.DataFrame(
        {
            "desa_tertulis": ["Werdi Kec Doro Kab Lain", "Werdi", "Werdi, Kab. Lain"],
            "kecamatan_tertulis": [None, "Doro Kab. Lain", "Doro"],
            "kabupaten_tertulis": [None, None, "Contoh"],
        },
        dtype="str",
    )
    named = names.stated_kabupaten(stated)
    assert named.tolist() == ["kab lain", "kab. lain", "Contoh"]
    assert names.is_elsewhere(named, "Kabupaten Contoh").tolist() == [True, True, False]


def test_likeness_is_that_of_the_best_spelling(names):
    said = pd.Series(["Karang Kulon", "Wonokerto", "Wonokerto Wetan", "Karang Kulon"])
    there = np.array([kode("01", 3), kode("01", 0), kode("01", 0), kode("03", 0)])
    likeness = names.likeness(said, there)
    assert likeness[0] == 100
    assert likeness[1] > 90  # only its side is missing
    assert likeness[2:].max() <= 60


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(*[st.text(max_size=12)] * 3), max_size=6))
def test_a_row_means_the_same_alone_and_among_others_with_its_key(names, rows):
    stated = pd.DataFrame(rows, columns=["desa_tertulis", "kecamatan_tertulis", "kode_tertulis"], dtype="str")
    together = names.match(stated)
    keys = stated_key(stated).rename(
        columns={"kode": "kode_tertulis", "desa": "desa_tertulis", "kecamatan": "kecamatan_tertulis"}
    )
    pd.testing.assert_frame_equal(together, names.match(keys))
    assert names.candidates(stated)["place"].isin(range(len(rows))).all()


def test_every_real_name_is_found_in_capitals_and_old_spelling(real_data):
    listed = pd.read_csv(real_data / "kode_wilayah_3326.csv", dtype="str", keep_default_na=False)
    desa = pd.DataFrame(
        {
            "kode_desa": listed["code"],
            "nama_desa": listed["name"],
            "alias": "",
            "kode_kecamatan": listed["kec_code"],
            "nama_kecamatan": listed["kecamatan"],
            "alias_kecamatan": "",
            "kode_bps": listed["bps_code"],
        }
    )
    stated = pd.DataFrame(
        {
            "kode_tertulis": "",
            "desa_tertulis": "DS." + desa["nama_desa"].str.lower().str.replace("u", "oe").str.upper(),
            "kecamatan_tertulis": "Kec. " + desa["nama_kecamatan"].str.replace("j", "dj"),
        }
    )
    found = Gazetteer(desa, GeocodingSettings()).match(stated)
    assert found["kode_desa"].tolist() == desa["kode_desa"].tolist()


def test_the_name_of_a_desa_is_no_misspelt_kecamatan(places):
    twins = places.assign(nama_kecamatan=places["nama_kecamatan"].replace("Doro", "Sidirejo"))
    swapped = match(Gazetteer(twins, GeocodingSettings()), "Werdi", "Silirejo")
    assert (pd.isna(swapped["kode_desa"]), swapped["note"]) == (True, "nama kecamatan tidak dikenali")
    misspelt = match(Gazetteer(twins, GeocodingSettings()), "Werdi", "Siderejo")
    assert misspelt["kode_desa"] == kode("03", 5)
