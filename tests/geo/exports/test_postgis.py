"""PostgreSQL with PostGIS takes an export by way of ogr2ogr, and answers a spatial question as geopandas does."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import psycopg
import pytest

from geo.exports import FORMATS
from tests.app.records.postgres import postgres
from tests.geo.exports.small_product import small_product

QUESTION = """
    select d.kode_desa, count(*), count(*) filter (where r.need_rtlh), min(r.nik)
    from desa d join rumah_tangga r on st_intersects(d.geom, r.geom) group by 1 order by 1
"""


@pytest.fixture(scope="module")
def database() -> Iterator[tuple[str, str]]:
    """Give a database with PostGIS: its address for psycopg, and for GDAL."""
    if shutil.which("ogr2ogr") is None:
        pytest.skip("needs ogr2ogr (Debian: gdal-bin)")
    with postgres() as address:
        where = address % "postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            if not connection.execute(
                "select 1 from pg_available_extensions where name = 'postgis'"
            ).fetchone():
                pytest.skip("needs PostGIS (Debian: postgresql-postgis)")
            connection.execute("create extension postgis")
        host = where.partition("host=")[2]
        yield where, f"PG:dbname=postgres user=peta host={host}"


@pytest.mark.parametrize("form", ["gpkg", "fgb", "geojson"])
def test_a_spatial_question_has_the_same_answer(form: str, database: tuple[str, str], tmp_path: Path):
    product = small_product()
    FORMATS[form].write(product, tmp_path)
    address, target = database
    for name in ("desa", "rumah_tangga"):
        single = tmp_path / "peta_sasaran.gpkg"
        source = [str(single), name] if form == "gpkg" else [str(tmp_path / f"{name}{FORMATS[form].suffix}")]
        command = [
            "ogr2ogr",
            "-overwrite",
            "-lco",
            "GEOMETRY_NAME=geom",
            "-lco",
            "LAUNDER=NO",
            "-nln",
            name,
            target,
        ]
        done = subprocess.run([*command, *source], capture_output=True, text=True, check=False)  # noqa: S603
        assert (done.returncode, done.stderr) == (0, "")
    with psycopg.connect(address) as connection:
        answer = connection.execute(QUESTION).fetchall()
        projected = connection.execute(
            "select distinct st_srid(geom) from desa where geom is not null"
        ).fetchall()
    tables = {name: product.collections[name].table for name in ("desa", "rumah_tangga")}
    joined = gpd.sjoin(tables["rumah_tangga"], tables["desa"], predicate="intersects")
    expected = [
        (code, len(rows), int(rows["need_rtlh"].sum()), rows["nik"].min())
        for code, rows in joined.groupby("kode_desa")
    ]
    assert answer == expected
    assert len(answer) > 1
    assert projected == [(4326,)]
