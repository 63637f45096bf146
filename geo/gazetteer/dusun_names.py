"""Names of dusun: what their spellings have in common, and how the place is written for a reader."""

from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo.gazetteer.spelling import modern_key, plain_key, said, sound_key, tidy

_KIND = (
    r"^[ .,(/;-]*(?:dusun|dsn|dus|dukuh|dukoh|dkh|dk|padukuhan|pedukuhan|pdk|kampung|kampong|kpg|kmp|kp|lingkungan|"
    r"lingk|lingk|link|lk|banjar|br|jorong|blok)\b[ .:,/-]*"
)
_BELOW = r"[ .,(/;-]*\br[tw][ .:/-]*[0-9].*$"
_PREFIX = "dusun "
_NUMBER = r"^(?:[0-9]+|[IVX]+)$"


def dusun_keys(names: Any) -> list[str]:  # noqa: ANN401  -- a series or a sequence of text
    """Reduce names of dusun to what their spellings have in common.

    Examples
    --------
    >>> dusun_keys(["Dk. Krajan", "Dukuh  Krajan", "KRAJAN RT 01/RW 02", "Dusun II", "Dsn. 02", "Dusun"])
    ['krajan', 'krajan', 'krajan', '2', '2', '']
    """
    # a numeral is one only behind a word
    keys = plain_key(pc.binary_join_element_wise(_PREFIX, _bare(names), ""))
    bare = pc.utf8_slice_codeunits(keys, len(_PREFIX) - 1)
    return [str(key) for key in sound_key(modern_key(bare)).to_pylist()]


def dusun_titles(names: Any) -> list[str]:  # noqa: ANN401  -- a series or a sequence of text
    """Write names of dusun for a reader: without RT and RW and without the word for dusun, but for numbered ones.

    Examples
    --------
    >>> dusun_titles(["Dk. KRAJAN", "krajan lor RT 01/RW 02", "Dusun II", "Dsn. 02", "Dusun", "  "])
    ['Krajan', 'Krajan Lor', 'Dusun II', 'Dusun 2', '', '']
    """
    titles = pd.Series(pc.utf8_title(_bare(names)).to_pylist(), dtype="str").str.strip(" .,(/;-")
    titles = titles.str.replace(r"\b[ivx]+\b", lambda found: found.group().upper(), regex=True, case=False)
    return titles.where(~titles.str.contains(_NUMBER), "Dusun " + titles).tolist()


def _bare(names: Any) -> pa.Array:  # noqa: ANN401
    """Return tidy names without the word for dusun in front, RT and RW behind, and leading noughts."""
    bare = said(pc.fill_null(tidy(list(names)), ""))
    for part in (_BELOW, _KIND):
        bare = pc.replace_substring_regex(bare, part, "")
    return pc.replace_substring_regex(bare, r"\b0+([0-9])", r"\1")
