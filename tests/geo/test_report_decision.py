"""The page for the meeting and what stands behind it."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from geo.assessment import Assessment
from geo.privacy import Level, for_audience
from geo.report import render_report
from geo.report.decision import brief_reasons
from geo.report.funnel import funnel_chart
from geo.report.gathering import gatherings
from geo.report.outlines import draw
from geo.report.words import firmness, odds
from geo.symbology import HOT_COLOUR
from tests.geo.small import HOSTILE, small_assessment


def page_of(assessment: Assessment) -> str:
    return render_report(assessment, {})


def section(page: str, name: str) -> str:
    """Return the text from one heading to the next."""
    begin = page.index(f'id="{name}"')
    return page[begin : page.find("<h2", begin + 1)]


def test_the_page_says_where_how_sure_what_to_finish_and_whom_first():
    page = section(page_of(small_assessment()), "keputusan")
    assert page.count("R1") == 2  # on the map and in words
    assert "26 dari 40 rumah tangga RTLH" in page
    assert "1,8 kali</strong> lebih sering daripada di luar lingkaran" in page
    assert "muncul paling banyak 1 dari 2.500 kali" in page
    assert "tanpa koreksi di antara kebutuhan" in page
    assert "1 desa panas" in page
    assert "tetap panas pada 1 aturan lain" in page
    assert "Diselesaikan dahulu: tanpa jamban layak" in page
    assert "terpilih, kokoh" in page
    assert "terpilih</a>: 10 kokoh" in page
    assert "bagiannya dari semua keluarga tidak diketahui" in page
    assert "baris 2" in page or re.search(r"baris \d+", page)
    assert "bukan penetapan penerima" in page
    assert page.count("<svg") >= 4


def test_only_what_is_significant_is_drawn_and_the_rest_is_said_to_come_by_chance():
    made = small_assessment()
    quiet = replace(
        made,
        scans=made.scans.assign(significant=False, p_value=0.4),
        hot_spots=made.hot_spots.assign(gi_class="", gi_q=0.5),
    )
    page = section(page_of(quiet), "keputusan")
    assert f'fill="{HOT_COLOUR}"' not in page.split('<ul class="legend">')[0]
    assert "muncul 40 dari 100 kali bila kebutuhan tersebar acak" in page
    assert "Tidak ada lingkaran yang kebutuhannya nyata" in page_of(quiet)
    assert "Tidak ada desa panas</strong> di antara 11 desa" in page
    assert "desa panas: bersama tetangganya" not in page
    assert "lingkaran yang nyata, dari angka desa" not in page


def test_a_kantong_is_never_called_significant():
    page = page_of(small_assessment())
    for sentence in re.findall(r"[^.>]*[Kk]antong[^.<]*", page):
        assert "nyata" not in sentence.replace("kebutuhan nyata lebih", ""), sentence
    assert "signifikan" not in page


@pytest.mark.parametrize("level", [Level.OPD, Level.PUBLIK])
def test_every_audience_gets_a_page_without_what_it_may_not_see(level: Level):
    page = page_of(for_audience(small_assessment(households=120), level))
    if level is Level.PUBLIK:
        assert "Krajan" not in page
        assert "Pilihan tidak ada di hasil ini atau tidak untuk penerima ini" in page
    assert "nan" not in re.sub(r"<[^>]*>", "", section(page, "keputusan")).split()


def test_hostile_text_stays_text():
    page = page_of(small_assessment(hostile=True))
    assert "<img src=x" not in page
    assert HOSTILE not in page


def test_nothing_at_all_gives_a_page_that_says_so():
    made = small_assessment()
    empty = {
        name: getattr(made, name).iloc[:0]
        for name in ("scans", "hot_spots", "priorities", "equity", "visits", "clusters")
    }
    page = page_of(replace(made, **empty, facts={**made.facts, "visits": {}, "selection": {}}))
    assert "Tidak ada daftar prioritas" in page
    assert "Rencana kunjungan tidak ada di hasil ini" in page
    assert "Tidak ada pilihan di hasil ini" not in page
    assert "tidak diuji" in page


def test_what_cannot_be_met_is_said_in_a_warning():
    made = small_assessment()
    facts = {
        "met": False,
        "why_not": ["Kuota «pesisir» minta 20, yang memenuhi syarat hanya 12."],
        "notes": [],
    }
    page = section(page_of(replace(made, facts={**made.facts, "selection": facts})), "pilihan")
    assert "tidak ada yang dipilih" in page
    assert "hanya 12" in page


def test_the_funnel_marks_the_desa_that_the_words_mark():
    desa = pd.DataFrame(
        {
            "nama_desa": ["A", "B", "C"],
            "rtlh_known": [100, 100, 3],
            "rtlh_need": [90, 40, 1],
            "rtlh_rate": [0.9, 0.4, 1 / 3],
            "rtlh_enough": [True, True, False],
            "rtlh_funnel": ["di atas", "wajar", ""],
        }
    )
    chart = funnel_chart(desa, "rtlh", 0.5)
    assert chart is not None
    assert [point[2] for point in chart["points"]] == ["above", "within"]
    assert chart["points"][0][1] < chart["points"][1][1]
    assert funnel_chart(desa.assign(rtlh_enough=False), "rtlh", 0.5) is None


def test_chance_is_never_told_rarer_than_it_is():
    assert [odds(p) for p in (0.0001, 0.001, 0.0413, 0.2, 1.0)] == [
        "1 dari 10.000", "1 dari 1.000", "1 dari 24", "20 dari 100", "100 dari 100",
    ]  # fmt: skip
    assert odds(None) == odds(float("nan")) == odds(0.0) == ""
    assert [firmness(share) for share in (0.95, 0.94, 0.5, 0.49)] == [
        "kokoh", "bergantung pada bobot", "bergantung pada bobot", "selisih tipis",
    ]  # fmt: skip


def test_reasons_keep_what_tells_the_households_apart():
    whys = [f"RTLH: atap seng; lantai tanah; desil {desil}; di dalam kantong" for desil in range(8)]
    told, shared = brief_reasons([*whys, "RTLH: atap ijuk; lantai tanah; desil 9; di dalam kantong"], 20)
    assert shared == "lantai tanah; di dalam kantong"
    assert told[0] == "desil 0\N{NO-BREAK SPACE}…"
    assert told[-1].startswith("RTLH: atap ijuk")
    assert all(len(each) <= 22 for each in told)
    assert brief_reasons([], 20) == ([], "")
    assert brief_reasons(["A" * 300, None], 20)[0] == ["A" * 20 + "\N{NO-BREAK SPACE}…", ""]


def test_the_frame_leaves_room_for_every_circle_and_no_label_covers_another():
    made = small_assessment(kecamatan=5, desa=6)
    outlines = draw(made.desa, made.kecamatan)
    scans = pd.concat([made.scans.iloc[[0]]] * 30, ignore_index=True).assign(
        order=range(1, 31),
        geometry=made.desa.geometry.to_numpy(),
        radius_m=[1200.0] + [0.0] * 29,
        scan_id=range(30),
    )
    about = [{"id": "rtlh", "title": "RTLH"}]
    map_ = gatherings(replace(made, scans=scans), about, outlines)[0]
    frame = map_["frame"]
    for circle in map_["drawn"]:
        assert frame["left"] <= circle["x"] - circle["radius"]
        assert circle["y"] + circle["radius"] <= frame["top"] + frame["height"]
    labels = map_["labels"]
    assert {"R1", "R2", "R3"} <= {label for *_, label in labels}
    for place, (x, y, _) in enumerate(labels):
        for other_x, other_y, _ in labels[:place]:
            assert abs(x - other_x) > frame["letters"] or abs(y - other_y) >= 0.8 * frame["letters"]


@pytest.mark.parametrize("level", [None, Level.OPD, Level.PUBLIK])
def test_a_run_that_says_little_still_gives_every_page(level: Level | None):
    made = small_assessment(households=120)
    seen = for_audience(made, level) if level else made
    facts = {
        key: said
        for key, said in seen.facts.items()
        if key not in {"hot_spots", "scans", "denominator", "selection", "visits", "funnel", "gaps"}
    }
    for extra in (
        {},
        {"selection": {}, "visits": {}, "gaps": {}, "denominator": {}, "funnel": {}, "scans": {}, "hot_spots": {}},
        {"gaps": {"jamban": {}}, "selection": {"met": True}, "visits": {"planned": 0}, "denominator": {"low": None},
         "funnel": {"indicators": [{"id": "rtlh"}]}, "scans": {"desa": {}}, "hot_spots": {"title": "x"}},
    ):  # fmt: skip
        page = page_of(replace(seen, facts=facts | extra))
        assert "berapa bagiannya dari semua keluarga tidak diketahui" in page
        assert ">None" not in page
    dropped = made.desa.drop(columns=["rtlh_gap_most", "jamban_gap_most"])
    page = section(page_of(replace(made, desa=dropped)), "keputusan")
    assert "Tidak ada desa yang dapat diurutkan" in page


def test_what_is_withheld_is_not_called_missing():
    made = small_assessment()
    withheld = {"selection": {"withheld": True}, "visits": {"withheld": True}}
    page = page_of(
        replace(made, facts=made.facts | withheld, visits=made.visits.iloc[:0], equity=made.equity.iloc[:0])
    )
    assert "hanya bagi petugas yang berwenang" in section(page, "keputusan")
    assert "jadi hanya ada di tabel hasil bagi petugas" in section(page, "kunjungan")
    assert "tidak untuk penerima ini" not in section(page, "kunjungan")


def test_targets_are_named_and_what_is_certain_is_told_apart():
    made = small_assessment()
    gap = {
        "target": 0.9, "district": 7, "by_kecamatan": 8, "by_desa": 11, "desa_open": 4, "desa_reached": 5,
        "desa_declarable": 3, "desa_too_few": 0, "note": "",
    }  # fmt: skip
    denominator = {
        "name": "semua keluarga", "source": "BPS rekaan", "year": "2024", "note": "batas bawah",
        "register_share": 0.031, "low": [{"kode_desa": "1", "nama_desa": "Kecil", "nama_kecamatan": "K"}],
    }  # fmt: skip
    page = page_of(replace(made, facts=made.facts | {"gaps": {"jamban": gap}, "denominator": denominator}))
    first = section(page, "keputusan")
    assert "Target 90 % rumah tangga punya akses jamban layak" in first
    assert "5 desa sudah di target menurut yang diketahui (3 pasti, 2 bergantung" in first
    assert "3,1\N{NO-BREAK SPACE}% dari semua keluarga" in first
    assert "1 desa <a" in first
    assert "Kecil (Kec. K)" in section(page, "register")
    assert "Krajan" in section(page, "kekurangan")


def test_the_funnel_is_no_test_and_says_how_many_chance_would_put_outside():
    made = small_assessment()
    desa = made.desa.assign(rtlh_funnel="wajar")
    told = {"id": "rtlh", "common": 0.4, "dispersion": 10.6, "by_chance": 0.57}
    page = page_of(
        replace(made, desa=desa, facts=made.facts | {"funnel": {"level": 0.998, "indicators": [told]}})
    )
    assert "diharapkan paling banyak 0,6 di luar batas" in page
    assert "10,6 kali dari yang diharapkan" in page
    assert "memang berbeda dari kabupaten" not in page
