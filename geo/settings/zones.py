"""Settings of the zones: the files of each layer, and the thresholds where a zone is derived."""

from pathlib import Path

from pydantic import Field, field_validator

from geo.settings.section import Section


class LayerSettings(Section):
    """Files and thresholds behind the zones; a path is relative to the settings file."""

    precedence: tuple[str, ...] = Field(
        default=("coastal", "forest_edge", "urban"),
        description="which zone is shown where several hold; layers left out follow in the order of the registry",
    )
    urban_status: Path | None = Field(
        default=None, description="CSV kode, status, tahun, sumber (BPS 120/2020)"
    )
    urban_families: Path | None = Field(
        default=None,
        description="CSV kode, keluarga, tahun, sumber: all families of each desa, not the poor alone",
    )
    urban_builtup_share: float = Field(
        default=0.30, ge=0, le=1, description="proksi: least built-up share of an urban cell of 1 km²"
    )
    urban_families_km2: float = Field(
        default=75.0,
        ge=0,
        description="proksi: least families in an urban cell (300 people, Degree of Urbanisation)",
    )
    urban_cluster_families: float = Field(
        default=1250.0, ge=0, description="proksi: least families of contiguous urban cells (5 000 people)"
    )
    urban_cluster_builtup_ha: float = Field(
        default=50.0,
        ge=0,
        description="proksi without families: least built-up land of contiguous urban cells",
    )
    coast: Path | None = Field(
        default=None,
        description="polygons of the sea, or lines of the shore; the district's own when not given",
    )
    coast_source: str = Field(default="", description="of the file of the coast; else as its columns tell")
    coast_year: str = ""
    coastal_status: Path | None = Field(
        default=None, description="CSV kode, status, tahun, sumber (Podes R308A)"
    )
    coastal_reach_m: float = Field(
        default=350.0, gt=0, description="the furthest that the sea may lie off a desa that touches it"
    )
    coastal_least_m: float = Field(
        default=20.0, gt=0, description="a desa touches the sea when so much of its border faces it"
    )
    coastal_distance_m: float = Field(default=2000.0, ge=0)
    forest_status: Path | None = Field(
        default=None, description="CSV kode, status, tahun, sumber (Podes R309A)"
    )
    forest_area: Path | None = Field(default=None, description="polygons of kawasan hutan")
    forest_area_source: str = Field(
        default="", description="of the file of kawasan hutan; else as its columns tell"
    )
    forest_area_year: str = ""
    forest_distance_m: float = Field(default=500.0, ge=0, description="how far the forest edge reaches")
    land_cover: tuple[str, ...] = Field(
        default=(),
        description="raster with the classes of ESA WorldCover: a file or https address, or several tiles",
    )
    land_cover_source: str = "tutupan lahan dari pengguna"
    land_cover_year: str = ""
    files: dict[str, Path] = Field(
        default={}, description="the file of a layer that was added, by the layer's id"
    )

    @field_validator("land_cover", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value
