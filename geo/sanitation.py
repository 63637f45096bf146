"""The sanitation ladder of a household, from facility, closet, disposal and urban status.

Steps after BPS (layak 2021/22) and the SDG ladder; the table stands in docs/definitions.md. *Aman* is never
said, because a register does not ask when the tank was emptied.
"""

import numpy as np
import pandas as pd

from geo.columns import code_column

FASILITAS_BAB = code_column(
    "fasilitas_bab",
    (
        "fasilitas bab",
        "fasilitas buang air besar",
        "jamban",
        "tempat bab",
        "fasilitas tempat bab",
        "kd fasilitas tempat bab",
        "fasbab",
    ),
)
JENIS_KLOSET = code_column("jenis_kloset", ("jenis kloset", "kloset", "kd jenis kloset"))
BUANG_TINJA = code_column(
    "buang_tinja",
    (
        "pembuangan akhir tinja",
        "tempat pembuangan akhir tinja",
        "buang tinja",
        "tpa tinja",
        "kd pembuangan akhir tinja",
        "pembuangan tinja",
    ),
)

LAYAK_SENDIRI = "layak sendiri"
LAYAK_BERSAMA = "layak bersama"
BELUM_LAYAK = "belum layak"
BABS_TERTUTUP = "BABS tertutup"
BABS = "BABS"
UNKNOWN = "tidak diketahui"
LAYAK = (LAYAK_SENDIRI, LAYAK_BERSAMA)

_OWN, _SHARED, _KOMUNAL, _UMUM, _UNUSED, _NONE = 1, 2, 3, 4, 5, 6
_LEHER_ANGSA = 1
_SEPTIC, _IPAL, _WATER, _PIT, _LAND, _OTHER = 1, 2, 3, 4, 5, 6


def ladder(households: pd.DataFrame, *, rural: str = "luar") -> pd.Series:
    """Return the step of each household on the sanitation ladder.

    Parameters
    ----------
    households
        With ``fasilitas_bab``, ``jenis_kloset``, ``buang_tinja`` (Regsosek 2022 codes 309a, 309b, 310; missing
        allowed) and ``zone_urban`` (``rural`` outside the urban zone, ``tidak diketahui`` when not known).

    Notes
    -----
    A pit (*lubang tanah*) is layak in a rural desa only; where the status of the desa is not known, neither is
    the step.

    Examples
    --------
    >>> sheet = pd.DataFrame({"fasilitas_bab": [1, 1, 6], "jenis_kloset": [1, 1, None],
    ...                       "buang_tinja": [1, 4, None], "zone_urban": ["perkotaan", "luar", "luar"]})
    >>> ladder(sheet).tolist()
    ['layak sendiri', 'layak sendiri', 'BABS']
    """
    place, closet, disposal = (
        households[name].astype("Float64").fillna(0).to_numpy(float).astype(int)
        for name in ("fasilitas_bab", "jenis_kloset", "buang_tinja")
    )
    zone = households["zone_urban"].to_numpy(object)
    is_rural, is_unsure = zone == rural, zone == UNKNOWN
    used = np.isin(place, (_OWN, _SHARED, _KOMUNAL))
    swan = closet == _LEHER_ANGSA
    tank = np.isin(disposal, (_SEPTIC, _IPAL)) | ((disposal == _PIT) & is_rural)
    cases = [
        (np.isin(place, (_UNUSED, _NONE)), BABS),
        (place == _UMUM, BELUM_LAYAK),
        (used & np.isin(disposal, (_WATER, _LAND)), BABS_TERTUTUP),
        (used & (disposal == _OTHER), BELUM_LAYAK),
        (used & (closet > _LEHER_ANGSA) & (disposal > 0), BELUM_LAYAK),
        (used & swan & (disposal == _PIT) & is_unsure, UNKNOWN),
        ((place == _OWN) & swan & tank, LAYAK_SENDIRI),
        (used & swan & tank, LAYAK_BERSAMA),
        (used & swan & (disposal == _PIT), BELUM_LAYAK),
    ]
    step = np.select([case for case, _ in cases], [name for _, name in cases], default=UNKNOWN)
    return pd.Series(step, index=households.index, dtype="str")
