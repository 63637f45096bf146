"""A sheet from upload to publication and back, with a worker at work; some people in it bear strange names."""

import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from app.access.users import change_user, find_user
from tests.browser.chromium import Browser
from tests.browser.conftest import Office, nothing_amiss
from tests.browser.hands import HOSTILE, PATIENCE_S, drawn, not_hit, press_button

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def hostile_sheet(sheet: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sheet of the sample in which some people, hamlets, desa and a heading bear strange names."""
    table = pd.read_csv(sheet, sep=";", dtype="str", keep_default_na=False, encoding="utf-8-sig")
    own = ["Nama Kepala Keluarga", "Alamat", "Dusun", "Pekerjaan"]
    with_point = table.index[table["Lintang"] != ""]
    for place, words in zip(with_point, HOSTILE * 3, strict=False):
        table.loc[place, own] = words
    without_point = table.index[table["Lintang"] == ""]
    for place, words in zip(without_point, HOSTILE, strict=False):
        table.loc[place, "Desa/Kelurahan"] = words
    table[HOSTILE[0]] = HOSTILE[1]
    path = tmp_path_factory.mktemp("lembar") / "<img src=x onerror=window.__hit=1>.csv"
    table.to_csv(path, sep=";", index=False, encoding="utf-8-sig")
    return path


def jobs_done(browser: Browser) -> None:
    """Wait until nothing is worked at any more; the page finds out by itself."""
    time.sleep(0.2)
    browser.until(
        lambda: (
            browser.run("return document.readyState") == "complete"
            and (not browser.count("#kerja") or not browser.find("#kerja").is_displayed())
        ),
        3 * PATIENCE_S,
    )


@pytest.fixture
def page(desk: Browser, office: Office) -> Iterator[Browser]:
    desk.open("about:blank")
    office.come_in(desk, "perencana")
    yield desk
    not_hit(desk)
    nothing_amiss(desk, office.address)


def test_is_uploaded_corrected_and_assessed(
    page: Browser, office: Office, hostile_sheet: Path, pictures: Path
):
    page.go(f"{office.address}/data")
    jobs_done(page)
    page.find("#berkas").send_keys(str(hostile_sheet))
    press_button(page, "Unggah")
    page.until(lambda: "/data/unggahan/" in page.driver.current_url)
    jobs_done(page)
    assert "Yang terbaca" in page.text("main")
    assert HOSTILE[0] in page.text("main")
    not_hit(page)
    page.picture(pictures / "unggahan.png")
    heading = next(
        one
        for one in page.driver.find_elements(By.CSS_SELECTOR, ".columns tbody tr")
        if "Pekerjaan" in one.text
    )
    Select(heading.find_element(By.TAG_NAME, "select")).select_by_value("")
    press_button(page, "Simpan dan periksa lagi")
    jobs_done(page)
    press_button(page, "Olah lembar ini")
    page.until(lambda: page.count("#kerja .job"), PATIENCE_S)
    page.picture(pictures / "data.png")
    jobs_done(page)
    assert page.count(".run-name a[href^='/data/hasil/']") == 2
    assert office.served.app.state.library.shown_id() == "2026-01-15-1"


def test_leaves_questions_that_are_answered_beside_the_map(page: Browser, office: Office, pictures: Path):
    questions = f"{office.address}/data/tinjau?hasil={office.served.app.state.library.ids()[0]}"
    page.go(f"{office.address}/data/tinjau")
    page.find(".note a[href^='/data/tinjau?hasil=']").click()
    page.until(lambda: page.driver.current_url == questions)
    asked = page.text("main")
    assert "menunggu keputusan" in asked
    not_hit(page)
    strange = page.run(
        "return [...document.querySelectorAll('tbody a')].find((link) => link.textContent.includes('onerror'))?.href"
    )
    page.go(strange)
    assert HOSTILE[0] in page.text(".said")
    not_hit(page)
    page.go(questions)
    links = page.run("return [...document.querySelectorAll('tbody a')].map((link) => link.href)")
    for link in links:
        page.go(link)
        if page.count(".candidate"):
            break
    with page.inside("#gambar"):
        page.until(lambda: page.count(".leaflet-desa-pane path") > 1, PATIENCE_S)
    page.picture(pictures / "tinjau.png")
    page.press("1")
    assert page.run("return document.activeElement.matches('.candidate input:checked')")
    page.find("#alasan").send_keys("ejaan lain dari desa itu")
    press_button(page, "Terima", "#putusan")
    page.go(link)
    assert "Sudah diputuskan" in page.text("main")
    assert "ejaan lain dari desa itu" in page.text("main")


def test_is_assessed_again_published_and_taken_back(page: Browser, office: Office, pictures: Path):
    library = office.served.app.state.library
    page.go(f"{office.address}/data/tinjau?hasil={library.ids()[0]}")
    press_button(page, "Olah lagi")
    jobs_done(page)
    newest = library.ids()[0]
    assert len(library.ids()) == 3
    page.go(f"{office.address}/data/hasil/{newest}")
    assert "Yang berubah terhadap 2026-01-15-1" in page.text("main")
    page.picture(pictures / "hasil.png")
    page.find("#catatan").send_keys(HOSTILE[0])
    press_button(page, "Terbitkan hasil ini")
    assert library.shown_id() == newest
    assert page.text("tr:has(.tag.good) .run-name a") == newest
    page.go(f"{office.address}/peta")
    drawn(page)
    assert "onerror" in page.text("#legenda .source")
    not_hit(page)
    page.go(f"{office.address}/data")
    old = page.find("button[aria-label='Kembalikan 2026-01-15-1']")
    old.click()
    page.until(lambda: library.shown_id() == "2026-01-15-1")
    page.until(lambda: page.text("tr:has(.tag.good) .run-name a") == "2026-01-15-1")
    page.find(f"button[aria-label='Terbitkan {newest}']").click()
    page.until(lambda: library.shown_id() == newest)


def test_shows_strange_names_as_names_wherever_they_stand(screen: Browser, office: Office):
    page = screen
    page.open("about:blank")
    shown = office.shown
    strange = shown.counted[shown.counted["dusun"].fillna("").str.contains("__hit|panjang", regex=True)]
    assert len(strange) > len(HOSTILE)
    kode, row = strange["kode_desa"].iloc[0], strange["sheet_row"].iloc[0]
    paths = [
        f"/desa/{kode}", f"/rumah/{row}", f"/kunjungan/rumah?baris={row}", f"/peta?pilih={kode}&lapisan=rumah",
        "/prioritas", "/kunjungan", "/data", f"/data/hasil/{office.served.app.state.library.shown_id()}", "/bandingkan",
    ]  # fmt: skip
    with office.served.app.state.records.session(alone=True) as session:
        user, desa = find_user(session, "petugas"), strange["kode_desa"].unique().tolist()
        change_user(session, user, role="petugas", desa=desa, full_name=HOSTILE[0])
    for who in ("perencana", "petugas"):
        office.come_in(page, who)
        for path in paths:
            if who == "petugas" and path.startswith(("/prioritas", "/data")):
                continue
            page.go(office.address + path)
            time.sleep(0.15)
            not_hit(page)
        page.go(f"{office.address}/rumah/{row}")
        told = page.text("main")
        assert HOSTILE[0] in told
        page.go(f"{office.address}/desa/{kode}")
        assert "onerror" in page.text("main")
    page.go(f"{office.address}/peta")
    drawn(page)
    for _, house in strange.iterrows():
        page.run(
            "document.querySelector('#gambar').contentWindow.postMessage(arguments[0], '*')",
            {"peta": 1, "kind": "go", "lat": house.geometry.y, "lon": house.geometry.x, "zoom": 16},
        )
    office.come_in(page, "admin")
    for path in ("/pengguna", "/jejak"):
        page.go(office.address + path)
        not_hit(page)
