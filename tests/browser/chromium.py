"""A headless Chromium at desk and at phone size, which may speak to this machine only and tells what it asked for."""

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver import ActionChains
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

SWITCHES = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
WAIT_S = 10


@dataclass(frozen=True)
class Browser:
    """A driver, and what a test wants to know of the page in it."""

    driver: webdriver.Chrome

    def open(self, address: str) -> None:
        """Load a page, and forget what earlier pages said."""
        self.driver.get("about:blank")
        for log in ("browser", "performance"):
            self.driver.get_log(log)
        self.driver.get(address)

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        """Run JavaScript in the page; ``return`` hands a value back."""
        return self.driver.execute_script(script, *arguments)

    def find(self, selector: str) -> WebElement:
        """Return the first element of a CSS selector."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def text(self, selector: str) -> str:
        """Wait until an element is there, and return what it says; a fade may still be under way."""
        self.until(lambda: self.count(selector))
        return str(self.run("return document.querySelector(arguments[0]).innerText", selector))

    def count(self, selector: str) -> int:
        """Count the elements of a CSS selector."""
        return len(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def until(self, holds: Callable[[], object]) -> None:
        """Wait until something holds, at most ten seconds."""
        WebDriverWait(self.driver, WAIT_S, poll_frequency=0.05).until(lambda _: holds())

    def click_at(self, x: float, y: float) -> None:
        """Click at a position of the window, in pixels."""
        actions = ActionChains(self.driver)
        actions.w3c_actions.pointer_action.move_to_location(round(x), round(y))
        actions.w3c_actions.pointer_action.click()
        actions.perform()

    def complaints(self) -> list[str]:
        """Return warnings and errors of the console since the page was opened."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] != "INFO"]

    def requests(self) -> tuple[list[str], list[str]]:
        """Return addresses asked for since the page was opened, and what failed (data in the page left out)."""
        asked, failed = [], []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                asked.append(message["params"]["request"]["url"])
            if message["method"] == "Network.loadingFailed":
                failed.append(message["params"]["errorText"])
        return [address for address in asked if not address.startswith(("data:", "about:"))], failed


@contextlib.contextmanager
def chromium(folder: Path, size: tuple[int, int], *, phone: bool = False) -> Iterator[Browser]:
    """Start Chromium with a profile of its own; the test is skipped where it is not installed."""
    binary = shutil.which("chromium") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not binary or not driver:
        pytest.skip("needs chromium and chromedriver (Debian: chromium, chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for switch in (*SWITCHES, f"--user-data-dir={folder}", f"--window-size={size[0]},{size[1]}"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 2 if phone else 1, "mobile": phone}
    if phone:
        shape = {"width": size[0], "height": size[1], "pixelRatio": 2.0, "touch": True}
        options.add_experimental_option("mobileEmulation", {"deviceMetrics": shape})
    started = webdriver.Chrome(options=options, service=Service(driver))
    try:
        if not phone:
            started.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        yield Browser(started)
    finally:
        started.quit()
