"""One Chromium at desk size and one at phone size, for all browser tests."""

from collections.abc import Iterator

import pytest

from geo.assessment import Assessment
from geo.maps import build_map
from tests.browser.chromium import Browser, chromium

DESK, PHONE = (1440, 900), (390, 844)


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Return a browser as wide as a desk's screen."""
    with chromium(tmp_path_factory.mktemp("desk"), DESK) as browser:
        yield browser


@pytest.fixture(scope="session")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Return a browser like a phone's, with touch and two pixels a point."""
    with chromium(tmp_path_factory.mktemp("phone"), PHONE, phone=True) as browser:
        yield browser


@pytest.fixture(scope="module")
def address(shown: Assessment, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return where the map page stands of what a file of tests shows (its fixture ``shown``)."""
    path = tmp_path_factory.mktemp("peta") / "peta.html"
    path.write_text(build_map(shown), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def page(desk: Browser, address: str) -> Iterator[Browser]:
    """Open that page at a desk; nothing may complain, and nothing else be asked for."""
    yield from _opened(desk, address)


@pytest.fixture
def phone_page(phone: Browser, address: str) -> Iterator[Browser]:
    """Open that page on a phone, likewise."""
    yield from _opened(phone, address)


def _opened(browser: Browser, address: str) -> Iterator[Browser]:
    browser.open(address)
    yield browser
    assert browser.complaints() == []
    assert browser.requests() == ([address], [])
