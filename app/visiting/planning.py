"""The plan of a saved list, reckoned in a process of its own while the pages go on, one at a time."""

import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from pydantic import ValidationError
from sqlalchemy import select

from app.access.roles import Person
from app.library import OpenedRun
from app.records import Records
from app.records.tables import HouseholdList, Member, now
from app.trail import leave
from app.visiting.households import positions_of
from app.visiting.plans import BEGUN, FACTS, Plan, minutes_by_day
from geo.errors import PetaError, SettingsError
from geo.settings import VisitSettings
from geo.symbology import number
from geo.visits import VisitPlan, check_visit_settings

LONGEST_S = 600
MOST_ROWS = 2_000
"""So many households are planned at once, the best-ranked; the others are told to be left out."""

Asked = tuple[pd.DataFrame, gpd.GeoDataFrame, gpd.GeoDataFrame]

WAYS = ("sheet_row", "kode_desa", "dusun", "reference_lon", "reference_lat")


@dataclass(frozen=True)
class State:
    """How far the planning of a list has come (``antre``, ``jalan``, ``selesai``, ``gagal``), and in words."""

    word: str
    message: str


BROKEN_OFF = State(
    "gagal", "Penyusunan terhenti karena aplikasi dimulai lagi. Tekan «Susun kunjungan» sekali lagi."
)


class Planner:
    """Plans lists, one after another; what was broken off when the application ended is told, and asked for again."""

    def __init__(self) -> None:
        self._states: dict[int, State] = {}
        self._lock, self._turn = threading.Lock(), threading.Lock()

    def state(self, list_id: int) -> State | None:
        """Return how far a list has come; nothing when nobody asked since the application began."""
        with self._lock:
            return self._states.get(list_id)

    def state_of(self, plan: Plan) -> State | None:
        """Return how far the list of a plan has come; that it was broken off when nobody is at it any more."""
        if not plan.is_list:
            return None
        return self.state(int(plan.key)) or (BROKEN_OFF if plan.begun else None)

    def begin(
        self, records: Records, opened: OpenedRun, who: Person, list_id: int, settings: VisitSettings
    ) -> None:
        """Begin to plan a list, unless that is under way.

        Raises
        ------
        SettingsError
            When the settings cannot be used, or the list is empty.
        """
        check_visit_settings(settings, opened.assessment.desa)
        asked = _asked(records, opened, list_id)
        with self._lock:
            held = self._states.get(list_id)
            if held and held.word in {"antre", "jalan"}:
                return
            self._states[list_id] = State("antre", "Menunggu giliran.")
        _mark(records, list_id, begun=True)

        work = threading.Thread(
            target=self._work, args=(asked, records, who, list_id, settings), name=f"kunjungan-{list_id}", daemon=True
        )  # fmt: skip
        work.start()

    def _work(
        self, asked: Asked, records: Records, who: Person, list_id: int, settings: VisitSettings
    ) -> None:
        with self._turn:
            self._say(list_id, State("jalan", f"Menyusun rute untuk {number(len(asked[0]))} rumah tangga …"))
            state = _worked(lambda: _reckon(*asked, settings), records, who, list_id, settings)
            if state.word == "gagal":
                _mark(records, list_id, begun=False)
            self._say(list_id, state)

    def _say(self, list_id: int, state: State) -> None:
        with self._lock:
            self._states[list_id] = state


def read_settings(opened: OpenedRun, asked: dict[str, object]) -> VisitSettings:
    """Return the settings of a plan: what was asked for, else those the run was made with.

    Raises
    ------
    SettingsError
        Naming what cannot be.
    """
    stated = opened.facts.get("settings", {}).get("visits", {})
    # a run names its files without their folders, and tells no address of a router
    held = {
        name: stated[name] for name in VisitSettings.model_fields.keys() - {"dem", "router"} if name in stated
    }
    if asked.get("teams") != held.get("teams") and len(held.get("starts", ())) > 1:
        held["starts"] = ()
    try:
        return VisitSettings.model_validate(held | asked)
    except ValidationError as fault:
        names = {"teams": "regu", "days": "hari", "minutes_a_day": "menit sehari", "minutes_a_visit": "menit kunjungan",
                 "minutes_a_desa": "menit lapor desa", "speed_kmh": "kecepatan", "starts": "tempat mulai"}  # fmt: skip
        first = str(fault.errors()[0]["loc"][0])
        raise SettingsError(
            f"Isian «{names.get(first, first)}» tidak dapat dipakai. Periksa angkanya."
        ) from fault


