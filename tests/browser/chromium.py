"""A headless Chromium at desk and at phone size, which may speak to this machine only and tells what it asked for."""

import base64
import contextlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.common.exceptions import (
    JavascriptException,
    NoSuchElementException,
    StaleElementReferenceException,
    WebDriverException,
)
from selenium.webdriver import ActionChains
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait
from urllib3.exceptions import HTTPError

SWITCHES = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    # what a walled-off frame asks and complains of would be seen nowhere in a process of its own
    "--disable-features=IsolateSandboxedIframes",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
WAIT_S = 30
REFUSED = 400
STILL = """const [element, done] = arguments;
let before = "", same = 0;
const look = () => {
  const { x, y, width, height } = element.getBoundingClientRect();
  const now = [x, y, width, height].join();
  same = now === before ? same + 1 : 0;
  before = now;
  if (same === 3) done(); else requestAnimationFrame(look);
};
look();"""


class Steady(WebElement):
    """An element that is clicked once it stands still.

    A popup glides into view while it fades in. A pointer that aims before and presses after would miss what it
    meant, and a busy machine leaves time enough between the two.
    """

    def still(self) -> "Steady":
        """Wait until it has been at one place, in one size, for three frames."""
        self.parent.execute_async_script(STILL, self)
        return self

    def click(self) -> None:
        """Click as soon as it stands still."""
        self.still()
        super().click()


class Chrome(webdriver.Chrome):
    """Chromium whose elements are clicked once they stand still, and which is not waited for without end.

    ``hung`` says that it gave no answer once; it then gives none to whatever comes.
    """

    _web_element_cls = Steady
    hung = False

    def execute(self, driver_command: Any, params: dict[str, Any] | None = None) -> dict[str, Any]:  # noqa: ANN401  -- as selenium has it
        """Ask it to do something.

        Raises
        ------
        AssertionError
            When no answer comes in the time that the driver gives it.
        """
        try:
            answer: dict[str, Any] = super().execute(driver_command, params)
        except HTTPError as fault:
            self.hung = True
            raise AssertionError(f"Chromium does not answer to «{driver_command}»: {fault}") from fault
        return answer


@dataclass(frozen=True)
class Traffic:
    """What pages asked for.

    Attributes
    ----------
    asked
        Addresses; data within a page left out.
    failed
        Reasons of requests that came to no end, those that the page itself took back included.
    broken
        Reasons or HTTP statuses, with addresses, of those that it did not take back.
    """

    asked: list[str]
    failed: list[str]
    broken: list[str]


