"""What a district may choose: one frozen model a concern, read from a TOML file."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from geo.errors import SettingsError, cause_of

NEIGHBOUR_RULE = r"^(queen|rook|knn:[1-9][0-9]?|distance:[1-9][0-9]{1,6})$"
"""Who counts as a neighbour of a desa; see :func:`geo.neighbours.find_neighbours`."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


_S = TypeVar("_S", bound=_Section)


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


class IndicatorSettings(_Section):
    """Which definition decides a need."""

    rtlh_profile: str = "bps_sdg"
    rtlh_compare: str = Field(default="", description="a second definition to set beside the first")
    babs_profile: Literal["sbs", "terbuka"] = Field(
        default="sbs", description="sbs counts BABS tertutup too, terbuka does not"
    )


class GroupSettings(_Section):
    """Which target groups (kelompok sasaran) are told apart."""

    definition: str = Field(default="kelompok_sasaran", description="a name of geo/profiles, or a TOML file")


class RateSettings(_Section):
    """How counts become rates, and when a desa is done."""

    minimum_known: int = Field(
        default=5, ge=1, description="fewer known households than this: no colour, no rank"
    )
    target_share: float = Field(default=0.90, gt=0, le=1, description="served share that a desa should reach")
    targets: dict[str, float] = Field(
        default={"babs": 1.0}, description="another target share of an indicator, by its id"
    )
    families: Path | None = Field(
        default=None,
        description="CSV kode, keluarga, tahun, sumber: all families of each desa; layers.urban_families if not given",
    )

    @field_validator("targets")
    @classmethod
    def _shares(cls, targets: dict[str, float]) -> dict[str, float]:
        for share in targets.values():
            if not 0 < share <= 1:
                raise ValueError("setiap sasaran harus lebih dari 0 dan paling besar 1")
        return targets


class ClusterSettings(_Section):
    """What makes a kantong."""

    distance_m: float = Field(
        default=250.0, gt=0, description="houses further than this from all others of a kantong stand outside"
    )
    minimum_households: int = Field(default=8, ge=3)
    largest_households: int = Field(
        default=60, ge=10, description="a kantong of more houses than a team sees in a day is divided"
    )


class HotSpotSettings(_Section):
    """How desa are tested for being hot spots."""

    neighbours: str = Field(
        default="queen",
        pattern=NEIGHBOUR_RULE,
        description="queen, rook, knn:6 (six nearest) or distance:5000 (metres between middles)",
    )
    sensitivity: tuple[Annotated[str, Field(pattern=NEIGHBOUR_RULE)], ...] = Field(
        default=("rook", "knn:4", "knn:6", "knn:8"), description="other rules under which it is tried"
    )
    permutations: int = Field(default=99_999, ge=99, le=9_999_999)
    false_discovery_rate: float = Field(default=0.05, gt=0, lt=1)
    correction: Literal["fdr", "none"] = Field(
        default="fdr", description="none: every test alone, which finds hot spots where there are none"
    )


class ScanSettings(_Section):
    """How circles with more need than elsewhere are looked for (Kulldorff)."""

    replicates: int = Field(default=9_999, ge=99, le=999_999, description="of the scan over desa")
    desa_model: Literal["poisson", "bernoulli"] = Field(
        default="poisson",
        description="of the scan over desa; poisson is prudent where need is common, bernoulli finds more there",
    )
    largest_share: float = Field(
        default=0.5, gt=0, le=0.5, description="the largest circle holds so much of all known households"
    )
    household_indicators: tuple[str, ...] = Field(
        default=("rtlh",), description="needs whose houses are scanned too, those in need against all"
    )
    household_replicates: int = Field(default=999, ge=99, le=99_999, description="of the scan over houses")
    household_share: float = Field(default=0.1, gt=0, le=0.5, description="as largest_share, over houses")
    significance: float = Field(default=0.05, gt=0, lt=1)


class TargetingSettings(_Section):
    """Visible weights of the score; each part is scaled from 0 to 1 before it is weighted."""

    rtlh: float = Field(default=3.0, ge=0)
    jamban: float = Field(default=2.0, ge=0)
    desil: float = Field(default=1.5, ge=0)
    members: float = Field(default=0.5, ge=0)
    cluster: float = Field(default=1.0, ge=0)
    hot_spot: float = Field(
        default=0.5, ge=0, description="in a desa or circle where need is significantly higher"
    )
    gap: float = Field(default=1.0, ge=0)
    penyakit_kronis: float = Field(
        default=0.0, ge=0, description="sensitive: weighs nothing until the district allows it"
    )
    disabilitas: float = Field(
        default=0.0, ge=0, description="sensitive: weighs nothing until the district allows it"
    )
    weightings: int = Field(default=1_000, ge=100, le=100_000, description="random weightings of the ranks")
    spread: float = Field(
        default=0.25, gt=0, le=2, description="how far each weight may lie off (log scale: 0.25 is some 25 %)"
    )


