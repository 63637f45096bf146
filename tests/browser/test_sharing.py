"""Data shared in the browser: asked for, seen before it leaves, taken away by the agency, revoked."""

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.keys import Keys
from sqlalchemy import select, update

from app.records.tables import Entry, Handover, User
from tests.browser.axe import violations
from tests.browser.chromium import Browser
from tests.browser.conftest import Office, nothing_amiss

pytestmark = pytest.mark.browser

PATIENCE_S = 120


@pytest.fixture
def page(screen: Browser, office: Office) -> Iterator[Browser]:
    """Open the page of sharing as a planner; the agency of ``opd`` is the one that comes along."""
    with office.served.app.state.records.session() as session:
        session.execute(update(User).where(User.name == "opd").values(recipient="dinkes"))
    screen.open("about:blank")
    office.come_in(screen, "perencana")
    screen.go(f"{office.address}/bagikan")
    yield screen
    nothing_amiss(screen, office.address)


def sound(browser: Browser) -> bool:
    """Tell whether nobody is kept out, and nothing is wider than the window."""
    return (
        violations(browser) == []
        and not browser.run("return document.documentElement.scrollWidth > innerWidth")
    )  # fmt: skip


def last(office: Office) -> Handover:
    with office.served.app.state.records.session() as session:
        return session.scalars(select(Handover).order_by(Handover.id.desc())).first()


def test_a_desa_is_shared_taken_and_revoked(page: Browser, office: Office):
    desa = office.shown.desa.nlargest(1, "households").iloc[0]
    page.find('a[href="/bagikan/baru"]').click()
    page.until(lambda: page.count('a[href="/bagikan/baru?untuk=dinkes"]'))
    assert sound(page)
    page.find('a[href="/bagikan/baru?untuk=dinkes"]').click()
    page.until(lambda: page.count("#keperluan"))
    assert not page.find(".areas").is_displayed()
    page.find("input[name=cakupan][value=sebagian]").click()
    page.find("#cari").send_keys(desa["nama_desa"].upper(), Keys.ENTER)  # the key must not send the form
    page.find(f'input[name=desa][value="{desa["kode_desa"]}"]').click()
    page.until(lambda: page.text("[data-part=chosen]") == "1 desa ditandai.")
    assert sound(page)
    page.find("form.asking button[type=submit]").click()
    page.until(lambda: page.count('form[action="/bagikan"]'))
    assert desa["nama_desa"] in page.text(".facts")
    assert page.count(".collection[open] .sample tbody tr") in range(1, 6)
    assert sound(page)
    page.find('form[action="/bagikan"] button').click()
    page.until(lambda: page.count('a[href$="/unduh"]'), PATIENCE_S)  # the page follows by itself
    assert sound(page)
    held = last(office)
    assert (held.desa, held.recipient) == ([desa["kode_desa"]], "dinkes")

    office.come_in(page, "opd")
    page.go(f"{office.address}/kiriman")
    taken = f"/kiriman/{held.id}/unduh"
    page.until(lambda: page.count(f'a[href="{taken}"]'))
    assert sound(page)
    kind, size = page.driver.execute_async_script(
        "const [address, done] = arguments;"
        "fetch(address).then(async told => done([told.headers.get('content-type'), (await told.blob()).size]));",
        taken,
    )
    assert (kind, size) == ("application/zip", last(office).size)

    office.come_in(page, "perencana")
    page.go(f"{office.address}/bagikan/{held.id}")
    page.find("input[name=yakin]").click()
    page.find('form[action$="/cabut"] button').click()
    page.until(lambda: page.text("h1 .tag") == "dicabut")
    assert sound(page)
    with office.served.app.state.records.session() as session:
        lines = session.scalars(select(Entry).where(Entry.subject.startswith(f"pembagian {held.id}:"))).all()
    assert [(line.action, line.role) for line in lines] == [
        ("bagikan", "perencana"), ("ambil", "opd"), ("cabut", "perencana"),
    ]  # fmt: skip


def test_a_kecamatan_stands_for_its_desa_and_a_search_finds_both(page: Browser, office: Office):
    desa = office.shown.desa
    page.go(f"{office.address}/bagikan/baru?untuk=dinkes")
    page.find("input[name=cakupan][value=sebagian]").click()
    page.find("#cari").send_keys("tidak ada yang begini")
    page.until(lambda: page.find(".boxes .none").is_displayed())
    page.find("#cari").clear()
    page.find("#cari").send_keys(desa["nama_kecamatan"].iloc[0])
    code = desa["kode_kecamatan"].iloc[0]
    page.find(f'input[name=kecamatan][value="{code}"]').click()
    inside = int((desa["kode_kecamatan"] == code).sum())
    page.until(lambda: page.text("[data-part=chosen]") == f"{inside} desa ditandai.")
    assert page.count(".boxes input[name=desa]:disabled") == inside


def test_a_token_is_shown_and_its_form_is_reached_by_keyboard(page: Browser, office: Office):
    page.go(f"{office.address}/bagikan/baru?untuk=dinkes")
    page.run("document.querySelector('input[name=bentuk]').focus()")
    page.press(Keys.ARROW_DOWN)
    page.until(lambda: not page.find(".formats").is_displayed())
    page.press(Keys.TAB, Keys.ENTER)  # the date, from which the key sends the form
    page.until(lambda: page.count('form[action="/bagikan"]'))
    page.run("document.querySelector('form[action=\"/bagikan\"] button').focus()")
    page.press(Keys.ENTER)
    page.until(lambda: page.text(".secret").startswith("peta_"))
    assert sound(page)