def _asked(records: Records, opened: OpenedRun, list_id: int) -> Asked:
    """Return the chosen, the households that tell of their ways, and the desa, as small as the work allows."""
    with records.session() as session:
        members = [
            (m.sheet_row, m.rank) for m in session.scalars(select(Member).where(Member.list_id == list_id))
        ]
    if not members:
        raise SettingsError("Daftar itu kosong: tidak ada yang dapat dikunjungi.")
    chosen = pd.DataFrame(members, columns=["sheet_row", "rank"])
    place = positions_of(opened, chosen["sheet_row"].to_numpy("int64"))
    chosen, place = chosen[place >= 0], place[place >= 0]
    households = opened.assessment.households
    chosen = chosen.assign(
        rank=chosen["rank"].astype("Int64").fillna(2**31).astype("int64"),
        **{name: households[name].iloc[place].to_numpy() for name in ("kode_desa", "nama_desa")},
    )
    desa = opened.assessment.desa[["kode_desa", "nama_desa", "geometry"]]
    near = households["counts"].to_numpy(bool) & households["kode_desa"].isin(chosen["kode_desa"]).to_numpy()
    near[place] = True
    wanted = [name for name in WAYS if name in households]
    return chosen, households.loc[near, [*wanted, households.geometry.name]], desa


def _reckon(
    chosen: pd.DataFrame, households: gpd.GeoDataFrame, desa: gpd.GeoDataFrame, settings: VisitSettings
) -> VisitPlan:
    # the engine holds the interpreter for seconds: a process of its own, so that no page waits
    done = subprocess.run(
        [sys.executable, "-m", "app.visiting.reckoning"],
        input=pickle.dumps((chosen, households, desa, settings)),
        capture_output=True,
        timeout=LONGEST_S,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    answer = pickle.loads(done.stdout)  # noqa: S301  -- what the same program has just written
    if not isinstance(answer, VisitPlan):
        raise SettingsError(str(answer))
    return answer


def _worked(
    work: Callable[[], VisitPlan], records: Records, who: Person, list_id: int, settings: VisitSettings
) -> State:
    try:
        plan = work()
        _keep(plan, records, who, list_id, settings)
    except PetaError as fault:
        return State("gagal", str(fault))
    except subprocess.TimeoutExpired:
        return State(
            "gagal",
            f"Belum selesai sesudah {LONGEST_S // 60} menit, lalu dihentikan. Coba daftar yang lebih pendek.",
        )
    except (subprocess.CalledProcessError, OSError, MemoryError):
        return State("gagal", "Penghitungan terhenti. Coba lagi; bila terulang, beri tahu admin.")
    except Exception:  # noqa: BLE001  -- the page must not wait for ever for work that broke
        return State(
            "gagal", "Terjadi galat tak terduga saat menyusun rencana. Coba lagi, atau beri tahu admin."
        )
    return State("selesai", f"Selesai: {number(plan.facts['planned'])} kunjungan.")


def _mark(records: Records, list_id: int, *, begun: bool) -> None:
    """Remember that a list is being planned, or that nobody is at it any more."""
    with records.session(alone=True) as session:
        saved = session.get(HouseholdList, list_id)
        if saved is not None:
            others = {name: value for name, value in saved.facts.items() if name != BEGUN}
            saved.facts = others | ({BEGUN: now().isoformat()} if begun else {})


def _keep(plan: VisitPlan, records: Records, who: Person, list_id: int, settings: VisitSettings) -> None:
    visits = {
        row: (team, day, order, travel, start)
        for row, team, day, order, travel, start in plan.visits[
            ["sheet_row", "team", "day", "order", "travel_minutes", "start_minute"]
        ].itertuples(index=False)
    }
    out = dict(zip(plan.left_out["sheet_row"], plan.left_out["reason"], strict=True))
    with records.session(alone=True) as session:
        saved = session.get(HouseholdList, list_id)
        if saved is None:
            raise SettingsError("Daftar itu sudah dihapus.")
        for member in session.scalars(select(Member).where(Member.list_id == list_id)):
            team, day, order, travel, start = visits.get(member.sheet_row, (None,) * 5)
            member.team, member.day, member.order = (
                None if x is None else int(x) for x in (team, day, order)
            )
            member.travel_minutes, member.start_minute = (
                None if x is None else float(x) for x in (travel, start)
            )
            member.left_out = (
                "" if team is not None else str(out.get(member.sheet_row, "tidak ada dalam hasil ini"))
            )
        told: dict[str, Any] = {
            "asked": settings.model_dump(mode="json", include={*_SHOWN}),
            "assumptions": list(plan.facts["assumptions"]),
            "starts": plan.facts["starts"],
            "minutes": minutes_by_day(plan.visits),
            "at": now().isoformat(),
            "by": who.name,
        }
        saved.facts = {name: value for name, value in saved.facts.items() if name != BEGUN} | {FACTS: told}
        leave(session, who, "kunjungan", f"daftar {list_id}", households=len(visits), run=saved.run)


_SHOWN = ("teams", "days", "minutes_a_day", "minutes_a_visit", "minutes_a_desa", "speed_kmh")
