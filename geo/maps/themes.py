"""How each indicator colours the desa: measures cut into classes, with the words of their legend."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.assessment import Assessment
from geo.symbology import (
    COLD_COLOUR,
    HOT_COLOUR,
    RAMP_RTLH,
    RAMPS,
    class_breaks,
    number,
    percent,
    target_share,
)

MEASURES = {
    "rate": "Tingkat (%)",
    "smoothed": "Tingkat dihaluskan (%)",
    "need": "Jumlah rumah tangga",
    "gap": "Kekurangan menuju target",
    "hot": "Desa panas",
}
ABOUT = {
    "rate": "Membutuhkan dibagi diketahui, dari rumah tangga dalam register (bukan seluruh penduduk).",
    "smoothed": "Tingkat desa yang datanya sedikit ditarik ke tingkat kabupaten, agar kebetulan tidak tampak "
    "sebagai puncak.",
    "need": "Banyaknya rumah tangga, bukan bagiannya: desa yang besar wajar berjumlah besar.",
    "gap": "Rumah tangga yang masih perlu dilayani sampai {target} dari yang diketahui terlayani; 0: target tercapai "
    "sejauh yang diketahui, dan hanya untuk register.",
    "hot": "Desa yang bersama tetangganya nyata lebih sering (panas) atau nyata lebih jarang (dingin) membutuhkan "
    "daripada bila kebutuhan tersebar acak.",
}
"""One sentence that explains each measure."""

HATCH = "url(#hatch-untested)"
"""Fill of what was not tested: a pattern of the page, so that it is neither a class nor a blank."""

WITHHELD = "tidak ditampilkan, agar angka kecil tetap rahasia"
UNTESTED, UNTESTED_OR_WITHHELD = "Tidak diuji", "Tidak ditampilkan atau diuji"
POSITIVE_CLASSES = 4
_UNTESTED = 3

Json = dict[str, Any]


@dataclass(frozen=True)
class Theme:
    """One measure of one indicator as classes of desa.

    Attributes
    ----------
    colours, titles
        Of each class.
    classes
        The class of each desa, -1 where nothing may be said.
    edges
        Labels of the edges of continuous classes; empty where each class has a label of its own.
    about
        One sentence that explains it.
    """

    measure: str
    title: str
    colours: tuple[str, ...]
    titles: tuple[str, ...]
    classes: np.ndarray
    edges: tuple[str, ...]
    about: str

    def counts(self) -> list[int]:
        """Return how many desa each class has."""
        found: list[int] = np.bincount(self.classes[self.classes >= 0], minlength=len(self.colours)).tolist()
        return found


def themes_by_indicator(assessment: Assessment) -> dict[str, dict[str, Theme]]:
    """Return by indicator and measure what may colour the desa; the rate is always there.

    Needs columns of the desa ``<indicator>_enough``, ``_rate``, and of use ``_smoothed``, ``_need``, ``_gap``; table
    ``hot_spots``. What is missing is no choice.
    """
    return {entry["id"]: _themes(assessment, entry) for entry in assessment.facts["indicators"]}


def numbers(table: pd.DataFrame, name: str) -> pd.Series:
    """Return a column as float, all missing where the table has none."""
    if name not in table:
        return pd.Series(np.nan, index=table.index)
    return table[name].astype("Float64").astype("float64")


def _themes(assessment: Assessment, entry: Json) -> dict[str, Theme]:
    desa, indicator, title = assessment.desa, entry["id"], entry["title"]
    enough = numbers(desa, f"{indicator}_enough").eq(1)
    values = {
        measure: numbers(desa, f"{indicator}_{measure}").where(enough).to_numpy() for measure in MEASURES
    }
    ramp = RAMPS.get(indicator, RAMP_RTLH)
    breaks = class_breaks(values["rate"], ramp)
    edges = tuple(percent(edge) for edge in breaks.edges)
    found = {}
    for measure, words in (("rate", "% per desa"), ("smoothed", "% per desa, dihaluskan")):
        # the same classes for both: a colour that changes is a desa that was shrunk
        classes = placed(values[measure], np.array(breaks.edges[1:-1]), "right")
        if measure == "rate" or (classes >= 0).any():
            found[measure] = Theme(
                measure,
                f"{title}, {words}",
                breaks.colours,
                tuple(breaks.titles()),
                classes,
                edges,
                ABOUT[measure],
            )
    if np.isfinite(values["need"]).any():
        found["need"] = counted_theme(
            "need", f"{title}, rumah tangga per desa", values["need"], ramp, ABOUT["need"]
        )
    if np.isfinite(values["gap"]).any():
        share = target_share(assessment.facts, indicator)
        target = f"target {share}" if share else "target"
        found["gap"] = counted_theme(
            "gap",
            f"{title}, kekurangan menuju {target}",
            values["gap"],
            ramp,
            ABOUT["gap"].format(target=share or "target"),
        )
    if hot := _hot(assessment, indicator, title):
        found["hot"] = hot
    return found


def placed(values: np.ndarray, inner: np.ndarray, side: Any) -> np.ndarray:  # noqa: ANN401  numpy's literal
    """Return the class of each value between inner edges; -1 for a missing one."""
    return np.where(np.isfinite(values), np.searchsorted(inner, np.nan_to_num(values), side=side), -1)


def counted_theme(measure: str, title: str, values: np.ndarray, ramp: Sequence[str], about: str) -> Theme:
    """Cut counts into nought and quantile classes of whole numbers."""
    highs = count_classes(values)
    lows = np.r_[0, highs].astype(int)[:-1] + 1
    steps = (
        np.linspace(1, len(ramp) - 1, len(highs)).round().astype(int) if len(highs) > 1 else [len(ramp) // 2]
    )
    spans = [
        number(low) if low == high else f"{number(low)}–{number(high)}"
        for low, high in zip(lows, highs, strict=True)
    ]
    colours = (ramp[0], *(ramp[step] for step in steps[: len(highs)]))
    # nought is class 0, and the first high closes class 1
    classes = placed(values, np.r_[0, highs], "left")
    return Theme(measure, title, colours, ("0", *spans), classes, (), about)


def count_classes(values: np.ndarray) -> np.ndarray:
    """Return the highest count of each class, of at most four, over what is more than nought.

    Examples
    --------
    >>> count_classes(np.array([0, 1, 2, 3, 4, 10, 20, 40, np.nan])).tolist()
    [2, 4, 20, 40]
    >>> count_classes(np.array([0.0])).tolist()
    []
    """
    positive = values[np.isfinite(values) & (values > 0)]
    if not positive.size:
        return np.empty(0, dtype=int)
    cuts = np.quantile(positive, np.linspace(0, 1, POSITIVE_CLASSES + 1)[1:], method="inverted_cdf")
    return np.unique(np.ceil(cuts).astype(int))


def _hot(assessment: Assessment, indicator: str, title: str) -> Theme | None:
    table = assessment.hot_spots
    if "indicator" not in table or not (table["indicator"] == indicator).any():
        return None
    rows = hot_rows(assessment, indicator)
    return hot_theme(title, rows["gi_class"], rows["untested"], assessment.facts)


def hot_theme(title: str, kinds: pd.Series, untested: pd.Series, facts: Mapping[str, Any]) -> Theme:
    """Return the classes of hot and cold desa.

    Parameters
    ----------
    kinds, untested
        As :func:`hot_rows` gives them: what was found of each desa, and why there is no answer.
    facts
        Of the run; ``hot_spots`` says whether the tests were corrected for being many.
    """
    places = kinds.map({"panas": 0, "dingin": 1}).fillna(2).to_numpy(dtype=int)
    unsaid = UNTESTED_OR_WITHHELD if untested.eq(WITHHELD).any() else UNTESTED
    alone = facts.get("hot_spots", {}).get("correction") == "none"
    return Theme(
        "hot",
        f"{title}, desa panas dan dingin",
        (HOT_COLOUR, COLD_COLOUR, "#ffffff", HATCH),
        ("Panas: nyata lebih sering", "Dingin: nyata lebih jarang", "Tidak nyata berbeda", unsaid),
        np.where(untested.eq(""), places, _UNTESTED),
        (),
        ABOUT["hot"] + (" Tanpa koreksi uji berganda: sebagian tentu semu." if alone else ""),
    )


def hot_rows(assessment: Assessment, indicator: str) -> pd.DataFrame:
    """Return the hot spot row of each desa, in the order of the desa.

    ``gi_class`` is empty where nothing was found; ``untested`` says in whole words why there is no answer: the
    desa was not tested, or its figures are withheld from this audience.
    """
    table, desa = assessment.hot_spots, assessment.desa
    rows = table[table["indicator"] == indicator].drop_duplicates("kode_desa").set_index("kode_desa")
    there = desa["kode_desa"].isin(rows.index).to_numpy(bool)
    rows = rows.reindex(desa["kode_desa"]).reset_index().fillna({"gi_class": "", "untested": ""})
    withheld = numbers(desa.reset_index(drop=True), f"{indicator}_suppressed").eq(1)
    reason = rows["untested"].astype("object")
    unanswered = reason.ne("") | ~there
    words = ("tidak diuji: " + reason).where(reason.ne(""), "tidak diuji").mask(withheld, WITHHELD)
    return rows.assign(untested=words.where(unanswered, ""))
