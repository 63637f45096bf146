"""The report says what was found and how surely, and lets no text from the sheet act."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest

from geo.assessment import Assessment
from geo.privacy import Level, for_audience
from geo.report import render_report
from geo.report.outlines import draw
from geo.symbology import RAMP_UNLOCATED
from tests.geo.small import small_assessment

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
        "bukan uji signifikansi",
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
    html = render_report(small_assessment(hostile=True), {})
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
    need = small.households["need_rtlh"]
    one_sided = replace(
        small, households=small.households.assign(need_rtlh=need.mask(~need.fillna(value=True)))
    )
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
    assert Page(render_report(for_audience(small_assessment(), level), {})).open == []


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
