"""What a planner does all day, in a real browser: nothing fails, and nothing is asked of another host."""

import re
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from app.access.roles import Role
from geo.boundaries import default_folder, read_boundaries
from geo.job import run_job
from geo.sample import make_sample, write_sample
from geo.settings import read_settings
from geo.symbology import long_date, number
from tests.browser.chromium import Browser, chromium
from tests.browser.conftest import PHONE, Office, nothing_amiss
from tests.browser.hands import (
    HOSTILE,
    PATIENCE_S,
    check,
    click_desa,
    drawn,
    not_hit,
    press_button,
    settled,
    size_of,
    telling,
)
from tests.server import PASSWORD, serving

pytestmark = pytest.mark.browser


@pytest.fixture
def planner(screen: Browser, office: Office) -> Iterator[Browser]:
    """Open the application with a planner signed in; at the end nothing may have been amiss."""
    screen.open("about:blank")
    office.sign_in(screen, "perencana")
    yield screen
    nothing_amiss(screen, office.address)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Return an office with a small run on the boundaries that come with the tool."""
    place = tmp_path_factory.mktemp("kabupaten")
    district = read_boundaries(default_folder())
    sheet = write_sample(make_sample(district.desa, district.sea, households=1500), place / "contoh")
    settings = read_settings(place / "contoh" / "setelan.toml")
    run_job(sheet, place / "hasil", district, settings, outputs=(), stage=lambda _: nullcontext())
    with serving(place / "hasil", state=place / "catatan") as served:
        for role in Role:
            served.add(role.value, role.value)
        yield Office(served)


def test_a_planner_filters_reads_opens_sends_and_prints(
    screen: Browser, office: Office, tmp_path: Path, pictures: Path, request: pytest.FixtureRequest
):
    _look(screen, office, tmp_path, pictures / f"contoh-{request.node.callspec.id}")


def test_the_same_on_real_boundaries(desk: Browser, real: Office, tmp_path: Path, pictures: Path):
    _look(desk, real, tmp_path, pictures / "nyata")


def _look(browser: Browser, office: Office, tmp_path: Path, pictures: Path) -> None:
    counted = office.shown.counted
    coast = counted[counted["zone_coastal"] == "pesisir"]
    kecamatan = str(coast["kode_kecamatan"].value_counts().idxmax())
    there = coast[coast["kode_kecamatan"] == kecamatan]
    browser.open("about:blank")
    office.sign_in(browser, "perencana")
    _filter(browser, office, kecamatan, pictures)
    _read(browser, office, there)
    sent = _open(browser, office, str(there["kode_desa"].value_counts().idxmax()), pictures)
    told = telling(browser)
    nothing_amiss(browser, office.address)

    size = (browser.run("return innerWidth"), browser.run("return innerHeight"))
    with chromium(tmp_path / "lain", size, phone=size == PHONE) as other:
        other.open("about:blank")
        office.sign_in(other, "admin")
        other.go(sent)
        drawn(other)
        other.until(lambda: telling(other) == told)
        assert asked_of(other.driver.current_url) == asked_of(sent)
        _print(other, office, kecamatan, tmp_path, pictures)
        nothing_amiss(other, office.address)


def asked_of(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


def _filter(browser: Browser, office: Office, kecamatan: str, pictures: Path) -> None:
    browser.go(f"{office.address}/peta")
    drawn(browser)
    browser.picture(pictures / "peta.png")
    Select(browser.find("#indikator")).select_by_value("rtlh")
    check(browser, "kecamatan", kecamatan)
    browser.until(lambda: kecamatan in browser.driver.current_url)
    check(browser, "zona", "coastal:pesisir")
    browser.until(lambda: "zona=coastal:pesisir" in browser.driver.current_url)
    drawn(browser)


def _read(browser: Browser, office: Office, there: pd.DataFrame) -> None:
    """Compare the legend with the households that were meant, counted here in another way."""
    legend = browser.text("#legenda")
    created = long_date(str(office.shown.facts["created"]))
    for words in ("Definisi", "Sumber:", f"diolah {created}", "tidak tampak sebagai titik", "Proksi"):
        assert words in legend, words
    on_map = int(there.geometry.notna().sum())
    assert f"{number(on_map)} dari {number(len(there))} rumah tangga bertitik sendiri" in legend
    assert f"{number(len(there) - on_map)} tidak tampak sebagai titik" in legend
    assert re.search(r"\d+ % sampai \d+ %", browser.text(".classes"))
    chips = browser.text(".chips")
    assert there["nama_kecamatan"].iloc[0] in chips
    assert "Pesisir (proksi)" in chips


def _open(browser: Browser, office: Office, kode: str, pictures: Path) -> str:
    """Open a desa by the map and, once it is closed, by the table; return the address of what is then seen."""
    name = office.shown.desa.set_index("kode_desa")["nama_desa"][kode]
    click_desa(browser, office, kode)
    browser.until(lambda: name in browser.text("#kartu h2"))
    assert "interval (95 %)" in browser.text("#kartu-isi")
    browser.until(lambda: f"pilih={kode}" in browser.driver.current_url)
    browser.picture(pictures / "desa.png")
    browser.find("#tutup").click()
    browser.until(lambda: "pilih=" not in browser.driver.current_url)
    link = browser.find(f"#tabel a[data-desa='{kode}']")
    browser.run("arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })", link)
    link.click()
    browser.until(lambda: browser.find("#kartu").is_displayed())
    browser.until(lambda: {"pilih", "pusat"} <= {*asked_of(browser.driver.current_url)})
    settled(browser)
    time.sleep(0.5)  # the place is written into the address a moment after the map rests
    return str(browser.driver.current_url)


def _print(browser: Browser, office: Office, kecamatan: str, tmp_path: Path, pictures: Path) -> None:
    """Print by the button, as far as the printer: what it then gets is put on paper here."""
    browser.run("window.print = () => { window.printed = document.documentElement.className; };")
    browser.run("document.querySelector('#cetak').click()")
    browser.until(lambda: browser.find("#cetak-kotak").is_displayed() or browser.run("return window.printed"))
    if browser.find("#cetak-kotak").is_displayed():
        browser.find("#alasan").send_keys("rapat rencana", Keys.ENTER)
    browser.until(lambda: "printing" in (browser.run("return window.printed") or ""))
    # a printer stops the page while it takes the picture; here the page had gone on
    browser.run(
        "document.documentElement.classList.add('printing');"
        "document.querySelector('#gambar').contentWindow.postMessage({ peta: 1, kind: 'print', on: true }, '*')"
    )
    time.sleep(1)
    text = browser.paper(tmp_path / "cetak.pdf")
    for page in tmp_path.glob("cetak*.png"):
        pictures.mkdir(parents=True, exist_ok=True)
        (pictures / page.name).write_bytes(page.read_bytes())
    assert text.count("\f") == 1
    name = office.shown.kecamatan.set_index("kode_kecamatan")["nama_kecamatan"][kecamatan]
    for words in ("Definisi", "Sumber:", "Dicetak oleh admin", "RAHASIA", name, "Pesisir (proksi)"):
        assert words in text, words
    assert re.search(r"\d{1,2} \w+ \d{4}", text.partition("Dicetak oleh")[2])


def test_two_indicators_are_compared(planner: Browser, office: Office, pictures: Path):
    planner.go(f"{office.address}/bandingkan?kiri.indikator=rtlh&kanan.indikator=jamban")
    for side in ("kiri", "kanan"):
        if planner.find(f".side.{side}").is_displayed():
            with planner.inside(f"iframe[data-side={side}]"):
                planner.until(lambda: planner.count(".leaflet-desa-pane path") > 1, PATIENCE_S)
    planner.run("document.querySelector('tr[data-kode] button').click()")
    planner.until(lambda: planner.count("tr.selected") == 1)
    time.sleep(0.5)
    planner.picture(pictures / f"bandingkan-{size_of(planner)}.png")


def test_weights_are_changed_solved_and_the_list_saved_and_visited(
    planner: Browser, office: Office, pictures: Path
):
    planner.go(f"{office.address}/prioritas")
    if planner.find("[data-fold]").get_attribute("open") is None:
        planner.find("[data-fold] summary").click()
    for name, value in (("jumlah", "12"), (_first_weight(planner), "3")):
        box = planner.find(f"#{name}")
        box.clear()
        box.send_keys(value)
    press_button(planner, "Hitung ulang")
    assert "Pilihan menurut isian Anda" in planner.text("#pilihan")
    assert "jumlah=12" in planner.driver.current_url
    with planner.inside("iframe.map"):
        planner.until(lambda: planner.count(".leaflet-desa-pane path") > 1, PATIENCE_S)
    planner.until(lambda: planner.text("[data-map-words]"))
    planner.picture(pictures / f"prioritas-{size_of(planner)}.png")
    planner.find("#nama").send_keys(f"Usulan {size_of(planner)} {HOSTILE[0]}")
    planner.find("#perlu").send_keys(HOSTILE[1])
    press_button(planner, "Simpan 12 rumah tangga")
    assert HOSTILE[0] in planner.text("h1")
    assert planner.count("tbody tr") == 12
    not_hit(planner)

    press_button(planner, "Susun kunjungan", "nav")
    form = planner.find("form[action='/kunjungan/susun']")
    fold = form.find_elements(By.XPATH, "ancestor::details")
    if fold and fold[0].get_attribute("open") is None:
        fold[0].find_element(By.TAG_NAME, "summary").click()
    press_button(planner, "Susun kunjungan", "form[action='/kunjungan/susun']")
    planner.until(lambda: planner.count("a.open"), PATIENCE_S)
    not_hit(planner)


def test_an_outcome_is_entered_and_seen(planner: Browser, office: Office, pictures: Path):
    planner.go(f"{office.address}/kunjungan")
    before = int(planner.text("#kemajuan + .big b").replace(".", ""))
    planner.run("document.querySelector('a.open').click()")
    planner.until(lambda: planner.count("li.stop"), PATIENCE_S)
    stop = next(
        one
        for one in planner.driver.find_elements(By.CSS_SELECTOR, "li.stop")
        if "belum dikunjungi" in one.text
    )
    stop.find_element(By.TAG_NAME, "summary").click()
    stop.find_element(By.CSS_SELECTOR, "input[name=catatan]").send_keys(HOSTILE[2] + HOSTILE[0])
    tap = stop.find_element(By.CSS_SELECTOR, ".tap.of-menolak, .tap[value=menolak]")
    planner.run("arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })", tap)
    tap.click()
    planner.until(lambda: "Tersimpan" in stop.text)
    assert HOSTILE[2] in stop.find_element(By.CSS_SELECTOR, "[data-state]").text
    assert planner.run("return document.activeElement === arguments[0]", tap)
    not_hit(planner)
    planner.picture(pictures / f"kunjungan-{size_of(planner)}.png")
    planner.go(f"{office.address}/kunjungan")
    assert int(planner.text("#kemajuan + .big b").replace(".", "")) == before + 1
    planner.go(f"{office.address}/kunjungan/kemajuan")
    assert "Menolak" in planner.text("main")
    planner.go(f"{office.address}/peta?lapisan=kunjungan")
    drawn(planner)
    not_hit(planner)


def test_an_account_is_made_and_its_owner_sees_only_assigned_desa(
    screen: Browser, office: Office, pictures: Path
):
    name = f"regu-{size_of(screen)}"
    desa = office.shown.desa.set_index("kode_desa")
    own = office.shown.counted["kode_desa"].value_counts().idxmax()
    other = next(kode for kode in desa.index if kode != own)
    screen.open("about:blank")
    office.sign_in(screen, "admin")
    screen.go(f"{office.address}/pengguna/baru")
    screen.find("#nama").send_keys(name)
    screen.find("#nama_lengkap").send_keys(HOSTILE[0])
    role = screen.find("input[name=peran][value=petugas]")
    role.click()
    box = screen.find(f"input[name=desa][value='{own}']")
    screen.run("arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })", box)
    box.click()
    screen.picture(pictures / f"pengguna-{size_of(screen)}.png")
    press_button(screen, "Tambah")
    password = screen.text(".secret output")
    screen.go(f"{office.address}/pengguna")
    assert HOSTILE[0] in screen.text(".people")
    not_hit(screen)

    office.sign_in(screen, name, password)
    assert screen.driver.current_url.endswith("/kata-sandi")
    screen.go(f"{office.address}/peta")
    assert screen.driver.current_url.endswith("/kata-sandi")
    for field, value in (("lama", password), ("baru", PASSWORD), ("ulang", PASSWORD)):
        screen.find(f"#{field}").send_keys(value)
    press_button(screen, "Ganti")
    screen.go(f"{office.address}/peta")
    drawn(screen)
    assert [
        one.get_attribute("data-desa")
        for one in screen.driver.find_elements(By.CSS_SELECTOR, "#tabel a[data-desa]")
    ] == [own]
    screen.go(f"{office.address}/desa/{own}")
    assert desa["nama_desa"][own] in screen.text("h1")
    not_hit(screen)
    nothing_amiss(screen, office.address)
    screen.go(f"{office.address}/desa/{other}")
    assert "bukan wilayah tugas" in screen.text("main")
    screen.open("about:blank")


def _first_weight(browser: Browser) -> str:
    return str(browser.run("return document.querySelector('[data-slides]').dataset.slides"))
