"""A browser that hangs costs the test in which it hangs, and no other."""

import os
import signal
from pathlib import Path

import pytest
from selenium.webdriver.remote.remote_connection import RemoteConnection

from tests.browser import chromium as browsers

pytestmark = pytest.mark.browser


def test_a_browser_that_hangs_is_told_and_started_anew(tmp_path: Path) -> None:
    with browsers.chromium(tmp_path, (800, 600)) as browser:
        first = browser.driver
        assert isinstance(first.command_executor, RemoteConnection)
        first.command_executor.client_config.timeout = 5
        os.kill(first.service.process.pid, signal.SIGSTOP)
        with pytest.raises(AssertionError, match="does not answer to «w3cExecuteScript»"):
            browser.run("return 1")
        browser.mend()
        assert browser.driver is not first
        assert browser.run("return 1 + 1") == 2
        browser.mend()
        assert browser.run("return 1 + 1") == 2
