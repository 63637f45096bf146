"""One Chromium at desk size and one at phone size, for all browser tests."""

from collections.abc import Iterator

import pytest

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
