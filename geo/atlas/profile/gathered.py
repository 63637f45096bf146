"""The tables of a run looked through for profiles: figures, parts, kantong and progress of each area."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from geo.assessment import Assessment
from geo.atlas.profile.area import DESA, KECAMATAN, Area, Figure
from geo.privacy import SMALLEST, Level
from geo.symbology import circle_labels, target_share


class Gathered:
    """The tables of a run, looked through once for all its areas.

    Parameters
    ----------
    assessment
        Fit for those who read: nothing sensitive of a household is in it.
    visits
        Progress by ``kode_desa`` (index), as :func:`geo.outcomes.progress` counts it; nothing where it is not told.
    """

    def __init__(self, assessment: Assessment, visits: pd.DataFrame | None) -> None:
        self.assessment, self._visits = assessment, visits
        self._areas_only = assessment.facts.get("audience") == Level.PUBLIK
        self._tables = {DESA: assessment.desa, KECAMATAN: assessment.kecamatan}
        self._indicators = [
            entry
            for entry in assessment.facts["indicators"]
            if any(f"{entry['id']}_known" in table for table in self._tables.values())
        ]
        self._ranks = {
            (level, entry["id"]): _ranks(table, str(entry["id"]))
            for level, table in self._tables.items()
            for entry in self._indicators
        }
        scans = assessment.scans
        drawn = {"indicator", "base", "significant", "members"} <= {*scans.columns}
        scans = pd.DataFrame(scans.assign(label=circle_labels(scans)) if drawn else scans.iloc[:0])
        if drawn:
            scans = scans[scans["significant"].fillna(value=False).astype(bool) & scans["base"].eq("desa")]
        self._circles = scans
        self._members = [set(str(members).split()) for members in scans["members"]] if drawn else []

    def area(self, level: str, place: int) -> Area:
        """Return what is told of one area: of the desa or the kecamatan at a place of its table."""
        row = self._tables[level].iloc[place]
        kode = str(row[f"kode_{level}"])
        codes = self._codes(level, kode)
        open_needs = tuple(
            (entry["id"], str(entry["title"])) for entry in self._indicators if not entry["sensitive"]
        )
        return Area(
            level=level,
            place=place,
            kode=kode,
            name=str(row[f"nama_{level}"]),
            kind=_kind(level, row),
            kecamatan=str(row["nama_kecamatan"]),
            households=value(row, "households"),
            located=value(row, "located"),
            figures=tuple(self._figure(level, place, row, entry) for entry in self._indicators),
            parts=self._parts(level, kode, [name for name, _ in open_needs]),
            kantong=self._kantong(codes),
            circles=self._circles[[bool(members & codes) for members in self._members]],
            hot=self._hot(codes, open_needs),
            chosen=self._chosen(codes),
            visits=self._progress(codes),
            open_needs=open_needs,
            areas_only=self._areas_only,
        )

    def _codes(self, level: str, kode: str) -> set[str]:
        desa = self.assessment.desa
        return {kode} if level == DESA else set(desa.loc[desa["kode_kecamatan"] == kode, "kode_desa"])

    def _figure(self, level: str, place: int, row: pd.Series, entry: Mapping[str, Any]) -> Figure:
        name = str(entry["id"])
        ranks = self._ranks[level, name]
        needs = self.assessment.facts.get("needs", {}).get(name, {})
        known = needs.get("known") or np.nan
        few = value(row, f"{name}_enough") == 0
        return Figure(
            id=name,
            title=str(entry["title"]),
            target=target_share(self.assessment.facts, name),
            sensitive=bool(entry["sensitive"]),
            known=value(row, f"{name}_known"),
            need=value(row, f"{name}_need"),
            unknown=value(row, f"{name}_unknown"),
            rate=value(row, f"{name}_rate"),
            low=value(row, f"{name}_low"),
            high=value(row, f"{name}_high"),
            outer=self._outer(level, row, name),
            whole=float(needs.get("need") or np.nan) / float(known)
            if needs.get("need") is not None
            else np.nan,
            rank=float(ranks[place]),
            ranked=int(np.isfinite(ranks).sum()),
            gap=value(row, f"{name}_gap"),
            most=value(row, f"{name}_gap_most"),
            withheld=bool(row.get(f"{name}_suppressed", False))
            or not np.isfinite(value(row, f"{name}_known")),
            few=few,
        )

    def _outer(self, level: str, row: pd.Series, name: str) -> float:
        kecamatan = self.assessment.kecamatan
        if level != DESA or f"{name}_rate" not in kecamatan:
            return float("nan")
        found = kecamatan.loc[kecamatan["kode_kecamatan"] == row["kode_kecamatan"], f"{name}_rate"]
        return float(found.iloc[0]) if len(found) and pd.notna(found.iloc[0]) else float("nan")

    def _parts(self, level: str, kode: str, needs: Sequence[str]) -> pd.DataFrame:
        table, title = (
            (self.assessment.dusun, "dusun") if level == DESA else (self.assessment.desa, "nama_desa")
        )
        columns = [f"{name}_need" for name in needs]
        if f"kode_{level}" not in table or title not in table:
            return pd.DataFrame(columns=["title", "households", *columns])
        mine = pd.DataFrame(table[table[f"kode_{level}"] == kode]).rename(columns={title: "title"})
        shown = mine.reindex(columns=["title", "households", *columns])
        for name, column in zip(needs, columns, strict=True):
            known = mine.get(f"{name}_known", shown["households"])
            shown[column] = without_few(_floats(shown[column]), _floats(known))
        return shown.sort_values(
            [*columns[:1], "title"], ascending=[False] * len(columns[:1]) + [True], ignore_index=True
        )

    def _kantong(self, codes: set[str]) -> pd.DataFrame:
        clusters = self.assessment.clusters
        if not {"kode_desa", "households", "name"} <= {*clusters.columns}:
            return pd.DataFrame(columns=["name", "indicator", "households", "walk_m", "label"])
        mine = pd.DataFrame(clusters[clusters["kode_desa"].isin(codes)])
        mine = mine.reindex(columns=["cluster_id", "name", "indicator", "households", "walk_m"])
        mine = mine.assign(label="K" + mine["cluster_id"].astype(str))
        return mine.sort_values("households", ascending=False, ignore_index=True)

    def _hot(self, codes: set[str], needs: Sequence[tuple[str, str]]) -> tuple[tuple[str, int], ...]:
        spots = self.assessment.hot_spots
        if not {"kode_desa", "indicator", "gi_class"} <= {*spots.columns}:
            return ()
        hot = spots[spots["kode_desa"].isin(codes) & spots["gi_class"].eq("panas")]
        counts = hot["indicator"].value_counts()
        return tuple((title, int(counts[name])) for name, title in needs if name in counts.index)

    def _chosen(self, codes: set[str]) -> float:
        listed = self.assessment.priorities
        if self._areas_only:
            return float("nan")
        if not {"chosen", "kode_desa"} <= {*listed.columns}:
            return 0.0
        return float((listed["chosen"].astype(bool) & listed["kode_desa"].isin(codes)).sum())

    def _progress(self, codes: set[str]) -> Mapping[str, float] | None:
        if self._visits is None:
            return None
        mine = self._visits[self._visits.index.isin(list(codes))]
        return {str(name): float(total) for name, total in mine.select_dtypes("number").sum().items()}


def without_few(need: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Leave out counts that tell of fewer than five households, in need or not; and one more where a sum would tell.

    Examples
    --------
    >>> without_few(np.array([20.0, 9.0, 3.0]), np.array([60.0, 30.0, 40.0])).tolist()
    [20.0, nan, nan]
    """
    few = (need < SMALLEST) | (known - need < SMALLEST)
    shown = np.where(few, np.nan, need)
    if few.sum() == 1 and np.isfinite(shown).any():
        shown[np.nanargmin(shown)] = np.nan
    return shown


def _floats(counts: pd.Series) -> np.ndarray:
    return np.asarray(pd.to_numeric(counts, errors="coerce"), dtype=float)


def value(row: pd.Series, name: str) -> float:
    """Return a figure of an area, not a number where it is missing."""
    found = row.get(name)
    return float("nan") if found is None or pd.isna(found) else float(found)


def _kind(level: str, row: pd.Series) -> str:
    if level == KECAMATAN:
        return "Kecamatan"
    return "Kelurahan" if str(row.get("jenis", "")).strip().lower() == "kelurahan" else "Desa"


def _ranks(table: pd.DataFrame, name: str) -> np.ndarray:
    if f"{name}_rate" not in table:
        return np.full(len(table), np.nan)
    rates = pd.to_numeric(table[f"{name}_rate"], errors="coerce")
    if f"{name}_enough" in table:
        rates = rates.where(table[f"{name}_enough"].fillna(value=False).astype(bool))
    return np.asarray(rates.rank(ascending=False, method="min"), dtype=float)