class SelectionSettings(_Section):
    """Which households are chosen, when money or number is short."""

    number: int | None = Field(default=100, ge=1, description="at most so many households")
    budget: float | None = Field(default=None, gt=0, description="at most so much, in the unit of unit_costs")
    unit_costs: dict[str, float] = Field(
        default={}, description="cost of one household by need (rtlh, jamban, jamban_sendiri); several add up"
    )
    of: Literal["any", "rtlh", "jamban", "jamban_sendiri", "babs"] = Field(
        default="any", description="only households with this need"
    )
    least_a_desa: int = Field(
        default=1, ge=1, description="a desa with a chosen household has at least so many"
    )
    quotas: tuple[str, ...] = Field(
        default=(),
        description="least (>=) or most (<=) of a group, as «zone:coastal:pesisir>=20» or «kecamatan:33.26.09>=10%»",
    )


class VisitSettings(_Section):
    """How far a team comes in a day."""

    teams: int = Field(default=2, ge=1, le=100)
    days: int = Field(default=5, ge=1, le=366)
    minutes_a_day: float = Field(default=360.0, gt=0, le=1440)
    minutes_a_visit: float = Field(default=25.0, gt=0)
    minutes_a_desa: float = Field(
        default=20.0, ge=0, description="to report at the desa before the first house"
    )
    speed_kmh: float = Field(default=20.0, gt=0)
    detour: float = Field(default=1.4, ge=1, description="length of the way by the straight line")
    starts: tuple[tuple[float, float], ...] = Field(
        default=(), description="longitude and latitude where each team starts; one for all, or one a team"
    )
    dem: Path | None = Field(default=None, description="raster of heights in metres: slopes take time")
    router: str = Field(
        default="", description="address of a road router (OSRM); only asked when it is given"
    )


class Settings(_Section):
    """Everything a district may choose."""

    intake: IntakeSettings = IntakeSettings()
    geocoding: GeocodingSettings = GeocodingSettings()
    layers: LayerSettings = LayerSettings()
    indicators: IndicatorSettings = IndicatorSettings()
    groups: GroupSettings = GroupSettings()
    rates: RateSettings = RateSettings()
    clusters: ClusterSettings = ClusterSettings()
    hot_spots: HotSpotSettings = HotSpotSettings()
    scan: ScanSettings = ScanSettings()
    targeting: TargetingSettings = TargetingSettings()
    selection: SelectionSettings = SelectionSettings()
    visits: VisitSettings = VisitSettings()
    paper: Literal["A4", "F4"] = "A4"
    seed: int = Field(default=1, ge=0, description="of everything that is drawn at random")


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
    "string_pattern_mismatch": "ditulis salah; tulis queen, rook, knn:6, atau distance:5000",
    "value_error": "{error}",
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
    folder = path.parent
    return settings.model_copy(
        update={
            "layers": _beside(settings.layers, folder),
            "rates": _with_file(settings.rates, "families", folder),
            "visits": _with_file(settings.visits, "dem", folder),
            "intake": settings.intake.model_copy(
                update={"code_list": _named_or_file(settings.intake.code_list, folder)}
            ),
            "groups": settings.groups.model_copy(
                update={"definition": _named_or_file(settings.groups.definition, folder)}
            ),
        }
    )


def _named_or_file(name: str, folder: Path) -> str:
    """Return a name of geo/profiles as it is, and a TOML file with its whole path."""
    named = Path(name)
    is_file = named.suffix.casefold() == ".toml" or len(named.parts) > 1
    return str(_whole(folder, named)) if is_file else name


def _with_file(section: _S, name: str, folder: Path) -> _S:
    """Return a section whose file, when it names one, has its whole path."""
    named = getattr(section, name)
    return section if named is None else section.model_copy(update={name: _whole(folder, named)})


def _whole(folder: Path, named: Path) -> Path:
    """Return the whole path of a file that the settings name beside themselves.

    Raises
    ------
    SettingsError
        When no file can have that name, or its links lead in a circle.
    """
    try:
        return (folder / named).resolve()
    except (OSError, RuntimeError, ValueError) as fault:
        shown = "".join(letter for letter in str(named) if letter.isprintable())
        raise SettingsError(
            f"Berkas «{shown}» dalam setelan tidak dapat ditemukan: jalurnya salah."
        ) from fault


def is_address(place: str) -> bool:
    """Say whether a raster is named by an address of the web, not by a file.

    Examples
    --------
    >>> is_address("https://contoh.id/tutupan.tif"), is_address("tutupan.tif")
    (True, False)
    """
    return place.casefold().startswith(("https://", "http://"))


def _address(place: str) -> str:
    """Return an address of the web that names a server.

    Raises
    ------
    SettingsError
        When it does not; what was given may hold a key, so the message does not repeat it.
    """
    try:
        named = bool(urlsplit(place).hostname)
    except ValueError:
        named = False
    if not named:
        raise SettingsError(
            "Setelan layers.land_cover memuat alamat web yang salah bentuknya. Tulis seperti https://contoh.id/lahan.tif."
        )
    return place


def _beside(layers: LayerSettings, folder: Path) -> LayerSettings:
    given: dict[str, object] = {
        name: _whole(folder, value) for name, value in layers if isinstance(value, Path)
    }
    given["files"] = {layer: _whole(folder, file) for layer, file in layers.files.items()}
    given["land_cover"] = tuple(
        _address(place) if is_address(place) else str(_whole(folder, Path(place)))
        for place in layers.land_cover
    )
    return layers.model_copy(update=given)
