"""The page for the meeting and what stands behind it."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from geo.assessment import Assessment
from geo.privacy import Level, for_audience
from geo.report import render_report
from geo.report.decision import sureness
from geo.report.funnel import funnel_chart
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
    assert "L1" in page
    assert "1,8 kali" in page
    assert "hampir pasti bukan kebetulan" in page
    assert "1 desa panas" in page
    assert "tetap pada 1 aturan tetangga lain" in page
    assert "Desa yang dapat dituntaskan lebih dulu" in page
    assert "baris 2" in page or re.search(r"baris \d+", page)
    assert "bukan penetapan penerima" in page
    assert page.count("<svg") >= 4


def test_only_what_is_significant_is_drawn_and_the_rest_is_said_to_be_perhaps_chance():
    made = small_assessment()
    quiet = replace(
        made,
        scans=made.scans.assign(significant=False, p_value=0.4),
        hot_spots=made.hot_spots.assign(gi_class="", gi_q=0.5),
    )
    page = section(page_of(quiet), "keputusan")
    assert f'fill="{HOT_COLOUR}"' not in page.split('<ul class="legend">')[0]
    assert "bisa saja kebetulan" in page
    assert "hampir pasti" not in page
    assert "Tidak ada lingkaran yang kebutuhannya nyata" in page_of(quiet)


def test_a_kantong_is_never_called_significant():
    page = page_of(small_assessment())
    for sentence in re.findall(r"[^.>]*[Kk]antong[^.<]*", page):
        assert "signifikan" not in sentence.replace("bukan uji signifikansi", "").replace(
            "bukan hasil uji signifikansi", ""
        ), sentence


@pytest.mark.parametrize("level", [Level.OPD, Level.PUBLIK])
def test_every_audience_gets_a_page_without_what_it_may_not_see(level: Level):
    page = page_of(for_audience(small_assessment(households=120), level))
    if level is Level.PUBLIK:
        assert "Krajan" not in page
        assert "Tidak ada pilihan" in page
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
    assert "Tidak ada rencana kunjungan" in page
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


def test_the_words_of_sureness_follow_the_p_value():
    words = [sureness(p) for p in (0.0001, 0.005, 0.03, 0.2)]
    assert len(set(words)) == 4
    assert "kebetulan" in words[3]
