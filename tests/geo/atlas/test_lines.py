"""Roads and rivers of the district's own are read, drawn only where they lie, and refused by name."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.atlas.sheet.lines import NO_LINES, read_lines
from geo.errors import LayerError, OutsideDistrict
from geo.settings import AtlasSettings, read_settings
from tests.geo.atlas.drawn import draw_sheets
from tests.geo.small import small_assessment
from tests.pdf_reading import pdf_texts


def write_line(path: Path, *points: tuple[float, float]) -> Path:
    gpd.GeoDataFrame({"nama": ["x"]}, geometry=[shapely.LineString(points)], crs=4326).to_file(path)
    return path


def test_roads_and_rivers_are_on_the_sheets_where_they_lie(tmp_path: Path):
    small = small_assessment(kecamatan=1, desa=2, households=20)
    roads = write_line(tmp_path / "jalan.gpkg", (109.5, -6.999), (109.51, -6.998))
    chosen = AtlasSettings(roads=roads)
    lines = read_lines(chosen, small.desa)
    assert len(lines.roads.shapes) == 1
    assert not len(lines.rivers.shapes)
    draw_sheets(small, tmp_path / "a.pdf", lines=lines)
    pages = pdf_texts(tmp_path / "a.pdf")
    assert "Jalan" in pages[0]
    assert not any("Sungai" in page for page in pages)


def test_without_files_nothing_is_read():
    assert read_lines(AtlasSettings(), small_assessment().desa) is NO_LINES


def test_a_file_of_another_place_or_none_is_refused(tmp_path: Path):
    desa = small_assessment().desa
    far = write_line(tmp_path / "sungai.gpkg", (95.0, 5.0), (95.1, 5.1))
    with pytest.raises(OutsideDistrict, match=r"Sungai sungai\.gpkg"):
        read_lines(AtlasSettings(rivers=far), desa)
    with pytest.raises(LayerError, match="Jalan"):
        read_lines(AtlasSettings(roads=tmp_path / "tidak-ada.gpkg"), desa)


def test_a_path_starts_at_the_settings_file(tmp_path: Path):
    settings = tmp_path / "setelan.toml"
    settings.write_text('[atlas]\nroads = "jalan.gpkg"\n', encoding="utf-8")
    assert read_settings(settings).atlas == AtlasSettings(roads=tmp_path.resolve() / "jalan.gpkg")
