"""A book is bound: pages drawn one after another become one PDF, whatever their number."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, PageLocation, String
from pikepdf.models.metadata import encode_pdf_date
from pyproj import CRS

from geo.atlas.binding.drawn_pages import DrawnPages
from geo.atlas.binding.georeference import georeference
from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.frame import Frame
from geo.errors import NotWritable, cause_of
from geo.files import require_file, whole
from geo.sheet_ids import SheetId

BOOK = "Buku peta"

_APPLICATION = "/PetaSasaran"


@dataclass(frozen=True)
class Mark:
    """What a page of a book is: its kind (``map``, ``list``, ``cover``, ``index``), and its sheet or ``""``."""

    kind: str
    sheet: str


@dataclass(frozen=True)
class _Page:
    mark: Mark
    label: str
    size: tuple[Decimal, Decimal]
    views: tuple[tuple[Frame, str], ...]
    outline: tuple[str, ...]


class Binder(AbstractContextManager["Binder"]):
    """Binds the pages that are drawn on its ``canvas`` into one PDF with georeference, outline and page labels.

    What the pages hold waits in a nameless temporary file beside the target, so memory hardly grows with it.
    Leaving without a fault writes the target, all or nothing; with one leaves what stood there before. The same
    pages give the same bytes.

    Parameters
    ----------
    path
        The PDF to write.
    paper
        Width and height (mm) of a page that asks for nothing else.
    title
        Of the document; any text.
    created
        When its data were made, which is the document's date.
    crs
        The measuring CRS of all frames.
    private
        Only its owner may read the file (mode 0600).

    Raises
    ------
    NotWritable
        When the folder or the disk does not take it.
    """

    def __init__(
        self,
        path: Path,
        paper: tuple[float, float],
        title: str,
        created: datetime,
        crs: CRS,
        *,
        private: bool,
    ) -> None:
        require_file(path, what=BOOK)
        self._path, self._title, self._created = path, title, created
        self._crs, self._private = crs, private
        self._pages: list[_Page] = []
        self._open = ExitStack()
        self._drawn = self._open.enter_context(DrawnPages(path.parent))
        self.canvas = self._open.enter_context(closing(Canvas(paper, title, created)))
        self.canvas.single_resources_object = True

    def page(
        self,
        kind: str,
        *,
        sheet: SheetId | None = None,
        label: str = "",
        views: Sequence[tuple[Frame, str]] = (),
        outline: tuple[str, ...] = (),
    ) -> None:
        """Take the page that was just drawn on the canvas.

        Parameters
        ----------
        kind
            ``cover``, ``index``, ``map`` or ``list``.
        sheet
            The sheet that it belongs to.
        label
            What a reader shows as its page number; empty: the number.
        views
            Its maps and their letters.
        outline
            Where it stands in the table of contents, from the outermost heading; empty: under no heading of its own.
        """
        number = len(self._pages) + 1
        if self.canvas.pages_count != number:
            drawn_so_far = self.canvas.pages_count
            raise ValueError(f"Draw one page, then take it: {drawn_so_far} drawn, {number - 1} taken.")
        drawn = self.canvas.pages[number]
        try:
            self._drawn.put(cast("bytes", drawn.contents))
        except OSError as fault:
            raise not_written(self._path, fault) from fault
        drawn.contents = bytearray()
        self.canvas.pages[number] = self.canvas.pages[1]
        headings = tuple(map(self.canvas.legible, outline))
        mark = Mark(kind, str(sheet) if sheet else "")
        width, height = drawn.dimensions()
        size = Decimal(f"{width:.2f}"), Decimal(f"{height:.2f}")
        self._pages.append(_Page(mark, self.canvas.legible(label), size, tuple(views), headings))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._open:
            if kind is None:
                try:
                    self._bind()
                except OSError as cause:
                    raise not_written(self._path, cause) from cause

    def _bind(self) -> None:
        # Only the resources of the drawn document are wanted, which all its pages share: one is enough.
        for number in range(2, self.canvas.pages_count + 1):
            del self.canvas.pages[number]
        self.canvas.page = min(1, self.canvas.pages_count)
        with self._drawn.open() as book, pikepdf.open(BytesIO(self.canvas.output())) as blank:
            resources = book.copy_foreign(blank.Root.Pages.Kids[0].Resources)
            for told, drawn in zip(self._pages, book.Root.Drawn, strict=True):
                box = [0, 0, *told.size]
                made = Dictionary(Type=Name.Page, MediaBox=box, Resources=resources, Contents=drawn)
                page = pikepdf.Page(book.make_indirect(made))
                write_mark(page, told.mark, self._created)
                book.pages.append(page)
            del book.Root.Drawn
            georeference(book, [page.views for page in self._pages], self._crs)
            write_labels(book, [page.label for page in self._pages])
            write_outline(book, [page.outline for page in self._pages])
            write_title(book, self.canvas.legible(self._title), self._created)
            save_book(book, self._path, private=self._private)


def write_mark(page: pikepdf.Page, mark: Mark, when: datetime) -> None:
    """Write into a page what it is (ISO 32000-2, 14.5)."""
    date = String(encode_pdf_date(when))
    told = Dictionary(Kind=String(mark.kind), Sheet=String(mark.sheet))
    page.obj.LastModified = date
    page.obj.PieceInfo = Dictionary({_APPLICATION: Dictionary(LastModified=date, Private=told)})


def read_mark(page: pikepdf.Page) -> Mark | None:
    """Return what a page of a book is; ``None``: it is none."""
    piece = page.obj.get("/PieceInfo", Dictionary()).get(_APPLICATION)
    if piece is None:
        return None
    return Mark(str(piece.Private.Kind), str(piece.Private.Sheet))


def write_labels(pdf: pikepdf.Pdf, labels: Sequence[str]) -> None:
    """Write what readers show as page numbers; where it is empty, the number counted from 1."""
    entries = Array()
    for place, label in enumerate(labels):
        if label:
            entries.append(place)
            entries.append(Dictionary(P=String(label)))
        elif not place or labels[place - 1]:
            entries.append(place)
            entries.append(Dictionary(S=Name.D, St=place + 1))
    pdf.Root.PageLabels = pdf.make_indirect(Dictionary(Nums=entries))


def read_labels(pdf: pikepdf.Pdf) -> list[str]:
    """Return the label of each page of a book."""
    told = dict(pikepdf.NumberTree(pdf.Root.PageLabels).items())
    entries = [told.get(place, Dictionary()) for place in range(len(pdf.pages))]
    return [str(entry.get("/P", place + 1)) for place, entry in enumerate(entries)]


def write_outline(pdf: pikepdf.Pdf, headings: Sequence[tuple[str, ...]]) -> None:
    """Write the table of contents, from each page's path of headings; the first page of a path opens its headings."""
    with pdf.open_outline() as outline:
        for page, path in enumerate(headings):
            level = outline.root
            for heading in path:
                if not level or level[-1].title != heading:
                    level.append(OutlineItem(heading, page, PageLocation.Fit))
                    level[-1].is_closed = True
                level = level[-1].children
    if any(headings):
        pdf.Root.PageMode = Name.UseOutlines


def write_title(pdf: pikepdf.Pdf, title: str, when: datetime) -> None:
    """Write title, language and date, for old readers and new."""
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = title
        metadata["dc:language"] = {"id"}
        metadata["xmp:CreateDate"] = metadata["xmp:ModifyDate"] = when.isoformat()
        metadata["pdf:Producer"] = "Peta Sasaran"
    pdf.Root.Lang = String("id")
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def save_book(pdf: pikepdf.Pdf, path: Path, *, private: bool) -> None:
    """Write a document whole, or leave what stood there before.

    Raises
    ------
    NotWritable
        When the folder or the disk does not take it.
    """
    with whole(path, what=BOOK, private=private) as part, part.open("r+b") as file:
        pdf.save(
            file,
            min_version="1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
        )


def not_written(path: Path, fault: OSError) -> NotWritable:
    """Say why a book is not there."""
    return NotWritable(f"{BOOK} tidak dapat ditulis ke {path}: {cause_of(fault)}.")
