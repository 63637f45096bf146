"""What is invented: how need is spread, over which desa, and what is planted in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Group = Literal["null", "planted", "houses", "hamlet", "stacked"]
GROUPS: tuple[Group, ...] = ("null", "planted", "houses", "hamlet", "stacked")

RATES = (0.05, 0.20, 0.60)
RISKS = (1.5, 2.0, 3.0)
PLANTED_RATE = 0.20
PART = 60
"""Desa of the part of a district whose houses are scanned."""


@dataclass(frozen=True)
class Scenario:
    """One way of inventing need.

    Attributes
    ----------
    group
        ``null``: no clustering, over the whole district; ``planted``: a group of desa where need is more common;
        ``houses``: no clustering, over a part of the district so small that every house is scanned; ``hamlet``: there,
        with a group of neighbouring houses where need is more common; ``stacked``: no clustering, but all
        households of a desa on its middle.
    sizes
        As of :func:`geo.evaluation.clusters.world.shares`, or ``register``.
    rate
        Share of the households in need, outside what is planted.
    risk
        How many times as common need is in what is planted.
    """

    group: Group
    sizes: str
    rate: float
    risk: float = 1.0

    @property
    def by_desa(self) -> bool:
        """Whether desa are compared, of the whole district; else houses."""
        return self.group in {"null", "planted"}

    @property
    def of_part(self) -> bool:
        """Whether only a part of the district is looked at."""
        return self.group in {"houses", "hamlet"}

    @property
    def name(self) -> str:
        """Name it for the tables.

        Examples
        --------
        >>> Scenario("null", "uneven", 0.05).name, Scenario("planted", "uneven", 0.2, 1.5).name
        ('uneven, 5 %', 'risk 1.5')
        """
        return f"{self.sizes}, {self.rate * 100:g} %" if self.risk == 1 else f"risk {self.risk:g}"


def scenarios(groups: Sequence[str] = GROUPS, *, register: bool = False) -> list[Scenario]:
    """Return the scenarios of some groups.

    Parameters
    ----------
    groups
        Out of :data:`GROUPS`.
    register
        Also with the sizes of a register.
    """
    sizes = ["uneven", "clustered", *["register"] * register]
    every = [
        *(Scenario("null", size, rate) for size in sizes for rate in RATES),
        *(Scenario("planted", "uneven", PLANTED_RATE, risk) for risk in RISKS),
        *(Scenario("houses", "uneven", rate) for rate in RATES),
        *(Scenario("hamlet", "uneven", PLANTED_RATE, risk) for risk in RISKS),
        *(Scenario("stacked", "uneven", rate) for rate in RATES),
    ]
    return [scenario for scenario in every if scenario.group in groups]
