"""Collections as ready texts: each feature is written once, and an answer is made of slices of what was written."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from pyproj import CRS

from app.kept import KeptWith
from app.library import OpenedRun
from app.ogc.references import CRS84, Reference
from geo.crs import measuring_crs
from geo.exports.features import DECIMALS, METRE_DECIMALS, encode_features
from geo.products import Collection

BLOCK = 1_000
"""Features that are put together at a time, so that the first leave while the last are not yet written."""


@dataclass(frozen=True)
class Placed:
    """Geometry of a collection in one system, and its bounds."""

    geometry: np.ndarray
    bounds: np.ndarray


class Encoder:
    """What collections are made into, kept as long as the collection is."""

    def __init__(self) -> None:
        self._kept: KeptWith[Any] = KeptWith()
        self._making = threading.Lock()

    def _once(self, owner: object, what: str, make: Callable[[], Any]) -> Any:  # noqa: ANN401
        with self._making:  # who comes second waits: to write a hundred thousand features twice is slower
            return self._kept.get(owner, what, make)

    def placed(self, collection: Collection, reference: Reference) -> Placed:
        """Return the geometry of a collection in a system."""

        def place() -> Placed:
            geometry = reference.placed(collection.table.geometry.to_numpy())
            return Placed(geometry, shapely.bounds(geometry))

        found: Placed = self._once(collection, str(reference.crs.to_epsg()), place)
        return found

    def measuring(self, opened: OpenedRun) -> CRS:
        """Return the system in metres of a run's district."""
        found: CRS = self._once(
            opened, "measuring", lambda: measuring_crs(tuple(opened.assessment.desa.total_bounds))
        )
        return found

    def extent(self, collection: Collection) -> tuple[float, float, float, float] | None:
        """Return west, south, east and north of a collection in degrees; None where nothing in it has a place."""

        def measure() -> tuple[float, float, float, float] | None:
            bounds = collection.table.total_bounds
            return tuple(bounds.tolist()) if np.isfinite(bounds).all() else None

        found: tuple[float, float, float, float] | None = self._once(collection, "extent", measure)
        return found

    def rows(self, collection: Collection) -> pd.Index:
        """Return the ids of the features, to look one up."""
        found: pd.Index = self._once(
            collection, "ids", lambda: pd.Index(collection.table[collection.key].astype("str"))
        )
        return found

    def features(
        self,
        collection: Collection,
        rows: np.ndarray,
        reference: Reference,
        columns: Sequence[str] | None = None,
    ) -> Iterator[bytes]:
        """Return features as JSON, in pieces that put together are a list without its brackets.

        Parameters
        ----------
        rows
            Positions in the table, in the order that is wanted.
        columns
            Those that are wanted; None for all.
        """
        whole = self._texts(collection) if columns is None and reference.uri == CRS84 else None
        for start in range(0, len(rows), BLOCK):
            some = rows[start : start + BLOCK]
            texts = (
                self._written(collection, some, reference, columns) if whole is None else _some(whole, some)
            )
            yield _joined(texts, last=start + BLOCK >= len(rows))

    def _texts(self, collection: Collection) -> pa.Array:
        fields = [field.name for field in collection.fields]
        return self._once(
            collection, "features", lambda: _ended(encode_features(collection.table, collection.key, fields))
        )

    def _written(
        self, collection: Collection, rows: np.ndarray, reference: Reference, columns: Sequence[str] | None
    ) -> pa.Array:
        names = [field.name for field in collection.fields] if columns is None else list(columns)
        table = collection.table.iloc[rows]
        return _ended(
            encode_features(
                table,
                collection.key,
                names,
                coordinates=self.placed(collection, reference).geometry[rows],
                decimals=DECIMALS if reference.geographic else METRE_DECIMALS,
                flipped=reference.north_first,
            )
        )


def head(members: Mapping[str, Any]) -> bytes:
    """Return the beginning of a collection of features, up to the bracket that opens them."""
    told = json.dumps({"type": "FeatureCollection"} | dict(members), ensure_ascii=False)
    return told[:-1].encode() + b',"features":[\n'


TAIL = b"\n]}\n"
_BETWEEN = ",\n"


def _ended(texts: pa.Array) -> pa.Array:
    """Return large texts with what stands between two features after each."""
    return pc.binary_join_element_wise(texts, pa.scalar(_BETWEEN, texts.type), pa.scalar("", texts.type))


def _some(texts: pa.Array, rows: np.ndarray) -> pa.Array:
    """Return texts by position; rows that follow each other are a slice, which copies nothing."""
    if len(rows) and rows[-1] - rows[0] == len(rows) - 1 and (np.diff(rows) == 1).all():
        return texts.slice(int(rows[0]), len(rows))
    return texts.take(pa.array(rows))


def _joined(texts: pa.Array, *, last: bool) -> bytes:
    """Return texts one after another as they lie in memory."""
    _, offsets, values = texts.buffers()
    ends = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return bytes(memoryview(values)[ends[0] : ends[-1] - (len(_BETWEEN) if last else 0)])
