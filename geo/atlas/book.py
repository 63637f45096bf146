"""The book of a selection: cover, index, map sheets with their lists, and those without a position."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.assessment import Assessment
from geo.atlas.binding.binder import Binder
from geo.atlas.front.cover import Contents, draw_cover
from geo.atlas.front.day import planned_day, ranges, walk_rows
from geo.atlas.front.index import draw_indexes, kecamatan_names
from geo.atlas.front.index_table import IndexPage, index_pages
from geo.atlas.listing import book_households, numbered_households
from geo.atlas.lists.content import SheetList, by_dusun, list_entries
from geo.atlas.lists.layout import ListForm, list_form
from geo.atlas.lists.pages import draw_list_page
from geo.atlas.notes import describe
from geo.atlas.options import BookOptions, Printed
from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.layout import layouts, paper_size
from geo.atlas.paper.margins import Book, kind_of
from geo.atlas.planning.book_plan import plan_book
from geo.atlas.planning.labels import NUMBER_PT
from geo.atlas.planning.plan import BookPlan, SheetPlan
from geo.atlas.selection import Selection, in_turn
from geo.atlas.sheet.drawing import draw_sheet
from geo.atlas.sheet.gather import Surroundings
from geo.atlas.sheet.lines import Lines
from geo.sheet_ids import MAPLESS, SheetId

COVER_PAGES = 1


@dataclass(frozen=True)
class _Part:
    """A sheet of the book: its map, if it has one, and its list, which is empty where its map has no number."""

    desa: int
    plan: SheetPlan | None
    listed: SheetList
    pages: tuple[slice, ...]

    @property
    def scale(self) -> int:
        return self.plan.views[0].frame.scale if self.plan else 0

    @property
    def length(self) -> int:
        return (self.plan is not None) + len(self.pages)


def write_book(
    assessment: Assessment,
    selection: Selection,
    path: Path,
    options: BookOptions,
    *,
    lines: Lines | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Printed:
    """Write the book of a selection as one PDF; every chosen household whose desa is known is in its lists once.

    Parameters
    ----------
    assessment
        As made by ``assess()`` or opened from a run.
    selection
        Whom the book holds.
    path
        The PDF to write, whole or not at all; with names its owner alone may read it. The same assessment, selection
        and options give the same bytes.
    options
        How it is made.
    lines
        Roads and rivers of the district's own.
    progress
        Called with the pages done and the pages in all, after each page.

    Raises
    ------
    SettingsError
        When the paper is not known.
    NotWritable
        When the folder or the disk does not take it.
    """
    book = describe(assessment, title=selection.title, options=options)
    size = paper_size(options.paper)
    households = numbered_households(assessment)
    selection = in_turn(selection, households)
    around = Surroundings(assessment, book, selection, lines)
    listed = book_households(households, selection, book.crs)
    without_desa = _without_desa(households, selection)
    del households
    title = f"Buku peta — {selection.title}"
    with Binder(path, size, title, book.created, book.crs, private=options.names) as binder:
        canvas = binder.canvas
        choices = layouts(options.paper, banner=bool(book.banner))
        plan = plan_book(listed, selection, around.shapes(), choices, lambda texts: _widths(canvas, texts))
        desa = (
            assessment.desa.drop(columns="geometry")
            .set_index("kode_desa", drop=False)
            .loc[list(selection.desa)]
        )
        rows = list(desa.itertuples(index=False))
        form = list_form(options.paper, names=options.names, turns=bool(selection.turn))
        parts = list(_parts(plan, rows, book, form, selection))
        kecamatan = kecamatan_names(desa)
        index = _index(parts, kecamatan, selection, size)
        sheets = _sheets(parts, COVER_PAGES + len(index) + 1)
        pages = COVER_PAGES + len(index) + int(sheets["pages"].sum())
        printed = Printed(pages, sheets, _households(plan, parts, selection.turn), without_desa)
        if selection.turn:
            sheets = sheets.assign(turn=_turns(printed))

        numbers = count(1)

        def bind(kind: str, page: int, **told: Any) -> None:  # noqa: ANN401  -- as Binder.page takes them
            binder.page(kind, **told)
            if progress:
                progress(page, pages)

        page = next(numbers)
        contents, facts = _contents(printed, selection), assessment.facts
        draw_cover(canvas, book, contents, facts, size, page, pages, **_day(assessment, selection, printed))
        bind("cover", page, outline=("Sampul",))
        for place, views in enumerate(
            draw_indexes(
                canvas,
                book,
                index,
                plan,
                around.shapes(),
                kecamatan,
                desa,
                sheets,
                size,
                COVER_PAGES + 1,
                pages,
            )
        ):
            bind("index", next(numbers), views=views, outline=("Peta indeks",) if not place else ())
        for part in parts:
            path_to = (
                f"Kecamatan {kecamatan[part.desa]}",
                f"{kind_of(rows[part.desa])} {rows[part.desa].nama_desa}",
                f"Lembar {part.listed.sheet.part:02d}",
            )
            if part.plan:
                page = next(numbers)
                details = plan.desa[part.desa].sheets[0].details
                draw_sheet(canvas, around.sheet(part.plan, plan.households, details), book, page, pages)
                views = [(view.frame, view.letter) for view in part.plan.views]
                bind("map", page, sheet=part.listed.sheet, views=views, outline=path_to)
            for place in range(len(part.pages)):
                page = next(numbers)
                draw_list_page(canvas, book, part.listed, place, form, page, pages)
                headings = path_to if not part.plan and not place else ()
                bind("list", page, sheet=part.listed.sheet, outline=headings)
    return printed


def _widths(canvas: Canvas, texts: Sequence[str]) -> np.ndarray:
    return canvas.text_widths(texts, NUMBER_PT, "B")


def _parts(
    plan: BookPlan, rows: Sequence[Any], book: Book, form: ListForm, selection: Selection
) -> Iterator[_Part]:
    entries = list_entries(plan.households, selection.turn)
    turn, walked = selection.turn or {}, bool(selection.turn)

    def ordered(members: np.ndarray) -> np.ndarray:
        if not walked:
            return members
        turns = plan.households["sheet_row"].iloc[members].map(turn)
        return members[np.argsort(turns.to_numpy(), kind="stable")]

    for desa in plan.desa:
        row = rows[desa.desa]
        kode = str(row.kode_desa)
        nobody = not len(desa.mapless) and not any(len(sheet.members) for sheet in desa.sheets)
        for sheet in desa.sheets:
            listed = SheetList(
                SheetId(kode, sheet.part, book.mark), row, entries, ordered(sheet.members), walked
            )
            has_list = len(sheet.members) or (nobody and sheet.part == 1)
            yield _Part(desa.desa, sheet, listed, tuple(listed.pages(form)) if has_list else ())
        if len(desa.mapless):
            members = ordered(desa.mapless) if walked else by_dusun(entries, desa.mapless)
            listed = SheetList(SheetId(kode, MAPLESS, book.mark), row, entries, members, walked)
            yield _Part(desa.desa, None, listed, tuple(listed.pages(form)))


def _sheets(parts: Sequence[_Part], first: int) -> pd.DataFrame:
    lengths = np.array([part.length for part in parts], dtype=int)
    return pd.DataFrame(
        {
            "kode_desa": [part.listed.sheet.kode_desa for part in parts],
            "nama_desa": [str(part.listed.desa.nama_desa) for part in parts],
            "part": [part.listed.sheet.part for part in parts],
            "sheet": [str(part.listed.sheet) for part in parts],
            "households": [len(part.listed.members) for part in parts],
            "scale": [part.scale for part in parts],
            "first_page": first + np.cumsum(lengths) - lengths,
            "pages": lengths,
        }
    )


def _index(
    parts: Sequence[_Part], kecamatan: Sequence[str], selection: Selection, size: tuple[float, float]
) -> list[IndexPage]:
    """Divide the index; a book of some households on one map needs none."""
    some = selection.rows is not None
    if some and sum(part.plan is not None for part in parts) == 1:
        return []
    counts = np.bincount([part.desa for part in parts]).tolist()
    # in the order of turns those of one kecamatan need not stand together
    return index_pages(
        counts, [""] * len(counts) if selection.turn else kecamatan, selection.title, size, some=some
    )


def _turns(printed: Printed) -> list[str]:
    """Tell the turns that each sheet holds."""
    turns = printed.households.groupby("sheet")["turn"].agg(lambda own: ranges(sorted(own)))
    return [turns.get(sheet, "") for sheet in printed.sheets["sheet"]]


def _day(assessment: Assessment, selection: Selection, printed: Printed) -> dict[str, Any]:
    """Return what the cover tells of a team's day."""
    if not selection.turn:
        return {}
    own = planned_day(assessment.visits, selection.turn)
    visits = own if selection.visits is None else selection.visits
    # the start is told of the run's own plan alone
    start = (assessment.facts.get("visits") or {}).get("start", "") if len(own) else ""
    return {"walk": walk_rows(printed, visits), "start": start}


