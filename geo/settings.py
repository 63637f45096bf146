"""What a district may choose: one frozen model a concern, read from a TOML file."""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from geo.errors import SettingsError, cause_of


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class IntakeSettings(_Section):
    """How a sheet is read, and what counts once."""

    code_list: str = Field(
        default="regsosek_2022", description="answers by this list: a name of geo/profiles, or a TOML file"
    )
    count_once: tuple[Literal["nik", "kk_nama", "titik_nama"], ...] = Field(
        default=("nik", "kk_nama"),
        description="households alike in one of these ways count once; the others are only reported",
    )


class GeocodingSettings(_Section):
    """How a household finds its desa."""

    border_tolerance_m: float = Field(
        default=100.0, ge=0, description="official boundary sets differ by some 70 m"
    )
    name_score: float = Field(
        default=80.0, ge=0, le=100, description="least likeness of a name that is taken"
    )
    name_margin: float = Field(default=10.0, ge=0, le=100, description="how far the winner must be ahead")
    stacked_households: int = Field(
        default=10, ge=1, description="more of them on one spot: not their own position"
    )
    dusun_households: int = Field(
        default=5, ge=1, description="so many houses with a position make a reference point of their dusun"
    )


class LayerSettings(_Section):
    """Files and thresholds behind the zones; a path is relative to the settings file."""

    precedence: tuple[str, ...] = ("coastal", "forest_edge", "urban")
    urban_status: Path | None = Field(
        default=None, description="CSV kode_desa, status, tahun, sumber (BPS 120/2020)"
    )
    urban_builtup_share: float = Field(default=0.30, ge=0, le=1, description="proksi without a status list")
    coastal_status: Path | None = Field(
        default=None, description="CSV kode_desa, status, tahun, sumber (Podes R308A)"
    )
    coastal_distance_m: float = Field(default=2000.0, ge=0)
    forest_status: Path | None = Field(
        default=None, description="CSV kode_desa, status, tahun, sumber (Podes R309A)"
    )
    forest_area: Path | None = Field(default=None, description="polygons of kawasan hutan")
    forest_distance_m: float = Field(default=500.0, ge=0, description="how far the forest edge reaches")
    land_cover: Path | None = Field(default=None, description="raster with the classes of ESA WorldCover")
    land_cover_source: str = "tutupan lahan dari pengguna"
    land_cover_year: str = ""


class IndicatorSettings(_Section):
    """Which definition decides a need."""

    rtlh_profile: str = "bps_sdg"


class RateSettings(_Section):
    """How counts become rates."""

    minimum_known: int = Field(
        default=5, ge=1, description="fewer known households than this: no colour, no rank"
    )
    target_share: float = Field(default=0.90, gt=0, le=1, description="served share that a desa should reach")


class ClusterSettings(_Section):
    """What makes a kantong."""

    distance_m: float = Field(default=100.0, gt=0, description="next house of the same kantong within this")
    minimum_households: int = Field(default=8, ge=3)


class TargetingSettings(_Section):
    """Visible weights of the score; each part is scaled from 0 to 1 before it is weighted."""

    rtlh: float = Field(default=3.0, ge=0)
    jamban: float = Field(default=2.0, ge=0)
    desil: float = Field(default=1.5, ge=0)
    members: float = Field(default=0.5, ge=0)
    cluster: float = Field(default=1.0, ge=0)
    gap: float = Field(default=1.0, ge=0)


class VisitSettings(_Section):
    """How far a team comes in a day."""

    households_a_day: int = Field(default=12, ge=1)


class Settings(_Section):
    """Everything a district may choose."""

    intake: IntakeSettings = IntakeSettings()
    geocoding: GeocodingSettings = GeocodingSettings()
    layers: LayerSettings = LayerSettings()
    indicators: IndicatorSettings = IndicatorSettings()
    rates: RateSettings = RateSettings()
    clusters: ClusterSettings = ClusterSettings()
    targeting: TargetingSettings = TargetingSettings()
    visits: VisitSettings = VisitSettings()
    paper: Literal["A4", "F4"] = "A4"


_REASONS = {
    "extra_forbidden": "tidak dikenal; periksa ejaannya",
    "greater_than": "harus lebih dari {gt}",
    "greater_than_equal": "paling kecil {ge}",
    "less_than_equal": "paling besar {le}",
    "literal_error": "harus salah satu dari {expected}",
    "float_type": "harus bilangan",
    "float_parsing": "harus bilangan",
    "int_parsing": "harus bilangan bulat",
    "path_type": "harus nama berkas dalam tanda kutip",
    "int_type": "harus bilangan bulat",
    "int_from_float": "harus bilangan bulat",
    "string_type": "harus teks dalam tanda kutip",
}


def read_settings(path: Path | None) -> Settings:
    """Read a settings file; without one, every default holds.

    Raises
    ------
    SettingsError
        When the file is missing or no TOML, or names a setting that does not exist.
    """
    if path is None:
        return Settings()
    try:
        with path.open("rb") as file:
            settings = Settings.model_validate(tomllib.load(file))
    except OSError as fault:
        raise SettingsError(f"Berkas setelan {path} tidak dapat dibaca: {cause_of(fault)}.") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise SettingsError(f"Berkas setelan {path} bukan TOML yang benar: {fault}.") from fault
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        why = _REASONS.get(first["type"], "nilainya tidak boleh ({msg})").format(
            msg=first["msg"], **first.get("ctx", {})
        )
        raise SettingsError(f"Berkas setelan {path}: «{where}» {why.replace(' or ', ' atau ')}.") from fault
    return settings.model_copy(
        update={
            "layers": _beside(settings.layers, path.parent),
            "intake": _list_beside(settings.intake, path.parent),
        }
    )


def _list_beside(intake: IntakeSettings, folder: Path) -> IntakeSettings:
    named = Path(intake.code_list)
    is_file = named.suffix.casefold() == ".toml" or len(named.parts) > 1
    return intake.model_copy(update={"code_list": str((folder / named).resolve())}) if is_file else intake


def _beside(layers: LayerSettings, folder: Path) -> LayerSettings:
    given = {name: value for name, value in layers if isinstance(value, Path)}
    return layers.model_copy(update={name: (folder / value).resolve() for name, value in given.items()})
