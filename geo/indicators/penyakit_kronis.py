"""Chronic illness in the household, as the register says it; specific personal data, never a point on a map."""

import pandas as pd

from geo.columns import Column
from geo.indicators.base import Answer, Indicator, presence_need
from geo.settings import IndicatorSettings

COLUMN = Column(
    "penyakit_kronis",
    (
        "penyakit kronis",
        "penyakit menahun",
        "penyakit kronis menahun",
        "kd penyakit kronis menahun",
        "keluhan kesehatan kronis",
        "keluhan kesehatan kronis menahun",
        "ada anggota sakit kronis",
        "ada penyakit kronis",
        "jumlah art sakit kronis",
        "jumlah sakit kronis",
        "jenis penyakit kronis",
    ),
    kind="presence",
)


def _in_need(households: pd.DataFrame, _: IndicatorSettings) -> Answer:
    return presence_need(
        households["penyakit_kronis"], "ada anggota keluarga dengan penyakit kronis", "penyakit kronis"
    )


PENYAKIT_KRONIS = Indicator(
    id="penyakit_kronis",
    title="Ada anggota dengan penyakit kronis",
    definition=lambda _: (
        "Sedikitnya satu anggota keluarga punya keluhan kesehatan kronis atau menahun menurut register. Keterangan "
        "keluarga, bukan diagnosis; jenis penyakitnya tidak disimpan."
    ),
    profile=lambda _: "keluhan kronis 2022 (Regsosek 430)",
    required=(COLUMN,),
    sharpening=(),
    in_need=_in_need,
    sensitive=True,
)
