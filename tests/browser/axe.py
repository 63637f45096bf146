"""What axe finds on a page and in the frames on it: only that which keeps people out."""

from pathlib import Path

import axe_core_python
from selenium.webdriver.common.by import By

from tests.browser.chromium import Browser

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
_RUN = """const done = arguments[0];
const wishes = { iframes: false, preload: false, resultTypes: ["violations"] };
axe.run(document, wishes).then(({ violations }) => done(violations
  .filter(({ impact }) => impact === "serious" || impact === "critical")
  .flatMap(({ id, impact, nodes }) => nodes.map(({ html, failureSummary }) =>
    `${impact} ${id}: ${html.slice(0, 200)} | ${failureSummary.split("\\n").slice(1).join(" ").slice(0, 200)}`))),
  fault => done([`axe: ${fault}`]));"""


def violations(browser: Browser, axe: str = AXE) -> list[str]:
    """Return serious and critical violations of the page and of each frame on it."""
    driver = browser.driver
    found = _of_document(browser, axe)
    for frame in driver.find_elements(By.TAG_NAME, "iframe"):
        if not frame.is_displayed():
            continue
        title = frame.get_attribute("title")
        driver.switch_to.frame(frame)
        try:
            found += [f"in {title}: {one}" for one in _of_document(browser, axe)]
        finally:
            driver.switch_to.default_content()
    return found


def _of_document(browser: Browser, axe: str) -> list[str]:
    # a word of the module system would have it look for one
    browser.run(f"if (!window.axe) {{ {axe} }}")
    found: list[str] = browser.driver.execute_async_script(_RUN)
    return found
