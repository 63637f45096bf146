"""The queue: one row a question, nothing of a person, and answers that settle all that ask the same."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.boundaries import Boundaries
from geo.errors import ReviewError
from geo.geocoding import geocode
from geo.review import COLUMNS, answer, build_queue, no_review, question, review_facts
from geo.review.decisions import Decision
from geo.review.items import review_items
from geo.settings import GeocodingSettings

MUARA_LOR, MUARA_KIDUL, WANASARI = "99.01.01.2001", "99.01.01.2002", "99.01.02.2002"
SHEET = (
    "kode_tertulis", "desa_tertulis", "kecamatan_tertulis", "kabupaten_tertulis", "dusun", "lintang", "bujur",
    "koordinat",
)  # fmt: skip


@pytest.fixture(scope="module")
def queue_of(district: Boundaries):
    """Return what makes the queue of some rows."""
    spots = district.desa.set_index("kode_desa").representative_point()

    def queue(
        *rows: dict[str, str], decisions: dict[str, Decision] | None = None
    ) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
        written = [
            {**row, "lintang": f"{spots[row['di']].y:.6f}", "bujur": f"{spots[row['di']].x:.6f}"}
            if "di" in row
            else row
            for row in rows
        ]
        sheet = pd.DataFrame(written, columns=list(SHEET)).astype("str")
        sheet["sheet_row"] = np.arange(len(sheet)) + 2
        sheet["nama"] = "RAHASIA"
        settings, words = GeocodingSettings(), decisions or {}
        houses = geocode(
            sheet, district.desa, district.measuring, settings, district.info["district"]["nama"], words
        )
        return houses, build_queue(houses, district.desa, settings, words)

    return queue


def named(desa: str, kecamatan: str = "Pesisir Raya", **more: str) -> dict[str, str]:
    return {"desa_tertulis": desa, "kecamatan_tertulis": kecamatan, **more}


def test_no_question_is_a_queue_too(queue_of):
    _, queue = queue_of(named("Muara Lor"))
    pd.testing.assert_frame_equal(queue, no_review())
    assert review_facts(queue)["items"] == 0


def test_rows_that_state_the_same_are_one_question_and_the_largest_comes_first(queue_of):
    houses, queue = queue_of(
        named("Antah"),
        named("Muara Lor", kode_tertulis=WANASARI),
        named("Berantah"),
        named("ANTAH "),
        named("Antah"),
    )
    assert queue.columns.tolist() == list(COLUMNS)
    assert queue["households"].tolist() == [3, 1, 1]
    assert queue["rows"].iloc[0] == "2, 5, 6"
    assert sorted(queue["kind"]) == ["kode", "nama", "nama"]
    assert queue.loc[queue["kind"] == "nama", "note"].str.contains("tidak dikenali").all()
    assert queue.loc[queue["kind"] == "kode", "note"].str.contains("bertentangan").all()
    counts = houses.loc[houses["review_item"] != "", "review_item"].value_counts()
    assert counts.to_dict() == queue.set_index("item")["households"].to_dict()
    assert review_facts(queue) == {
        "items": 3, "rows": 5, "decided": 0, "kinds": {"nama": 2, "kode": 1, "luar": 0, "titik": 0},
        "decisions": {"accept": 0, "reject": 0},
    }  # fmt: skip


def test_a_name_comes_with_what_it_is_like_and_with_where_the_points_lie(queue_of):
    _, queue = queue_of(*[named("Muara", di=WANASARI)] * 2, named("Sumber Makmur", ""))
    candidates = [json.loads(text) for text in queue["candidates"]]
    assert {one["kode_desa"] for one in candidates[0][:2]} == {MUARA_LOR, MUARA_KIDUL}
    assert candidates[0][-1] == {
        "kode_desa": WANASARI, "nama_desa": "Wanasari", "nama_kecamatan": "Bukit Jaya", "points": 2
    }  # fmt: skip
    assert [one["kode_desa"] for one in candidates[1][:2]] == ["99.01.01.2004", "99.01.02.2001"]
    assert all(one["score"] == 100 for one in candidates[1][:2])


def test_code_and_name_are_both_candidates_and_the_point_speaks(queue_of):
    _, queue = queue_of(named("Muara Kidul", kode_tertulis=MUARA_LOR, di=MUARA_LOR))
    candidates = {one["kode_desa"]: one for one in json.loads(queue["candidates"].iloc[0])}
    assert {MUARA_LOR, MUARA_KIDUL} <= set(candidates)
    assert (candidates[MUARA_LOR]["points"], candidates[MUARA_KIDUL]["points"]) == (1, 0)


def test_a_point_comes_with_both_desa_and_metres(queue_of):
    _, queue = queue_of(named("Muara Lor", di=WANASARI))
    stated, located = json.loads(queue["candidates"].iloc[0])
    assert (queue["kind"].iloc[0], queue["note"].iloc[0]) == ("titik", "titik jatuh di desa lain")
    assert (stated["kode_desa"], located["kode_desa"]) == (MUARA_LOR, WANASARI)
    assert stated["metres"] > 500
    assert located["metres"] == 0


def test_nothing_of_a_person_and_no_control_character(queue_of):
    _, queue = queue_of(
        named("Antah\x1b[2J\u202e=1+1", "\tX\n", nama="RAHASIA"), named("Muara Lor", di=WANASARI)
    )
    text = queue.to_json()
    assert "RAHASIA" not in text
    for column in ("desa", "kecamatan", "kabupaten", "kode", "note", "rows"):
        assert queue[column].map(str.isprintable).all()


def test_keys_do_not_hang_on_order_or_on_the_person():
    rows = pd.DataFrame(
        {name: ["a", "a", "b"] for name in SHEET} | {"nama": ["x", "y", "z"], "nik": ["1", "2", "3"]},
        dtype="str",
    )
    for ask in ("tempat", "luar", "titik"):
        keys = review_items(rows, np.array([ask] * 3))
        assert keys[0] == keys[1] != keys[2]
        assert review_items(rows.iloc[::-1], np.array([ask] * 3)).tolist() == keys[::-1].tolist()
        assert (
            review_items(rows.assign(nama="q", nik="9", dusun="w"), np.array([ask] * 3)).tolist()
            == keys.tolist()
        )
    assert review_items(rows, np.array([""] * 3)).tolist() == [""] * 3
    blank = pd.DataFrame({name: [None] for name in SHEET}, dtype="str")
    assert review_items(blank, np.array(["tempat"])).tolist() == [""]


def ask(queue: pd.DataFrame) -> dict[str, object]:
    return question(queue, queue["item"].iloc[0])


def test_an_answer_settles_the_question_on_the_next_run(queue_of, district):
    _, queue = queue_of(named("Sumber Makmur", ""), named("SUMBER MAKMUR", ""))
    word = answer(ask(queue), district.desa, "accept", "2", "peninjau", "menurut peta desa")
    assert word.kode_desa == "99.01.02.2001"
    houses, after = queue_of(
        named("Sumber Makmur", ""), named("SUMBER MAKMUR", ""), decisions={word.item: word}
    )
    assert houses["kode_desa"].tolist() == ["99.01.02.2001"] * 2
    assert after["decision"].tolist() == ["accept"]
    assert review_facts(after)["decisions"] == {"accept": 2, "reject": 0}
    assert review_facts(after)["items"] == 0
    no = answer(ask(queue), district.desa, "reject", "", "peninjau", "tidak jelas")
    houses, after = queue_of(named("Sumber Makmur", ""), decisions={no.item: no})
    assert houses["kode_desa"].isna().all()
    assert (after["decision"].tolist(), review_facts(after)["decided"]) == (["reject"], 1)


@pytest.mark.parametrize("choice", ["", "0", "9", "33.26.01.2001", "=1+1", "-1"])
def test_an_answer_is_a_candidate_or_a_desa_of_the_district(queue_of, district, choice):
    _, queue = queue_of(named("Sumber Makmur", ""))
    with pytest.raises(ReviewError, match="nomor 1 sampai"):
        answer(ask(queue), district.desa, "accept", choice, "peninjau", "menurut peta desa")
    other = answer(ask(queue), district.desa, "accept", WANASARI, "peninjau", "menurut peta desa")
    assert other.kode_desa == WANASARI


def test_about_a_point_only_its_two_desa_are_answers(queue_of, district):
    _, queue = queue_of(named("Muara Lor", di=WANASARI))
    with pytest.raises(ReviewError, match="nomor 1 sampai 2"):
        answer(ask(queue), district.desa, "accept", MUARA_KIDUL, "peninjau", "menurut peta desa")
    word = answer(ask(queue), district.desa, "accept", "2", "peninjau", "didatangi")
    assert (word.kode_desa, word.keys, word.written) == (WANASARI, {}, {})


NUMBER = "3326010101900001"


def test_a_number_of_a_person_is_neither_shown_nor_kept(queue_of, district):
    rows = [
        named(f"Antah {NUMBER}"), named("Antah", kode_tertulis=NUMBER), named("Antah", f"Jauh {NUMBER[:13]}"),
        named("Muara Lor", kabupaten_tertulis=f"Kab. Lain {NUMBER}"),
    ]  # fmt: skip
    _, queue = queue_of(*rows)
    assert len(queue) == 4
    assert NUMBER[:10] not in queue.drop(columns="item").to_json()
    for item in queue["item"]:
        no = answer(question(queue, item), district.desa, "reject", "", "peninjau", "salah tulis")
        assert NUMBER[:10] not in no.model_dump_json()
        _, after = queue_of(*rows, decisions={no.item: no})
        assert after.set_index("item").loc[item, "decision"] == "reject"
        if item[0] == "l":
            assert (
                answer(question(queue, item), district.desa, "accept", WANASARI, "p", "x").kode_desa
                == WANASARI
            )
        else:
            with pytest.raises(ReviewError, match="Perbaiki baris itu di lembar"):
                answer(question(queue, item), district.desa, "accept", WANASARI, "peninjau", "menurut peta")


def test_codes_of_places_are_shown_whole(queue_of):
    codes = ["3325010001", "33250100010001", "33.25.01.2001"]
    _, queue = queue_of(*(named("Antah", kode_tertulis=code) for code in codes))
    assert set(queue["kode"]) == set(codes)


def test_a_long_text_is_kept_short_and_the_decision_can_be_read(queue_of, district):
    _, queue = queue_of(named("Antah " * 100))
    no = answer(ask(queue), district.desa, "reject", "", "peninjau", "salah tulis")
    assert max(map(len, [*no.keys.values(), *no.written.values()])) <= 200


def test_without_candidates_a_kode_desa_is_asked_for(queue_of, district):
    _, queue = queue_of(named("Antah"))
    asked = {**ask(queue), "candidates": "[]"}
    for choice in ("", "1"):
        with pytest.raises(ReviewError, match=r"tidak punya calon.*kode desanya"):
            answer(asked, district.desa, "accept", choice, "peninjau", "menurut peta desa")
    assert answer(asked, district.desa, "accept", WANASARI, "peninjau", "peta").kode_desa == WANASARI


def test_a_question_goes_by_its_key_or_the_beginning_of_it(queue_of):
    _, queue = queue_of(named("Antah"), named("Berantah"))
    assert question(queue, queue["item"].iloc[1][:8])["item"] == queue["item"].iloc[1]
    for item, words in (("n", "lebih dari satu"), ("", "tidak ada"), ("x\x1b[2J", "tidak ada")):
        with pytest.raises(ReviewError, match=words) as fault:
            question(queue, item)
        assert str(fault.value).isprintable()


@pytest.mark.parametrize(
    "row",
    [
        named("Muara Kidul", kode_tertulis=MUARA_LOR),
        named("Antah", kode_tertulis="3325010001"),
        {"kode_tertulis": "99.01.01.9999"},
        named("Muara Lor", kabupaten_tertulis="Kota Lain"),
        named("Muara Lor", "Antah Berantah"),
        {"kabupaten_tertulis": "3325"},
    ],
    ids=[
        "code against name",
        "foreign code",
        "unknown code",
        "other kabupaten",
        "unknown kecamatan",
        "kabupaten alone",
    ],
)
def test_every_kind_of_doubt_about_a_place_can_be_settled_and_taken_back(queue_of, district, row):
    before, queue = queue_of(row)
    assert before["kode_desa"].isna().all()
    word = answer(ask(queue), district.desa, "accept", WANASARI, "peninjau", "menurut peta desa")
    after, _ = queue_of(row, named("Muara Lor"), decisions={word.item: word})
    assert after["kode_desa"].tolist() == [WANASARI, MUARA_LOR]
    assert after["review_item"].tolist() == [word.item, ""]
    assert after["location_method"].iloc[0] == "keputusan peninjau"
