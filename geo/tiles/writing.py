"""Numbers and parts of protocol buffers, as vector tiles are written in."""

import numpy as np


def zigzag(values: np.ndarray) -> np.ndarray:
    """Turn signed numbers into such that small ones of either sign are short.

    Examples
    --------
    >>> zigzag(np.array([0, -1, 1, -2])).tolist()
    [0, 1, 2, 3]
    """
    turned: np.ndarray = (values << 1) ^ (values >> 63)
    return turned


def varints(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Write numbers in groups of seven bits, the lowest first; the eighth bit says that more follow.

    Returns
    -------
    tuple
        The bytes, as many columns as the largest number needs, and which of them each number uses.

    Examples
    --------
    >>> [part.tolist() for part in varints(np.array([1, 300]))]
    [[[1, 0], [172, 2]], [[True, False], [True, True]]]
    """
    wide = max(1, -(-int(values.max(initial=0)).bit_length() // 7))
    shifts = 7 * np.arange(wide)
    groups = values[:, None] >> shifts
    used = groups > 0
    used[:, 0] = True
    more = np.zeros_like(used)
    more[:, :-1] = used[:, 1:]
    return ((groups & 0x7F) | (more << 7)).astype(np.uint8), used


def varint(value: int) -> bytes:
    """Write one number."""
    written, used = varints(np.array([value]))
    return bytes(written[used].tobytes())


def chunk(tag: int, content: bytes) -> bytes:
    """Write a part of a message: its tag, its length, itself."""
    return bytes([tag]) + varint(len(content)) + content
