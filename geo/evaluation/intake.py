"""Kinds of noise in RT, RW and dusun, on a draft: in cells of their own, in one, or inside the address."""

from collections.abc import Callable, Mapping
from datetime import date

import numpy as np
import pandas as pd

from geo.evaluation.drafts import Apply
from geo.evaluation.ground import Ground
from geo.evaluation.spelling import pick

_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_ADDRESSES = (
    "Dusun {h} RT {rt:03d} RW {rw:03d}", "Dukuh {h} RT {rt:03d}/RW {rw:03d}", "DK. {H} RT {rt:03d}/{rw:03d}",
    "Dk {h} Rt.{rt:02d} Rw.{rw:02d}", "Dsn. {h}, RT {rt} / RW {rw}", "RT.{rt:03d}/RW.{rw:03d} DUKUH {H}",
    "dk.{h} rt{rt}/rw{rw}", "Jl. Raya No. 12 RT {rt:02d} RW {rw:02d} Dusun {h}", "{H} RT{rt:02d}RW{rw:02d}",
    "Dukuh {h} Rt {rt} Rw {r}", "DSN {H} {rt:03d}/{rw:03d}", "Gg. Melati 3 no 7, dk. {h} rt 0{rt} rw 0{rw}",
)  # fmt: skip


def _cells(column: str, *forms: str) -> Apply:
    def apply(_: Ground, draft: pd.DataFrame, strength: int, rng: np.random.Generator) -> pd.DataFrame:
        values = zip(draft["true_rt"], draft["true_rw"], draft["true_dusun"], strict=True)
        cells = [pick(forms, strength, rng).format(rt=rt, rw=rw, r=_ROMAN[rw], h=dusun, H=dusun.upper())
                 for rt, rw, dusun in values]  # fmt: skip
        return draft.assign(**{column: cells}, dusun="" if column == "alamat" else draft["dusun"])

    return apply


def _dates(write: Callable[[int, int], str]) -> Apply:
    """Let Excel take ``RT/RW`` for a date."""

    def apply(
        _ground: Ground, draft: pd.DataFrame, _strength: int, _rng: np.random.Generator
    ) -> pd.DataFrame:
        return draft.assign(
            rt_rw=[write(rt, rw) for rt, rw in zip(draft["true_rt"], draft["true_rw"], strict=True)]
        )

    return apply


INTAKE: Mapping[str, Apply] = {
    "rt_rw": _cells(
        "rt_rw", "{rt:03d}/{rw:03d}", "{rt}/{rw}", "{rt:02d} / {rw:02d}", "RT {rt:03d} RW {rw:03d}", "{rt}-{rw}",
        "{rt:03d}-{rw:03d}", "RT.{rt:02d}/RW.{rw:02d}", "rt{rt} rw{rw}", "{rt:02d}.{rw:02d}", "RT {rt} RW {r}",
    ),
    "rt_rw_date_indonesian": _dates(lambda rt, rw: f"{rt:02d}-{_MONTHS[rw - 1]}"),
    "rt_rw_date_american": _dates(lambda rt, rw: f"{rw}-{_ENGLISH[rt - 1]}"),
    "rt_rw_date_iso": _dates(lambda rt, rw: f"{date(2025, rw, rt).isoformat()} 00:00:00"),
    "address": _cells("alamat", *_ADDRESSES),
}  # fmt: skip
"""Kinds by name. An Indonesian Excel turns 2/1 into 02-Jan, an American one 1/2 into 2-Jan: no cell says which."""
