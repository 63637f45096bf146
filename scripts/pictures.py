"""Take the pictures of the README: ``python scripts/pictures.py [RUN] [FOLDER]``.

Of the demonstration (``out/demo/hasil``) into ``docs/pictures``, unless told; needs Debian's chromium and
chromium-driver.
"""

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the script runs from any folder, not installed

from app.access.roles import Role  # noqa: E402
from geo.assessment import Assessment  # noqa: E402
from tests.browser.chromium import Browser, chromium  # noqa: E402
from tests.browser.conftest import DESK, PHONE, Office  # noqa: E402
from tests.server import serving  # noqa: E402

DRAWN_S = 3.0
"""After which every map stands still."""


FIRST_S = 15.0
"""Within which what is made on the first question has been made."""


def addresses(shown: Assessment) -> dict[str, tuple[bool, str]]:
    """Return by name what is pictured: whether on a phone, and its address, and a button to press there after ``#``."""
    desa = shown.desa.nlargest(1, "households")["kode_desa"].iloc[0]
    question = next(iter(shown.review["item"]), "")
    return {
        "desa": (False, f"/peta?pilih={desa}"),
        "ponsel": (True, "/peta?tampil=smoothed"),
        "bandingkan": (False, "/bandingkan"),
        "prioritas": (False, "/prioritas"),
        "tinjau": (False, f"/data/tinjau/{question}"),
        "bagikan": (False, "/bagikan/baru?untuk=dinkes#main form button[type=submit]"),
    }


def take(browser: Browser, office: Office, address: str, path: Path) -> None:
    """Open an address, wait until its maps are drawn, and save what is seen."""
    office.come_in(browser, "perencana")
    address, _, button = address.partition("#")
    browser.go(office.address + address)
    if button:
        browser.find(button).click()
        browser.until(lambda: address not in browser.driver.current_url, FIRST_S)
    time.sleep(DRAWN_S)
    browser.picture(path)


def main(run: Path, folder: Path) -> None:
    """Serve a run for as long as it takes, and write the pictures."""
    with tempfile.TemporaryDirectory() as place, serving(run, state=Path(place) / "catatan") as served:
        served.add("perencana", Role.PERENCANA)
        office = Office(served)
        wanted = addresses(office.shown)
        for on_phone, size in ((False, DESK), (True, PHONE)):
            with chromium(Path(place) / f"peramban-{on_phone}", size, phone=on_phone) as browser:
                for name, (phone, address) in wanted.items():
                    if phone == on_phone:
                        take(browser, office, address, folder / f"{name}.png")


if __name__ == "__main__":
    given = [Path(word) for word in sys.argv[1:]]
    main(*given, *(ROOT / "out/demo/hasil", ROOT / "docs/pictures")[len(given) :])
