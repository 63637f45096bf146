"""A choice solved: the one road of the command line and the pages, and for the pages one at a time, kept a while."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from geo.assessment import Assessment
from geo.errors import NoRun
from geo.settings import SelectionSettings, TargetingSettings
from geo.symbology import layer_title
from geo.targeting import Selection, check_selection, choose, number_to_choose, prioritise
from geo.targeting.exact import SECONDS

if TYPE_CHECKING:
    import pandas as pd

    from app.choosing.ranking import Ranking

WEB_SECONDS = 7.0
"""Longest work for a page; where rules contradict each other, half as long again goes to finding which."""

WAIT_S = 8.0
"""So long somebody waits for the choice of another to be solved."""

_KEPT, _WAITING = 10, 4


class Busy(Exception):
    """The choice of somebody else is being solved."""

    def __init__(self) -> None:
        super().__init__(
            "Pilihan sedang dihitung untuk orang lain. Tunggu sebentar, lalu tekan «Hitung ulang» lagi."
        )


def stored_settings(facts: Mapping[str, Any]) -> tuple[TargetingSettings, SelectionSettings, int]:
    """Return weights, settings of the choice and seed with which a run was made.

    Raises
    ------
    NoRun
        When another version of the tool wrote them.
    """
    stored = facts.get("settings", {})
    try:
        weights = TargetingSettings.model_validate(stored.get("targeting", {}))
        selection = SelectionSettings.model_validate(stored.get("selection", {}))
    except ValidationError as fault:
        raise NoRun("Hasil itu dibuat versi lain dari alat ini. Jalankan kembali peta assess.") from fault
    return weights, selection, int(stored.get("seed", 1))


def solve(
    assessment: Assessment,
    weights: TargetingSettings,
    selection: SelectionSettings,
    seed: int,
    seconds: float = SECONDS,
) -> tuple["pd.DataFrame", Selection]:
    """Rank the households of a run by other weights, and choose among them.

    Parameters
    ----------
    assessment
        What it lacks weighs nothing: without the columns of health no weight brings them in.
    seconds
        Longest work; the search has at least a quarter of it.

    Returns
    -------
    pandas.DataFrame, Selection
        The list of :func:`geo.targeting.prioritise`, and the choice.

    Raises
    ------
    SettingsError
        When a quota or a unit cost names what does not exist.
    """
    households, desa, facts = assessment.counted, assessment.desa, assessment.facts
    groups = {group["id"]: group["title"] for group in facts.get("groups", {}).get("groups", [])}
    zones = {layer["id"]: layer_title(layer) for layer in facts["layers"]}
    check_selection(selection, desa, groups)
    end = perf_counter() + seconds
    top = number_to_choose(households, selection)
    listed = prioritise(households, desa, weights, seed, top, selection.of)
    left = max(end - perf_counter(), seconds / 4)
    choice = choose(listed, households, selection, areas=desa, groups=groups, zones=zones, seconds=left)
    return listed, choice


class Solutions:
    """Choices that were solved, the last few, each under the key of its run and wishes.

    One is solved at a time: the search takes a whole processor, and pages and tiles need the other. It runs in compiled
    code that leaves the interpreter free, hence in a thread like any other answer.
    """

    def __init__(self, wait_s: float = WAIT_S) -> None:
        self._kept: OrderedDict[str, Ranking] = OrderedDict()
        self._lock = threading.Lock()
        self._solving = threading.Lock()
        self._places = threading.BoundedSemaphore(_WAITING)
        self._wait_s = wait_s

    def find(self, key: str) -> "Ranking | None":
        """Return a choice that is kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def kept(self, key: str, make: Callable[[], "Ranking"]) -> "Ranking":
        """Return what is kept, or made now where making it is no search."""
        found = self.find(key)
        if found is None:
            found = make()
            self._keep(key, found)
        return found

    def _keep(self, key: str, found: "Ranking") -> None:
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)

    def solved(self, key: str, work: Callable[[], "Ranking"]) -> "Ranking":
        """Return a choice, solved now unless it is kept.

        Raises
        ------
        Busy
            When others' choices take too long.
        """
        found = self.find(key)
        if found is not None:
            return found
        with self._turn():
            found = self.find(key) or work()  # whoever waited may have waited for this very choice
            self._keep(key, found)
            return found

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            if not self._solving.acquire(timeout=self._wait_s):
                raise Busy
            try:
                yield
            finally:
                self._solving.release()
        finally:
            self._places.release()
