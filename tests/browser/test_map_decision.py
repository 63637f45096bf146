"""What a planner sees of the decision on the map: measures, hot spots, circles, chosen households and visits."""

from dataclasses import replace
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from geo.assessment import Assessment
from geo.maps import build_map
from geo.symbology import COLD_COLOUR, HOT_COLOUR
from tests.browser.chromium import Browser
from tests.browser.test_map_page import HOSTILE, fills, overlaps, position
from tests.map_district import decided_district

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def decided() -> Assessment:
    return decided_district()


@pytest.fixture(scope="module")
def shown(decided: Assessment) -> Assessment:
    return decided


def colours_on(page: Browser, canvas: str) -> int:
    """Count the colours on a canvas; none where it is not there."""
    found: int = page.run(
        """const canvas = document.getElementById(arguments[0]);
        if (!canvas) return 0;
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
        copy.drawImage(canvas, 0, 0);
        const bytes = copy.getImageData(0, 0, canvas.width, canvas.height).data;
        const seen = new Set();
        for (let i = 0; i < bytes.length; i += 4) if (bytes[i + 3] === 255) seen.add(bytes.slice(i, i + 3).join());
        return seen.size;""",
        canvas,
    )
    return found


def measure(page: Browser, value: str) -> None:
    Select(page.find("#measure")).select_by_value(value)


def rgb(colour: str) -> str:
    return f"rgb({','.join(str(int(colour[start : start + 2], 16)) for start in (1, 3, 5))})"


def test_hot_spots_are_hot_cold_blank_or_hatched(page: Browser) -> None:
    page.run("map_peta.setZoom(11, { animate: false })")
    measure(page, "hot")
    assert fills(page) == [rgb(HOT_COLOUR), "rgb(255,255,255)", rgb(COLD_COLOUR), "url(#hatch-untested)"]
    assert "desa panas" in page.text(".theme:not([hidden]) .ramp-title")
    assert page.count("#strip .hatched") == 1


def test_each_measure_has_a_legend_of_its_own(page: Browser) -> None:
    seen = set()
    for value in ("rate", "smoothed", "need", "gap", "hot"):
        measure(page, value)
        shown = page.driver.find_elements(By.CSS_SELECTOR, ".theme:not([hidden])")
        assert len(shown) == 1
        seen.add(shown[0].text)
    assert len(seen) == 5


def test_a_measure_that_an_indicator_lacks_gives_way_and_comes_back(page: Browser) -> None:
    measure(page, "hot")
    chosen = Select(page.find("#measure"))
    page.find("input[name=theme][value=jamban]").click()
    assert chosen.first_selected_option.get_attribute("value") == "rate"
    assert page.text("#gave-way") == "«Desa panas» tidak ada untuk kebutuhan ini; yang tampak: Tingkat (%)."
    assert not page.find("#measure option[value=hot]").is_enabled()
    page.find("input[name=theme][value=rtlh]").click()
    assert chosen.first_selected_option.get_attribute("value") == "hot"
    assert page.text("#gave-way") == ""
    page.find("input[name=theme][value='']").click()
    assert not page.find("#measure").is_enabled()


def test_a_hot_desa_says_how_sure_and_how_firm(page: Browser, decided: Assessment) -> None:
    x, y = position(page, decided, 6)
    page.find("#show-kantong").click()
    page.click_at(x + 40, y)
    told = page.text(".popup")
    for words in (
        "Desa panas",
        "nyata lebih sering daripada bila tersebar acak (q 0,031)",
        "sekitar 3 keliru",
        "4 desa terdekat",
        "desa ini tinggi, tetangganya juga",
        "Di dalam lingkaran R1 sekitar Mekarsari: 1,8 kali",
    ):
        assert words in told
    assert "profil_jamban" not in told
    page.find(".popup details summary").click()
    page.until(lambda: "profil_jamban" in page.text(".popup"))


def test_an_untested_desa_says_why(page: Browser, decided: Assessment) -> None:
    x, y = position(page, decided, 34)
    page.click_at(x + 60, y)
    assert "Tidak diuji: tidak punya tetangga" in page.text(".popup")


def test_circles_answer_to_mouse_and_keyboard(page: Browser) -> None:
    assert page.count(".badge") == 0
    page.find("[data-scan='rtlh desa']").click()
    page.find("[data-scan='rtlh rumah tangga']").click()
    assert page.count(".badge") == 3
    assert page.count(".leaflet-scans-pane path") == 6
    first, alone, _ = page.driver.find_elements(By.CSS_SELECTOR, ".badge")
    assert first.get_attribute("aria-label") == "Lingkaran R1, RTLH (indikasi), sekitar Mekarsari"
    assert first.get_attribute("role") == "button"
    first.send_keys(Keys.ENTER)
    told = page.text(".popup")
    for words in (
        "1,8 kali lebih sering daripada di luar lingkaran",
        "12 dari 20 rumah tangga",
        "yang sekuat ini muncul paling banyak 1 dari 10.000 kali",
        "radius 2,1 km",
        "2: Mekarsari, Sidomulyo",
        "Poisson",
    ):
        assert words in told
    page.run("map_peta.closePopup()")
    page.until(lambda: page.count(".popup") == 0)
    alone.click()
    assert "satu desa saja" in page.text(".popup")
    assert "tidak ada yang membutuhkan" in page.text(".popup")
    assert "muncul sekitar 1 dari 100 kali" in page.text(".popup")


