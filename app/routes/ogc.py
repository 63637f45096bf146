"""OGC API - Features: the collections that a caller may have, as JSON for programs and as pages to look at."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from shapely.geometry.base import BaseGeometry

from app.dependencies import Records
from app.ogc.answers import Page, feature, feature_links, position
from app.ogc.cells import cells, words
from app.ogc.documents import TITLE, collection, collections, conformance, landing
from app.ogc.door import AtDoor, Door
from app.ogc.faults import ApiRoute, Refusal
from app.ogc.links import OPENAPI, ROOT, SCHEMA
from app.ogc.negotiation import HTML
from app.ogc.openapi import describe
from app.ogc.parameters import read_form, read_item, read_items
from app.ogc.queryables import queryables
from app.ogc.schemas import columns_document, sortables
from app.ogc.selection import select
from app.rendering import page
from app.routes.docs import described
from geo.symbology import number

router = APIRouter(prefix=ROOT, include_in_schema=False, route_class=ApiRoute)
nowhere = APIRouter(prefix=ROOT, include_in_schema=False, route_class=ApiRoute)
"""Of the last resort: programs are told in their own words that there is nothing."""


@router.get("")
@router.get("/")
def show_landing(door: AtDoor) -> Response:
    """Show the way into the API."""
    form = read_form(door.request)
    return _document(door, form, "ogc_landing.html", lambda: landing(door.shelf, door.links, form))


@router.get("/conformance")
def show_conformance(door: AtDoor) -> Response:
    """Show which parts of the standards are met."""
    form = read_form(door.request)
    return _document(door, form, "ogc_conformance.html", lambda: conformance(door.links, form))


@router.get("/api")
def show_api(door: AtDoor) -> Response:
    """Describe the API by OpenAPI, and show that description."""
    form = read_form(door.request)
    if form == HTML:
        return door.send(form, lambda: described(f"{TITLE}: OGC API", f"{ROOT}/api?f=json"))
    return door.send(form, lambda: JSONResponse(describe(door.shelf, door.links.base), media_type=OPENAPI))


@router.get("/collections")
def show_collections(door: AtDoor) -> Response:
    """Show the collections."""
    form = read_form(door.request)
    return _document(door, form, "ogc_collections.html", lambda: collections(door.shelf, door.links, form))


@router.get("/collections/{name}")
def show_collection(door: AtDoor, name: str) -> Response:
    """Show a collection."""
    one, form = door.collection(name), read_form(door.request)
    return _document(
        door, form, "ogc_collection.html", lambda: collection(door.shelf, one, door.links, form), one=one
    )


@router.get("/collections/{name}/queryables")
def show_queryables(door: AtDoor, name: str) -> Response:
    """Show by which columns one may filter."""
    one, form = door.collection(name), read_form(door.request)
    return _document(
        door, form, "ogc_columns.html", lambda: columns_document(queryables(one), door.links, form),
        one=one, kind=SCHEMA, title="Kolom untuk menyaring",
    )  # fmt: skip


@router.get("/collections/{name}/sortables")
def show_sortables(door: AtDoor, name: str) -> Response:
    """Show by which columns one may sort."""
    one, form = door.collection(name), read_form(door.request)
    return _document(
        door, form, "ogc_columns.html", lambda: columns_document(sortables(queryables(one)), door.links, form),
        one=one, kind=SCHEMA, title="Kolom untuk mengurutkan",
    )  # fmt: skip


@router.get("/collections/{name}/items")
def show_items(door: AtDoor, name: str, records: Records) -> Response:
    """Show features of a collection, page by page."""
    one = door.collection(name)
    asked = read_items(door.request, door.shelf.systems, [field.name for field in one.fields])

    def make() -> Response:
        encoder = door.memory.encoder
        found = Page(one, asked, select(one, asked, encoder), door.links)
        door.memory.traces.read(records, door.caller, door.opened.id, one.id, len(found.rows))
        if asked.form != HTML:
            return found.answer(encoder)
        fields = [field for field in one.fields if asked.properties is None or field.name in asked.properties]
        table = one.table.iloc[found.rows]
        shown = {
            "one": one, "told": found.members(), "fields": fields, "page": found, "links": door.links,
            "rows": list(zip(table[one.key], cells(table, fields), strict=True)),
        }  # fmt: skip
        return page(door.request, "ogc_items.html", shown)

    return door.send(asked.form, make)


@router.get("/collections/{name}/items/{feature_id:path}")
def show_item(door: AtDoor, name: str, feature_id: str, records: Records) -> Response:
    """Show one feature."""
    one = door.collection(name)
    form, system = read_item(door.request, door.shelf.systems)
    encoder = door.memory.encoder
    row = position(one, feature_id, encoder)

    def make() -> Response:
        door.memory.traces.read(records, door.caller, door.opened.id, one.id, 1)
        if form != HTML:
            return feature(one, row, system, door.links, encoder)
        table, fields = one.table.iloc[[row]], one.fields
        shown = {
            "one": one, "id": feature_id, "links": door.links, "told": feature_links(one, door.links, form),
            "values": list(zip(fields, cells(table, fields)[0], words(table.iloc[0], fields), strict=True)),
            "place": _place(one.table.geometry.iloc[row]),
        }  # fmt: skip
        return page(door.request, "ogc_item.html", shown)

    return door.send(form, make)


@nowhere.get("/{path:path}")  # noqa: FAST003  -- whatever it is
def show_nothing() -> Response:
    """Say that there is nothing at an address.

    Raises
    ------
    Refusal
        Always.
    """
    raise Refusal("Alamat itu tidak ada di API ini. Mulailah dari /ogc.", 404)


def _place(geometry: BaseGeometry | None) -> str:
    """Say where a feature lies."""
    if geometry is None:
        return "Tanpa letak di peta."
    point = geometry.representative_point()
    near = "Di" if geometry.geom_type == "Point" else "Sekitar"
    return f"{near} lintang {number(point.y, 5)}, bujur {number(point.x, 5)}."


def _document(door: Door, form: str, template: str, make: Any, *, kind: str = "", **more: Any) -> Response:  # noqa: ANN401
    """Return a document as JSON, or the same as a page."""

    def answer() -> Response:
        told = make()
        if form != HTML:
            return JSONResponse(told, media_type=kind or "application/json")
        return page(door.request, template, {"told": told, "shelf": door.shelf, "links": door.links} | more)

    return door.send(form, answer)