@dataclass
class Browser:
    """A driver, and what a test wants to know of the page in it."""

    driver: Chrome
    start: Callable[[], Chrome]

    def mend(self) -> None:
        """Start anew what gives no answer any more, so that one hang costs one test."""
        if self.driver.hung:
            end(self.driver)
            self.driver = self.start()

    def open(self, address: str) -> None:
        """Load a page, and forget what earlier pages said."""
        self.driver.get("about:blank")
        for log in ("browser", "performance"):
            self.driver.get_log(log)
        self.driver.get(address)

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        """Run JavaScript in the page; ``return`` hands a value back."""
        return self.driver.execute_script(script, *arguments)

    def find(self, selector: str) -> Steady:
        """Return the first element of a CSS selector."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)  # type: ignore[return-value]  # see Chrome

    def text(self, selector: str) -> str:
        """Wait until an element is there, and return what it says; a fade may still be under way."""
        self.until(lambda: self.count(selector))
        return str(self.run("return document.querySelector(arguments[0]).innerText", selector))

    def count(self, selector: str) -> int:
        """Count the elements of a CSS selector."""
        return len(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def until(self, holds: Callable[[], object], most_s: float = WAIT_S) -> None:
        """Wait until something holds, at most half a minute unless told; a page may go away meanwhile."""
        gone = (NoSuchElementException, StaleElementReferenceException, JavascriptException)

        def so_far(_: webdriver.Chrome) -> object:
            try:
                return holds()
            except WebDriverException as fault:
                # the driver's words for an element of a page that was left between two questions
                if isinstance(fault, gone) or "does not belong to the document" in str(fault.msg):
                    return False
                raise

        WebDriverWait(self.driver, most_s, 0.05).until(so_far)

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
        traffic = self.traffic()
        return traffic.asked, traffic.failed

    def traffic(self) -> "Traffic":
        """Return what went over the wire since this was last asked, that of walled-off frames included."""
        asked: dict[str, str] = {}
        traffic = Traffic([], [], [])
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            told = message["params"]
            if message["method"] == "Network.requestWillBeSent":
                asked[told["requestId"]] = address = told["request"]["url"]
                if not address.startswith(("data:", "about:")):
                    traffic.asked.append(address)
            if message["method"] == "Network.loadingFailed":
                traffic.failed.append(told["errorText"])
                # a browser that starts asks for things of its own, which no page began
                if not told.get("canceled") and told["requestId"] in asked:
                    traffic.broken.append(f"{told['errorText']} {asked[told['requestId']]}")
            if message["method"] == "Network.responseReceived" and told["response"]["status"] >= REFUSED:
                traffic.broken.append(f"{told['response']['status']} {told['response']['url']}")
        return traffic

    @contextlib.contextmanager
    def inside(self, selector: str = "iframe") -> Iterator["Browser"]:
        """Run a block in the document of a frame."""
        self.driver.switch_to.frame(self.find(selector))
        try:
            yield self
        finally:
            self.driver.switch_to.default_content()

    def go(self, address: str) -> None:
        """Load a page, and remember what earlier ones said."""
        self.driver.get(address)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other, wherever the focus is."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def picture(self, path: Path) -> None:
        """Save what the window shows."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(str(path))

    def paper(self, path: Path) -> str:
        """Print the page to a PDF as it would come out of a printer, draw its pages beside it, and return its text.

        The text has a form feed after each page.
        """
        wishes = {"preferCSSPageSize": True, "printBackground": False}
        printed = self.driver.execute_cdp_cmd("Page.printToPDF", wishes)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(printed["data"]))
        draw, read = shutil.which("pdftoppm"), shutil.which("pdftotext")
        if draw is None or read is None:
            pytest.skip("needs pdftoppm and pdftotext (Debian: poppler-utils)")
        subprocess.run([draw, "-r", "60", "-png", path, path.with_suffix("")], check=True)  # noqa: S603  -- our own file
        told = subprocess.run([read, "-layout", path, "-"], check=True, capture_output=True, text=True)  # noqa: S603
        return told.stdout


@contextlib.contextmanager
def chromium(folder: Path, size: tuple[int, int], *, phone: bool = False) -> Iterator[Browser]:
    """Start Chromium with a profile of its own; the test is skipped where it is not installed."""
    binary = shutil.which("chromium") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not binary or not driver:
        pytest.skip("needs chromium and chromedriver (Debian: chromium, chromium-driver)")

    def start() -> Chrome:
        return _started(folder, size, binary, driver, phone=phone)

    browser = Browser(start(), start)
    try:
        yield browser
    finally:
        end(browser.driver)


def end(driver: Chrome) -> None:
    """End a browser, by force where it does not answer."""
    if driver.hung:
        driver.service.process.kill()
    with contextlib.suppress(AssertionError, WebDriverException):
        driver.quit()


def _started(folder: Path, size: tuple[int, int], binary: str, driver: str, *, phone: bool) -> Chrome:
    folder.mkdir(parents=True, exist_ok=True)
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    profile = tempfile.mkdtemp(dir=folder)
    for switch in (*SWITCHES, f"--user-data-dir={profile}", f"--window-size={size[0]},{size[1]}"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 2 if phone else 1, "mobile": phone}
    if phone:
        shape = {"width": size[0], "height": size[1], "pixelRatio": 2.0, "touch": True}
        options.add_experimental_option("mobileEmulation", {"deviceMetrics": shape})
    started = Chrome(options=options, service=Service(driver))
    if not phone:
        started.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    return started
