"""Bagikan: a hand-over asked for, seen exactly as it will leave, and decided."""

import secrets
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.access.roles import Person
from app.choosing.lists import all_lists
from app.dependencies import Records, Sharer, Shown, form_guard
from app.jobs.packages import today
from app.library import OpenedRun
from app.product_store import ProductStore, only
from app.records import Records as Database
from app.rendering import page
from app.routes.priorities import FormValues
from app.sharing.agencies import accounts_of, names_of
from app.sharing.asked import (
    FIELDS,
    FILES,
    KINDS,
    Asked,
    days_of,
    last,
    levels_for,
    read_asked,
    require_level,
)
from app.sharing.handovers import create, mark_of
from app.sharing.preview import Preview, preview
from app.sharing.wording import what_is_hidden
from app.trail import leave
from geo.errors import NotAllowed, SettingsError
from geo.exports import FORMATS
from geo.levels import LEVEL_TITLES, Level
from geo.recipes import Recipe
from geo.review.decisions import LONGEST_REASON

router = APIRouter(include_in_schema=False)
GUARDED = [Depends(form_guard)]


def _products(request: Request) -> ProductStore:
    store: ProductStore = request.app.state.products
    return store


Products = Annotated[ProductStore, Depends(_products)]


@router.get("/bagikan/baru")
def ask(
    request: Request, who: Sharer, records: Records, shown: Shown, products: Products, untuk: str = ""
) -> Response:
    """Show the recipients; and for one of them, the form."""
    recipes = products.recipes()
    if untuk not in recipes:
        offered = {name for name, recipe in recipes.items() if levels_for(who, recipe)}
        found = {"recipes": recipes.values(), "offered": offered, "broken": recipes.broken.values()}
        return page(request, "sharing_recipients.html", found)
    return _form(request, who, records, shown, products, recipes[untuk], {})


def _form(
    request: Request,
    who: Person,
    records: Database,
    shown: OpenedRun,
    products: ProductStore,
    recipe: Recipe,
    said: dict[str, list[str]],
    fault: str = "",
) -> Response:
    require_level(who, recipe.levels[0])
    sharing, day = products.sharing(), today()
    with records.session() as session:
        lists = [each for each in all_lists(session) if each.kept.run == shown.id]
    levels = levels_for(who, recipe)
    usual = {
        "tingkat": [levels[-1].value],
        "bentuk": [FILES],
        "keperluan": [recipe.purpose],
        "cakupan": ["semua"],
        "format": [*recipe.formats],
        "sampai": [(day + timedelta(days=days_of(recipe, sharing))).isoformat()],
    }
    found: dict[str, Any] = {
        "recipe": recipe,
        "held": {name: [] for name in FIELDS} | usual | said,
        "levels": levels,
        "titles": LEVEL_TITLES,
        "kinds": KINDS,
        "formats": FORMATS.values(),
        "lists": lists,
        "groups": _groups(shown),
        "earliest": day.isoformat(),
        "latest": (day + timedelta(days=sharing.most_days)).isoformat(),
        "most_days": sharing.most_days,
        "longest": LONGEST_REASON,
        "names": Level.PETUGAS in levels,
        "manifest": shown.manifest,
        "fault": fault,
    }
    return page(request, "sharing_form.html", found, status=400 if fault else 200)


def _groups(shown: OpenedRun) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return code, name and desa of every kecamatan."""
    desa = shown.assessment.desa.sort_values(["nama_kecamatan", "nama_desa"])
    return [
        (str(code), str(name), list(zip(part["kode_desa"], part["nama_desa"], strict=True)))
        for (name, code), part in desa.groupby(["nama_kecamatan", "kode_kecamatan"])
    ]


@router.post("/bagikan/ubah", dependencies=GUARDED)
def change(
    request: Request, who: Sharer, records: Records, shown: Shown, products: Products, form: FormValues
) -> Response:
    """Show the form again as it was filled in."""
    recipe = products.recipes().get(last(form, "untuk"))
    if recipe is None:
        return RedirectResponse("/bagikan/baru", 303)
    return _form(request, who, records, shown, products, recipe, _said(form))


@router.post("/bagikan/pratinjau", dependencies=GUARDED)
def look(
    request: Request, who: Sharer, records: Records, shown: Shown, products: Products, form: FormValues
) -> Response:
    """Show exactly what would leave."""
    try:
        asked = _read(form, who, records, shown, products)
    except (SettingsError, NotAllowed) as fault:
        recipe = products.recipes().get(last(form, "untuk"))
        if recipe is None:
            raise
        return _form(request, who, records, shown, products, recipe, _said(form), str(fault))
    return _preview(request, who, records, shown, products, asked)


def _said(form: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: form[name] for name in FIELDS if name in form}


def _read(
    form: dict[str, list[str]], who: Person, records: Database, shown: OpenedRun, products: ProductStore
) -> Asked:
    with records.session() as session:
        return read_asked(form, who, shown, session, products.recipes(), products.sharing(), today())


def _seen(shown: OpenedRun, products: ProductStore, asked: Asked) -> Preview:
    product = products.product(shown, asked.scope, asked.recipe.id)
    return preview(only(product, asked.recipe.collections))


def _preview(
    request: Request,
    who: Person,
    records: Database,
    shown: OpenedRun,
    products: ProductStore,
    asked: Asked,
    changed: str = "",
) -> Response:
    seen = _seen(shown, products, asked)
    if households := sum(len(each.sample) for each in seen.collections if each.id == "rumah_tangga"):
        with records.session() as session:
            subject = f"pratinjau pembagian: {asked.recipe.id}, {asked.level}"
            leave(session, who, "lihat", subject, households=households, reason=asked.purpose, run=shown.id)
    agency = asked.recipe.agency
    with records.session() as session:
        accounts = accounts_of(session, agency)
    found = {
        "asked": asked,
        "accounts": accounts,
        "agency": names_of(products).get(agency, agency),
        "seen": seen,
        "hidden": what_is_hidden(asked, products.sharing()),
        "title": LEVEL_TITLES[asked.level],
        "kind": KINDS[asked.kind],
        "formats": [FORMATS[name] for name in asked.formats],
        "manifest": shown.manifest,
        "run": shown.id,
        "mark": mark_of(asked, shown, seen),
        "once": secrets.token_urlsafe(12),
        "changed": changed,
    }
    return page(request, "sharing_preview.html", found, status=409 if changed else 200)


@router.post("/bagikan", dependencies=GUARDED)
def hand_over(
    request: Request, who: Sharer, records: Records, shown: Shown, products: Products, form: FormValues
) -> Response:
    """Hand over what was seen, if it is still the same; else show it again."""
    asked = _read(form, who, records, shown, products)
    seen = _seen(shown, products, asked)
    if last(form, "tanda") != mark_of(asked, shown, seen):
        other = last(form, "hasil") != shown.id
        words = (
            f"sementara itu hasil {shown.id} diterbitkan"
            if other
            else "resep, setelan, atau hasilnya berubah"
        )
        return _preview(request, who, records, shown, products, asked, changed=words)
    with records.session(alone=True) as session:
        held, token = create(session, who, asked, shown, seen, last(form, "sekali"))
        number = held.id
    if not token:
        return RedirectResponse(f"/bagikan/{number}", 303)
    address = f"{request.url.scheme}://{request.url.netloc}/ogc"
    return page(request, "sharing_token.html", {"held": held, "token": token, "address": address})
