"""A run appears whole or not at all, and comes back as it was."""

import errno
import json
import os
import signal
import stat
import subprocess
import sys
import time
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

import geo
from geo.assessment import Assessment
from geo.errors import NoRun, NotWritable
from geo.runs import MAPPED, PLAIN, is_run, new_run, newest_run, open_run, read_manifest, write_run
from tests.geo.small import small_assessment

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def small() -> Assessment:
    return small_assessment()


def test_an_assessment_comes_back_exactly(assessment: Assessment, tmp_path: Path):
    back = open_run(write_run(tmp_path / "hasil", assessment))
    for name in MAPPED + PLAIN:
        assert_frame_equal(getattr(back, name), getattr(assessment, name), check_exact=True)
    for name in MAPPED:
        assert getattr(back, name).crs == getattr(assessment, name).crs
    assert back.facts == assessment.facts


def test_empty_tables_come_back(small: Assessment, tmp_path: Path):
    empty = replace(small, clusters=small.clusters.iloc[:0], priorities=small.priorities.iloc[:0])
    back = open_run(write_run(tmp_path / "hasil", empty))
    assert_frame_equal(back.clusters, empty.clusters)
    assert back.clusters.crs == 4326


def test_the_manifest_tells_what_is_there(small: Assessment, tmp_path: Path):
    seconds = {"baca": 1.23456}
    run = write_run(
        tmp_path / "hasil",
        small,
        make_outputs=lambda folder: (folder / "peta.html").write_text("abc"),
        seconds=seconds,
    )
    manifest = read_manifest(run)
    assert manifest["peta"] == geo.__version__
    assert manifest["tables"]["households"] == len(small.households)
    assert manifest["seconds"] == {"baca": 1.235}
    assert (
        manifest["files"]["peta.html"] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    assert set(manifest["files"]) == {"peta.html", *(f"{name}.parquet" for name in MAPPED + PLAIN)}


def test_the_version_is_that_of_the_package():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert declared.get("version", geo.__version__) == geo.__version__


def test_only_the_owner_reads_a_run(small: Assessment, tmp_path: Path):
    assert stat.S_IMODE(write_run(tmp_path / "hasil", small).stat().st_mode) == 0o700


def test_a_run_is_replaced_whole(small: Assessment, tmp_path: Path):
    write_run(tmp_path / "hasil", small, make_outputs=lambda folder: (folder / "lama.txt").touch())
    write_run(tmp_path / "hasil", small)
    assert not (tmp_path / "hasil" / "lama.txt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["hasil"]


@pytest.mark.parametrize("fault", [ValueError("rusak"), KeyboardInterrupt()])
def test_a_failure_leaves_the_former_run(small: Assessment, tmp_path: Path, fault: BaseException):
    def fail(_: Path) -> None:
        raise fault

    write_run(tmp_path / "hasil", small, make_outputs=lambda folder: (folder / "lama.txt").touch())
    with pytest.raises(type(fault)):
        write_run(tmp_path / "hasil", small, make_outputs=fail)
    assert (tmp_path / "hasil" / "lama.txt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["hasil"]


def test_a_failed_move_puts_the_former_run_back(
    small: Assessment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    write_run(tmp_path / "hasil", small)
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if ".tmp-" in path.name:
            raise OSError(errno.ENOSPC, "No space left on device")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(NotWritable, match="ruang disk habis"):
        write_run(tmp_path / "hasil", small)
    assert is_run(tmp_path / "hasil")
    assert [path.name for path in tmp_path.iterdir()] == ["hasil"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "ruang disk habis"),
        (errno.EROFS, "hanya dapat dibaca"),
        (errno.EACCES, "tidak ada izin"),
    ],
)
def test_a_disk_that_refuses_is_named(tmp_path: Path, number: int, words: str):
    with pytest.raises(NotWritable, match=words), new_run(tmp_path / "hasil"):
        raise OSError(number, os.strerror(number))
    assert not list(tmp_path.iterdir())


def test_a_bug_is_not_called_a_full_disk(tmp_path: Path):
    with pytest.raises(FileNotFoundError), new_run(tmp_path / "hasil"):
        (tmp_path / "tidak-ada").read_text()


def test_a_folder_that_is_no_run_is_left_alone(tmp_path: Path):
    (tmp_path / "foto.jpg").write_text("penting")
    with pytest.raises(NotWritable, match="bukan hasil analisis"), new_run(tmp_path):
        pass
    assert (tmp_path / "foto.jpg").read_text() == "penting"


def test_another_tools_manifest_is_no_run(tmp_path: Path):
    (tmp_path / "manifest.json").write_text('{"name": "aplikasi"}')
    assert not is_run(tmp_path)
    with pytest.raises(NotWritable), new_run(tmp_path):
        pass


def test_an_empty_folder_is_taken(small: Assessment, tmp_path: Path):
    (tmp_path / "hasil").mkdir()
    assert is_run(write_run(tmp_path / "hasil", small))


def test_a_file_in_the_way_is_named(tmp_path: Path):
    (tmp_path / "hasil").write_text("")
    with pytest.raises(NotWritable), new_run(tmp_path / "hasil"):
        pass
    with pytest.raises(NotWritable), new_run(tmp_path / "hasil" / "lagi"):
        pass


def test_a_killed_run_is_never_seen_and_its_remains_go(tmp_path: Path):
    code = (
        "import sys, time; from pathlib import Path; from geo.runs import new_run\n"
        "with new_run(Path(sys.argv[1])) as folder:\n"
        "    (folder / 'separuh').touch(); print('siap', flush=True); time.sleep(60)"
    )
    killed = subprocess.Popen(  # noqa: S603  our own code
        [sys.executable, "-c", code, str(tmp_path / "hasil")], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert killed.stdout is not None
    assert killed.stdout.readline() == "siap\n"
    remains = tmp_path / f".hasil.tmp-{killed.pid}"
    with new_run(tmp_path / "hasil") as folder:
        (folder / "isi").touch()
        assert remains.exists(), "a living neighbour is left alone"
    (tmp_path / "hasil" / "isi").unlink()
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    killed.stdout.close()
    assert remains.exists()
    with pytest.raises(NoRun):
        newest_run(tmp_path)
    with new_run(tmp_path / "hasil"):
        assert not remains.exists()


def test_a_run_killed_between_the_two_moves_comes_back(small: Assessment, tmp_path: Path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    write_run(tmp_path / "hasil", small).rename(tmp_path / f".hasil.old-{gone.pid}")
    with pytest.raises(ValueError, match="berhenti"), new_run(tmp_path / "hasil"):
        raise ValueError("berhenti")
    assert is_run(tmp_path / "hasil")


def test_the_newest_run_is_found(small: Assessment, tmp_path: Path):
    for name, created in (("b", "2026-01-02T00:00:00+07:00"), ("a", "2026-01-01T20:00:00+00:00")):
        write_run(tmp_path / name, replace(small, facts={**small.facts, "created": created}))
    (tmp_path / "lain").mkdir()
    assert newest_run(tmp_path) == tmp_path / "a"
    assert newest_run(tmp_path / "b") == tmp_path / "b"


def test_no_run_says_so(tmp_path: Path):
    for folder in (tmp_path, tmp_path / "tidak-ada"):
        with pytest.raises(NoRun, match="Tidak ada hasil"):
            newest_run(folder)
        with pytest.raises(NoRun):
            open_run(folder)


def test_a_damaged_table_says_so(small: Assessment, tmp_path: Path):
    run = write_run(tmp_path / "hasil", small)
    (run / "desa.parquet").write_bytes(b"rusak")
    with pytest.raises(NoRun, match="rusak"):
        open_run(run)


def test_reading_a_manifest_loads_no_geopandas(small: Assessment, tmp_path: Path):
    write_run(tmp_path / "hasil", small)
    code = (
        "import sys; from pathlib import Path; from geo.runs import newest_run, read_manifest\n"
        "read_manifest(newest_run(Path(sys.argv[1]))); print('geopandas' in sys.modules, 'numpy' in sys.modules)"
    )
    begin = time.perf_counter()
    answer = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout.split() == ["False", "False"]
    assert time.perf_counter() - begin < 5


def test_numpy_numbers_in_facts_are_written(small: Assessment, tmp_path: Path):
    desil = small.households["desil"].max()
    run = write_run(
        tmp_path / "hasil", replace(small, facts={**small.facts, "angka": desil, "jalur": tmp_path})
    )
    facts = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["facts"]
    assert (facts["angka"], facts["jalur"]) == (int(desil), str(tmp_path))
