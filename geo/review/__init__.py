"""Places that need a human's word: what asks for one, and the queue of a run."""

import json
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import ReviewError
from geo.gazetteer import Gazetteer
from geo.review.decisions import (
    KINDS,
    LONGEST_REASON,
    MASK,
    Decision,
    learned,
    make_decision,
    masked,
    one_line,
)
from geo.review.items import place_keys
from geo.settings import GeocodingSettings

COLUMNS = (
    "item",
    "kind",
    "households",
    "rows",
    "kode",
    "desa",
    "kecamatan",
    "kabupaten",
    "note",
    "candidates",
    "keys",
    "decision",
    "kode_desa",
)
CANDIDATES = 5
"""So many desa are shown for one question."""
SAMPLE = 5
"""So many sheet rows are shown for one question."""
LISTED = 20_000
"""Candidates are looked for in so many questions, the largest; nobody answers more of them."""
LONGEST_NAME = 60
"""Written names are cut there."""

_KEYS = ("kode", "desa", "kecamatan", "kabupaten")
_CODE_DIGITS = (*range(11), 14)
"""Of a desa, its kecamatan, or an SLS in it."""


def no_review() -> pd.DataFrame:
    """Return an empty queue, its columns typed as in any run."""
    return pd.DataFrame(
        {name: pd.Series(dtype="int64" if name == "households" else "str") for name in COLUMNS}
    )


def build_queue(
    households: pd.DataFrame,
    desa: gpd.GeoDataFrame,
    settings: GeocodingSettings,
    decisions: Mapping[str, Decision],
) -> pd.DataFrame:
    """Gather what needs a human's word, the questions of most households first.

    Needs columns: ``review_item``, ``sheet_row``, ``kode_tertulis``, ``desa_tertulis``, ``kecamatan_tertulis``,
    ``kabupaten_tertulis``, ``location_note``, ``kode_desa_stated``, ``kode_desa_located``,
    ``stated_distance_m``.

    Returns
    -------
    pandas.DataFrame
        One row a question, see docs/tables.md. No column of a person; names of places are as the sheet writes
        them, without control characters and long numbers, and may still hold anything.
    """
    asking = pd.DataFrame(households[households["review_item"] != ""])
    if asking.empty:
        return no_review()
    counts = (
        asking["review_item"].value_counts().rename("households").rename_axis("review_item").reset_index()
    )
    order = counts.sort_values(["households", "review_item"], ascending=[False, True], ignore_index=True)
    item = pd.Index(order["review_item"])
    first = asking.drop_duplicates("review_item").set_index("review_item").loc[item]
    # a row without a point says most plainly what is wrong with its names
    plainest = asking.assign(long=asking["location_note"].str.len()).sort_values("long", kind="stable")
    plainest = plainest.drop_duplicates("review_item").set_index("review_item").loc[item]
    words = [decisions.get(key) for key in item.tolist()]
    keys = place_keys(first).astype(object).itertuples(index=False, name=None)
    queue = {
        "item": item,
        "kind": item.str[0].map({kind[0]: kind for kind in KINDS}),
        "households": order["households"],
        "rows": _sample(asking, item),
        **{
            name: [_told(name, text) for text in first[f"{name}_tertulis"].fillna("").tolist()]
            for name in _KEYS
        },
        "note": plainest["location_note"].to_numpy(object),
        "candidates": _candidates(asking, first.iloc[:LISTED], desa, settings, decisions)
        + ["[]"] * (len(first) - LISTED),
        "keys": [
            json.dumps(_without_persons(dict(zip(_KEYS, key, strict=True))), ensure_ascii=False)
            for key in keys
        ],
        "decision": [word.action if word else "" for word in words],
        "kode_desa": [word.kode_desa if word else "" for word in words],
    }
    types = {name: "int64" if name == "households" else "str" for name in COLUMNS}
    return pd.DataFrame(queue, columns=list(COLUMNS)).astype(types)


def question(queue: pd.DataFrame, item: str) -> dict[str, Any]:
    """Return the row of a queue that an item's key, or a beginning of it that is unique, stands for.

    Raises
    ------
    ReviewError
        When there is none, or more than one.
    """
    held = queue[queue["item"].str.startswith(item)] if item else queue.iloc[:0]
    if len(held) != 1:
        how = "lebih dari satu kali ada" if len(held) else "tidak ada"
        raise ReviewError(
            f"Butir «{one_line(item, 20)}» {how} dalam antrean hasil itu. Lihat: peta review list --all."
        )
    return dict(held.iloc[0])


