"""GeoJSON of a run and of a product, by RFC 7946 to the letter."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo.assessment import Assessment
from geo.errors import NotAllowed
from geo.exports.features import feature_parts
from geo.exports.rounding import as_told, exact
from geo.exports.values import distinct, tellable, typed, with_names
from geo.privacy import PERSONAL
from geo.products import Collection, Product

_ID = "\0id"
"""A column of ours beside those of the table."""


def write_geojson(assessment: Assessment, folder: Path) -> list[Path]:
    """Write the map tables of an assessment as GeoJSON files.

    Parameters
    ----------
    assessment
        At the level of its receiver: ``for_audience(assessment, Level.OPD)``.
    folder
        An existing folder.

    Returns
    -------
    list of Path
        ``desa``, ``kecamatan``, ``zones``, ``clusters``, ``households``, ``hot_spots`` and ``scans``, each
        ``.geojson``: WGS 84, longitude before latitude, a text ``id`` a feature, missing values as ``null``.
        Members beside ``features`` say what it shows, its definitions and sources, and that boundaries are
        schematic where they are.
        Households without a point of their own are no features: ``tanpa_titik`` counts them.

    Raises
    ------
    NotAllowed
        When the households still carry columns that name a person or a door.
    """
    households, clusters, zones = assessment.counted, assessment.clusters, assessment.zones
    if personal := [name for name in PERSONAL if name in households]:
        raise NotAllowed(
            f"Ekspor GeoJSON tidak boleh memuat kolom pribadi ({', '.join(personal)}). Pilih tingkat opd atau publik."
        )
    listed = assessment.priorities.set_index("sheet_row").reindex(columns=["rank", "score", "chosen"])
    placed = households[households.geometry.notna()].drop(columns="counts")
    placed = placed.join(listed.astype({"rank": "Int64", "chosen": "boolean"}), on="sheet_row")
    hot_spots, scans = _hot_spots(assessment), assessment.scans
    hot_ids = hot_spots["indicator"] + ":" + hot_spots["kode_desa"]
    without_point = {"tanpa_titik": len(households) - len(placed)}
    collections: list[tuple[str, str, gpd.GeoDataFrame, pd.Series, dict[str, Any]]] = [
        ("desa", "Desa dan kelurahan", assessment.desa, assessment.desa["kode_desa"], {}),
        ("kecamatan", "Kecamatan", assessment.kecamatan, assessment.kecamatan["kode_kecamatan"], {}),
        ("zones", "Zona", zones, zones["layer"] + ":" + zones["zone"], {}),
        ("clusters", "Kantong", clusters, "K-" + clusters["cluster_id"].astype("str"), {}),
        ("households", "Rumah tangga dengan titik sendiri", placed, placed["sheet_row"].astype("str"), without_point),
        ("hot_spots", "Desa panas dan dingin", hot_spots, hot_ids, _method(assessment, "hot_spots")),
        ("scans", "Lingkaran kebutuhan", scans, "L-" + scans["scan_id"].astype("str"), _method(assessment, "scans")),
    ]  # fmt: skip
    written = []
    for name, title, table, ids, extra in collections:
        path = folder / f"{name}.geojson"
        about = {"name": name, "title": f"{title}, {assessment.facts['district']['nama']}"}
        about |= _about(assessment.facts) | extra
        told = {name: as_told(str(name), column) for name, column in table.items() if name != "geometry"}
        _write(path, table.assign(**told), ids, about)
        written.append(path)
    return written


def _method(assessment: Assessment, name: str) -> dict[str, Any]:
    return {"method": assessment.facts.get(name)}


def _hot_spots(assessment: Assessment) -> gpd.GeoDataFrame:
    """Return the desa that are significantly hot or cold, with their outlines."""
    table = assessment.hot_spots
    found = table[(table["gi_class"] != "") | (table["moran_class"] != "")].drop(columns="untested")
    places = ["kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan", "geometry"]
    joined = found.merge(pd.DataFrame(assessment.desa[places]), on="kode_desa", how="left")
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=assessment.desa.crs)


def _about(facts: Mapping[str, Any]) -> dict[str, Any]:
    boundaries = facts["boundaries"]
    return {
        "audience": facts.get("audience"),
        "created": facts["created"],
        "boundaries": {key: boundaries[key] for key in ("schematic", "note", "source", "date")},
        "license": boundaries["licence"],
        "source": [given["name"] for given in facts["inputs"] if given["role"] == "sheet"],
        "profiles": facts["profiles"],
        "indicators": facts["indicators"],
        "layers": facts["layers"],
    }


def write_product(product: Product, folder: Path) -> list[Path]:
    """Write each collection of a product as ``<collection>.geojson``.

    Parameters
    ----------
    folder
        An existing folder.

    Returns
    -------
    list of Path
        WGS 84, longitude before latitude, at most seven decimals, a text ``id`` a feature; a thing without a place has
        the geometry ``null``. Members beside ``features`` say what it shows and how far it can be trusted.
    """
    written = []
    for given in product.collections.values():
        collection = with_names(given, distinct(field.name for field in given.fields))
        path = folder / f"{collection.id}.geojson"
        table = typed(collection)
        ids = tellable(collection.table[collection.key])
        _write(path, table, ids, {"name": collection.id} | about_collection(product, collection))
        written.append(path)
    return written


def about_collection(product: Product, collection: Collection) -> dict[str, Any]:
    """Return what is said of a collection beside its rows, in words of JSON."""
    boundaries = product.facts["boundaries"]
    return {
        "title": f"{collection.title}, {product.facts['district']['nama']}",
        "description": collection.description,
        "level": product.scope.level.value,
        "created": product.facts["created"],
        "boundaries": {key: boundaries[key] for key in ("schematic", "note", "source", "date")},
        "license": boundaries["licence"],
        "notes": list(product.notes),
        "left_out": dict(collection.left_out),
    }


def _write(path: Path, table: gpd.GeoDataFrame, ids: pd.Series, about: Mapping[str, Any]) -> None:
    columns = [name for name in map(str, table) if name != table.geometry.name]
    drawn = exact(table.geometry.to_numpy())
    placed = drawn[~shapely.is_missing(drawn)]
    box = {"bbox": shapely.total_bounds(placed).tolist()} if placed.size else {}
    head = json.dumps({"type": "FeatureCollection"} | box | dict(about), ensure_ascii=False, default=str)
    between = b""
    with path.open("wb") as file:
        file.write(f'{head[:-1]}, "features": [\n'.encode())
        table = table.assign(**{_ID: ids.to_numpy()})
        for part in feature_parts(table, _ID, columns, coordinates=drawn, decimals=None):
            file.write(between)
            file.write(pc.binary_join(pa.ListArray.from_arrays([0, len(part)], part), ",\n")[0].as_buffer())
            between = b",\n"
        file.write(b"\n]}\n")
