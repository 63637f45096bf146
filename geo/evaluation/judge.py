"""What a row of a noisy sheet says, judged by its information alone: which rows a careful reader can place.

The rule. A written name speaks for a desa as loudly as few letters part the two (OSA distance, between the letters
alone, to the official name or an alias; spellings that only differ as Dutch-era, Javanese and Indonesian spelling do,
count half a letter). The kecamatan counts the same way, and both are added. A name is

- *clear* when no more letters are wrong than a reader can bear (one in names of up to five letters, two up to nine,
  three beyond), and every other desa of the district is at least two letters further off (one, when the name is exact);
- *tied* when it is exact and another desa fits as exactly: the text means both;
- *vague* otherwise.

A shortened name of four letters or more is clear when no other desa in the kecamatan (without one: in the district)
can be shortened so, or is written so but for one letter; a cut name is tied when another desa begins the same.
"""

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from geo.evaluation.drafts import ABROAD, BROKEN
from geo.evaluation.ground import Ground

RESOLVABLE, OPEN, UNSURE, VOID = "resolvable", "open", "unsure", "void"
"""A careful reader can place it; may place it or ask; must ask; or the noise left a false witness (thrown away)."""

HALF = 0.5
_CHUNK = 20_000
_FOLDS = (("oe", "u"), ("tj", "c"), ("dj", "y"), ("j", "y"), ("dh", "d"), ("th", "t"), ("iy", "i"), ("uw", "u"),
          ("w", "u"), ("o", "a"))  # fmt: skip
_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}


def key(name: str) -> str:
    """Keep the letters and digits of a name; a Roman number at its end becomes Arabic, ``api2`` is doubled.

    Examples
    --------
    >>> key("Api-Api"), key("api2"), key("Sukamaju II")
    ('apiapi', 'apiapi', 'sukamaju2')
    """
    words = re.findall(r"[a-z0-9]+", name.lower())
    if len(words) > 1 and words[-1] in _ROMAN:
        words[-1] = _ROMAN[words[-1]]
    return re.sub(r"^([a-z]{2,})2$", r"\1\1", "".join(words)) if len(words) == 1 else "".join(words)


def fold(letters: str) -> str:
    """Write one spelling for all that sound alike.

    Examples
    --------
    >>> fold("wonojoso") == fold("wanayasa"), fold("soekoredjo") == fold("sukorejo")
    (True, True)
    """
    for old, new in _FOLDS:
        letters = letters.replace(old, new)
    return letters


def costs(texts: Iterable[str], owners: list[list[str]]) -> np.ndarray:
    """Return how many letters part each text from each owner of names; no text parts from nobody.

    Examples
    --------
    >>> costs(["wonosri", "wanasari", ""], [["wonosari"], ["doro", "daro"]]).tolist()
    [[1.0, 5.0], [0.5, 6.0], [0.0, 0.0]]
    """
    said = list(texts)
    names = [name for owner in owners for name in owner]
    starts = np.cumsum([0, *(len(owner) for owner in owners)])[:-1]
    plain = cdist(said, names, scorer=OSA.distance, dtype=np.float32)
    folded = cdist(
        [fold(text) for text in said], [fold(name) for name in names], scorer=OSA.distance, dtype=np.float32
    )
    apart = np.minimum.reduceat(np.minimum(plain, folded + HALF), starts, axis=1)
    apart[[not text for text in said]] = 0
    return np.asarray(apart)


def bearable(letters: pd.Series) -> np.ndarray:
    """Return how many wrong letters a reader can bear."""
    length = letters.str.len()
    return np.select([length == 0, length <= 5, length <= 9], [0, 1, 2], default=3)  # noqa: PLR2004  -- the rule