def answer(
    asked: Mapping[str, Any], desa: pd.DataFrame, action: str, choice: str, who: str, why: str
) -> Decision:
    """Return the decision about a question.

    Parameters
    ----------
    asked
        A row of the queue.
    desa
        ``kode_desa`` of the district.
    action
        ``accept`` or ``reject``.
    choice
        What is accepted: the number of a candidate, or a kode_desa; may be empty where there is one candidate.

    Raises
    ------
    ReviewError
        When nothing, or nothing of this district, is chosen; or neither of the two desa of a point.
    """
    kode = ""
    if action == "accept":
        listed = [str(one["kode_desa"]) for one in json.loads(asked["candidates"])]
        numbered = {str(place): one for place, one in enumerate(listed, start=1)}
        kode = listed[0] if not choice and len(listed) == 1 else numbered.get(choice, choice)
        allowed = listed if asked["kind"] == "titik" else [*listed, *desa["kode_desa"]]
        if kode not in allowed and not listed:
            raise ReviewError(
                "Butir ini tidak punya calon. Sebut kode desanya, misalnya 33.26.02.2008, dari kabupaten ini; atau "
                "nyatakan tidak ada yang cocok dengan peta review reject."
            )
        if kode not in allowed:
            others = "" if asked["kind"] == "titik" else ", atau kode desa di kabupaten ini"
            raise ReviewError(f"Sebut calonnya: nomor 1 sampai {len(listed)} menurut daftar{others}.")
    by_place = asked["kind"] != "titik"
    stated = json.loads(asked["keys"]) if by_place else {}
    keys = _without_persons(stated)
    if kode and asked["kind"] in {"nama", "kode"} and (keys != stated or MASK in "".join(keys.values())):
        raise ReviewError(
            "Yang tertulis di butir ini memuat nomor panjang seperti NIK, atau terlalu panjang untuk disimpan sebagai "
            "nama tempat. Perbaiki baris itu di lembar, lalu jalankan kembali peta assess."
        )
    return make_decision(
        item=asked["item"],
        kind=asked["kind"],
        action=action,
        kode_desa=kode,
        keys=keys,
        written=_without_persons({name: asked[name] for name in _KEYS if asked[name]}) if by_place else {},
        who=who,
        why=why,
    )


def review_facts(queue: pd.DataFrame) -> dict[str, int | dict[str, int]]:
    """Count a queue: open questions and their rows, decided questions, open ones by kind, rows by decision."""
    open_ = queue[queue["decision"] == ""]
    kinds = open_["kind"].value_counts()
    rows = queue.groupby("decision")["households"].sum()
    return {
        "items": len(open_),
        "rows": int(open_["households"].sum()),
        "decided": len(queue) - len(open_),
        "kinds": {kind: int(kinds.get(kind, 0)) for kind in KINDS},
        "decisions": {action: int(rows.get(action, 0)) for action in ("accept", "reject")},
    }


def _told(name: str, text: str, longest: int = LONGEST_NAME) -> str:
    """Cut what stands in a cell of a place, and take the numbers of persons out; in their column codes may stay."""
    line = one_line(text, 2 * longest)  # a number may not become unlike one by being cut
    is_code = name == "kode" and sum(sign.isdigit() for sign in line) in _CODE_DIGITS
    return (line if is_code else masked(line))[:longest].strip()


def _without_persons(key: Mapping[str, str]) -> dict[str, str]:
    """Return what may be kept of a stated place."""
    return {name: _told(name, text, LONGEST_REASON) for name, text in key.items()}


def _sample(asking: pd.DataFrame, item: pd.Index) -> list[str]:
    nth = asking.groupby("review_item").cumcount()
    rows: dict[str, list[str]] = {key: [] for key in item.tolist()}
    for key, row in (
        asking.loc[nth < SAMPLE, ["review_item", "sheet_row"]]
        .astype(object)
        .itertuples(index=False, name=None)
    ):
        rows[key].append(str(row))
    return [", ".join(some) for some in rows.values()]


def _candidates(
    asking: pd.DataFrame,
    first: pd.DataFrame,
    desa: gpd.GeoDataFrame,
    settings: GeocodingSettings,
    decisions: Mapping[str, Decision],
) -> list[str]:
    """Return the desa that may be meant, for each question, as JSON.

    For a point: the desa that is stated, and the one where it lies. Else those that the names are like, and the
    one where most of the households' points lie, which may be none of them.
    """
    gazetteer = Gazetteer(desa, settings, learned(decisions, desa["kode_desa"]))
    by_point = np.asarray(first.index.str.startswith("t"))
    points = asking.groupby(["review_item", "kode_desa_located"]).size().rename("points").reset_index()
    points = points.rename(columns={"review_item": "item", "kode_desa_located": "kode_desa"})
    most = points.sort_values(["points", "kode_desa"], ascending=[False, True]).drop_duplicates("item")
    ends, others = first[by_point], first[~by_point]
    stated = {"kode_desa": ends["kode_desa_stated"], "metres": ends["stated_distance_m"].astype("float64")}
    names = gazetteer.candidates(others, limit=CANDIDATES)
    table = pd.concat(
        [
            pd.DataFrame({"item": ends.index, **stated}),
            pd.DataFrame({"item": ends.index, "kode_desa": ends["kode_desa_located"], "metres": 0.0}),
            names.assign(item=others.index[names["place"].to_numpy(int)]).drop(columns="place"),
            most[most["item"].isin(others.index)].drop(columns="points"),
        ],
        ignore_index=True,
    ).drop_duplicates(["item", "kode_desa"])
    table = table.merge(points, on=["item", "kode_desa"], how="left").fillna({"points": 0})
    table = table.merge(desa[["kode_desa", "nama_desa", "nama_kecamatan"]], on="kode_desa")
    listed: dict[str, list[dict[str, object]]] = {item: [] for item in first.index.tolist()}
    columns = ["item", "kode_desa", "nama_desa", "nama_kecamatan", "score", "metres", "points"]
    for item, kode, nama, kecamatan, score, metres, there in (
        table[columns].astype(object).itertuples(index=False, name=None)
    ):
        entry = {"kode_desa": kode, "nama_desa": nama, "nama_kecamatan": kecamatan, "points": int(there)}
        if not np.isnan(score):
            entry["score"] = round(score, 1)
        if not np.isnan(metres):
            entry["metres"] = round(metres)
        listed[item].append(entry)
    return [json.dumps(entries, ensure_ascii=False) for entries in listed.values()]
