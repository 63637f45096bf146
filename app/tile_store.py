"""What tiles share while the application runs: the made ones in memory, and the ground prepared in the state folder."""

import logging
import threading
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from app.library import OpenedRun
from app.settings import WebSettings
from geo.errors import PetaError
from geo.settings import Settings, is_address, read_settings
from geo.tiles import RecentlyUsed, TileIndex
from geo.tiles.ground import Ground
from geo.tiles.ground_files import find_rasters, ground_key
from geo.tiles.ground_raster import prepare_ground

TILE_BYTES, SCOPE_BYTES = 64 * 1024 * 1024, 32 * 1024 * 1024

_ROWS = 16
"""In so many rows wait those who ask for the same; two different things in one row wait for each other, briefly."""

State = Literal["siap", "disiapkan", "tidak ada"]


@dataclass(frozen=True)
class GroundState:
    """How far the ground of a run is: ready, being prepared, or not to be had as its rasters are not at hand."""

    state: State
    ground: Ground | None = None


@dataclass(frozen=True)
class Scope:
    """The households that an address reaches, ready for each of its tiles."""

    index: TileIndex
    mask: np.ndarray
    outcomes: np.ndarray | None

    @property
    def size(self) -> int:
        """Return the bytes of its own; the index is of the run."""
        return int(self.mask.nbytes + (0 if self.outcomes is None else self.outcomes.nbytes))


@dataclass
class TileStore:
    """Made tiles, what they are made of, and the pictures of the ground."""

    settings: WebSettings
    kept: RecentlyUsed[bytes] = field(default_factory=lambda: RecentlyUsed(TILE_BYTES, len))
    scopes: RecentlyUsed[Scope] = field(
        default_factory=lambda: RecentlyUsed(SCOPE_BYTES, lambda scope: scope.size)
    )

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._scoping = [threading.Lock() for _ in range(_ROWS)]
        self._states: dict[tuple[str, str], GroundState] = {}
        self._working: dict[tuple[str, str], threading.Thread] = {}

    def scope(self, key: Hashable, make: Callable[[], Scope]) -> Scope:
        """Return what an address reaches, made once however many of its tiles are asked for at the same moment."""
        with self._scoping[hash(key) % _ROWS]:
            scope = self.scopes.get(key)
            if scope is None:
                scope = make()
                self.scopes.put(key, scope)
            return scope

    def ground(self, opened: OpenedRun, *, wait: bool = False) -> GroundState:
        """Return how far the ground of a run is; whoever asks first sets its preparation going.

        Parameters
        ----------
        wait
            Until it is ready, or known not to be had.
        """
        run = opened.id, str(opened.manifest["created"])
        with self._lock:
            known = self._states.get(run)
            if known is None:
                known = self._states[run] = GroundState("disiapkan")
                work = threading.Thread(target=self._prepare, args=(run, opened), daemon=True)
                self._working[run] = work
                work.start()
        if wait:
            self._working[run].join()
            return self._states[run]
        return known

    def _prepare(self, run: tuple[str, str], opened: OpenedRun) -> None:
        try:
            self._states[run] = self._prepared(opened)
        except Exception:  # whatever a strange raster does, the map does without a ground
            logging.getLogger("peta").exception("The ground of a run cannot be prepared.")
            self._states[run] = GroundState("tidak ada")

    def _prepared(self, opened: OpenedRun) -> GroundState:
        facts = opened.facts
        places = [*self._places(facts)]
        cover = find_rasters(facts, "land_cover", places)
        dem = next(iter(find_rasters(facts, "dem", places)), None)
        if not cover and dem is None:
            return GroundState("tidak ada")
        west, south, east, north = opened.assessment.desa.total_bounds.tolist()
        bounds = west, south, east, north
        folder = self.settings.state_folder / "dasar"
        file = folder / f"{ground_key(cover, dem, bounds)}.tif"
        if not file.exists():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            prepare_ground(file, bounds, cover, dem)
        return GroundState("siap", Ground(file, land_cover=bool(cover), relief=dem is not None))

    def _places(self, facts: Mapping[str, Any]) -> Iterator[Path]:
        """Yield where a raster of the run may lie: where the settings say, or beside the runs."""
        try:
            chosen = read_settings(self.settings.settings_file)
        except PetaError:
            chosen = Settings()
        yield from (Path(place) for place in chosen.layers.land_cover if not is_address(place))
        if chosen.visits.dem is not None:
            yield chosen.visits.dem
        library = self.settings.library
        folders = [library, library.parent, *sorted(path for path in library.iterdir() if path.is_dir())]
        names = [
            Path(given["name"]).name for given in facts["inputs"] if given["role"] in {"land_cover", "dem"}
        ]
        yield from (folder / name for folder in folders for name in names)
