"""GeoJSON for other agencies, by RFC 7946 to the letter."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo.assessment import Assessment
from geo.errors import NotAllowed
from geo.privacy import PERSONAL

DECIMALS = 6
"""Of a degree: 0.1 m, what RFC 7946 (11.2) calls reasonable; it allows no more sense to further digits."""

METRE_DECIMALS, SHARE_DECIMALS = 1, 6

_escape = json.JSONEncoder(ensure_ascii=False).encode


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
        path.write_bytes(_feature_collection(table, ids, about).encode())
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


def _feature_collection(table: gpd.GeoDataFrame, ids: pd.Series, about: Mapping[str, Any]) -> str:
    geometry = _exact(table.geometry.to_numpy())
    parts: list[Any] = ['{"type":"Feature","id":', _json_texts(ids), ',"geometry":', _shapes(geometry)]
    opening = ',"properties":{'
    for name, column in table.drop(columns=table.geometry.name).items():
        parts += [f"{opening}{json.dumps(name)}:", _json_texts(_as_told(str(name), column))]
        opening = ","
    features = pc.binary_join_element_wise(*parts, "}}", "").to_pylist()
    drawn = geometry[~shapely.is_missing(geometry)]
    box = {"bbox": shapely.total_bounds(drawn).tolist()} if drawn.size else {}
    head = json.dumps({"type": "FeatureCollection"} | box | dict(about), ensure_ascii=False, default=str)
    return head[:-1] + ', "features": [\n' + ",\n".join(features) + "\n]}\n"


def _as_told(name: str, column: pd.Series) -> pd.Series:
    """Round figures to what they are good for: metres to a decimetre, shares to a millionth."""
    if not pd.api.types.is_float_dtype(column):
        return column
    return column.astype("Float64").round(METRE_DECIMALS if name.endswith("_m") else SHARE_DECIMALS)


def _exact(geometry: np.ndarray) -> np.ndarray:
    """Return geometry on the grid of the decimals, valid, outer rings counter-clockwise (RFC 7946, 3.1.6)."""
    if (shapely.get_type_id(geometry) == shapely.GeometryType.POINT).all():
        points: np.ndarray = shapely.points(np.round(shapely.get_coordinates(geometry), DECIMALS))
        return points
    exact, drawn = geometry.copy(), shapely.get_dimensions(geometry) > 0
    exact[drawn] = shapely.orient_polygons(shapely.set_precision(exact[drawn], 10.0**-DECIMALS))
    # points are not yet on the grid, and its multiples carry noise in the sixteenth digit
    rounded: np.ndarray = shapely.transform(exact, lambda places: np.round(places, DECIMALS))
    rounded[shapely.is_empty(rounded)] = None
    return rounded


def _shapes(geometry: np.ndarray) -> pa.Array:
    if (shapely.get_type_id(geometry) == shapely.GeometryType.POINT).all():
        lon, lat = (pa.array(axis).cast(pa.string()) for axis in shapely.get_coordinates(geometry).T)
        return pc.binary_join_element_wise('{"type":"Point","coordinates":[', lon, ",", lat, "]}", "")
    # GEOS does not always write the fewest digits that mean a number; Python does
    texts = [
        text and json.dumps(json.loads(text), separators=(",", ":")) for text in shapely.to_geojson(geometry)
    ]
    return pc.fill_null(pa.array(texts, pa.string()), "null")


def _json_texts(values: pd.Series) -> pa.Array:
    """Write each value of a column as JSON: the one door through which text from the sheet leaves."""
    array = pa.array(values, from_pandas=True)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if pa.types.is_floating(array.type):
        array = pc.if_else(pc.is_finite(array), array, None)
    if not (
        pa.types.is_boolean(array.type) or pa.types.is_integer(array.type) or pa.types.is_floating(array.type)
    ):
        # each distinct text is escaped once: reasons and names repeat
        coded = pc.dictionary_encode(array.cast(pa.string()))
        escaped = [_escape(text) for text in coded.dictionary.to_pylist()]
        array = pc.take(pa.array(escaped, pa.string()), coded.indices)
    return pc.fill_null(array.cast(pa.string()), "null")
