"""Names on a map: tags of other sheets have their own room, zones do not lie over one another."""

from contextlib import closing
from datetime import UTC, datetime

import numpy as np
import pytest
import shapely

from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.frame import Frame
from geo.atlas.paper.layout import Rect
from geo.atlas.planning.labels import Room
from geo.atlas.planning.plan import Detail
from geo.atlas.sheet import background, names
from geo.atlas.sheet.background import Ground
from geo.atlas.sheet.symbols import Hatch

MAP = Rect(10, 20, 100, 80)
FRAME = Frame(MAP, 10_000, 0.0, 0.0, 200)


def test_tags_stand_over_no_number_and_over_no_other_tag(monkeypatch: pytest.MonkeyPatch):
    room = Room(MAP)
    room.fill(30, 40, 40, 40)
    before = room.level.copy()
    taken: list[shapely.Geometry] = []
    monkeypatch.setattr(
        Canvas, "rect", lambda _, x, y, w, h, **__: taken.append(shapely.box(x, y, x + w, y + h))
    )
    details = [Detail(f"{part}", (390, 390, 410, 410)) for part in (2, 3, 4)]
    with closing(Canvas((210.0, 297.0), "uji", datetime(2026, 1, 1, tzinfo=UTC))) as canvas:
        canvas.add_page(format=(210, 297))
        names.write_details(canvas, FRAME, details, room)
    assert len(taken) == len(details)
    boxes = np.array(taken)
    assert shapely.union_all(boxes).area == pytest.approx(shapely.area(boxes).sum())
    assert not shapely.intersects(boxes, shapely.box(30.5, 40.5, 69.5, 79.5)).any()
    assert (room.level != before).any()


def test_one_hatch_lies_where_two_zones_do(monkeypatch: pytest.MonkeyPatch):
    hatched: list[shapely.Geometry] = []
    monkeypatch.setattr(background, "trace", lambda _, __, shape: shape)
    monkeypatch.setattr(Canvas, "trace", lambda *_, **__: "lines")
    monkeypatch.setattr(
        Canvas,
        "paint_inside",
        lambda _, inside, path, __: hatched.append(inside[1]) if path == "lines" else None,
    )
    one, other = shapely.box(0, 0, 600, 600), shapely.box(300, 300, 900, 700)
    zones = tuple(
        (Hatch(f"zona {angle}", "#009e73", angle, 3.0), shape)
        for angle, shape in ((45.0, one), (15.0, other))
    )
    nothing = np.empty(0, dtype=object)
    ground = Ground(
        shapely.box(0, 0, 1_000, 800), (), zones, (), nothing, nothing, (), outside=False, true_north=0.0
    )
    with closing(Canvas((210.0, 297.0), "uji", datetime(2026, 1, 1, tzinfo=UTC))) as canvas:
        canvas.add_page(format=(210, 297))
        background.draw_ground(canvas, FRAME, ground, (), schematic=False, near=False)
    assert len(hatched) == 2
    assert hatched[0].intersection(hatched[1]).area == 0
