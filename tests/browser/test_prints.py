"""A book ordered in the browser: from a desa to its book, waited for and taken away; the trail says so."""

from collections.abc import Iterator

import pikepdf
import pytest
from sqlalchemy import select

from app.jobs.books import BOOK, book_folder
from app.records.tables import Entry, Print
from tests.browser.axe import violations
from tests.browser.chromium import Browser
from tests.browser.conftest import Office, nothing_amiss

pytestmark = pytest.mark.browser

PATIENCE_S = 120
PURPOSE = "verifikasi lapangan RTLH"


@pytest.fixture
def page(screen: Browser, office: Office) -> Iterator[Browser]:
    """Open the page of the largest desa as a planner."""
    screen.open("about:blank")
    office.come_in(screen, "perencana")
    kode = office.shown.desa.nlargest(1, "households")["kode_desa"].iloc[0]
    screen.go(f"{office.address}/desa/{kode}")
    yield screen
    nothing_amiss(screen, office.address)


def test_a_planner_has_the_book_of_a_desa_made(page: Browser, office: Office):
    page.find('a[href^="/cetak?desa="]').click()
    page.until(lambda: page.count("#keperluan"))
    desa = office.shown.desa.nlargest(1, "households").iloc[0]
    assert desa["nama_desa"] in page.text(".lead")
    assert page.count("input[name=nama]") == 0  # a planner's book names nobody
    assert violations(page) == []
    page.find("#kertas option[value=F4]").click()
    page.find("#keperluan").send_keys(PURPOSE)
    page.find("form[action='/cetak'] button").click()
    page.until(lambda: page.count(f'a[href$="/unduh/{BOOK}"]'), PATIENCE_S)  # the page follows by itself
    assert violations(page) == []
    assert not page.run("return document.documentElement.scrollWidth > innerWidth")
    address = page.find(f'a[href$="/unduh/{BOOK}"]').get_attribute("href")
    kind, size = page.driver.execute_async_script(
        "const [address, done] = arguments;"
        "fetch(address).then(async told => done([told.headers.get('content-type'), (await told.blob()).size]));",
        address,
    )
    records, settings = office.served.app.state.records, office.served.app.state.settings
    with records.session() as session:
        held = session.scalars(select(Print).order_by(Print.id.desc())).first()
        left = session.scalars(select(Entry).where(Entry.subject.startswith(f"buku {held.id}:"))).all()
    book = book_folder(settings, held.id) / BOOK
    assert (kind, size) == ("application/pdf", book.stat().st_size)
    assert [(entry.action, entry.households, entry.reason) for entry in left] == [
        (action, desa["households"], PURPOSE) for action in ("cetak", "unduh")
    ]
    with pikepdf.open(book) as pdf:
        assert len(pdf.pages) == held.pages
    page.find("input[name=lembar]").click()
    assert "1 lembar dipilih" in page.text("[data-part=picked]")
    page.go(f"{office.address}/cetak/daftar")
    assert page.count(f'a[href="/cetak/{held.id}"]') == 1
    assert violations(page) == []
