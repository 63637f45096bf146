"""Official boundaries taken over: recognised, matched to the list of desa, checked, mended, reported."""

import hashlib
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.boundaries import IMPORTED, Boundaries, read_names, with_polygons
from geo.boundary_match import NAME_CONTRADICTS, digits, expected, inside_district, match, printable
from geo.boundary_report import ImportReport, listed
from geo.boundary_schema import Columns, read_vector
from geo.coverage import Fault, Shapes, clean, polygons_only
from geo.crs import STORING, measuring_crs, to_metres
from geo.errors import NotWritable, OtherDistrict, UnmatchedBoundaries, cause_of
from geo.symbology import number

FAR_M = 20_000.0
"""No desa lies further than this from its own point; a whole file that does is of another place."""
METRES_A_DEGREE = 111_320.0
"""Near the equator; good enough to tell one district from another."""
ODD_M = 3_000.0
"""A polygon this far from the desa's point is worth a look."""


def import_boundaries(
    path: Path, names: pd.DataFrame, *, columns: Mapping[str, str] | None = None
) -> tuple[gpd.GeoDataFrame, ImportReport]:
    """Read desa polygons of any official origin and key them by ``kode_desa``.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, Shapefile (also zipped), FlatGeobuf, KML or GeoParquet.
    names
        The district's list of desa, as of :func:`geo.boundaries.read_names`.
    columns
        Column names by ``kode``, ``desa``, ``kecamatan``, ``kabupaten``, where they are not recognised.

    Returns
    -------
    tuple
        Columns ``kode_desa`` and geometry (WGS 84), one row a desa of the list; and the report.

    Raises
    ------
    UnreadableBoundaries, UnknownSchema, MissingCrs, OtherDistrict
        As they say.
    UnmatchedBoundaries
        When a polygon belongs to no known desa, or a desa has no polygon.
    """
    frame, known = read_vector(path, columns)
    rows = _rows(frame, known)
    inside = inside_district(rows, names)
    _refuse_elsewhere(frame[inside], names)
    matched = match(rows[inside], names)
    _refuse_unmatched(matched, names)
    found = matched[matched["kode_desa"].notna()]
    measuring = measuring_crs(tuple(frame.loc[found.index].total_bounds))
    as_given = frame.geometry.loc[found.index].to_crs(measuring)
    shapes = polygons_only(as_given.to_numpy())
    kode, merged = _merge(shapes, found["kode_desa"].to_numpy())
    _refuse_empty(kode[shapely.area(merged) == 0], names)
    cleaned = clean(merged)
    # degrees round a vertex here and there, which may break a ring that almost touches itself
    polygons = polygons_only(gpd.GeoSeries(cleaned.shapes, crs=measuring).to_crs(STORING).to_numpy())
    report = ImportReport(
        file=printable(path.name),
        schema=known.schema,
        features=len(frame),
        outside=int((~inside).sum()),
        matched=Counter(found.drop_duplicates("kode_desa")["how"]),
        spellings=_spellings(found, names),
        merged=_titles(found["kode_desa"][found["kode_desa"].duplicated()], names),
        repaired=_titles(found["kode_desa"][~shapely.is_valid(as_given.to_numpy())], names),
        far=_far(kode, cleaned.shapes, names, measuring),
        not_desa=tuple(
            printable(" ".join([desa, *codes]).strip()) or "tanpa nama"
            for desa, *codes in matched[matched["how"] == "bukan desa"]
            .filter(regex="^desa$|^kode_[0-9]")
            .to_numpy()
        ),
        overlaps=_described(cleaned.overlaps, "{0} dan {1}, {ha} ha", kode, names),
        gaps=_described(cleaned.gaps, "di samping {0}, {ha} ha", kode, names),
        slits_m=cleaned.slits_m,
        area_km2=dict(zip(kode.tolist(), (shapely.area(cleaned.shapes) / 1e6).tolist(), strict=True)),
    )
    return gpd.GeoDataFrame({"kode_desa": kode}, geometry=polygons, crs=STORING), report


