"""The report says what was found and how surely, and lets no text from the sheet act."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest

from geo.assessment import Assessment
from geo.privacy import Level, for_audience
from geo.report import render_report
from geo.report.intake import common_reasons, first_rejects, sheet_facts
from geo.report.outlines import draw
from geo.symbology import RAMP_UNLOCATED
from tests.geo.small import HOSTILE, small_assessment

VOID = {"meta", "br", "rect", "line", "circle", "path", "use"}


class Page(HTMLParser):
    """Collects tags, attributes and visible text, and refuses a page whose tags do not close."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()
        self.text = re.sub(r"\s+", " ", " ".join(self.words).replace("\N{NO-BREAK SPACE}", " "))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a tag."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that closes itself."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that was opened last, and no other."""
        if tag not in VOID:
            assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        """Keep what a reader sees."""
        if "style" not in self.open:
            self.words.append(data)


def after_intake(*, hostile: bool = False) -> Assessment:
    """Return the small assessment with what the intake says of its sheet, and questions that it leaves."""
    words = HOSTILE if hostile else "Contoh Sebelas"
    candidates = [
        {
            "kode_desa": "99.01.01.2001",
            "nama_desa": "Contoh 11",
            "nama_kecamatan": "Kecontohan 1",
            "points": 4,
            "score": 81.3,
        },
        {
            "kode_desa": "99.01.01.2002",
            "nama_desa": "Contoh 12",
            "nama_kecamatan": "Kecontohan 1",
            "points": 0,
            "score": 70.0,
        },
    ]
    ends = [
        {**candidates[0], "metres": 1900}, {**candidates[1], "metres": 0},
    ]  # fmt: skip
    asked = [
        ("n0123456789ab", "nama", 9, words, "", "", "nama desa tidak dikenali", candidates, ""),
        (
            "t0123456789ab",
            "titik",
            3,
            "Contoh 11",
            "9901010000000001",
            "",
            "titik jatuh di desa lain",
            ends,
            "",
        ),
        ("l0123456789ab", "luar", 2, "Contoh 11", "", "Lain", "lembar menyebut kabupaten lain", [], ""),
        ("n1123456789ab", "nama", 1, "SUDAH DIJAWAB", "", "", "", candidates, "accept"),
    ]
    review = pd.DataFrame(
        [
            {
                "item": item, "kind": kind, "households": households, "rows": "2, 5", "kode": kode, "desa": desa,
                "kecamatan": "", "kabupaten": kabupaten, "note": note, "candidates": json.dumps(found), "keys": "[]",
                "decision": decision, "kode_desa": "",
            }
            for item, kind, households, desa, kode, kabupaten, note, found, decision in asked
        ]
    )  # fmt: skip
    intake = {
        "kind": "XLSX", "sheet": words, "other_sheets": [words], "header_row": 3, "code_list": "Regsosek 2022",
        "notes": [f"Catatan tentang «{words}»."],
        "marks": {"nik": {"bukan 16 angka": 7}, "alamat": {"rt": 5}},
    }  # fmt: skip
    small = small_assessment(hostile=hostile)
    rows = {**small.facts["rows"], "counted": 238}
    duplicates = {
        "count_once": ["NIK sama"], "groups": 2, "rows": 4, "not_counted": 2,
        "kinds": [{"why": "NIK sama", "groups": 2, "rows": 4}, {"why": "titik dan nama sama", "groups": 1, "rows": 2}],
    }  # fmt: skip
    counts = {"items": 3, "rows": 14, "decided": 1, "kinds": {"nama": 1, "kode": 0, "luar": 1, "titik": 1}}
    facts = {**small.facts, "rows": rows, "intake": intake, "duplicates": duplicates, "review": counts}
    return replace(small, facts=facts, review=review)


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(render_report(small_assessment(), {"baca": 1.25}))


def test_every_tag_closes(page: Page, assessment: Assessment):
    assert page.open == []
    assert page.tags[0] == ("html", {"lang": "id"})
    assert Page(render_report(assessment, {})).open == []


def test_nothing_is_asked_of_the_network(page: Page):
    for tag, attributes in page.tags:
        assert tag not in {"script", "link", "img", "iframe", "object"}
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("src", "href"):
            assert not re.match(r"\w+:|//", attributes.get(name) or "")


def test_the_figures_are_those_of_the_households(page: Page):
    needs = small_assessment().households["need_rtlh"]
    need, known, unknown = int(needs.sum()), int(needs.notna().sum()), int(needs.isna().sum())
    rate = f"{need / known * 100:.1f}".replace(".", ",")
    assert f"{rate} % dari {known} yang diketahui; {unknown} belum diketahui" in page.text
    assert "Profil contoh (2022)" in page.text


def test_rows_and_points_are_accounted_for(page: Page):
    without = int(small_assessment().households.geometry.isna().sum())
    assert "Baris lembar yang dibaca 242 240 sah, 2 ditolak" in page.text
    assert f"{without} tanpa titik" in page.text


def test_schematic_boundaries_say_so(page: Page):
    assert page.text.count("Batas contoh, bukan batas resmi") >= 2
    assert "hanya perkiraan" in page.text
    small = small_assessment()
    facts = {**small.facts, "boundaries": {**small.facts["boundaries"], "schematic": False}}
    assert "hanya perkiraan" not in Page(render_report(replace(small, facts=facts), {})).text


def test_honest_words_are_there(page: Page):
    for words in (
        "Belum diketahui bukan berarti layak",
        "bukan uji statistik",
        "interval Wilson 95 %",
        "proksi",
    ):
        assert words in page.text
    assert "signifikan " not in page.text


def test_an_indicator_without_its_columns_is_named(page: Page):
    assert "Tidak diukur karena kolomnya tidak ada di lembar: Tidak punya jamban sendiri" in page.text


def test_no_person_and_no_rejected_value_is_shown(page: Page):
    assert "RAHASIA" not in page.text
    assert "Desil 2 desil harus 1 sampai 10" in page.text


def test_hostile_text_is_only_text():
    html = render_report(after_intake(hostile=True), {})
    hostile = Page(html)
    assert hostile.open == []
    assert not [tag for tag, _ in hostile.tags if tag in {"img", "script"}]
    assert "<img src=x onerror=alert(1)>" in hostile.text
    assert "{{7*7}}" in hostile.text
    assert not re.search("[\x00-\x08\u202a-\u202e\u2066-\u2069]", html)


def test_links_lead_somewhere(page: Page):
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {
        attributes["href"] for _, attributes in page.tags if (attributes.get("href") or "").startswith("#")
    }
    assert {target[1:] for target in targets if target} <= set(ids)


def test_only_the_files_that_are_there_are_linked():
    html = render_report(small_assessment(), {}, files={"peta.html": "peta"})
    assert 'href="peta.html"' in html
    assert "atlas.pdf" not in html


def test_a_run_without_needs_points_or_kantong_still_reads():
    small = small_assessment()
    bare = replace(
        small,
        households=small.households.iloc[:0],
        rejects=small.rejects.iloc[:0],
        clusters=small.clusters.iloc[:0],
        priorities=small.priorities.iloc[:0],
        zones=small.zones.iloc[:0],
    )
    text = Page(render_report(bare, {})).text
    assert "Tidak ada kantong." in text
    assert "Tidak ada daftar prioritas." in text


def test_a_rate_that_no_household_could_lower_is_not_called_one():
    small = small_assessment()
    warned = [{**about, "caution": "Ini bukan tingkat kebutuhan."} for about in small.facts["indicators"]]
    one_sided = replace(small, facts={**small.facts, "indicators": warned})
    assert "bukan tingkat kebutuhan" in Page(render_report(one_sided, {})).text
    assert "bukan tingkat kebutuhan" not in Page(render_report(small, {})).text


def test_what_is_not_known_of_a_layer_or_of_the_boundaries_leaves_no_gap():
    small = small_assessment()
    layers = [{**layer, "source": "", "year": ""} for layer in small.facts["layers"]]
    boundaries = {**small.facts["boundaries"], "schematic": False, "note": ""}
    facts = {**small.facts, "layers": layers, "boundaries": boundaries}
    places = {"nama_desa": pd.NA, "nama_kecamatan": pd.NA}
    priorities = small.priorities.assign(**places).astype(dict.fromkeys(places, "str"))
    text = Page(render_report(replace(small, facts=facts, priorities=priorities), {})).text
    assert "tidak ada berkasnya, jadi tidak diketahui" in text
    assert not re.search(r": ,|\. \. |Batas wilayah \.", text)
    assert "belum diketahui belum diketahui 3,00" in text


@pytest.mark.parametrize("level", list(Level))
def test_every_level_reads(level: Level):
    assert Page(render_report(for_audience(after_intake(), level), {})).open == []


def test_the_drawing_stays_small_and_whole():
    small = small_assessment()
    outlines = draw(small.desa, small.kecamatan)
    assert len(outlines["desa"]) == len(small.desa)
    assert all(re.fullmatch(r"(M-?\d+ -?\d+l[-\d ]+z)+", path) for path in outlines["desa"])
    assert {name for _, _, name in outlines["labels"]} <= set(small.kecamatan["nama_kecamatan"])


def test_the_unlocated_are_counted_where_they_are(page: Page):
    small = small_assessment()
    households = small.households
    without = households[households.geometry.isna()]
    reason = len(without)
    assert f"titik jatuh di desa lain {reason}" in page.text
    first = small.desa.assign(without=small.desa["households"] - small.desa["located"])
    first = first.sort_values("without", ascending=False, kind="stable").iloc[0]
    row = f"{first['nama_desa']} {first['nama_kecamatan']} {first['households']} {first['without']}"
    assert row in page.text
    colours = [
        attributes.get("fill") for tag, attributes in page.tags if tag == "use" and "fill" in attributes
    ]
    assert set(colours) & set(RAMP_UNLOCATED)


def test_the_public_report_does_not_say_that_all_have_a_point():
    small = small_assessment()
    without = int(small.households.geometry.isna().sum())
    assert f"{without} tanpa titik" in Page(render_report(for_audience(small, Level.PUBLIK), {})).text


def test_what_was_read_from_the_sheet_is_told():
    text = Page(render_report(after_intake(), {})).text
    for words in (
        "XLSX, lembar kerja «Contoh Sebelas»; judul kolom di baris 3.",
        "Catatan tentang «Contoh Sebelas».",
        "sah dan ikut dihitung 238",
        "sah, tetapi ganda: tidak ikut dihitung 2",
        "Seluruh lembar 242",
        "RT (5 baris)",
        "NIK kepala keluarga bukan 16 angka 7",
        "NIK sama 2 4 dihitung sekali",
        "titik dan nama sama 1 2 dihitung semua",
        "Baris lembar yang dibaca 242 240 sah, 2 ditolak ; 2 yang sah ganda",
    ):
        assert words in text


def test_every_row_ends_in_one_place():
    bar = sheet_facts(after_intake())["ends"]
    assert sum(end["rows"] for end in bar) == 242
    assert bar[-1]["start"] + bar[-1]["share"] == pytest.approx(1.0)


def test_the_biggest_open_questions_are_shown_and_how_to_answer():
    text = Page(render_report(after_intake(), {})).text
    assert "3 pertanyaan tentang tempat 14 rumah tangga menunggu jawaban manusia" in text
    assert (
        "Contoh Sebelas 9 nama desa tidak dikenali Contoh 11 (Kec. Kecontohan 1), mirip 81 dari 100" in text
    )
    assert "1,9 km dari titiknya; Contoh 12 (Kec. Kecontohan 1), titiknya di sini" in text
    assert "Contoh 11, Kab. Lain 2 lembar menyebut kabupaten lain tidak ada yang cukup mirip" in text
    assert "peta review list HASIL" in text
    assert "SUDAH DIJAWAB" not in text
    # a number of a person is none of a desa, whatever column it stood in
    assert "9901010000000001" not in text


def test_others_are_told_less_of_the_sheet():
    for level in (Level.PUBLIK, Level.OPD):
        text = Page(render_report(for_audience(after_intake(), level), {})).text
        assert "Seluruh lembar 242" in text
        assert "Contoh Sebelas 9" not in text
        assert ("bukan 16 angka" in text) == (level is Level.OPD)


def test_files_with_names_are_named_but_not_linked():
    hrefs = [attributes.get("href") for _, attributes in Page(render_report(after_intake(), {})).tags]
    text = Page(render_report(after_intake(), {})).text
    for name in ("rejects.xlsx", "ganda.xlsx"):
        assert f"{name} :" in text or f"{name}:" in text
        assert name not in hrefs
    without = Page(render_report(after_intake(), {}, files={"peta.html": "peta"})).text
    assert "xlsx" not in without
    assert "Betulkan di lembar" in without


def test_a_run_that_says_nothing_of_its_intake_still_reads(page: Page):
    assert "Lembar: apa yang dibaca" in page.text
    assert "Menunggu keputusan" not in page.text


def test_where_a_household_stands_instead_is_no_reason():
    small = small_assessment()
    without = small.households.geometry.isna()
    note = small.households["location_note"].mask(without, "titik acuan dusun dari 12 rumah")
    text = Page(
        render_report(replace(small, households=small.households.assign(location_note=note)), {})
    ).text
    assert f"tidak ada koordinat di lembar {int(without.sum())}" in text
    assert "titik acuan" not in text


def test_reasons_are_counted_one_column_at_a_time_and_lists_of_codes_only_named():
    codes = "di luar daftar Regsosek 2022 nomor {}: 1 = genteng (baru), 2 = seng, 8 bahan (mungkin maksudnya «seng»?)"
    faults = [
        ("Atap; Dinding; Desil", f"{codes.format(305)}; {codes.format(304)}; bukan angka"),
        ("Atap; Dinding", f"{codes.format(305)} (mungkin «genteng»?); {codes.format(304)}"),
        ("Atap", codes.format(305)),
        ("Luas; m2", "bukan angka"),
    ]
    rejects = pd.DataFrame(
        [{"sheet_row": row, "column": column, "value": "x", "reason": reason}
         for row, (column, reason) in enumerate(faults, start=2)]
    )  # fmt: skip
    told = [(each["column"], each["reason"], each["rows"]) for each in common_reasons(rejects)]
    assert told == [
        ("Atap", "di luar daftar Regsosek 2022 nomor 305", 3),
        ("Dinding", "di luar daftar Regsosek 2022 nomor 304", 2),
        ("Desil", "bukan angka", 1),
        ("Luas; m2", "bukan angka", 1),
    ]
    text = Page(render_report(replace(small_assessment(), rejects=rejects), {})).text
    assert "8 bahan" not in text
    assert "2 Atap di luar daftar Regsosek 2022 nomor 305 Dinding di luar daftar" in text
    assert "«Daftar kode»" in text


def test_a_row_with_many_faults_names_the_first():
    rejects = pd.DataFrame(
        {"sheet_row": [7], "column": ["; ".join("ABCDE")], "value": [""], "reason": ["; ".join("vwxyz")]}
    )
    assert first_rejects(rejects) == [
        {"sheet_row": 7, "faults": [("A", "v"), ("B", "w"), ("C", "x")], "more": 2}
    ]


def test_what_was_left_out_stands_before_any_figure():
    text = Page(render_report(after_intake(), {})).text
    first = text.index("Periksa dahulu cara lembar dibaca")
    assert first < text.index("Catatan tentang «Contoh Sebelas».") < text.index("Baris lembar yang dibaca")
    plain = after_intake()
    intake = {**plain.facts["intake"], "notes": [], "other_sheets": ["Kec. B", "Kec. C"]}
    text = Page(render_report(replace(plain, facts={**plain.facts, "intake": intake}), {})).text
    assert text.index("Tidak dibaca, tetapi mirip data: lembar kerja «Kec. B», «Kec. C»") < text.index(
        "Baris lembar"
    )
    intake = {**intake, "other_sheets": []}
    text = Page(render_report(replace(plain, facts={**plain.facts, "intake": intake}), {})).text
    assert "Periksa dahulu" not in text
