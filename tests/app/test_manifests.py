"""When a run was made: read again once its manifest is another, and not before."""

import json
from pathlib import Path

import pytest

from app import manifests
from app.manifests import is_there, when_made
from geo.errors import NoRun


def write(run: Path, created: str) -> None:
    run.mkdir(exist_ok=True)
    told = {"peta": "1", "created": created, "facts": {}, "tables": {}}
    (run / "new.json").write_text(json.dumps(told), encoding="utf-8")
    (run / "new.json").replace(run / "manifest.json")


def test_a_manifest_is_read_once_as_long_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    run, read = tmp_path / "satu", []
    told = manifests.read_manifest
    monkeypatch.setattr(manifests, "read_manifest", lambda folder: read.append(folder) or told(folder))
    write(run, "2026-01-01")
    assert [when_made(run) for _ in range(3)] == ["2026-01-01"] * 3
    write(run, "2026-02-02")
    assert [when_made(run) for _ in range(3)] == ["2026-02-02"] * 3
    assert read == [run, run]


def test_a_run_that_is_gone_or_torn_is_none(tmp_path: Path):
    run = tmp_path / "satu"
    assert not is_there(run)
    write(run, "2026-01-01")
    assert is_there(run)
    (run / "manifest.json").write_text("{", encoding="utf-8")
    assert not is_there(run)
    (run / "manifest.json").unlink()
    with pytest.raises(NoRun):
        when_made(run)