def provenance(path: Path, report: ImportReport, **stated: str) -> dict[str, str]:
    """Return what is known of an imported file: kind, note, source, date, licence, and its fingerprint.

    Parameters
    ----------
    path, report
        The file, and what its import reported.
    stated
        ``source``, ``date`` and ``licence``, as far as the user states them.
    """
    with path.open("rb") as file:
        fingerprint = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "kind": "impor",
        "note": "",
        "source": stated.get("source") or f"{report.schema}, berkas {report.file}",
        "date": stated.get("date") or "tidak disebut",
        "licence": stated.get("licence") or "tidak disebut",
        "original": report.file,
        "sha256": fingerprint,
        "schema": report.schema,
        "imported": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def boundaries_from_file(path: Path, folder: Path) -> Boundaries:
    """Return the boundaries of a file for one run, with the names and the sea of a district's folder.

    Nothing is saved. Raises as :func:`import_boundaries` does.
    """
    polygons, report = import_boundaries(path, read_names(folder))
    return with_polygons(folder, polygons, provenance(path, report), path)


def save_imported(frame: gpd.GeoDataFrame, info: Mapping[str, str], folder: Path) -> None:
    """Keep imported polygons in a district's folder, where they replace the shipped ones; all or nothing.

    Parameters
    ----------
    frame
        As of :func:`import_boundaries`.
    info
        As of :func:`provenance`.
    folder
        The district's folder; the polygons go to its ``imported/``.

    Raises
    ------
    NotWritable
        When the folder does not take them; the former boundaries stay.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".impor-", dir=folder) as room:
            fresh = Path(room) / "baru"
            fresh.mkdir()
            frame.to_parquet(fresh / "desa.parquet")
            stated = {"file": "desa.parquet", **info}
            # a JSON string is also a TOML string; none of these holds a control character
            lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in stated.items()]
            (fresh / "boundaries.toml").write_text("\n".join(["[boundaries]", *lines, ""]), encoding="utf-8")
            target = folder / IMPORTED
            if target.exists():
                target.rename(Path(room) / "lama")
            fresh.rename(target)
    except OSError as fault:
        raise NotWritable(f"Batas tidak dapat disimpan di {folder}: {cause_of(fault)}.") from fault


def remove_imported(folder: Path) -> bool:
    """Go back to the shipped boundaries; return whether there was anything to remove."""
    target = folder / IMPORTED
    if not target.exists():
        return False
    try:
        shutil.rmtree(target)
    except OSError as fault:
        raise NotWritable(
            f"Batas yang diimpor di {folder} tidak dapat dihapus: {cause_of(fault)}."
        ) from fault
    return True


def _rows(frame: gpd.GeoDataFrame, known: Columns) -> pd.DataFrame:
    names = {"desa": known.desa, "kecamatan": known.kecamatan, "kabupaten": known.kabupaten}
    rows = pd.DataFrame(index=frame.index)
    for meaning, column in names.items():
        rows[meaning] = (
            "" if column is None else frame[column].astype("string").fillna("").str.strip().astype(str)
        )
    for place, column in enumerate(known.kode):
        rows[f"kode_{place}"] = digits(frame[column])
    return rows


def _refuse_elsewhere(frame: gpd.GeoDataFrame, names: pd.DataFrame) -> None:
    points = shapely.multipoints(np.column_stack(_position(names)))
    away_m = float(shapely.distance(shapely.box(*frame.total_bounds), points)) * METRES_A_DEGREE
    if away_m > FAR_M:
        west, south, east, north = frame.total_bounds
        raise OtherDistrict(
            f"Bentuk di berkas ini terletak sekitar lintang {number((south + north) / 2, 3)} dan bujur "
            f"{number((west + east) / 2, 3)}, {number(away_m / 1000)} km dari {expected(names)}. Periksa "
            f"apakah berkas dan sistem koordinatnya (CRS) benar."
        )


def _refuse_unmatched(matched: pd.DataFrame, names: pd.DataFrame) -> None:
    lost = matched[matched["how"] == ""]
    absent = names[~names["kode_desa"].isin(matched["kode_desa"])]
    if len(absent) == len(names):
        raise OtherDistrict(f"Tidak satu pun bentuk di berkas ini cocok dengan desa di {expected(names)}.")
    if lost.empty and absent.empty:
        return
    polygons = [
        f"«{printable(desa) or 'tanpa nama'}» (Kec. {printable(kecamatan) or '?'}), mungkin {candidates}"
        for desa, kecamatan, candidates in lost[["desa", "kecamatan", "candidates"]].to_numpy()
    ]
    desa = (
        absent["nama_desa"] + " (Kec. " + absent["nama_kecamatan"] + ", " + absent["kode_desa"] + ")"
    ).tolist()
    count = f"{len(names) - len(absent)} dari {len(names)} desa cocok"
    parts = [f"Batas tidak diimpor; batas sebelumnya tetap dipakai. {count}."]
    if polygons:
        parts.append(f"Bentuk tanpa desa ({len(polygons)}): {listed(polygons)}.")
    if desa:
        parts.append(f"Desa tanpa bentuk ({len(desa)}): {listed(desa)}.")
    parts.append(
        "Perbaiki kode atau nama di berkas, atau tambahkan ejaannya di kolom alias pada wilayah.csv."
    )
    raise UnmatchedBoundaries("\n".join(parts))


def _refuse_empty(kode: np.ndarray, names: pd.DataFrame) -> None:
    if len(kode):
        desa = _titles(pd.Series(kode), names)
        raise UnmatchedBoundaries(
            f"Batas tidak diimpor: {len(desa)} desa ada di berkas, tetapi poligonnya kosong: {listed(desa)}."
        )


def _merge(shapes: Shapes, kode: np.ndarray) -> tuple[np.ndarray, Shapes]:
    distinct, group = np.unique(kode.astype(str), return_inverse=True)
    merged = [shapes[group == place] for place in range(len(distinct))]
    return distinct, np.array(
        [own[0] if len(own) == 1 else shapely.union_all(own) for own in merged], dtype=object
    )


def _far(kode: np.ndarray, shapes: Shapes, names: pd.DataFrame, measuring: CRS) -> tuple[str, ...]:
    x, y = to_metres(*_position(names.set_index("kode_desa").loc[kode]), measuring)
    far = shapely.distance(shapes, shapely.points(x, y)) > ODD_M
    return _titles(pd.Series(kode[far]), names)


def _position(names: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    return names["lon"].to_numpy(dtype=float), names["lat"].to_numpy(dtype=float)


def _spellings(found: pd.DataFrame, names: pd.DataFrame) -> tuple[str, ...]:
    least = np.where(found["how"] == "nama", 100.0, NAME_CONTRADICTS)
    doubtful = found[(found["desa"] != "") & (found["score"] < least)]
    return tuple(
        f"«{printable(written)}» menjadi {title}"
        for written, title in zip(doubtful["desa"], _titles(doubtful["kode_desa"], names), strict=True)
    )


def _described(
    faults: tuple[Fault, ...], words: str, kode: np.ndarray, names: pd.DataFrame
) -> tuple[tuple[Fault, str], ...]:
    return tuple(
        (
            fault,
            words.format(
                *_titles(pd.Series(kode[list(fault.places)]), names), ha=number(fault.area_m2 / 1e4, 2)
            ),
        )
        for fault in faults
    )


def _titles(kode: pd.Series, names: pd.DataFrame) -> tuple[str, ...]:
    found = names.set_index("kode_desa").loc[kode, "nama_desa"]
    return tuple(f"{nama} ({one})" for one, nama in found.items())
