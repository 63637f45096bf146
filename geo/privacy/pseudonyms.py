"""Numbers by which one recipient, and nobody else, knows a household again."""

import hmac

import numpy as np
import pandas as pd

from geo.household_keys import KEYS

LENGTH = 20
"""Letters after the first: 100 bits, so that two households never meet."""

_ALPHABET = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", np.uint8)
_BITS, _BYTES = 5, 32
"""Of one letter, and of one digest."""


def pseudonyms(keys: pd.DataFrame, secret: str, recipient: str, run: str) -> pd.Series:
    """Give each household a number of its own for one recipient.

    The same household has the same number in the next register, as long as its strongest key stays; another
    recipient's number for it has nothing in common with this one, and neither leads back without the secret.

    Parameters
    ----------
    keys
        :data:`geo.household_keys.KEYS` of all households that count, by sheet row; missing where there is none.
    secret
        Of the installation.
    recipient
        Id of the recipe: two recipes of one agency are two recipients, so what was handed over for one purpose is
        not joined with what was handed over for another.
    run
        Id of the run: what has no key is known by its row there, and by no number in another register.

    Returns
    -------
    pandas.Series
        By sheet row: ``p`` and 20 letters or figures (a-z, 2-7), each once.

    Examples
    --------
    >>> keys = pd.DataFrame({"key_id": [None, None], "key_kk": ["k1", None], "key_nik": [None, None],
    ...                      "key_name": ["n1", None]}, index=[7, 8])
    >>> here, there = (pseudonyms(keys, "rahasia", to, "2026-1") for to in ("dinkes", "perkim"))
    >>> next_time = pseudonyms(keys.set_axis([3, 4]), "rahasia", "dinkes", "2026-2")
    >>> len(here[7]), here[7] == next_time[3], here[8] == next_time[4], set(here) & set(there)
    (21, True, False, set())
    """
    row = pd.Series([f"{run}\0{row}" for row in keys.index], index=keys.index, dtype="str")
    strongest = row.radd("row\0")
    for kind in reversed(KEYS):
        strongest = (kind + "\0" + keys[kind].astype("str")).where(keys[kind].notna(), strongest)
    # two rows with one key are still two: the later ones are known by their row
    strongest = strongest.where(~strongest.duplicated(), row.radd("row\0"))
    of_recipient = hmac.digest(secret.encode(), f"pseudonim\0{recipient}".encode(), "sha256")
    made = [hmac.digest(of_recipient, text.encode(), "sha256") for text in strongest]
    return pd.Series(_letters(b"".join(made)), index=keys.index, dtype="str", name="pseudonim")


def _letters(digests: bytes) -> np.ndarray:
    """Return the first bits of each digest as base 32 (RFC 4648, section 6), after the letter p."""
    bits = np.unpackbits(np.frombuffer(digests, np.uint8).reshape(-1, _BYTES), axis=1)[:, : LENGTH * _BITS]
    fives = np.packbits(bits.reshape(-1, LENGTH, _BITS), axis=2)[:, :, 0] >> 8 - _BITS
    text = np.pad(_ALPHABET[fives], ((0, 0), (1, 0)), constant_values=ord("p"))
    return text.view(f"S{LENGTH + 1}").ravel().astype(str)