def judge(draft: pd.DataFrame, ground: Ground) -> pd.Series:
    """Say for each row whether a careful reader can place it: see the head of this file for names.

    A code of the true desa makes any bearable name resolvable, a code of another desa than the name makes the row
    unsure; so does an exact position that lies further than the tolerance from the desa that the name gives. An exact
    position well inside the true desa settles a tied or a vague name, and decides alone where nothing is written.
    """
    if draft.empty:
        return pd.Series(dtype=object, index=draft.index)
    names = _names(draft, ground)
    named, coded = draft["name_said"] != "", draft["code_said"] >= 0
    true_code = coded & (draft["code_said"] == draft["place"])
    point = draft["point"]
    far = draft["off_m"] > ground.tolerance_m
    inside = (point == "exact") & ~far & (draft["clear_m"] > ground.tolerance_m)
    silent, broken = ~named & ~coded, draft["code_said"] == BROKEN
    rules = [
        (draft["elsewhere"], UNSURE),
        (names["void"] & named & ~true_code | coded & ~true_code & ~named, VOID),
        (silent & point.isin(["exact", "context"]) & (draft["off_m"] > 0), VOID),
        (coded & ~true_code, UNSURE),
        (point == "outside", OPEN),
        (draft["code_said"] == ABROAD, OPEN),
        (point.isin(["exact", "context"]) & far, UNSURE),
        ((point == "coarse") & far, OPEN),
        (true_code & (~named | names["reads"]), RESOLVABLE),
        (names["clear"] & named, RESOLVABLE),
        ((names["tied"] | names["reads"]) & named & inside, RESOLVABLE),
        (names["tied"] & named & (point.isin(["exact", "context", "coarse"]) | broken), OPEN),
        (names["tied"] & named, UNSURE),
        (named | coded, OPEN),
        (silent & inside & (draft["kec_said"] == "") & ~broken, RESOLVABLE),
        (silent & inside, OPEN),
        (silent & point.isin(["exact", "context", "coarse"]), OPEN),
    ]
    return pd.Series(
        np.select([rule.to_numpy(bool) for rule, _ in rules], [word for _, word in rules], default=UNSURE),
        index=draft.index,
    )


def _names(draft: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Say of each row's name whether it is clear, tied, readable, or a false witness."""
    said, kec = draft["name_said"].map(key), draft["kec_said"].map(key)
    name_at, name_texts = pd.factorize(said)
    kec_at, kec_texts = pd.factorize(kec)
    name_cost = costs(name_texts, _owners(ground.desa, "nama_desa", "alias"))
    kec_cost = costs(kec_texts, _owners(ground.desa, "nama_kecamatan", "alias_kecamatan"))
    place = draft["place"].to_numpy()
    true, other, far_kec = np.zeros(len(draft)), np.zeros(len(draft)), np.zeros(len(draft))
    for start in range(0, len(draft), _CHUNK):
        rows = np.arange(start, min(start + _CHUNK, len(draft)))
        both = name_cost[name_at[rows]] + kec_cost[kec_at[rows]]
        here = np.maximum(place[rows], 0)
        true[rows] = both[np.arange(rows.size), here]
        far_kec[rows] = kec_cost[kec_at[rows], here]
        both[np.arange(rows.size), here] = np.inf
        other[rows] = both.min(axis=1)
    reads = (true - far_kec <= bearable(said)) & (far_kec <= bearable(kec))
    exact = true <= HALF
    found = pd.DataFrame(
        {
            "clear": reads & (other - true >= np.where(exact, 1, 2)),
            "tied": exact & (other <= np.maximum(true, HALF)),
            "reads": reads,
            "void": (other < true) & (other <= HALF),
        },
        index=draft.index,
    )
    short = draft["shortened"] != ""
    if short.any():
        found.loc[short, ["clear", "tied", "reads"]] = _shortened(
            draft[short], ground, kec_cost[kec_at[short]]
        )
    return found


def _owners(desa: pd.DataFrame, name: str, alias: str) -> list[list[str]]:
    both = zip(desa[name], desa[alias].fillna(""), strict=True)
    return [[key(own), *(key(other) for other in others.split(";") if other.strip())] for own, others in both]


def _shortened(draft: pd.DataFrame, ground: Ground, kec_cost: np.ndarray) -> np.ndarray:
    """Look for the desa that each shortened name could stand for, in the kecamatan that is written."""
    names = ground.desa["nama_desa"].map(key).to_list()
    verdicts = []
    for text, how, place, apart in zip(
        draft["name_said"], draft["shortened"], draft["place"], kec_cost, strict=True
    ):
        letters = key(text)
        reach = np.flatnonzero(apart <= max(1.0, apart.min()))
        if how == "truncated":
            rivals = [at for at in reach if names[at].startswith(letters) and at != place]
        else:
            loose = re.compile(".*".join(letters))
            rivals = [at for at in reach if loose.match(names[at]) and at != place]
        enough = len(letters) >= 4 and place in reach  # noqa: PLR2004  -- fewer letters could be anything
        slips = any(OSA.distance(letters, names[at], score_cutoff=1) <= 1 for at in reach if at != place)
        verdicts.append((enough and not rivals and not slips, bool(rivals) and how == "truncated", enough))
    return np.array(verdicts, dtype=bool)
