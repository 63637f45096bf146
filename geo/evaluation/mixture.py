"""The mix: sheets of several offices in which every kind of noise has its share, from a good office to a terrible one.

The shares are judgement, not measurement: a good office copies from a list and its enumerators use phones; a terrible
one types by hand, from paper, in a hurry. Each stage gives a row one kind at the most.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.evaluation.codes import CODES
from geo.evaluation.drafts import Apply, applied
from geo.evaluation.ground import Ground
from geo.evaluation.intake import INTAKE
from geo.evaluation.kabupaten import KABUPATEN
from geo.evaluation.names import NAMES
from geo.evaluation.placing import POSITIONS
from geo.evaluation.sheets import Style

Shares = Mapping[str, tuple[float, float, float]]
"""Kind to its share of the rows in per cent, at strength 1, 2 and 3."""

LETTERS: Shares = {
    "letters": (2, 6, 12), "javanese": (1, 2, 4), "dutch": (0.3, 1, 2), "glides": (0.2, 0.5, 1),
    "consonants": (0.3, 1, 2), "spacing": (2, 4, 6), "hyphen": (0.3, 0.7, 1), "glued": (0.5, 1, 2),
    "abbreviated": (0.3, 1.5, 4), "truncated": (0.1, 0.5, 1), "alias": (1, 2, 3), "numbers": (0.5, 1, 2),
}  # fmt: skip
DRESS: Shares = {"prefix": (6, 9, 12), "capitals": (8, 12, 16), "other_status": (0.5, 1, 2)}
KECAMATAN: Shares = {
    "misspelt_kecamatan": (1, 3, 8),
    "no_kecamatan": (1, 4, 8),
    "wrong_kecamatan": (0.1, 0.4, 1),
}
LEFT_OUT: Shares = {"no_desa": (0.2, 1, 2), "one_cell_names": (0.3, 1, 3), "address_only": (0.2, 1, 3)}
CODE_FAULTS: Shares = {
    "code_of_other": (0.1, 0.5, 1.5),
    "code_lost_digits": (0.3, 1, 3),
    "code_mistyped": (0.2, 0.7, 2),
}
WAYS: Shares = {
    "plain": (45, 26, 10), "comma": (12, 10, 8), "dms": (2, 4, 6), "minutes": (0.5, 1, 2), "one_cell": (1, 3, 5),
    "one_cell_dms": (0.2, 0.5, 1), "swapped": (0.4, 1.5, 3), "minus_lost": (0.6, 2, 4), "utm": (0.2, 1, 2),
    "utm_labelled": (0.1, 0.5, 1), "factor_ten": (0.2, 0.7, 1.5), "point_lost": (0.3, 1, 3), "thousands": (0.2, 0.7, 2),
    "zero": (0.5, 1, 2), "whole_degree": (0.1, 0.3, 1), "whole_minute": (0.1, 0.3, 1), "three_decimals": (0.3, 0.7, 1),
    "two_decimals": (0.1, 0.3, 0.7), "map_link": (0.2, 0.7, 1.5), "short_link": (0.1, 0.3, 1), "letters": (0.5, 1, 2),
    "one_missing": (0.1, 0.5, 1), "junk": (0.3, 1, 3), "border": (1, 1, 1), "far": (0.2, 0.8, 2),
    "outside": (0.2, 0.6, 1.5),
}  # fmt: skip
"""The rest has no position."""

STACKED_DESA = (1, 3, 6)
"""Desa, in per cent, whose every position is that of the hall."""

POINT_ALONE = (0.2, 0.5, 1)
"""Rows with a position, in per cent, that name neither desa nor kecamatan."""

ELSEWHERE: Shares = {
    "other_kabupaten": (0.1, 0.3, 0.6),
    "twin_kota": (0.1, 0.3, 0.6),
    "foreign_name": (0.05, 0.2, 0.5),
}


@dataclass(frozen=True)
class Office:
    """One office: how it keeps its sheet, which code it writes, how it writes RT, RW and the address."""

    style: Style
    code: str | None
    hearth: str
    kabupaten: bool


OFFICES = (
    Office(Style("semicolon", 0), None, "rt_rw", kabupaten=False),
    Office(Style("xlsx", 1, titles=True), "kemendagri", "address", kabupaten=True),
    Office(Style("comma", 2), "bps", "rt_rw", kabupaten=False),
    Office(Style("semicolon", 1, ", ", titles=True), None, "address", kabupaten=False),
    Office(Style("comma", 2, ","), "kemendagri_undotted", "rt_rw", kabupaten=True),
    Office(Style("xlsx", 0), None, "address", kabupaten=True),
)
"""Six offices share the rows of every strength."""


def deal(count: int, shares: Shares, strength: int, rng: np.random.Generator) -> np.ndarray:
    """Give each row one kind at the most, by chance.

    Examples
    --------
    >>> deal(4, {"zero": (100, 100, 100)}, 1, np.random.default_rng(1)).tolist()
    ['zero', 'zero', 'zero', 'zero']
    """
    upto = np.cumsum([share[strength - 1] for share in shares.values()])
    return np.array([*shares, ""], dtype=object)[np.searchsorted(upto, rng.random(count) * 100, side="right")]


def mix(
    ground: Ground, draft: pd.DataFrame, office: Office, strength: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Put a clean draft through every stage of an office's noise; the index stays."""
    draft = _stage(ground, draft, NAMES, LETTERS, strength, rng)
    draft = _stage(ground, draft, NAMES, KECAMATAN, strength, rng)
    draft = _stage(ground, draft, NAMES, DRESS, strength, rng)
    if office.kabupaten:
        draft = KABUPATEN["own_kabupaten"](ground, draft, strength, rng)
    draft = INTAKE[office.hearth](ground, draft, strength, rng)
    draft = _stage(ground, draft, NAMES, LEFT_OUT, strength, rng)
    if office.code:
        draft = CODES[office.code](ground, draft, 1, rng)
        draft = _stage(ground, draft, CODES, CODE_FAULTS, strength, rng)
    draft = _stage(ground, draft, POSITIONS, WAYS, strength, rng)
    halls = rng.random(len(ground.desa)) * 100 < STACKED_DESA[strength - 1]
    draft = applied(ground, draft, halls[draft["place"]], POSITIONS["stacked"], 1, rng)
    alone = ((draft["point"] == "exact") & (draft["off_m"] == 0)).to_numpy() & (
        rng.random(len(draft)) * 100 < POINT_ALONE[strength - 1]
    )
    blank = dict.fromkeys(("desa", "kecamatan", "name_said", "kec_said", "shortened", "kode", "alamat"), "")
    draft = applied(ground, draft, alone, lambda _g, rows, _s, _r: rows.assign(**blank, code_said=-1), 1, rng)
    foreign = deal(len(draft), ELSEWHERE, strength, rng)
    nowhere = dict.fromkeys(("lintang", "bujur", "koordinat", "kode", "alamat"), "")
    for kind in ELSEWHERE:
        draft = applied(ground, draft, foreign == kind, KABUPATEN[kind], strength, rng)
    return draft.assign(
        **{name: draft[name].mask(draft["elsewhere"], text) for name, text in nowhere.items()},
        code_said=draft["code_said"].mask(draft["elsewhere"], -1),
        point=draft["point"].mask(draft["elsewhere"], "none"),
    )


def _stage(
    ground: Ground,
    draft: pd.DataFrame,
    kinds: Mapping[str, Apply],
    shares: Shares,
    strength: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    dealt = deal(len(draft), shares, strength, rng)
    for kind in shares:
        draft = applied(ground, draft, dealt == kind, kinds[kind], strength, rng)
    return draft
