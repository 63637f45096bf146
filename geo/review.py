"""Places that need a human's word: the queue of a run, and the decisions that travel with the district."""

import pandas as pd

COLUMNS = (
    "item",
    "kind",
    "kode",
    "desa",
    "kecamatan",
    "kabupaten",
    "located",
    "households",
    "candidates",
    "note",
)


def no_review() -> pd.DataFrame:
    """Return an empty queue, its columns typed as in any run."""
    return pd.DataFrame(
        {name: pd.Series(dtype="int64" if name == "households" else "str") for name in COLUMNS}
    )
