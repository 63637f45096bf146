"""The peer of the benchmark: what a competent GIS analyst would write by hand for the same task.

``python scripts/analyst.py HOUSEHOLDS.csv DESA.geojson LANDCOVER.tif FOLDER [--markers one-by-one]``; it needs the
packages of the extra ``bench``. Each step uses the library that tutorials of the field use for it.
"""

import argparse
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
from folium.plugins import FastMarkerCluster, MarkerCluster
from rasterstats import zonal_stats
from sklearn.cluster import DBSCAN

METRES = "EPSG:32749"
NEAR_M = 100
FEWEST_HOUSES = 8


def read_households(path: Path) -> gpd.GeoDataFrame:
    """Read the clean table: one row a household, ``lon`` and ``lat`` in degrees (WGS 84)."""
    table = pd.read_csv(path, dtype={"NIK": str, "No KK": str})
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(table["lon"], table["lat"]), crs=4326)


def add_needs(households: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Say which houses are unfit (RTLH) and which households lack a proper latrine, by the codes of Regsosek 2022.

    Examples
    --------
    >>> codes = {"Jenis Atap": [2, 2], "Jenis Dinding": [1, 6], "Jenis Lantai": [2, 8], "Sumber Air Minum": [5, 5]}
    >>> codes |= {"Luas Lantai (m2)": [45, 20], "Jml Anggota Keluarga": [4, 4], "Fasilitas BAB": [1, 6]}
    >>> codes |= {"Jenis Kloset": [1, None], "Pembuangan Akhir Tinja": [1, None]}
    >>> add_needs(pd.DataFrame(codes))[["jamban", "rtlh"]].values.tolist()
    [[False, False], [True, True]]
    """
    proper = (
        households["Fasilitas BAB"].isin([1, 2, 3])
        & (households["Jenis Kloset"] == 1)
        & households["Pembuangan Akhir Tinja"].isin([1, 2, 4])
    )
    fit = (
        households["Jenis Atap"].isin([1, 2, 3, 5])
        & households["Jenis Dinding"].isin([1, 2, 3, 5])
        & households["Jenis Lantai"].isin([1, 2, 3, 4, 5, 6])
        & households["Sumber Air Minum"].isin([3, 4, 5, 7, 10])
        & (households["Luas Lantai (m2)"] / households["Jml Anggota Keluarga"] >= 7.2)  # noqa: PLR2004  -- BPS
        & proper
    )
    return households.assign(jamban=~proper, rtlh=~fit)


def add_desa(households: gpd.GeoDataFrame, desa: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Join each household to the desa that it stands in."""
    columns = ["kode_desa", "nama_desa", "nama_kecamatan", "geometry"]
    return households.sjoin(desa[columns], how="left", predicate="within").drop(columns="index_right")


def add_land_cover(desa: gpd.GeoDataFrame, raster: Path) -> gpd.GeoDataFrame:
    """Add the share of each land-cover class to each desa; the raster is in WGS 84 too."""
    counts = pd.DataFrame(zonal_stats(desa, str(raster), categorical=True)).fillna(0)
    return desa.join(counts.div(counts.sum(axis=1), axis=0).add_prefix("tutupan_"))


def add_clusters(households: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give each group of unfit houses that stand close together a number; -1 outside."""
    metres = households.loc[households["rtlh"]].to_crs(METRES).geometry
    found = DBSCAN(eps=NEAR_M, min_samples=FEWEST_HOUSES).fit_predict(np.column_stack([metres.x, metres.y]))
    clustered = households.assign(cluster=-1)
    clustered.loc[households["rtlh"], "cluster"] = found
    return clustered


def add_rates(desa: gpd.GeoDataFrame, households: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Add the count of households and the rates of both needs to each desa."""
    counts = households.groupby("kode_desa").agg(
        households=("rtlh", "size"), rtlh=("rtlh", "mean"), jamban=("jamban", "mean")
    )
    return desa.merge(counts.reset_index(), on="kode_desa", how="left")


def draw_map(desa: gpd.GeoDataFrame, households: gpd.GeoDataFrame, *, one_by_one: bool) -> folium.Map:
    """Draw the rate by desa and a clustered marker a household.

    With ``one_by_one`` each marker is a folium object with its own popup; otherwise the positions go to the page as
    one list, and there are no popups.
    """
    page = folium.Map(location=[households["lat"].mean(), households["lon"].mean()], zoom_start=11)
    folium.Choropleth(
        desa.to_json(),
        data=desa,
        columns=["kode_desa", "rtlh"],
        key_on="feature.properties.kode_desa",
        legend_name="RTLH",
    ).add_to(page)
    if not one_by_one:
        FastMarkerCluster(households[["lat", "lon"]].to_numpy().tolist()).add_to(page)  # type: ignore[no-untyped-call]
        return page
    markers = MarkerCluster().add_to(page)  # type: ignore[no-untyped-call]
    rows = zip(
        households["lat"], households["lon"], households["nama_desa"], households["Desil"], strict=True
    )
    for lat, lon, nama_desa, desil in rows:
        folium.Marker([lat, lon], popup=f"{nama_desa}<br>desil {desil:.0f}").add_to(markers)
    return page


def main() -> None:
    """Read the arguments and walk from the table to the map and the GeoJSON files."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("households", "desa", "landcover", "folder"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--markers", choices=("one-list", "one-by-one"), default="one-list")
    wish = parser.parse_args()
    wish.folder.mkdir(parents=True, exist_ok=True)
    desa = gpd.read_file(wish.desa)
    households = add_clusters(add_desa(add_needs(read_households(wish.households)), desa))
    desa = add_rates(add_land_cover(desa, wish.landcover), households)
    draw_map(desa, households, one_by_one=wish.markers == "one-by-one").save(wish.folder / "map.html")
    households.to_file(wish.folder / "households.geojson", driver="GeoJSON")
    desa.to_file(wish.folder / "desa.geojson", driver="GeoJSON")


if __name__ == "__main__":
    main()
