"""What a list says: the texts of every household of a book, and which of them stand on which list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.atlas.listing import share_texts
from geo.atlas.lists.layout import ListForm, paginate
from geo.gazetteer.dusun_names import dusun_keys, dusun_titles
from geo.sheet_ids import MAPLESS, SheetId

NO_DUSUN = "Dusun tidak tertulis"


@dataclass(frozen=True)
class SheetList:
    """The households whose number stands on one sheet, or those of a desa without a position.

    Attributes
    ----------
    sheet
        Whose list it is; its part is :data:`MAPLESS` for those without a position.
    desa
        Row of the desa table as a named tuple.
    entries
        Texts of the whole book by column, as arrays, see :func:`list_entries`.
    members
        Their places in it, in the order of the list.
    walked
        Whether they stand in the order of a day's visits.
    """

    sheet: SheetId
    desa: Any
    entries: Mapping[str, Any]
    members: np.ndarray
    walked: bool = False

    @property
    def headed(self) -> bool:
        """Whether dusun by dusun."""
        return self.sheet.part == MAPLESS and not self.walked

    @property
    def groups(self) -> np.ndarray:
        """The dusun of each row, as a number that means nothing else."""
        return np.asarray(self.entries["group"][self.members])

    def pages(self, form: ListForm) -> list[slice]:
        """Return the rows of each page."""
        return paginate(self.groups, form.capacity, headed=self.headed)


def list_entries(households: pd.DataFrame, turn: Mapping[int, int] | None = None) -> dict[str, Any]:
    """Return what the lists print, a text a household and column.

    Parameters
    ----------
    households
        As planned: see ``BookPlan.households``.
    turn
        Place in a day's visits by sheet row.

    Returns
    -------
    dict
        ``label``, ``turn``, ``cell``, ``name``, ``address``, ``place`` (RT/RW), ``dusun``, ``members``, ``words``,
        ``heading`` (over its dusun), and ``group``: equal for households of one dusun of one desa, however it is spelt.
    """
    groups, dusun = dusun_groups(households)
    order = pd.Series(turn or {}, dtype="Int64").reindex(households["sheet_row"])
    return {
        "label": share_texts(households["label"]),
        "turn": share_texts(order),
        "cell": share_texts(households["cell"].replace("", "–")),
        # Hardly two are alike: left packed until their page is written.
        "name": households["nama"].array,
        "address": households["alamat"].array,
        "place": _places(households),
        "dusun": dusun,
        "members": share_texts(households["jumlah_art"]),
        "words": share_texts(households["words"]),
        "heading": share_texts(pd.Series(dusun).map(_heading)),
        "group": groups,
    }


def dusun_groups(households: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return for each household a number of its dusun, equal however it is spelt, and the one name written for it.

    Parameters
    ----------
    households
        Needs columns: ``desa`` (anything that tells desa apart), ``dusun``.
    """
    written, distinct = pd.factorize(households["dusun"])
    keys, titles = (
        np.array(read(distinct.astype("str")), dtype=object)[written] for read in (dusun_keys, dusun_titles)
    )
    groups = _pairs(households["desa"], keys)[0]
    spelt = pd.DataFrame({"group": groups, "title": titles}).value_counts().reset_index()
    best = spelt.sort_values(["count", "title"], ascending=[False, True]).drop_duplicates("group")
    return groups, share_texts(pd.Series(groups).map(best.set_index("group")["title"]))


def _places(households: pd.DataFrame) -> np.ndarray:
    """Return «RT 1 RW 2», a text made once for all households that it holds for."""
    which, first = _pairs(households["rt"], households["rw"])
    pairs = households[["rt", "rw"]].iloc[first].to_numpy(dtype=object).tolist()
    told = [" ".join([f"RT {rt}"] * (rt != "") + [f"RW {rw}"] * (rw != "")) for rt, rw in pairs]
    return np.asarray(np.array(told, dtype=object)[which])


def _pairs(one: pd.Series, other: pd.Series | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a number for each row, equal where both values are, and a row of each such pair."""
    codes = pd.factorize(one)[0].astype(np.int64), pd.factorize(other)[0].astype(np.int64)
    _, first, which = np.unique(
        codes[0] * (codes[1].max(initial=0) + 1) + codes[1], return_index=True, return_inverse=True
    )
    return which, first


def _heading(title: str) -> str:
    if not title:
        return NO_DUSUN
    return title if title.startswith("Dusun ") else f"Dusun {title}"


def by_dusun(entries: Mapping[str, Any], members: np.ndarray) -> np.ndarray:
    """Return households with those of one dusun together: the dusun in the order of their first number."""
    places, _ = pd.factorize(entries["group"][members])
    return members[np.argsort(places, kind="stable")]
