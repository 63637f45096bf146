"""Settings of where need gathers: kantong of houses, hot desa, and circles with more need than elsewhere."""

from typing import Annotated, Literal

from pydantic import Field

from geo.settings.section import Section

NEIGHBOUR_RULE = r"^(queen|rook|knn:[1-9][0-9]?|distance:[1-9][0-9]{1,6})$"
"""Who counts as a neighbour of a desa; see :func:`geo.neighbours.find_neighbours`."""


class ClusterSettings(Section):
    """What makes a kantong."""

    distance_m: float = Field(
        default=250.0, gt=0, description="houses further than this from all others of a kantong stand outside"
    )
    minimum_households: int = Field(default=8, ge=3)
    largest_households: int = Field(
        default=60, ge=10, description="a kantong of more houses than a team sees in a day is divided"
    )


class HotSpotSettings(Section):
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


class ScanSettings(Section):
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
