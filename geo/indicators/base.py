"""The contract of an indicator: a frozen record that holds one pure function."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
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
    required_by
        What it cannot do without under other settings; ``required``, where that is the same under all.
    instead
        Columns of another kind of source: with any of them the required ones may be missing.
    """

    id: str
    title: str
    definition: Callable[[IndicatorSettings], str]
    profile: Callable[[IndicatorSettings], str]
    required: tuple[Column, ...]
    sharpening: tuple[Column, ...]
    in_need: Callable[[pd.DataFrame, IndicatorSettings], Answer]
    sensitive: bool = False
    required_by: Callable[[IndicatorSettings], tuple[Column, ...]] | None = None
    instead: tuple[Column, ...] = ()

    def asks(self, settings: IndicatorSettings | None = None) -> tuple[Column, ...]:
        """Return the columns it cannot do without, by the definition that the settings name."""
        if self.required_by is None or settings is None:
            return self.required
        return self.required_by(settings)

    def is_answerable(self, present: Collection[str], settings: IndicatorSettings | None = None) -> bool:
        """Say whether a sheet with these columns can answer.

        Raises
        ------
        UnknownColumns
            When only some of the required columns are there, and none that may stand in their place.
        """
        if any(column.name in present for column in self.instead):
            return True
        required = self.asks(settings)
        missing = [column for column in required if column.name not in present]
        if missing and len(missing) < len(required):
            names = "; ".join(f"«{column.headings[0]}»" for column in missing)
            raise UnknownColumns(
                f"Untuk {self.title} lembar ini punya sebagian kolom saja. Yang belum ada: {names}. "
                f"Lengkapi kolomnya, atau sebut judulnya dengan --columns."
            )
        return not missing


def presence_need(present: pd.Series, there: str, what: str) -> Answer:
    """Answer from a column that says whether something is there (1, 0 or missing).

    Parameters
    ----------
    present
        The column.
    there, what
        The reason of a need, and the name of what is not known (Indonesian).

    Examples
    --------
    >>> answer = presence_need(pd.Series([1, 0, None]), "ada", "hal itu")
    >>> answer.need.tolist(), answer.why.tolist()
    ([True, False, <NA>], ['ada', '', 'belum ada data: hal itu'])
    """
    said = present.astype("Float64").to_numpy(float, na_value=np.nan)
    unknown = np.isnan(said)
    words = np.select([unknown, said > 0], [f"belum ada data: {what}", there], "")
    return Answer(
        pd.Series(said > 0, index=present.index).astype("boolean").mask(unknown),
        pd.Series(words, index=present.index, dtype="str"),
    )
