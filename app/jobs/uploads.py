"""Uploaded sheets on the disk: each in a folder of its own, with what was found out about it."""

import json
import shutil
from pathlib import Path
from typing import Any

from app.records.tables import Upload
from app.settings import WebSettings
from geo.columns.choice import ColumnChoice
from geo.files import write_whole

FOLDER, REPORT = "unggahan", "pemeriksaan.json"


def uploads_folder(settings: WebSettings) -> Path:
    """Return where uploads lie."""
    return settings.state_folder / FOLDER


def sheet_path(settings: WebSettings, upload: Upload) -> Path:
    """Return the file of an upload; it may be gone."""
    return uploads_folder(settings) / upload.file


def choice_of(upload: Upload) -> ColumnChoice:
    """Return what somebody said of the columns of an upload."""
    said = upload.columns
    return ColumnChoice(said.get("columns", {}), tuple(said.get("ignored", ())), said.get("constants", {}))


def with_choice(upload: Upload, choice: ColumnChoice) -> None:
    """Keep what somebody says of the columns of an upload."""
    said = {
        "columns": dict(choice.columns), "ignored": list(choice.ignored), "constants": dict(choice.constants),
    }  # fmt: skip
    upload.columns = {**upload.columns, **said}


def asked_of(upload: Upload) -> dict[str, Any]:
    """Return what a report must have been made with to be about the upload as it is now."""
    said = upload.columns
    return {
        "tab": upload.sheet or "",
        "columns": said.get("columns", {}),
        "ignored": said.get("ignored", []),
        "constants": said.get("constants", {}),
        "unlocked": bool(said.get("unlocked")),
    }


def write_report(settings: WebSettings, upload: Upload, report: dict[str, Any]) -> None:
    """Keep what was found out about an upload."""
    text = json.dumps(report | {"asked": asked_of(upload)}, ensure_ascii=False)
    write_whole(sheet_path(settings, upload).with_name(REPORT), text, what="Pemeriksaan lembar", private=True)


def read_report(settings: WebSettings, upload: Upload) -> dict[str, Any] | None:
    """Return what was found out about an upload, if that was done since its columns were last changed."""
    try:
        path = sheet_path(settings, upload).with_name(REPORT)
        report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return report if report.get("asked") == asked_of(upload) else None


def forget(settings: WebSettings, upload: Upload) -> None:
    """Remove the file of an upload and what lies beside it."""
    shutil.rmtree(sheet_path(settings, upload).parent, ignore_errors=True)
