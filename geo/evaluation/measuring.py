"""The evaluation itself: noisy sheets made, read and geocoded as any other, and compared with the truth."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from geo.boundaries import Boundaries
from geo.evaluation.codes import CODES
from geo.evaluation.drafts import Apply, clean_draft
from geo.evaluation.ground import Ground, make_houses
from geo.evaluation.intake import INTAKE
from geo.evaluation.judge import OPEN, VOID, judge
from geo.evaluation.kabupaten import KABUPATEN
from geo.evaluation.mixture import OFFICES, mix
from geo.evaluation.names import NAMES
from geo.evaluation.placing import POSITIONS
from geo.evaluation.sheets import Style, write_sheet
from geo.evaluation.tally import MIX, intake_outcomes, outcomes
from geo.geocoding import geocode
from geo.households import read_households
from geo.settings import Settings

STRENGTHS = (1, 2, 3)
KINDS: Mapping[str, Mapping[str, Apply]] = {
    "names": NAMES,
    "kabupaten": KABUPATEN,
    "codes": CODES,
    "positions": POSITIONS,
    "intake": INTAKE,
}
"""Every kind of noise by the part of a row that it spoils."""

_STYLES = (Style("semicolon", 0), Style("comma", 1), Style("xlsx", 2))
_PAIRED = (Style("semicolon", 0, ", "), Style("comma", 2, " "), Style("xlsx", 1, ","))
_DATES = "rt_rw_date"
_STACK = 30
"""Rows a desa of the stacked kind."""


def kind_names() -> list[str]:
    """Return ``mix`` and the name of every kind, with its part: ``names.dutch``."""
    return [*(f"{part}.{kind}" for part, kinds in KINDS.items() for kind in kinds), MIX]


def evaluate(
    boundaries: Boundaries,
    settings: Settings,
    folder: Path,
    *,
    households: int,
    seed: int,
    kinds: Sequence[str] = (),
    watch: Callable[[str], None] = lambda _: None,
) -> pd.DataFrame:
    """Make noisy sheets of a district, read and geocode them, and compare with the truth.

    Parameters
    ----------
    folder
        Where the sheets are written.
    households
        Rows of the mix at each strength; a kind alone has a hundredth of it at each, sixty at the least.
    seed
        Same seed, same sheets.
    kinds
        Names as in :func:`kind_names`; all when empty.
    watch
        Is told the name of each kind as its work begins.

    Returns
    -------
    pandas.DataFrame
        One row a sheet row: ``kind``, ``strength``, ``class`` (what a careful reader could do) and the columns of
        :func:`geo.evaluation.tally.outcomes`.
    """
    ground = Ground.of(boundaries, settings.geocoding.border_tolerance_m)
    chosen = [kind for kind in kind_names() if not kinds or kind in kinds]
    found = []
    for at, kind in enumerate(chosen):
        watch(kind)
        rng = np.random.default_rng([seed, kind_names().index(kind)])
        drafts = (
            _mixed(ground, households, rng) if kind == MIX else _single(ground, kind, at, households, rng)
        )
        found += [_compared(ground, draft, style, folder / f"{kind}_{number}", settings)
                  for number, (draft, style) in enumerate(drafts, 1) if not draft.empty]  # fmt: skip
    return pd.concat(found, ignore_index=True)


def _single(
    ground: Ground, kind: str, at: int, households: int, rng: np.random.Generator
) -> Iterator[tuple[pd.DataFrame, Style]]:
    """Make the sheets of one kind: all three strengths in one, and positions once in two columns, once in one."""
    part, _, name = kind.partition(".")
    styles = (_STYLES[at % 3], _PAIRED[at % 3]) if part == "positions" else (_STYLES[at % 3],)
    wanted = max(60, households // 100) // len(styles)
    for style in styles:
        drafts = []
        for strength in STRENGTHS:
            desa = rng.permutation(len(ground.desa))[: -(-wanted // _STACK) if name == "stacked" else None]
            places = rng.choice(desa, wanted * (1 if name == "stacked" else 8))
            draft = clean_draft(ground, make_houses(ground, places, rng))
            draft = KINDS[part][name](ground, draft, strength, rng).head(wanted)
            drafts.append(draft.assign(kind=kind, strength=strength))
        yield pd.concat(drafts, ignore_index=True), style


def _mixed(ground: Ground, households: int, rng: np.random.Generator) -> Iterator[tuple[pd.DataFrame, Style]]:
    """Make one sheet for every office and strength; large desa have more rows than small ones."""
    weight = rng.lognormal(0, 0.5, len(ground.desa))
    for strength in STRENGTHS:
        for office in OFFICES:
            places = rng.choice(len(ground.desa), -(-households // len(OFFICES)), p=weight / weight.sum())
            draft = clean_draft(ground, make_houses(ground, places, rng))
            draft = mix(ground, draft, office, strength, rng)
            yield draft.assign(kind=MIX, strength=strength), office.style


def _compared(
    ground: Ground, draft: pd.DataFrame, style: Style, path: Path, settings: Settings
) -> pd.DataFrame:
    """Write one sheet, take it down the real road, and say what became of its rows."""
    draft = draft.assign(**{"class": judge(draft, ground)})
    draft = draft[draft["class"] != VOID].reset_index(drop=True)
    path, sheet_row = write_sheet(draft, path, style)
    intake = read_households(path)
    placed = geocode(intake.households, ground.desa, ground.crs, settings.geocoding, ground.kabupaten)
    rows = outcomes(draft, sheet_row, placed, ground).assign(sheet=path.name)
    if rows["kind"].iloc[0].startswith("intake."):
        rows["class"] = OPEN if _DATES in rows["kind"].iloc[0] else rows["class"]
        rows["outcome"] = intake_outcomes(rows)
    return rows
