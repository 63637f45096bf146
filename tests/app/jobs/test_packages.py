"""Packages as the jobs make them: whole, as decided, until their end, and no longer."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.jobs.packages import is_over, make_package, package_path, shelf, sweep_packages, today
from app.jobs.queue import CANCELLED, PACKAGE, enqueue
from app.jobs.task import do
from app.product_store import ProductStore, only, product_store, scope_of
from app.records import Records, open_records
from app.records.tables import Handover, HouseholdList, Job, Member, now
from app.settings import WebSettings
from geo import recipes
from geo.errors import NoRun, NotAllowed
from geo.exports import FORMATS, package
from geo.levels import Level
from geo.recipes import read_recipes
from geo.runs import read_manifest
from tests.conftest import DISTRICT

RECIPE = """
recipient = "Dinas Perumahan"
title = "Rumah"
purpose = "Perbaikan rumah"
basis = "Peraturan contoh"
level = "petugas"
collections = ["rumah_tangga"]
columns = [{ source = "pseudonim", name = "id" }, { source = "nama", name = "nama" }]
"""


class Office:
    """An installation without a server, with hand-overs."""

    def __init__(self, run: Path, state: Path) -> None:
        (state / "resep").mkdir(parents=True)
        (state / "resep" / "perkim.toml").write_text(RECIPE, encoding="utf-8")
        file = state / "setelan.toml"
        file.write_text('[sharing]\nrecipes = "resep"\nagency = "Bappeda Contoh"\n', encoding="utf-8")
        self.settings = WebSettings(runs=run, state=state, boundaries=DISTRICT, settings_file=file)
        self.records: Records = open_records(self.settings.database_url)
        self.run = run

    def decide(self, **other: object) -> int:
        """Write a hand-over."""
        told: dict[str, object] = {
            "kind": "berkas", "recipient": "dinkes", "recipient_name": "Dinas Kesehatan", "purpose": "Pemicuan STBM",
            "level": "opd", "run": self.run.name, "run_created": str(read_manifest(self.run)["created"]),
            "formats": ["geojson"], "by": "sari", "until": today() + timedelta(days=7),
        }  # fmt: skip
        with self.records.session() as session:
            held = Handover(**told | other)
            session.add(held)
            session.flush()
            return held.id

    def held(self, number: int) -> Handover:
        """Return a hand-over."""
        with self.records.session() as session:
            return session.get_one(Handover, number)

    def make(self, number: int, products: ProductStore | None = None) -> Path:
        """Make a package and return where it lies."""
        make_package(self.settings, self.records, number, lambda _: nullcontext(), products)
        return package_path(self.settings, self.held(number))


@pytest.fixture
def office(run_folder: Path, tmp_path: Path) -> Iterator[Office]:
    made = Office(run_folder, tmp_path / "catatan")
    yield made
    made.records.close()


def test_a_package_is_made_and_told(office: Office):
    number = office.decide()
    path = office.make(number)
    held = office.held(number)
    assert path.name == f"{number:04d}-dinas-kesehatan-opd-{held.at.date().isoformat()}.zip"
    assert held.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert held.size == path.stat().st_size
    assert held.made_at is not None
    with zipfile.ZipFile(path) as archive:
        first = archive.read(f"{path.stem}/BACA-DULU.html").decode()
    assert "Bappeda Contoh" in first
    assert "Pemicuan STBM" in first
    assert "sari" not in first


def test_the_job_makes_it(office: Office):
    number = office.decide()
    with office.records.session() as session:
        job = enqueue(session, PACKAGE, {"handover": number}, "sari")
        job.state, job.worker = "jalan", "aku"
    do(office.settings, office.records, job.id, "aku")
    with office.records.session() as session:
        assert session.get_one(Job, job.id).state == "selesai"
    assert package_path(office.settings, office.held(number)).is_file()


def test_a_household_has_one_number_for_a_recipient_and_another_for_the_next(office: Office):
    store = product_store(office.settings)
    recipes = store.recipes()
    opened = _open(office)
    first, again = (store.product(opened, scope_of(recipes["dinkes"]), "dinkes") for _ in range(2))
    other = product_store(office.settings).product(opened, scope_of(recipes["dinkes"]), "dinkes")
    elsewhere = store.product(opened, scope_of(recipes["dinkes"]), "dinsos")
    numbers = [set(each.collections["rumah_tangga"].table["id"]) for each in (first, other, elsewhere)]
    assert first is again
    assert numbers[0] == numbers[1]
    assert not numbers[0] & numbers[2]


def test_what_changed_since_it_was_shown_does_not_leave(office: Office):
    number = office.decide(told={"rows": {"desa": 1}})
    with pytest.raises(NotAllowed, match="berubah sejak diperlihatkan"):
        office.make(number)
    assert not list(shelf(office.settings).iterdir() if shelf(office.settings).is_dir() else [])


@pytest.mark.parametrize("what", ["revoked", "ended", "missing", "api", "run"])
def test_what_may_not_leave_is_not_made(office: Office, what: str):
    number = {
        "revoked": lambda: office.decide(revoked_at=now()),
        "ended": lambda: office.decide(until=today() - timedelta(days=1)),
        "missing": lambda: 99,
        "api": lambda: office.decide(kind="api"),
        "run": lambda: office.decide(run_created="2001-01-01"),
    }[what]()
    with pytest.raises((NoRun, NotAllowed)):
        make_package(office.settings, office.records, number, lambda _: nullcontext())
    assert not [path for path in shelf(office.settings).rglob("*") if path.is_file()]


def test_names_leave_for_a_list_alone(office: Office):
    households = _open(office).assessment.counted
    rows = households["sheet_row"].head(9).tolist()
    with office.records.session() as session:
        session.add(HouseholdList(id=3, name="Kunjungan", run=office.run.name, by="sari"))
        session.flush()
        session.add_all([Member(list_id=3, sheet_row=row) for row in rows])
    told = {"level": "petugas", "recipient": "perkim", "recipient_name": "Dinas Perumahan"}
    number = office.decide(**told, scope={"list": 3})
    path = office.make(number)
    with zipfile.ZipFile(path) as archive:
        (name,) = [each for each in archive.namelist() if each.endswith(".geojson")]
        features = json.loads(archive.read(name))["features"]
    assert "RAHASIA" in name
    assert len(features) == len(rows)
    assert {*features[0]["properties"]} == {"id", "nama", "rahasia_untuk", "berlaku_sampai"}
    with pytest.raises(NotAllowed, match="daftar kunjungan"):
        office.make(office.decide(**told))
    with pytest.raises(NoRun, match="Daftar kunjungan"):
        office.make(office.decide(**told, scope={"list": 44}))


def test_a_level_above_the_recipe_is_refused(office: Office):
    with pytest.raises(NotAllowed, match="paling tinggi"):
        office.make(office.decide(level="petugas"))


def test_recipes_name_formats_that_there_are(office: Office, tmp_path: Path):
    shipped = product_store(office.settings).recipes()
    assert {name for recipe in shipped.values() for name in recipe.formats} <= {*FORMATS}
    (tmp_path / "resep").mkdir()
    text = (Path(recipes.__file__).parent / "kampus.toml").read_text(encoding="utf-8")
    (tmp_path / "resep/kampus.toml").write_text(text.replace('"parquet"', '"geoparquet"'), encoding="utf-8")
    (tmp_path / "setelan.toml").write_text('[sharing]\nrecipes = "resep"\n', encoding="utf-8")
    own = office.settings.model_copy(update={"settings_file": tmp_path / "setelan.toml"})
    told = product_store(own).recipes()
    assert {*told} == {*shipped} - {"kampus"}
    told = product_store(own).recipes()
    assert "kampus" not in told
    assert "bentuk berkas «geoparquet» tidak ada. Yang ada: geojson" in told.broken["kampus"]


def test_only_the_asked_collections_leave(office: Office):
    number = office.decide(scope={"collections": ["kecamatan"]})
    with zipfile.ZipFile(office.make(number)) as archive:
        data = [name for name in archive.namelist() if "/data/" in name]
    assert [name.rpartition("/")[2] for name in data] == ["kecamatan.geojson"]
    product = product_store(office.settings).product(
        _open(office), scope_of(read_recipes()["dinkes"], Level.PUBLIK)
    )
    assert only(product, ()) is product


def test_what_breaks_in_the_middle_leaves_nothing(office: Office, monkeypatch: pytest.MonkeyPatch):
    number = office.decide()

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(package, "_pack", broken)
    with pytest.raises(KeyboardInterrupt):
        office.make(number)
    assert not list(shelf(office.settings).iterdir())
    assert office.held(number).made_at is None


def test_files_go_when_a_hand_over_ends_or_is_revoked_and_the_record_stays(office: Office):
    numbers = [office.decide() for _ in range(3)]
    store = product_store(office.settings)
    stays, ended, revoked = paths = [office.make(number, store) for number in numbers]
    with office.records.session() as session:
        session.get_one(Handover, numbers[1]).until = today() - timedelta(days=1)
        session.get_one(Handover, numbers[2]).revoked_at = now()
    (shelf(office.settings) / "99").mkdir()
    (shelf(office.settings) / "7.part").touch()
    sweep_packages(office.settings, office.records)
    assert [path.is_file() for path in paths] == [True, False, False]
    assert [*shelf(office.settings).iterdir()] == [stays.parent]
    assert ended.name
    assert revoked.name
    with office.records.session() as session:
        told = [(held.removed_at is None, held.sha256 != "") for held in session.scalars(select(Handover))]
    assert told == [(True, True), (False, True), (False, True)]


def test_what_a_killed_job_left_goes_and_what_is_being_made_stays(office: Office):
    made_now, killed, cancelled = (
        office.decide(),
        office.decide(at=now() - timedelta(hours=2)),
        office.decide(),
    )
    with office.records.session() as session:
        job = enqueue(session, PACKAGE, {"handover": cancelled}, "sari")
        job.state = CANCELLED
        session.get_one(Handover, cancelled).job_id = job.id
    for number in (made_now, killed, cancelled):
        (shelf(office.settings) / str(number)).mkdir(parents=True)
    sweep_packages(office.settings, office.records)
    assert [path.name for path in shelf(office.settings).iterdir()] == [str(made_now)]


def test_a_hand_over_holds_until_the_end_of_its_last_day():
    held = Handover(until=today())
    assert not is_over(held)
    assert is_over(held, today() + timedelta(days=1))


def test_a_second_attempt_takes_the_place_of_the_first(office: Office):
    number = office.decide()
    first = office.make(number).read_bytes()
    (shelf(office.settings) / str(number) / "sisa").touch()
    assert office.make(number).read_bytes() == first
    assert len(list((shelf(office.settings) / str(number)).iterdir())) == 1


def test_settings_are_read_anew_when_they_change(office: Office):
    store = product_store(office.settings)
    assert store.sharing().agency == "Bappeda Contoh"
    file = office.settings.settings_file
    assert file is not None
    file.write_text('[sharing]\nagency = "Bapperida"\n', encoding="utf-8")
    shutil.copystat(DISTRICT, file)
    assert store.sharing().agency == "Bapperida"
    assert "perkim" in store.recipes()


def _open(office: Office):  # noqa: ANN202
    from app.library.opened import open_for_pages  # noqa: PLC0415

    return open_for_pages(office.run)
