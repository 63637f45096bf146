"""Answers with features: a page of a collection as GeoJSON, sent as it is put together, and one feature."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from fastapi import Response
from fastapi.responses import StreamingResponse

from app.ogc.documents import stamp
from app.ogc.encoded import BLOCK, TAIL, Encoder, head
from app.ogc.faults import Refusal
from app.ogc.links import GEOJSON, HTML, JSON, Links, link
from app.ogc.parameters import Asked
from app.ogc.references import Reference
from geo.products import Collection


@dataclass(frozen=True)
class Page:
    """A page of features.

    Attributes
    ----------
    found
        Positions of all features that fit, in the order that is wanted.
    """

    collection: Collection
    asked: Asked
    found: np.ndarray
    links: Links

    @property
    def rows(self) -> np.ndarray:
        """Return the positions of those of this page."""
        return self.found[self.asked.offset : self.asked.offset + self.asked.limit]

    @cached_property
    def next(self) -> str:
        """Return the address of the page after this one; empty on the last."""
        end = self.asked.offset + self.asked.limit
        return self._at(end) if end < len(self.found) else ""

    @cached_property
    def previous(self) -> str:
        """Return the address of the page before this one; empty on the first."""
        return self._at(max(0, self.asked.offset - self.asked.limit)) if self.asked.offset else ""

    def _at(self, offset: int) -> str:
        return self.links.here(offset=str(offset), limit=str(self.asked.limit))

    def members(self) -> dict[str, Any]:
        """Return what stands beside the features."""
        pages = [("next", self.next, "Halaman berikutnya"), ("prev", self.previous, "Halaman sebelumnya")]
        address = self.links.to("collections", self.collection.id)
        return {
            "numberMatched": len(self.found),
            "numberReturned": len(self.rows),
            "timeStamp": stamp(datetime.now(UTC)),
            "links": [
                *self.links.own(GEOJSON, self.asked.form),
                *(link(href, rel, GEOJSON, title) for rel, href, title in pages if href),
                link(address, "collection", JSON, self.collection.title),
                link(f"{address}?f=html", "collection", HTML, self.collection.title),
            ],
        }

    def answer(self, encoder: Encoder) -> Response:
        """Return it as GeoJSON; a large one leaves block by block."""
        pieces = self._pieces(encoder)
        headers = content_crs(self.asked.crs)
        if len(self.rows) <= BLOCK:
            return Response(b"".join(pieces), headers=headers, media_type=GEOJSON)
        return StreamingResponse(pieces, headers=headers, media_type=GEOJSON)

    def _pieces(self, encoder: Encoder) -> Iterator[bytes]:
        features = encoder.features(self.collection, self.rows, self.asked.crs, self.asked.properties)
        return chain([head(self.members())], features, [TAIL])


def position(collection: Collection, name: str, encoder: Encoder) -> int:
    """Return where a feature stands in the table.

    Raises
    ------
    Refusal
        When there is none of that id (404).
    """
    found = int(encoder.rows(collection).get_indexer(pd.Index([name]))[0])
    if found < 0:
        raise Refusal("Fitur dengan pengenal itu tidak ada di koleksi ini, atau tidak untuk Anda.", 404)
    return found


def feature_links(collection: Collection, links: Links, form: str) -> list[dict[str, Any]]:
    """Return the links of one feature."""
    address = links.to("collections", collection.id)
    return [
        *links.own(GEOJSON, form),
        link(address, "collection", JSON, collection.title),
        link(f"{address}?f=html", "collection", HTML, collection.title),
    ]


def feature(
    collection: Collection, row: int, reference: Reference, links: Links, encoder: Encoder
) -> Response:
    """Return one feature as GeoJSON."""
    text = b"".join(encoder.features(collection, np.array([row]), reference))
    told = json.dumps(feature_links(collection, links, "json"), ensure_ascii=False).encode()
    body = text[:-1] + b',"links":' + told + b"}\n"
    return Response(body, headers=content_crs(reference), media_type=GEOJSON)


def content_crs(reference: Reference) -> dict[str, str]:
    """Return the header that names the system of an answer (Part 2)."""
    return {"Content-Crs": f"<{reference.uri}>"}
