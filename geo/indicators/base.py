"""The contract of an indicator: a frozen record that holds one pure function."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import pandas as pd

from geo.columns import Column
from geo.errors import UnknownColumns
from geo.settings import IndicatorSettings


@dataclass(frozen=True)
class Answer:
    """What an indicator says of each household, all with the index of the households.

    Attributes
    ----------
    need
        Nullable boolean: in need, not in need, unknown.
    why
        The reason in words (Indonesian), empty when there is nothing to say.
    beside
        Further columns by name.
    """

    need: pd.Series
    why: pd.Series
    beside: Mapping[str, pd.Series] = field(default_factory=dict)


@dataclass(frozen=True)
class Indicator:
    """One thing that a household may lack.

    Attributes
    ----------
    id, title
        Short name in columns, and the words a planner reads (Indonesian).
    definition, profile
        The official definition and its name and version, by the settings.
    required
        Columns it cannot do without: none of them in the sheet switches it off, some of them is an error.
    sharpening
        Columns without which more answers are unknown.
    in_need
        The measure: households (with the columns above and ``zone_urban``) in, an :class:`Answer` out.
    sensitive
        Health or disability: never a point on a map, never below the officer in charge.
    """

    id: str
    title: str
    definition: Callable[[IndicatorSettings], str]
    profile: Callable[[IndicatorSettings], str]
    required: tuple[Column, ...]
    sharpening: tuple[Column, ...]
    in_need: Callable[[pd.DataFrame, IndicatorSettings], Answer]
    sensitive: bool = False

    def is_answerable(self, present: Collection[str]) -> bool:
        """Say whether a sheet with these columns can answer.

        Raises
        ------
        UnknownColumns
            When only some of the required columns are there.
        """
        missing = [column for column in self.required if column.name not in present]
        if missing and len(missing) < len(self.required):
            names = "; ".join(f"«{column.headings[0]}»" for column in missing)
            raise UnknownColumns(
                f"Untuk {self.title} lembar ini punya sebagian kolom saja. Yang belum ada: {names}. "
                f"Lengkapi kolomnya, atau sebut judulnya dengan --columns."
            )
        return not missing
