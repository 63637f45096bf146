"""Daftar: named lists of chosen households, saved, opened, compared, downloaded and deleted."""

from typing import Any
from urllib.parse import quote, urlencode

import numpy as np
import pandas as pd
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.access.roles import Permission
from app.choosing import is_asked, places_of, read_address
from app.choosing.lists import all_lists, csv_table, delete_list, find_list, may_delete, members_of, save_list
from app.choosing.overlap import overlap
from app.csv_output import csv_text
from app.dependencies import Chooser, Records, Runs, Shown, form_guard
from app.library import Library, OpenedRun
from app.records.tables import HouseholdList
from app.rendering import page
from app.routes.priorities import FormValues, found_ranking, solutions_of, usual_of
from app.trail import leave
from geo.errors import NoRun, SettingsError

router = APIRouter()

A_PAGE, COMPARED = 100, 200
"""So many members a page, and of each part of a comparison."""


@router.get("/prioritas/daftar", include_in_schema=False)
def lists(request: Request, who: Chooser, shown: Shown, records: Records) -> Response:
    """Show all lists."""
    with records.session() as session:
        found = all_lists(session)
    return page(
        request,
        "lists.html",
        {
            "lists": found,
            "shown_run": shown.id,
            "deletable": {each.kept.id for each in found if may_delete(who, each.kept)},
        },
    )


@router.post("/prioritas/daftar", include_in_schema=False, dependencies=[Depends(form_guard)])
def save(request: Request, who: Chooser, shown: Shown, records: Records, form: FormValues) -> Response:
    """Save the choice of the run, or of wishes that were solved, as a list."""
    usual = usual_of(shown)
    asked = read_address(form, usual, places_of(shown.assessment))
    ranking = found_ranking(solutions_of(request), shown, asked, form)
    if ranking is None:
        raise SettingsError("Pilihan itu tidak disimpan lagi. Kembali, tekan «Hitung ulang», lalu simpan.")
    keys = request.app.state.household_keys.of(shown.folder)
    wishes = asked.wish.query(usual) if asked.wish and is_asked(form) else []
    name, purpose = (" ".join(form.get(field, ("",))[-1].split()) for field in ("nama_daftar", "keperluan"))
    with records.session() as session:
        kept = save_list(session, who, shown, ranking, keys, name=name, purpose=purpose, wishes=wishes)
        number = kept.id
    return RedirectResponse(f"/prioritas/daftar/{number}", 303)


@router.get("/prioritas/daftar/{nomor}", include_in_schema=False)
def open_list(
    request: Request, nomor: int, who: Chooser, library: Runs, records: Records, hal: int = 1
) -> Response:
    """Show the members of a list, nobody by name."""
    with records.session() as session:
        kept = find_list(session, nomor)
        members = members_of(session, nomor)
        pages = max(1, -(-len(members) // A_PAGE))
        here = min(max(hal, 1), pages)
        part = members.iloc[(here - 1) * A_PAGE : here * A_PAGE]
        leave(
            session, who, "lihat", f"daftar: {kept.name}, halaman {here}", households=len(part), run=kept.run
        )
    opened = _opened(library, kept.run)
    found = {
        "kept": kept,
        "wishes_query": urlencode([tuple(pair) for pair in kept.wishes.get("alamat", [])]),
        "is_shown": kept.run == library.shown_id(),
        "run_is_gone": opened is None,
        "rows": _rows(part, opened),
        "members": len(members),
        "cost": float(members["cost"].sum()) if members["cost"].notna().any() else None,
        "desa": int(members.loc[members["kode_desa"] != "", "kode_desa"].nunique()),
        "here_page": here,
        "pages": pages,
        "may_delete": may_delete(who, kept),
        "may_plan": who.may(Permission.PLAN_VISITS),
    }
    return page(request, "lists_open.html", found)


@router.get("/prioritas/daftar/{nomor}/unduh", include_in_schema=False)
def download(nomor: int, who: Chooser, records: Records) -> Response:
    """Download a list in the form that ``peta visits --list`` reads."""
    with records.session() as session:
        kept = find_list(session, nomor)
        members = members_of(session, nomor)
        leave(session, who, "unduh", f"daftar: {kept.name}", households=len(members), run=kept.run)
    return Response(
        csv_text(csv_table(members)).encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(_file_name(kept), safe='')}"},
    )


@router.post("/prioritas/daftar/{nomor}/hapus", include_in_schema=False, dependencies=[Depends(form_guard)])
def remove(nomor: int, who: Chooser, records: Records) -> Response:
    """Delete a list."""
    with records.session() as session:
        delete_list(session, who, nomor)
    return RedirectResponse("/prioritas/daftar", 303)


@router.get("/prioritas/banding", include_in_schema=False)
def compare(
    request: Request, who: Chooser, library: Runs, records: Records, a: int = 0, b: int = 0
) -> Response:
    """Show who is on both of two lists, and who on one only."""
    with records.session() as session:
        every = all_lists(session)
        if not a or not b:
            return page(request, "lists_compare.html", {"lists": every, "pair": None})
        pair = find_list(session, a), find_list(session, b)
        members = members_of(session, a), members_of(session, b)
        leave(session, who, "daftar", f"banding: {pair[0].name} | {pair[1].name}",
              households=len(members[0]) + len(members[1]), run=pair[0].run)  # fmt: skip
    told = overlap(*members, same_run=pair[0].run == pair[1].run)
    opened = [_opened(library, kept.run) for kept in pair]
    both = _rows(members[0].iloc[[here for here, _ in told.both[:COMPARED]]], opened[0])
    others = members[1]["rank"].iloc[[other for _, other in told.both[:COMPARED]]].tolist()
    found = {
        "lists": every,
        "pair": pair,
        "told": told,
        "most": COMPARED,
        "both": [row | {"other_rank": other} for row, other in zip(both, others, strict=True)],
        "only": [
            _rows(members[0].iloc[told.only_first[:COMPARED]], opened[0]),
            _rows(members[1].iloc[told.only_second[:COMPARED]], opened[1]),
        ],
    }
    return page(request, "lists_compare.html", found)


def _opened(library: Library, run: str) -> OpenedRun | None:
    """Return the run of a list; nothing when it is there no longer."""
    try:
        return library.open(run)
    except NoRun:
        return None


def _rows(members: pd.DataFrame, opened: OpenedRun | None) -> list[dict[str, Any]]:
    """Return members as rows of a page, with place and desil as far as their run is still there."""
    table = members[["sheet_row", "kode_desa", "rank", "cost"]].reset_index(drop=True)
    names = ("nama_desa", "nama_kecamatan", "desil", "location_quality")
    if opened is not None:
        places = opened.arrays.positions(table["sheet_row"].to_numpy(np.int64))
        own = opened.assessment.counted
        there = [name for name in names if name in own]
        found = pd.DataFrame(own[there].iloc[places[places >= 0]]).astype(object)
        table = table.join(found.set_axis(np.flatnonzero(places >= 0), axis="index"))
    table = table.astype(object)
    plain = table.where(table.notna(), None).to_dict("records")
    return [{**dict.fromkeys(names), **{str(name): value for name, value in row.items()}} for row in plain]


def _file_name(kept: HouseholdList) -> str:
    words = "".join(letter if letter.isalnum() else " " for letter in kept.name).split()
    return f"daftar-{'-'.join(words).lower()[:60] or kept.id}.csv"