def _households(plan: BookPlan, parts: Sequence[_Part], turn: Mapping[int, int] | None) -> pd.DataFrame:
    members = np.concatenate([part.listed.members for part in parts]).astype(int)
    owner = np.repeat(np.arange(len(parts)), [len(part.listed.members) for part in parts])
    order = np.argsort(members, kind="stable")
    found = plan.households.iloc[members[order]].reset_index(drop=True)
    ids = [part.listed.sheet for part in parts]
    codes, texts = (
        np.array([*map(say, ids)], dtype=object)[owner[order]] for say in (lambda each: each.kode_desa, str)
    )
    table = pd.DataFrame(
        {"kode_desa": codes, **found[["sheet_row", "number", "part"]], "sheet": texts, "cell": found["cell"]}
    )
    if not turn:
        return table
    table["turn"] = table["sheet_row"].map(turn)
    return table.sort_values("turn", kind="stable", ignore_index=True)


def _without_desa(households: pd.DataFrame, selection: Selection) -> int:
    lost = households["kode_desa"].isna()
    if selection.rows is not None:
        lost &= households["sheet_row"].isin(selection.rows)
    return int(lost.sum())


def _contents(printed: Printed, selection: Selection) -> Contents:
    mapless = printed.sheets["part"] == MAPLESS
    return Contents(
        desa=len(selection.desa),
        sheets=int((~mapless).sum()),
        households=len(printed.households),
        mapless=int(printed.sheets.loc[mapless, "households"].sum()),
        without_desa=printed.without_desa,
        whole=selection.rows is None,
    )
