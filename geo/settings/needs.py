"""Settings of need: which definition decides, which groups are told apart, and how counts become rates."""

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from geo.settings.section import Section


class IndicatorSettings(Section):
    """Which definition decides a need."""

    rtlh_profile: str = "bps_sdg"
    rtlh_compare: str = Field(default="", description="a second definition to set beside the first")
    babs_profile: Literal["sbs", "terbuka"] = Field(
        default="sbs", description="sbs counts BABS tertutup too, terbuka does not"
    )


class GroupSettings(Section):
    """Which target groups (kelompok sasaran) are told apart."""

    definition: str = Field(default="kelompok_sasaran", description="a name of geo/profiles, or a TOML file")


class RateSettings(Section):
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
                raise ValueError("setiap target harus lebih dari 0 dan paling besar 1")
        return targets
