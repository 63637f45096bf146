"""Where the maps of a page lie on earth: viewports with their measure (ISO 32000-2, 8.8 and 12.10)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pikepdf
from pikepdf import Array, Dictionary, Name, String
from pyproj import CRS

from geo.atlas.paper.frame import Frame
from geo.crs import to_degrees

MAP_NAME = "Peta"

_POINTS_PER_MM = 72 / 25.4
_METRES_PER_DEGREE = 111_320.0
_CORNERS = np.array([(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0)])
_MIDDLES = np.array([(0.0, 0.5), (0.5, 1.0), (1.0, 0.5), (0.5, 0.0), (0.5, 0.5)])
_BEND_M = 0.25
_MOST_PARTS = 8


def georeference(pdf: pikepdf.Pdf, views: Sequence[Sequence[tuple[Frame, str]]], crs: CRS) -> None:
    """Tell where on earth the maps of a document lie.

    A reader may draw meridians and parallels straight between the places that it is told: a large map tells as many
    as keep that within a quarter of a metre, the four corners first.

    Parameters
    ----------
    pdf
        Its pages are upright, their lower left corner at the origin.
    views
        The maps of each page and their names («a»; empty when a map stands alone on it).
    crs
        That of the frames, in metres.
    """
    frames = [frame for maps in views for frame, _ in maps]
    if not frames:
        return
    measures = _measures(pdf, frames, crs)
    for page, maps in zip(pdf.pages, views, strict=True):
        if maps:
            height = float(page.mediabox[3])
            page.obj.VP = Array([_viewport(frame, name, height, next(measures)) for frame, name in maps])


def _viewport(frame: Frame, name: str, height: float, measure: Dictionary) -> Dictionary:
    map_ = frame.map
    box = np.array([map_.left, -map_.bottom, map_.right, -map_.top]) * _POINTS_PER_MM + (0, height, 0, height)
    title = String(f"{MAP_NAME} {name}".rstrip())
    return Dictionary(Type=Name.Viewport, BBox=_numbers(box), Name=title, Measure=measure)


def _measures(pdf: pikepdf.Pdf, frames: Sequence[Frame], crs: CRS) -> Iterator[Dictionary]:
    system = Dictionary(Type=Name.PROJCS, WKT=String(crs.to_wkt("WKT1_ESRI")))
    code = crs.to_epsg()
    if code:
        system["/EPSG"] = code
    corners = pdf.make_indirect(_numbers(_CORNERS))
    shared: dict[str, Any] = {
        "Type": Name.Measure,
        "Subtype": Name.GEO,
        "Bounds": corners,
        "GCS": pdf.make_indirect(system),
        "PDU": pdf.make_indirect(Array([Name.M, Name.SQM, Name.DEG])),
    }
    known = _positions(frames, np.vstack([_CORNERS, _MIDDLES]), crs)
    own, middles = known[:, :4], known[:, 4:]
    straight = np.hstack([(own + np.roll(own, -1, axis=1)) / 2, own.mean(axis=1, keepdims=True)])
    bend = np.abs(middles - straight).max(axis=(1, 2)) * _METRES_PER_DEGREE
    parts = np.clip(np.ceil(np.sqrt(bend / _BEND_M)), 1, _MOST_PARTS).astype(int)
    for frame, told, count in zip(frames, own, parts.tolist(), strict=True):
        if count == 1:
            yield Dictionary(**shared, LPTS=corners, GPTS=_numbers(told))
        else:
            spots = _spots(count)
            yield Dictionary(**shared, LPTS=_numbers(spots), GPTS=_numbers(_positions([frame], spots, crs)))


def _spots(parts: int) -> np.ndarray:
    """Return places on the unit square, so many parts a side: its corners, then the others."""
    x, y = np.meshgrid(*[np.linspace(0, 1, parts + 1)] * 2)
    spots = np.column_stack([x.ravel(), y.ravel()])
    return np.vstack([_CORNERS, spots[((spots % 1) != 0).any(axis=1)]])


def _positions(frames: Sequence[Frame], spots: np.ndarray, crs: CRS) -> np.ndarray:
    """Return latitude and longitude (degrees; frames, spots, 2) of places on the unit square of each map."""
    bounds = np.array([frame.bounds for frame in frames])
    ground = bounds[:, None, :2] + spots * (bounds[:, None, 2:] - bounds[:, None, :2])
    lon, lat = to_degrees(ground[..., 0], ground[..., 1], crs)
    return np.stack([lat, lon], axis=-1)


def _numbers(values: np.ndarray) -> Array:
    return Array([Decimal(f"{value:.9f}") for value in values.ravel().tolist()])
