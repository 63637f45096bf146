"""What a book is for: whole desa, or some of their households."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd

from geo.assessment import Assessment
from geo.errors import SettingsError
from geo.symbology import number

_KINDS = {True: "Kelurahan", False: "Desa"}

_NAMED = 6
"""So many candidates stand in a message, and so many areas in a title."""


@dataclass(frozen=True)
class Selection:
    """Which households a book holds.

    Attributes
    ----------
    title
        What the cover calls it: «Kecamatan Wonokerto», «Regu 2, hari 3», «Daftar RTLH triwulan II».
    desa
        ``kode_desa`` of every desa that has a sheet, in the order of the book: of codes, or for a day's visits of
        their first turn; one without households has one too.
    rows
        Sheet rows of the chosen households; ``None``: every household of those desa.
    turn
        For a day's visits: which place in the day each household has, by sheet row; else empty.
    visits
        The day in the plan that these turns are of; without it, that of the run's own plan is sought.
    """

    title: str
    desa: tuple[str, ...]
    rows: np.ndarray | None = None
    turn: Mapping[int, int] | None = None
    visits: pd.DataFrame | None = field(default=None, compare=False)


def whole_district(assessment: Assessment) -> Selection:
    """Choose every desa of a run."""
    return Selection(
        f"Seluruh {assessment.facts['district']['nama']}", tuple(sorted(assessment.desa["kode_desa"]))
    )


def of_areas(assessment: Assessment, *, desa: Sequence[str] = (), kecamatan: Sequence[str] = ()) -> Selection:
    """Choose desa, and all desa of kecamatan.

    Parameters
    ----------
    desa, kecamatan
        Codes, with or without dots, or whole names; at least one of them.

    Raises
    ------
    SettingsError
        When one of them is not known, or fits several: the candidates are named.
    """
    table = assessment.desa
    wholes = table.drop_duplicates("kode_kecamatan")
    whole = find_areas(wholes, kecamatan, "kecamatan")
    single = find_areas(table, desa, "desa")
    codes = {*single, *table.loc[table["kode_kecamatan"].isin(whole), "kode_desa"]}
    titles = _titles(wholes, whole, "kecamatan") + _titles(table, single, "desa")
    return Selection(", ".join(titles), tuple(sorted(codes)))


def find_areas(table: pd.DataFrame, texts: Sequence[str], kind: str) -> list[str]:
    """Return the codes of the desa or kecamatan (``kind``) that somebody means, as :func:`of_areas` reads them."""
    return [_find(table, text, kind) for text in texts]


def of_kantong(assessment: Assessment, clusters: Iterable[int]) -> Selection:
    """Choose the households of kantong, by ``cluster_id``.

    Raises
    ------
    SettingsError
        When one of them does not exist.
    """
    wanted = list(dict.fromkeys(clusters))
    known = assessment.clusters.set_index("cluster_id")["indicator"]
    strange = [cluster for cluster in wanted if cluster not in known.index]
    if strange:
        reach = (
            f"Yang ada: K{known.index.min()} sampai K{known.index.max()}."
            if len(known)
            else "Hasil itu tidak punya kantong."
        )
        raise SettingsError(f"Kantong K{strange[0]} tidak ada. {reach}")
    households = assessment.counted
    inside = np.zeros(len(households), dtype=bool)
    for indicator in known.loc[wanted].unique():
        inside |= households[f"cluster_{indicator}"].isin(wanted).to_numpy(bool)
    names = ", ".join(f"K{cluster}" for cluster in wanted[:_NAMED])
    title = f"Kantong {names}" if len(wanted) <= _NAMED else f"{number(len(wanted))} kantong"
    return of_rows(assessment, households["sheet_row"].to_numpy()[inside], title)


def of_rows(
    assessment: Assessment, rows: Iterable[int], title: str, turn: Mapping[int, int] | None = None
) -> Selection:
    """Choose households by their rows of the sheet.

    Raises
    ------
    SettingsError
        When there is none, one does not count in the run, or the desa of none is known.
    """
    wanted = np.unique(np.fromiter(rows, dtype=np.int64))
    households = assessment.counted
    there = households["sheet_row"].isin(wanted).to_numpy(bool)
    if not len(wanted):
        raise SettingsError(f"{title}: tidak ada rumah tangga yang dipilih.")
    if there.sum() < len(wanted):
        raise SettingsError(
            f"{title}: {number(len(wanted) - there.sum())} baris lembar tidak dihitung dalam hasil itu. Periksa apakah "
            f"daftar dan hasil dari lembar yang sama."
        )
    codes = households.loc[there, "kode_desa"].dropna().unique()
    if not len(codes):
        raise SettingsError(f"{title}: desa dari rumah tangga itu tidak diketahui, jadi tidak ada lembarnya.")
    return in_turn(Selection(title, tuple(sorted(codes)), wanted, turn), households)


def in_turn(selection: Selection, households: pd.DataFrame) -> Selection:
    """Put the desa of a day's visits in the order of their first turn; those of any other selection stay.

    Parameters
    ----------
    households
        Needs columns: ``kode_desa``, ``sheet_row``.
    """
    if not selection.turn:
        return selection
    mine = households[households["sheet_row"].isin([*selection.turn])]
    first = mine["sheet_row"].map(selection.turn).groupby(mine["kode_desa"].to_numpy()).min().to_dict()
    last = len(selection.turn) + max(selection.turn.values())
    return replace(
        selection, desa=tuple(sorted(selection.desa, key=lambda code: (first.get(code, last), code)))
    )


def of_visits(visits: pd.DataFrame, assessment: Assessment, team: int | None, day: int | None) -> Selection:
    """Choose the households that one team visits on one day, with their turns; one day at a time is a book.

    Parameters
    ----------
    visits
        ``team``, ``day``, ``order``, ``sheet_row``: the plan of the run or another one.
    team, day
        Which; without a day the only one that the team goes.

    Raises
    ------
    SettingsError
        When nobody is visited then, or team or day must be said: those there are, are named.
    """
    if len(visits) and team is None:
        there = visits if day is None else visits[visits["day"] == day]
        told = ", ".join(map(str, sorted(there["team"].unique()))) or "tidak ada"
        raise SettingsError(
            f"Satu buku ialah satu hari satu regu: sebut juga --team. Regu yang berkunjung: {told}."
        )
    mine = visits[visits["team"] == team] if len(visits) else visits
    days = sorted(mine["day"].unique())
    if day is None and len(days) > 1:
        raise SettingsError(
            f"Regu {team} berkunjung beberapa hari, dan satu buku ialah satu hari: sebut --day. Hari yang ada: "
            f"{', '.join(map(str, days))}."
        )
    day = int(days[0]) if day is None and days else day
    mine = mine[mine["day"] == day] if len(mine) else mine
    words = [f"regu {team}" if team is not None else "", f"hari {day}" if day is not None else ""]
    title = ", ".join(word for word in words if word).capitalize() or "Rencana kunjungan"
    if mine.empty:
        reach = (
            f"Rencana itu punya regu 1 sampai {visits['team'].max()} dan hari 1 sampai {visits['day'].max()}."
            if len(visits)
            else "Rencana itu kosong."
        )
        raise SettingsError(f"{title}: tidak ada kunjungan. {reach}")
    turn = dict(zip(mine["sheet_row"].tolist(), mine["order"].tolist(), strict=True))
    return replace(of_rows(assessment, mine["sheet_row"], title, turn), visits=mine)


def narrowed(selection: Selection, area: Selection, assessment: Assessment) -> Selection:
    """Keep of chosen households those in the desa of another selection.

    Raises
    ------
    SettingsError
        When none of them lies there.
    """
    households = assessment.counted
    inside = households["kode_desa"].isin(area.desa).to_numpy(bool)
    rows = households["sheet_row"].to_numpy()[inside]
    title = f"{selection.title}; {area.title}"
    if selection.rows is None:
        return replace(
            selection, title=title, desa=tuple(code for code in selection.desa if code in {*area.desa})
        )
    found = of_rows(assessment, np.intersect1d(selection.rows, rows), title, selection.turn)
    return replace(found, visits=selection.visits)


def _find(table: pd.DataFrame, text: str, kind: str) -> str:
    """Return the code of the one area that somebody means."""
    codes, names = table[f"kode_{kind}"], table[f"nama_{kind}"].astype(str)
    plain, digits = _plain(text), text.replace(".", "").replace(" ", "")
    named = (codes == text.strip()).to_numpy(bool)
    if not named.any():
        named = codes.str.replace(".", "").eq(digits).to_numpy(bool) | names.map(_plain).eq(plain).to_numpy(
            bool
        )
        # a code of ten digits may be that of the statistics office, but none that is written with dots
        if text.strip().isdecimal() and "kode_bps" in table and kind == "desa":
            named |= table["kode_bps"].astype(str).eq(digits).to_numpy(bool)
    found = table[named]
    if len(found) == 1:
        return str(found[f"kode_{kind}"].iloc[0])
    if len(found):
        told = "; ".join(_described(row, kind) for row in found.head(_NAMED).to_dict("records"))
        raise SettingsError(f"«{text}» cocok dengan {number(len(found))} {kind}: {told}. Tulis kodenya.")
    near = get_close_matches(plain, names.map(_plain), n=_NAMED)
    about = table[names.map(_plain).isin(near)].head(_NAMED)
    told = "; ".join(_described(row, kind) for row in about.to_dict("records"))
    hint = f" Mungkin maksudnya: {told}." if told else " Tulis kode atau nama lengkapnya."
    raise SettingsError(f"{kind.capitalize()} «{text}» tidak ada dalam hasil itu.{hint}")


def _described(row: Mapping[Any, Any], kind: str) -> str:
    where = f", Kecamatan {row['nama_kecamatan']}" if kind == "desa" else ""
    return f"{row[f'nama_{kind}']} ({row[f'kode_{kind}']}{where})"


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _titles(table: pd.DataFrame, codes: Sequence[str], kind: str) -> list[str]:
    """Name areas for a title, kelurahan apart from desa; many are only counted."""
    chosen = list(dict.fromkeys(codes))
    if not chosen:
        return []
    if len(chosen) > _NAMED:
        return [f"{number(len(chosen))} {kind}"]
    rows = table.set_index(f"kode_{kind}").loc[chosen]
    names = rows[f"nama_{kind}"].astype(str)
    if kind == "desa" and "jenis" in rows:
        kinds = rows["jenis"].astype(str).str.strip().str.lower().eq("kelurahan").map(_KINDS)
    else:
        kinds = pd.Series(kind.capitalize(), index=rows.index)
    return [f"{word} {', '.join(own)}" for word, own in names.groupby(kinds, sort=False)]
