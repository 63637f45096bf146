"""Settings of the data that come in: how a sheet is read, and how its households find their desa."""

from typing import Literal

from pydantic import Field

from geo.settings.section import Section


class IntakeSettings(Section):
    """How a sheet is read, and what counts once."""

    code_list: str = Field(
        default="regsosek_2022", description="answers by this list: a name of geo/profiles, or a TOML file"
    )
    count_once: tuple[Literal["nik", "kk_nama", "titik_nama"], ...] = Field(
        default=("nik", "kk_nama"),
        description="households alike in one of these ways count once; the others are only reported",
    )


class GeocodingSettings(Section):
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
