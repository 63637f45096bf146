"""A book's houses for a phone or a GPS: GPX and KML with the numbers of the sheets, never a name or an address."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from geo.assessment import Assessment
from geo.atlas.listing import CLASSES, book_households
from geo.atlas.lists.content import dusun_groups
from geo.atlas.options import Printed
from geo.atlas.selection import Selection
from geo.crs import measuring_crs
from geo.files import write_whole
from geo.symbology import NEED_COLOURS, NEED_TITLES, number

GPX, KML = "http://www.topografix.com/GPX/1/1", "http://www.opengis.net/kml/2.2"
SYMBOLS = {
    "both": "Square, Red",
    "rtlh": "Triangle, Red",
    "jamban": "Circle, Blue",
    "none": "Residence",
    "unknown": "Pin, White",
}
"""Names that GPS receivers know, alike the marks on the sheets."""

_NOT_TEXT = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # not in XML
    "|[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # controls, and what turns the reading direction
)

_NOT_MARKUP = str.maketrans("<>", "‹›")


def waypoints(assessment: Assessment, printed: Printed) -> pd.DataFrame:
    """Return the households of a book as waypoints.

    Columns: ``kode_desa``, ``nama_desa``, ``number``, ``sheet``, ``cell``, ``lon`` ``lat`` (degrees, WGS 84; missing
    without an own point), ``need`` (a key of ``NEED_TITLES``), ``words``, ``dusun``, ``rt``, ``rw``, and of a day's
    visits ``turn``; in the order of the book's households.
    """
    counted = assessment.counted
    chosen = counted[counted["sheet_row"].isin(printed.households["sheet_row"])]
    codes = tuple(sorted(chosen["kode_desa"].unique()))
    crs = measuring_crs(tuple(assessment.desa.total_bounds.tolist()))
    listed = book_households(chosen, Selection("", codes), crs)
    listed = listed.assign(dusun=dusun_groups(listed)[1]).set_index("sheet_row")
    points = chosen.set_index("sheet_row").geometry
    names = assessment.desa.set_index("kode_desa")["nama_desa"].astype(str)
    rows = printed.households["sheet_row"]
    told = listed[["need", "words", "dusun", "rt", "rw"]].reindex(rows)
    kept = [name for name in ("kode_desa", "number", "sheet", "cell", "turn") if name in printed.households]
    return printed.households[kept].assign(
        nama_desa=names.reindex(printed.households["kode_desa"]).to_numpy(),
        lon=points.x.reindex(rows).to_numpy(),
        lat=points.y.reindex(rows).to_numpy(),
        need=[CLASSES[place] for place in told["need"]],
        **{name: told[name].to_numpy() for name in ("words", "dusun", "rt", "rw")},
    )


def write_gpx(path: Path, households: pd.DataFrame, *, title: str, created: datetime) -> int:
    """Write the households with an own point as GPX 1.1; the metadata say how many have none.

    Parameters
    ----------
    path
        The file to write, for its owner alone.
    households
        As :func:`waypoints` returns them.
    title
        What the file is called on the device; any text.
    created
        When its data were made.

    Returns
    -------
    int
        The number of waypoints.

    Raises
    ------
    NotWritable
        When the folder or the disk does not take it.
    """
    placed, note = _placed(households)
    root = ET.Element("gpx", xmlns=GPX, version="1.1", creator="Peta Sasaran")
    head = ET.SubElement(root, "metadata")
    _add(head, name=title, desc=note, time=f"{created.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    for name, text, house in _told(placed):
        point = ET.SubElement(root, "wpt", lat=f"{house.lat:.7f}", lon=f"{house.lon:.7f}")
        _add(point, name=name, desc=text, sym=SYMBOLS[house.need], type=NEED_TITLES[house.need])
    _write(path, root, "Titik GPX")
    return len(placed)


def write_kml(path: Path, households: pd.DataFrame, *, title: str, created: datetime) -> int:
    """Write the households with an own point as KML 2.2, a folder a desa, coloured by need.

    Descriptions are HTML to Google Earth (KML 2.2, 9.1.3.9), so what stands in the sheet is escaped for that as well.

    Parameters, result and faults are those of :func:`write_gpx`.
    """
    placed, note = _placed(households)
    root = ET.Element("kml", xmlns=KML)
    document = ET.SubElement(root, "Document")
    _add(
        document, name=title.translate(_NOT_MARKUP), description=f"{note} Data {created.date().isoformat()}."
    )
    for need, colour in NEED_COLOURS.items():
        style = ET.SubElement(document, "Style", id=need)
        _add(ET.SubElement(style, "IconStyle"), color=f"ff{colour[5:7]}{colour[3:5]}{colour[1:3]}")
    folders: dict[str, ET.Element] = {}
    for name, text, house in _told(placed):
        if house.kode_desa not in folders:
            folders[house.kode_desa] = ET.SubElement(document, "Folder")
            _add(folders[house.kode_desa], name=f"{house.kode_desa} {house.nama_desa}".translate(_NOT_MARKUP))
        mark = ET.SubElement(folders[house.kode_desa], "Placemark")
        _add(
            mark,
            name=name.translate(_NOT_MARKUP),
            description=escape(text, quote=False),
            styleUrl=f"#{house.need}",
        )
        _add(ET.SubElement(mark, "Point"), coordinates=f"{house.lon:.7f},{house.lat:.7f}")
    _write(path, root, "Titik KML")
    return len(placed)


def _placed(households: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return the households with an own point, and what to say about those without."""
    placed = households[households["lon"].notna() & households["lat"].notna()]
    left = len(households) - len(placed)
    note = f"{number(len(placed))} rumah bertitik, bernomor seperti di buku peta."
    if left:
        note += (
            f" {number(left)} rumah tanpa titik tidak ada di sini; carilah di daftar pada akhir tiap desa."
        )
    return placed, note


def _told(placed: pd.DataFrame) -> Iterator[tuple[str, str, Any]]:
    """Yield the name and the description of each waypoint, and its row as a named tuple."""
    several = len(placed["kode_desa"].unique()) > 1
    houses: Iterator[Any] = placed.itertuples(index=False)
    for house in houses:
        name = f"{house.nama_desa} {house.number}" if several else str(house.number)
        turn = str(house.turn) if "turn" in placed else ""
        name = f"{turn}. {name}" if turn else name
        grounds = [f"RT {house.rt}" if house.rt else "", f"RW {house.rw}" if house.rw else ""]
        parts = [
            f"Urut {turn}" if turn else "",
            f"Lembar {house.sheet}",
            f"petak {house.cell}" if house.cell else "",
            f"kebutuhan: {house.words}",
            f"dusun {house.dusun}" if house.dusun else "",
            "/".join(filter(None, grounds)),
        ]
        yield name, "; ".join(filter(None, parts)), house


def _add(parent: ET.Element, **texts: str) -> None:
    for tag, text in texts.items():
        ET.SubElement(parent, tag).text = " ".join(_NOT_TEXT.sub("", text).split())


def _write(path: Path, root: ET.Element, what: str) -> None:
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode", xml_declaration=False)
    write_whole(path, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n', what=what, private=True)
