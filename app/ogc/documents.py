"""The documents of the API that lead to features: landing page, conformance, collections."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pyproj import CRS

from app.ogc.encoded import Encoder
from app.ogc.filtering import CLASSES as FILTERING
from app.ogc.links import GEOJSON, HTML, JSON, OPENAPI, QUERYABLES, SCHEMA, SORTABLES, Links, link
from app.ogc.queryables import CLASSES as QUERYING
from app.ogc.references import CRS84, Reference, references
from app.ogc.tiles import CLASSES as TILING
from app.ogc.tiles import SCHEMES, TILED, TILESETS
from geo.products import Collection, Product

TITLE = "Peta Sasaran"

_PART_1 = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
_PART_2 = "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/"
CLASSES = (
    *(f"{_PART_1}{name}" for name in ("core", "oas30", "html", "geojson")),
    f"{_PART_2}crs",
    *FILTERING,
    *QUERYING,
    *TILING,
)
"""What the API conforms to."""

_GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
_DECIMALS = 7


@dataclass(frozen=True)
class Shelf:
    """The collections of one caller, as the documents tell of them."""

    product: Product
    systems: Mapping[str, Reference]
    extents: Mapping[str, tuple[float, float, float, float] | None]

    @property
    def district(self) -> str:
        """Return what the collections are about."""
        return str(self.product.facts["district"]["nama"])

    @property
    def created(self) -> datetime:
        """Return when the run was made."""
        return datetime.fromisoformat(self.product.facts["created"]).astimezone(UTC)

    def __iter__(self) -> Any:  # noqa: ANN401
        """Return the collections, one after another."""
        return iter(self.product.collections.values())


def shelf_of(product: Product, measuring: CRS, encoder: Encoder) -> Shelf:
    """Return a product with the systems that its positions can be told in.

    Parameters
    ----------
    measuring
        The district's own system in metres.
    """
    extents = {name: encoder.extent(each) for name, each in product.collections.items()}
    return Shelf(product, references(measuring), extents)


def landing(shelf: Shelf, links: Links, form: str) -> dict[str, Any]:
    """Return the landing page."""
    return {
        "title": f"{TITLE}, {shelf.district}",
        "description": "Data sasaran penanganan kemiskinan per wilayah, menurut hak pemakainya. "
        + " ".join(shelf.product.notes),
        "attribution": str(shelf.product.facts.get("boundaries", {}).get("source") or ""),
        "links": [
            *links.own(JSON, form),
            link(links.to("api"), "service-desc", OPENAPI, "Uraian API (OpenAPI 3.0)"),
            link(f"{links.to('api')}?f=html", "service-doc", HTML, "Uraian API untuk dibaca"),
            link(links.to("conformance"), "conformance", JSON, "Bagian standar yang dipenuhi"),
            link(links.to("collections"), "data", JSON, "Koleksi"),
            link(links.to("tileMatrixSets"), SCHEMES, JSON, "Susunan ubin"),
        ],
    }


def conformance(links: Links, form: str) -> dict[str, Any]:
    """Return what the API conforms to."""
    return {"conformsTo": list(CLASSES), "links": links.own(JSON, form)}


def collections(shelf: Shelf, links: Links, form: str) -> dict[str, Any]:
    """Return all collections of a caller."""
    told = [collection(shelf, each, links) for each in shelf]
    return {"links": links.own(JSON, form), "crs": list(shelf.systems), "collections": told}


def collection(shelf: Shelf, one: Collection, links: Links, form: str = "") -> dict[str, Any]:
    """Return what there is to know of a collection before its features are read.

    Parameters
    ----------
    form
        In which it is sent by itself; empty as a part of all collections.
    """
    address = links.to("collections", one.id)
    items = links.to("collections", one.id, "items")
    own = links.own(JSON, form) if form else [link(address, "self", JSON, one.title)]
    return {
        "id": one.id,
        "title": one.title,
        "description": one.description,
        "itemType": "feature",
        "extent": _extent(shelf, one),
        "crs": list(shelf.systems),
        "storageCrs": CRS84,
        "links": [
            *own,
            link(items, "items", GEOJSON, f"{one.title}: GeoJSON"),
            link(f"{items}?f=html", "items", HTML, f"{one.title}: halaman"),
            link(f"{address}/queryables", QUERYABLES, SCHEMA, "Kolom untuk menyaring"),
            link(f"{address}/sortables", SORTABLES, SCHEMA, "Kolom untuk mengurutkan"),
            *([link(f"{address}/tiles", TILESETS, JSON, f"{one.title}: ubin")] if one.id in TILED else []),
        ],
    }


def _extent(shelf: Shelf, one: Collection) -> dict[str, Any]:
    bounds = shelf.extents[one.id]
    moment = stamp(shelf.created)
    extent: dict[str, Any] = {"temporal": {"interval": [[moment, moment]], "trs": _GREGORIAN}}
    if bounds is not None:
        extent["spatial"] = {"bbox": [[round(bound, _DECIMALS) for bound in bounds]], "crs": CRS84}
    return extent


def stamp(moment: datetime) -> str:
    """Write a time in UTC as RFC 3339 does.

    Examples
    --------
    >>> stamp(datetime(2026, 1, 31, 8, tzinfo=UTC))
    '2026-01-31T08:00:00Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
