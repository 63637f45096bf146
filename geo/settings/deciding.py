"""Settings of the decision: weights of the score, who is chosen, and how far a team comes in a day."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from geo.settings.section import Section


class TargetingSettings(Section):
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


class SelectionSettings(Section):
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


class VisitSettings(Section):
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
