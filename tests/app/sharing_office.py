"""An office that shares: recipes of its own, accounts, and forms that ask for a hand-over."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from app.access.roles import Role
from app.jobs.packages import today
from tests.server import Client, Served, serving

RECIPE = """
recipient = "{recipient}"
title = "Rumah dan jamban"
purpose = "Perbaikan rumah tidak layak huni tahun ini"
basis = "Peraturan contoh 1/2026"
level = "{level}"
needs = ["rtlh", "jamban"]
days = 20
formats = ["geojson", "csv"]
"""

COLUMNS = """
columns = [
  { source = "pseudonim", name = "id" },
  { source = "kode_desa", name = "kode_desa" },
  { source = "need_rtlh", name = "rtlh" },
]
"""


@contextmanager
def sharing_office(runs: Path, place: Path) -> Iterator[Served]:
    """Serve runs with accounts of every role: ``opd`` is of perkim, ``dinsos`` of another agency, ``lepas`` of none."""
    (place / "resep").mkdir()
    for name, recipient, level in (
        ("perkim", "Dinas Perumahan <b>", "opd"),
        ("kunjung", "Dinas Sosial", "petugas"),
        ("umum", "Perguruan tinggi", "terbatas"),
    ):
        told = RECIPE.format(recipient=recipient, level=level) + ("" if level == "terbatas" else COLUMNS)
        (place / "resep" / f"{name}.toml").write_text(told, encoding="utf-8")
    settings = place / "setelan.toml"
    settings.write_text('[sharing]\nrecipes = "resep"\nmost_days = 60\n', encoding="utf-8")
    with serving(runs, state=place / "catatan", settings_file=settings) as served:
        desa = served.app.state.library.shown().assessment.desa["kode_desa"].tolist()
        for role in Role:
            told = desa[:2] if role is Role.PETUGAS else ()
            served.add(role.value, role.value, told, recipient="perkim" if role is Role.OPD else "")
        served.add("dinsos", "opd", recipient="kunjung")
        served.add("lepas", "opd")
        yield served


def form(**said: object) -> dict[str, list[str]]:
    """Return the form of a hand-over, with what is said instead."""
    usual: dict[str, object] = {
        "untuk": "perkim",
        "tingkat": "opd",
        "bentuk": "berkas",
        "keperluan": "perbaikan rumah tahun ini",
        "cakupan": "semua",
        "format": ["geojson"],
        "sampai": (today() + timedelta(days=7)).isoformat(),
    }
    told = usual | said
    return {
        name: [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]
        for name, value in told.items()
        if value is not None
    }


def seen(client: Client, **said: object) -> dict[str, list[str]]:
    """Look at a hand-over, and return the form that confirms it."""
    answer = client.post("/bagikan/pratinjau", data={"csrf": client.csrf()} | form(**said))
    assert answer.status_code == 200, answer.text
    return confirming(answer.text)


def confirming(page: str) -> dict[str, list[str]]:
    """Return the fields by which a preview is confirmed."""
    inside = page.split('action="/bagikan"')[1].split("</form>", maxsplit=1)[0]
    told: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', inside):
        told.setdefault(name, []).append(value.replace("&lt;", "<").replace("&amp;", "&"))
    return told
