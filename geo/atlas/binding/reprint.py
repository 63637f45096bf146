"""Sheets of a book printed once more: their pages cut out of it, and stamped as a reprint."""

import re
from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path

import pikepdf
from pikepdf import Dictionary

from geo.atlas.binding.binder import (
    read_labels,
    read_mark,
    save_book,
    write_labels,
    write_outline,
    write_title,
)
from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.layout import MARGIN
from geo.errors import PetaError, SettingsError
from geo.sheet_ids import MAPLESS, SheetId, read_sheet_id
from geo.symbology import long_date, number

STAMP = "CETAK ULANG"
TOLD = 5
"""So many sheets of a book are named when another is asked for."""

_STAMP_PT, _ABOVE_CONTENT_MM, _STAMP_PITCH_MM = 8.0, 1.0, 56.0
_STAMPS = "/Reprints"
_OF_PAGES = {
    "/Type", "/Parent", "/MediaBox", "/Resources", "/Contents", "/VP", "/PieceInfo", "/LastModified",
}  # fmt: skip
_STRANGE = (
    pikepdf.PdfError, pikepdf.PasswordError, OSError, AttributeError, TypeError, ValueError, LookupError,
    RuntimeError, RecursionError, NotImplementedError, ArithmeticError,
)  # fmt: skip
"""What reading a file of another kind, or one that was tampered with, ends in."""
_POINTS_PER_MM = 72 / 25.4
_PART_GIVEN = re.compile(r"[-–\s]\s*0{1,3}\s*[-–\s]")


def reprint(book: Path, wanted: Sequence[str], out: Path, when: date) -> int:
    """Cut sheets out of a book, their lists included, and stamp each page with the date of the reprint.

    Parameters
    ----------
    book
        As ``write_book`` made it; or a reprint, which is stamped a second time.
    wanted
        Identifiers of sheets as somebody types them (without the sheet's place in the desa: all of that desa), or page
        labels (a page of a sheet brings the whole sheet).
    out
        The PDF to write, for its owner alone; maps keep their georeference, pages their order.
    when
        The day of the reprint.

    Returns
    -------
    int
        The number of pages.

    Raises
    ------
    SettingsError
        When the file is no book of map sheets, or does not hold a sheet; says which ones it holds.
    NotWritable
        When the folder or the disk does not take it.
    """
    try:
        with pikepdf.open(book) as pdf:
            return _cut(pdf, book, wanted, out, when)
    except PetaError:
        raise
    except _STRANGE as fault:
        raise _no_book(book) from fault


def _cut(pdf: pikepdf.Pdf, book: Path, wanted: Sequence[str], out: Path, when: date) -> int:
    pages = list(pdf.pages)
    marks = [read_mark(page) for page in pages]
    if not any(marks):
        raise _no_book(book)
    sheets = [mark.sheet if mark else "" for mark in marks]
    labels = read_labels(pdf)
    places = sorted(set().union(*(_places(text, sheets, labels) for text in wanted)))
    moment = datetime.combine(when, time())
    title = f"{STAMP.capitalize()} {long_date(when)} — {pdf.docinfo.get('/Title', '')}"
    with pikepdf.new() as cut:
        cut.pages.extend(pages[place] for place in places)
        _strip(cut)
        _stamp(cut, f"{STAMP} {long_date(when)}", moment)
        write_labels(cut, [labels[place] for place in places])
        write_outline(cut, [(sheets[place] or labels[place],) for place in places])
        write_title(cut, title, moment)
        save_book(cut, out, private=True)
    return len(places)


def _strip(pdf: pikepdf.Pdf) -> None:
    """Leave of pages what a book writes: no script, link or attachment that somebody put in comes along."""
    for page in pdf.pages:
        for key in {*page.obj.keys()} - _OF_PAGES:
            del page.obj[key]


def _places(text: str, sheets: Sequence[str], labels: Sequence[str]) -> set[int]:
    """Return the places of the pages that an identifier or a label asks for."""
    labelled = {place for place, label in enumerate(labels) if label.casefold() == text.strip().casefold()}
    if labelled:
        asked = {sheets[place] for place in labelled} - {""}
        return labelled | {place for place, sheet in enumerate(sheets) if sheet in asked}
    sheet = read_sheet_id(text)
    asked = {str(sheet)}
    if sheet.part == MAPLESS and not _PART_GIVEN.search(text):
        asked |= {own for own in sheets if own and _same_desa(read_sheet_id(own), sheet)}
    found = {place for place, own in enumerate(sheets) if own in asked}
    if not found:
        raise _not_there(sheet, list(dict.fromkeys(own for own in sheets if own)))
    return found


def _same_desa(one: SheetId, other: SheetId) -> bool:
    return (one.kode_desa, one.mark) == (other.kode_desa, other.mark)


def _not_there(sheet: SheetId, sheets: list[str]) -> SettingsError:
    near = sorted(sheets, key=lambda own: not own.startswith(f"{sheet.kode_desa}-"))
    more = f" dan {number(len(near) - TOLD)} lembar lain" if len(near) > TOLD else ""
    return SettingsError(f"Lembar {sheet} tidak ada di buku ini. Isinya: {', '.join(near[:TOLD])}{more}.")


def _no_book(book: Path) -> SettingsError:
    return SettingsError(
        f"{book.name} bukan buku peta yang dapat dicetak ulang. Pilih PDF buku yang dibuat dengan perintah atlas."
    )


def _stamp(pdf: pikepdf.Pdf, text: str, moment: datetime) -> None:
    """Write the date of the reprint above what stands on each page, beside earlier ones."""
    forms: dict[tuple[float, float, int], pikepdf.Object] = {}
    for page in pdf.pages:
        told = page.obj.PieceInfo.PetaSasaran.Private
        earlier = int(told.get(_STAMPS, 0))
        width, height = float(page.mediabox[2]), float(page.mediabox[3])
        look = width, height, earlier
        if look not in forms:
            forms[look] = _form(pdf, text, look, moment)
        name = f"/Reprint-{earlier}-{width:.0f}-{height:.0f}"
        resources = page.obj.Resources
        if "/XObject" not in resources:
            resources.XObject = Dictionary()
        resources.XObject[name] = forms[look]
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(f"\nQ q {name} Do Q\n".encode())
        told[_STAMPS] = earlier + 1


def _form(pdf: pikepdf.Pdf, text: str, look: tuple[float, float, int], moment: datetime) -> pikepdf.Object:
    """Draw the stamp for pages of one size (points) that bear so many already."""
    width, height, earlier = look
    size = width / _POINTS_PER_MM, height / _POINTS_PER_MM
    with closing(Canvas(size, text, moment)) as canvas:
        canvas.add_page(format=size)
        canvas.face(_STAMP_PT, "B")
        right = size[0] - MARGIN - earlier * _STAMP_PITCH_MM
        canvas.write_at(right, MARGIN - _ABOVE_CONTENT_MM, text, align="R")
        with pikepdf.open(BytesIO(canvas.output())) as stamp:
            return pdf.copy_foreign(stamp.pages[0].as_form_xobject())
