"""Relief: how bright ground lies under a light from the north-west, in a few steps."""

import numpy as np

SHADES, FLAT = 15, 7
"""Steps of brightness, and that of flat ground."""

_AZIMUTH, _ALTITUDE = np.radians(315.0), np.radians(45.0)
_HIGHER = 1.5  # slopes are drawn so much steeper than they are, as is usual on maps of lowlands


def relief(metres: np.ndarray, pixel_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the brightness of ground.

    Parameters
    ----------
    metres
        Heights, not a number where unknown; one pixel wider on every side than what is asked for.
    pixel_m
        Width of a pixel on the ground.

    Returns
    -------
    tuple
        Steps 0 (darkest) to 14, and where they are known.

    Examples
    --------
    >>> steps, known = relief(np.zeros((3, 3)), 30.0)
    >>> steps.tolist(), known.tolist()
    ([[7]], [[True]])
    >>> falling_to_the_east = -np.tile(np.arange(3.0) * 30, (3, 1))
    >>> int(relief(falling_to_the_east, 30.0)[0][0, 0]) < FLAT
    True
    """
    scale = _HIGHER / (2 * pixel_m)
    east = (metres[1:-1, 2:] - metres[1:-1, :-2]) * scale
    north = (metres[:-2, 1:-1] - metres[2:, 1:-1]) * scale
    known = np.isfinite(east) & np.isfinite(north)
    light_east, light_north = np.sin(_AZIMUTH) * np.cos(_ALTITUDE), np.cos(_AZIMUTH) * np.cos(_ALTITUDE)
    facing = np.sin(_ALTITUDE) - light_east * east - light_north * north
    bright = np.clip(facing / np.sqrt(1 + east**2 + north**2), 0, 1)
    flat = np.sin(_ALTITUDE)
    part = np.where(bright < flat, bright / flat - 1, (bright - flat) / (1 - flat))
    steps = np.where(known, FLAT + np.rint(part * FLAT), FLAT)
    return steps.astype(np.uint8), known
