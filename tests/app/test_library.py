"""The kept runs: which is in force, published, brought back and discarded, and the edition that is made once."""

import json
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy.orm import Session

from app.library import Library, edition, library, opened
from app.records import Records, open_records
from app.records.tables import Job, Publication
from geo.assessment import Assessment
from geo.errors import NoRun, NotAllowed
from geo.privacy import Level, for_audience
from geo.runs import open_run, write_tables


@pytest.fixture(scope="module")
def public(run_folder: Path) -> Assessment:
    """Return what whoever sees areas only may see of the run, computed once."""
    return for_audience(open_run(run_folder), Level.PUBLIK)


@pytest.fixture
def quick_editions(public: Assessment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make editions of copies of the run without withholding anew."""
    monkeypatch.setattr("geo.privacy.for_audience", lambda *_: public)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    held = open_records(f"sqlite:///{tmp_path / 'catatan' / 'catatan.db'}")
    yield held
    held.close()


@pytest.fixture
def folder(run_folder: Path, tmp_path: Path) -> Path:
    """Return a folder with three runs: lama, baru, and unggahan, the newest, made by upload."""
    for name, created in (("lama", "2026-01-01"), ("baru", "2026-02-01"), ("unggahan", "2026-03-01")):
        run = tmp_path / "hasil" / name
        shutil.copytree(run_folder, run)
        manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
        manifest["created"] = f"{created}T08:00:00+07:00"
        (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return tmp_path / "hasil"


@pytest.fixture
def kept(folder: Path, records: Records, tmp_path: Path) -> Library:
    with records.session() as session:
        session.add(Job(kind="assess", by="sari", state="selesai", run="unggahan"))
    return Library(folder, folder, records, tmp_path / "catatan")


def publish(records: Records, run: str) -> None:
    with records.session() as session:
        session.add(Publication(run=run, by="sari"))


def test_a_run_made_by_upload_is_not_shown_until_it_is_published(kept: Library, records: Records):
    assert kept.ids() == ["unggahan", "baru", "lama"]
    assert kept.shown_id() == "baru"
    publish(records, "unggahan")
    assert kept.shown_id() == "unggahan"
    publish(records, "lama")  # brought back
    assert kept.shown_id() == "lama"


def test_a_publication_whose_run_is_gone_gives_way_to_the_one_before(
    kept: Library, records: Records, folder: Path
):
    publish(records, "lama")
    publish(records, "unggahan")
    shutil.rmtree(folder / "unggahan")
    assert kept.shown_id() == "lama"


def test_what_nobody_looked_at_is_not_shown_when_all_that_was_published_is_gone(
    kept: Library, records: Records, folder: Path
):
    publish(records, "lama")
    shutil.rmtree(folder / "lama")
    assert kept.shown_id() == "baru"
    shutil.rmtree(folder / "baru")
    assert kept.in_force() == ""


def test_no_row_that_was_rejected_waits_in_memory(run_folder: Path):
    on_disk, held = open_run(run_folder), opened.open_for_pages(run_folder).assessment
    assert on_disk.rejected_cells.shape[0] > 0
    assert held.rejected_cells.shape == (0, 0)
    assert len(held.rejects) == len(on_disk.rejects)
    people = on_disk.households
    personal = {str(value) for name in ("nik", "no_kk") for value in people[name].dropna()}
    for part in fields(held):
        table = getattr(held, part.name)
        if isinstance(table, pd.DataFrame):
            for name in table.select_dtypes(["object", "string"]):
                values = set(table[name].map(str)) if name != "geometry" else set()
                assert not personal & values, (part.name, name)
                assert name not in opened.KEPT_OUT, (part.name, name)


def test_one_who_waits_for_an_edition_holds_up_nobody_at_another_run():
    begun, done = threading.Event(), threading.Event()

    class Run:
        def __init__(self, *, slow: bool) -> None:
            self.slow = slow

        @opened._MadeOnce
        def public(self) -> str:
            if self.slow:
                begun.set()
                assert done.wait(20)
            return "edisi"

    first, second = Run(slow=True), Run(slow=False)
    waiting = threading.Thread(target=lambda: first.public)
    waiting.start()
    assert begun.wait(20)
    with ThreadPoolExecutor(1) as other:
        assert other.submit(lambda: second.public).result(20) == "edisi"
    done.set()
    waiting.join()


def test_the_run_that_the_server_was_started_with_is_shown(folder: Path, records: Records):
    assert Library(folder, folder / "lama", records).shown_id() == "lama"


@pytest.mark.usefixtures("quick_editions")
def test_a_discarded_run_is_gone_with_its_edition(kept: Library, folder: Path, tmp_path: Path):
    made = edition.write_edition(tmp_path / "catatan", folder / "lama")
    kept.open("lama")
    kept.discard("lama")
    assert not (folder / "lama").exists()
    assert not made.exists()
    assert [path.name for path in folder.glob(".*")] == []
    with pytest.raises(NoRun):
        kept.open("lama")


def test_the_run_in_force_is_never_discarded(kept: Library, folder: Path):
    with pytest.raises(NotAllowed, match="sedang berlaku"):
        kept.discard("baru")
    assert (folder / "baru").is_dir()


def test_a_run_that_is_being_published_is_not_discarded(kept: Library, records: Records, folder: Path):
    told: list[object] = []

    def throw_away() -> None:
        try:
            kept.discard("lama", told.append)
        except NotAllowed as fault:
            told.append(str(fault))

    thread = threading.Thread(target=throw_away)
    with records.session(alone=True) as session:
        session.add(Publication(run="lama", by="sari"))
        session.flush()
        thread.start()
        thread.join(0.3)
        assert told == []  # it waits until the publication is done
    thread.join()
    assert len(told) == 1
    assert "sedang berlaku" in str(told[0])
    assert (folder / "lama").is_dir()


def test_a_run_stays_when_its_end_cannot_be_told(kept: Library, folder: Path):
    def full(_: Session) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        kept.discard("lama", full)
    assert (folder / "lama").is_dir()


@pytest.mark.parametrize("name", ["", ".peta", "..", "../hasil/baru", "baru/geojson", "tiada", "baru\0"])
def test_no_other_name_reaches_a_folder(kept: Library, name: str):
    with pytest.raises(NoRun):
        kept.discard(name)


def test_a_run_is_opened_once_for_all_who_ask_at_the_same_time(
    kept: Library, monkeypatch: pytest.MonkeyPatch
):
    opened_runs: list[str] = []
    real = library.open_for_pages

    def counted(folder: Path, edition: Path | None) -> opened.OpenedRun:
        opened_runs.append(folder.name)
        return real(folder, edition)

    monkeypatch.setattr(library, "open_for_pages", counted)
    threads = [threading.Thread(target=kept.open, args=(name,)) for name in ("baru", "baru", "lama", "baru")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(opened_runs) == ["baru", "lama"]
    assert kept.open("baru") is kept.open("baru")


def test_the_edition_is_what_would_have_been_computed(folder: Path, tmp_path: Path, public: Assessment):
    made = edition.write_edition(tmp_path / "catatan", folder / "baru")
    computed, read = public, edition.read_edition(made)
    assert read is not None
    assert len(read.households) == 0
    for name in ("desa", "kecamatan", "zones", "hot_spots"):
        pd.testing.assert_frame_equal(
            pd.DataFrame(getattr(read, name)).drop(columns="geometry", errors="ignore"),
            pd.DataFrame(getattr(computed, name)).drop(columns="geometry", errors="ignore"),
            check_dtype=False,
        )
    write_tables(read, tmp_path / "catatan")  # it is whole: every table can be written again


@pytest.mark.usefixtures("quick_editions")
def test_whoever_sees_areas_only_does_not_wait_when_the_edition_is_there(
    kept: Library, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    edition.write_edition(tmp_path / "catatan", folder / "baru")

    def slow(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(opened, "for_audience", slow)
    assert len(kept.open("baru").public.households) == 0


@pytest.mark.usefixtures("quick_editions")
def test_a_damaged_edition_is_computed_again(kept: Library, folder: Path, tmp_path: Path):
    made = edition.write_edition(tmp_path / "catatan", folder / "baru")
    (made / "desa.parquet").write_bytes(b"rusak")
    assert len(kept.open("baru").public.desa) > 0


@pytest.mark.usefixtures("quick_editions")
def test_another_run_of_the_same_name_has_another_edition(folder: Path, tmp_path: Path):
    former = edition.write_edition(tmp_path / "catatan", folder / "baru")
    shutil.copyfile(folder / "lama" / "manifest.json", folder / "baru" / "manifest.json")
    assert edition.edition_folder(tmp_path / "catatan", folder / "baru") != former
    edition.write_edition(tmp_path / "catatan", folder / "baru")
    assert not former.exists()
