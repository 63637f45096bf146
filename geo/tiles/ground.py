"""The ground beneath the map without the internet: pale land cover and relief, cut into tiles."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from PIL import Image
from rasterio.windows import Window

from geo.landcover import CLASSES
from geo.tiles.relief import FLAT, SHADES

COLOURS = {
    10: "#dbe7d3",
    20: "#e8ead3",
    30: "#edf1dc",
    40: "#f6f1df",
    50: "#e6dcda",
    60: "#f1ece5",
    70: "#fbfbfb",
    80: "#d9e7f0",
    90: "#d8eae6",
    95: "#cde3d6",
    100: "#eef0e6",
}
"""Of the classes of land cover: so pale that the colours of a measure on top are read as they are in the legend."""

BARE = "#f7f7f4"
"""Where heights are known and land cover is not."""

TILE = 256
FIRST_ZOOM, LAST_ZOOM = 6, 16
EARTH_M = 2 * np.pi * 6_378_137
"""Round the equator in Web Mercator."""

_CODES = (0, *CLASSES)  # 0: heights alone


@dataclass(frozen=True)
class Ground:
    """A prepared ground.

    Attributes
    ----------
    land_cover, relief
        What it shows.
    """

    file: Path
    land_cover: bool
    relief: bool

    def entries(self) -> list[tuple[str, str]]:
        """Return title (Indonesian) and colour of each class, for a legend; none of relief alone."""
        return (
            [(CLASSES[code].capitalize(), colour) for code, colour in COLOURS.items()]
            if self.land_cover
            else []
        )

    def tile(self, zoom: int, column: int, row: int) -> bytes:
        """Return a tile as PNG; transparent where there is no data."""
        return png(cut(self.file, zoom, column, row))


def cut(file: Path, zoom: int, column: int, row: int) -> np.ndarray:
    """Return the palette numbers of a tile (256 x 256, uint8) of zoom 6 to 16; all 0 beyond the ground."""
    tile = np.zeros((TILE, TILE), dtype=np.uint8)
    with rasterio.open(file) as ground:
        finest = int(ground.tags(1)["zoom"])
        pixel = EARTH_M / (TILE * 2**finest)
        left = round((ground.transform.c + EARTH_M / 2) / pixel)
        top = round((EARTH_M / 2 - ground.transform.f) / pixel)
        scale = 2.0 ** (finest - zoom)  # prepared pixels in one of the tile
        across = _overlap(column * TILE * scale - left, TILE * scale, ground.width)
        down = _overlap(row * TILE * scale - top, TILE * scale, ground.height)
        if across is None or down is None:
            return tile
        (x, wide, to_x), (y, high, to_y) = across, down
        shape = round(high / scale), round(wide / scale)
        part = ground.read(1, window=Window(x, y, wide, high), out_shape=shape)
    begin_x, begin_y = round(to_x / scale), round(to_y / scale)
    tile[begin_y : begin_y + shape[0], begin_x : begin_x + shape[1]] = part
    return tile


def png(pixels: np.ndarray) -> bytes:
    """Write numbers of the palette as a PNG in which 0 is transparent."""
    picture = Image.fromarray(pixels)
    picture.putpalette(PALETTE.tobytes())
    file = io.BytesIO()
    picture.save(file, "PNG", transparency=0)
    return file.getvalue()


def numbers(classes: np.ndarray, shades: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return the number in the palette of each pixel: class of land cover and shade of the relief in one.

    Parameters
    ----------
    classes
        0 where there is none.
    shades, known
        See :func:`geo.tiles.relief.relief`.
    """
    together = 1 + _PLACES[classes] * SHADES + shades
    return np.where((classes > 0) | known, together, 0).astype(np.uint8)


def _overlap(begin: float, length: float, whole: int) -> tuple[float, float, float] | None:
    """Return where a tile's side meets a raster's: first pixel, how many, and how far into the tile."""
    first, last = max(begin, 0.0), min(begin + length, float(whole))
    return (first, last - first, first - begin) if first < last else None


def _places() -> np.ndarray:
    places = np.zeros(256, dtype=np.uint16)
    places[list(_CODES)] = np.arange(len(_CODES))
    return places


def _palette() -> np.ndarray:
    """Return the colours of every class in every shade; darker in shadow, lighter towards the light."""
    colours = np.array(
        [[int(text[place : place + 2], 16) for place in (1, 3, 5)] for text in (BARE, *COLOURS.values())]
    )
    light = (np.arange(SHADES) - FLAT) / FLAT
    shadow, shine = np.clip(-light, 0, 1)[:, None] * 0.35, np.clip(light, 0, 1)[:, None] * 0.5
    shaded = colours[:, None, :] * (1 - shadow) * (1 - shine) + 255 * shine
    palette = np.zeros((256, 3), dtype=np.uint8)
    palette[1 : 1 + shaded.shape[0] * SHADES] = np.rint(shaded).reshape(-1, 3)
    return palette


_PLACES = _places()
PALETTE = _palette()
