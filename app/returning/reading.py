"""The file that an agency returns, read into lines: CSV, workbook or GeoJSON; nobody's number is kept."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from app.returning.words import NOT_YET, plain_word
from app.visiting.filled_table import one_at_a_time, plain_heading, read_filled
from geo.errors import PetaError, SheetError
from geo.review.decisions import masked, one_line
from geo.spreadsheet.csv_text import decoded

HEADINGS: dict[str, tuple[str, ...]] = {
    "id": ("pseudonim", "pseudonym", "nomor_samaran", "id_samaran", "id"),
    "hasil": ("hasil", "hasil_kunjungan", "hasil_penanganan", "tindak_lanjut", "status_penanganan", "status"),
    "tanggal": ("tanggal", "tgl", "tanggal_hasil", "tanggal_selesai", "tgl_selesai", "tanggal_kunjungan"),
    "catatan": ("catatan", "keterangan", "ket"),
    "kebutuhan": ("kebutuhan", "jenis_bantuan", "bantuan"),
}  # fmt: skip
"""What is read of a file, and how agencies head it, the surest first."""

COLUMNS = ("line", *HEADINGS)
MOST_MB = 20
MOST_LINES = 20_000
_UNPACKED = 200_000_000  # bytes; a package of a whole district, with the outcomes filled in
_MOST_FEATURES = 200_000
_MOST_OPENED = {b"{": 4 * _MOST_FEATURES, b"[": 10 * _MOST_FEATURES}
"""So many objects and lists: every one takes some hundred times its text in memory, wherever it stands."""

_LONGEST = {"id": 40, "hasil": 60, "tanggal": 30, "catatan": 200, "kebutuhan": 40}
_PSEUDONYM = re.compile(r"[a-z2-7]{10,40}", re.ASCII)
_NO_LIST = "Berkas GeoJSON itu bukan FeatureCollection yang utuh. Ekspor lagi dari program asalnya."


@dataclass(frozen=True)
class Returned:
    """What a file says.

    Attributes
    ----------
    lines
        ``line`` (its number in the file) and the columns of :data:`HEADINGS`, text, shortened and without numbers that
        may be a person's; only those that tell of an outcome.
    blank
        How many rows tell of none yet.
    torn
        Numbers of the rows that have more cells than headings, and are not read.
    """

    lines: pd.DataFrame
    blank: int
    torn: tuple[int, ...]


def read_returned(file: Path, names: Iterable[str] = ()) -> Returned:
    """Read what an agency returned.

    Parameters
    ----------
    names
        Headings that the agency's own recipe gives to the pseudonym.

    Raises
    ------
    SheetError
        When it cannot be read, lacks a column that is needed, is too long, or tells of no household.
    """
    own = tuple(plain_heading(name) for name in names)
    headings = HEADINGS | {"id": tuple(dict.fromkeys((*own, *HEADINGS["id"])))}
    cells = _features(file, headings) if _is_json(file) else read_filled(file, headings, _UNPACKED)
    if missing := [name for name in ("id", "hasil") if name not in cells]:
        raise SheetError(
            f"Berkas itu tidak punya kolom «{missing[0]}». Yang dibaca: id (atau pseudonim), hasil, tanggal, catatan, "
            f"kebutuhan."
        )
    torn = tuple(cells.loc[cells["torn"], "line"].tolist())
    cells = cells[~cells["torn"]].reindex(columns=list(COLUMNS), fill_value="")
    word = cells["hasil"].map({said: plain_word(said) for said in cells["hasil"].unique()})
    kept = cells[~word.isin(NOT_YET)]
    if len(kept) > MOST_LINES:
        raise SheetError(f"Berkas itu memuat lebih dari {MOST_LINES} hasil. Bagi menjadi beberapa berkas.")
    if kept.empty and not torn:
        raise SheetError(
            "Tidak ada baris yang kolom «hasil»-nya diisi, jadi tidak ada yang dapat dimasukkan."
        )
    return Returned(_plain(kept), len(cells) - len(kept), torn)


def _plain(lines: pd.DataFrame) -> pd.DataFrame:
    cleaned = {
        name: [one_line(masked(one_line(text, 4 * most)), most) for text in lines[name]]
        for name, most in _LONGEST.items()
    }
    # figures within a pseudonym are nobody's number
    ids = [text.strip().casefold() for text in lines["id"]]
    cleaned["id"] = [
        text if _PSEUDONYM.fullmatch(text) else re.sub(r"\.0+$", "", shown)
        for text, shown in zip(ids, cleaned["id"], strict=True)
    ]
    return pd.DataFrame({"line": lines["line"].to_numpy(), **cleaned}, columns=list(COLUMNS))


def _is_json(file: Path) -> bool:
    with file.open("rb") as opened:
        head = opened.read(64)
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1] == b"{"


def _features(file: Path, headings: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    """Read the properties of features, and their ids where no property holds one; geometries are passed over."""
    with one_at_a_time():
        rows = [_row(feature, headings) for feature in _list_of(file)]
    found = pd.DataFrame(rows, columns=list(headings)).dropna(axis="columns", how="all").fillna("")
    return found.assign(line=range(1, len(rows) + 1), torn=False)


def _list_of(file: Path) -> list[Any]:
    try:
        content = decoded(file)[0]
        crowded = any(content.count(sign) > most for sign, most in _MOST_OPENED.items())
        features = [] if crowded else json.loads(content)["features"]
    except (ValueError, RecursionError, KeyError, TypeError, PetaError, OSError) as fault:
        raise SheetError(_NO_LIST) from fault
    if not isinstance(features, list):
        raise SheetError(_NO_LIST)
    if crowded or len(features) > _MOST_FEATURES:
        raise SheetError(f"Lebih dari {_MOST_FEATURES} fitur, atau bentuknya terlalu rinci.")
    return features


def _row(feature: Any, headings: Mapping[str, tuple[str, ...]]) -> dict[str, str]:  # noqa: ANN401  -- from JSON
    told = feature.get("properties") if isinstance(feature, dict) else None
    cells = {plain_heading(name): value for name, value in told.items()} if isinstance(told, dict) else {}
    row = {
        column: _text(cells[name])
        for column, names in headings.items()
        if (name := next((name for name in names if name in cells), ""))
    }
    if "id" not in row and isinstance(feature, dict) and "id" in feature:
        row["id"] = _text(feature["id"])
    return row


def _text(value: object) -> str:
    """Return a plain value as text; lists and objects say nothing here."""
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