def test_a_chosen_household_tells_rank_and_reason(page: Browser, decided: Assessment) -> None:
    assert colours_on(page, "chosen") == 0
    page.find("#show-chosen").click()
    assert colours_on(page, "chosen") > 1
    page.click_at(*position(page, decided, 3, zoom=12))
    told = page.text(".popup")
    for words in (
        "Baris lembar 3",
        "2; rentang peringkat bila bobot digeser sedikit: 2 sampai 6 (kokoh)",
        "alasan dipilih",
        "Regu 1, hari 1, ke-2",
    ):
        assert words in told


def test_visits_are_filtered_by_team_and_day(page: Browser) -> None:
    page.find("#show-visits").click()
    assert colours_on(page, "visits") > 2
    Select(page.find("#visit-team")).select_by_visible_text("1")
    assert page.text("#visit-answer") == "3 kunjungan, 2 di antaranya tampak; 1 tanpa titik."
    Select(page.find("#visit-day")).select_by_visible_text("2")
    assert page.text("#visit-answer") == "0 kunjungan, 0 di antaranya tampak."
    assert colours_on(page, "visits") == 0
    page.find("#show-visits").click()
    assert page.count("#visits") == 0


def test_each_team_has_its_start(page: Browser) -> None:
    names = "return [...document.querySelectorAll('.start')].map((house) => house.getAttribute('aria-label'))"
    assert page.run(names) == []
    page.find("#show-visits").click()
    assert sorted(page.run(names)) == ["Tempat mulai regu 1", "Tempat mulai regu 2"]
    Select(page.find("#visit-team")).select_by_visible_text("2")
    assert page.run(names) == ["Tempat mulai regu 2"]
    page.find("#show-visits").click()
    assert page.run(names) == []


def test_circles_of_each_need_have_a_colour_and_a_letter(
    desk: Browser, decided: Assessment, tmp_path: Path
) -> None:
    path = tmp_path / "peta.html"
    path.write_text(
        build_map(replace(decided, scans=decided.scans.assign(significant=True))), encoding="utf-8"
    )
    desk.open(path.as_uri())
    for switch in desk.driver.find_elements(By.CSS_SELECTOR, "[data-scan]"):
        switch.click()
    badges = desk.driver.find_elements(By.CSS_SELECTOR, ".badge")
    assert sorted(badge.text for badge in badges) == ["J1", "R1", "R2", "R3"]
    colour = "return getComputedStyle(arguments[0]).getPropertyValue('--scan')"
    colours = {(badge.text[0], desk.run(colour, badge)) for badge in badges}
    assert len(colours) == len({shade for _, shade in colours}) == 2
    assert desk.complaints() == []


def test_a_filter_shows_the_visits(page: Browser) -> None:
    Select(page.find("#visit-team")).select_by_visible_text("2")
    assert page.find("#show-visits").is_selected()
    assert colours_on(page, "visits") > 1


def test_visits_can_be_reached_without_pointing(page: Browser) -> None:
    page.find("#visit-list summary").send_keys(Keys.ENTER)
    page.until(lambda: page.count("#visit-list li") == 4)
    Select(page.find("#visit-team")).select_by_visible_text("1")
    lines = page.driver.find_elements(By.CSS_SELECTOR, "#visit-list button")
    assert [line.text for line in lines] == [
        "Hari 1, regu 1, ke-1: Mekarsari (baris 6)",
        "Hari 1, regu 1, ke-2: Mekarsari (baris 3)",
    ]
    lines[1].send_keys(Keys.ENTER)
    assert "Baris lembar 3" in page.text(".popup")


def test_a_kantong_says_what_it_holds(page: Browser, decided: Assessment) -> None:
    x, y = position(page, decided, 6)
    page.click_at(x + 40, y)
    told = page.text(".popup")
    for words in ("20 rumah bertitik", "40,0 %", "sekitar 180 m"):
        assert words in told


def test_everything_fits_on_a_phone(phone: Browser, address: str) -> None:
    phone.open(address)
    phone.find("#panel-toggle").click()
    for switch in ("#show-chosen", "#show-visits", "[data-scan='rtlh desa']"):
        phone.find(switch).click()
    measure(phone, "hot")
    assert phone.run("return document.getElementById('panel').scrollWidth <= innerWidth")
    phone.find("#panel-toggle").click()
    assert phone.find("#strip .classes").is_displayed()
    assert phone.run("return document.documentElement.scrollWidth") <= 390
    assert overlaps(phone) == []
    assert phone.complaints() == []


def test_hostile_text_of_the_decision_stays_text(
    desk: Browser, decided: Assessment, tmp_path_factory: pytest.TempPathFactory
) -> None:
    hostile = replace(
        decided,
        hot_spots=decided.hot_spots.assign(stays=HOSTILE, moran_class=HOSTILE),
        scans=decided.scans.assign(nama_desa=HOSTILE, members=HOSTILE, model=HOSTILE),
        priorities=decided.priorities.assign(why=HOSTILE),
    )
    path = tmp_path_factory.mktemp("jahat") / "peta.html"
    path.write_text(build_map(hostile), encoding="utf-8")
    desk.open(path.as_uri())
    desk.find("[data-scan='rtlh desa']").click()
    desk.find("#show-chosen").click()
    badge = desk.find(".badge")
    assert str(badge.get_attribute("aria-label")).endswith(HOSTILE)
    badge.send_keys(Keys.ENTER)
    assert "<img src=x" in desk.text(".popup")
    desk.click_at(*position(desk, decided, 3))
    assert "<img src=x" in desk.text(".popup")
    x, y = position(desk, decided, 6)
    desk.find("#show-kantong").click()
    desk.click_at(x + 40, y)
    assert "<img src=x" in desk.text(".popup")
    assert desk.run("return window.hacked === undefined && document.images.length === 0")
    assert desk.complaints() == []
