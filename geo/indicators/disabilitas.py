"""Disability in the household, as the register says it; specific personal data, never a point on a map."""

import pandas as pd

from geo.columns import Column
from geo.indicators.base import Answer, Indicator, presence_need
from geo.settings import IndicatorSettings

COLUMN = Column(
    "disabilitas",
    (
        "disabilitas",
        "penyandang disabilitas",
        "ada art disabilitas",
        "ada anggota disabilitas",
        "ada disabilitas",
        "status disabilitas",
        "penyandang cacat",
        "jumlah disabilitas",
        "jumlah penyandang disabilitas",
        "jumlah art disabilitas",
        "jenis disabilitas",
        "jenis cacat",
    ),
    kind="presence",
)


def _in_need(households: pd.DataFrame, _: IndicatorSettings) -> Answer:
    return presence_need(
        households["disabilitas"], "ada anggota keluarga penyandang disabilitas", "disabilitas"
    )


DISABILITAS = Indicator(
    id="disabilitas",
    title="Ada anggota penyandang disabilitas",
    definition=lambda _: (
        "Sedikitnya satu anggota keluarga penyandang disabilitas menurut register. Keterangan keluarga, bukan hasil "
        "pemeriksaan; ragam disabilitasnya tidak disimpan."
    ),
    profile=lambda _: "disabilitas 2022 (Regsosek 428a-j)",
    required=(COLUMN,),
    sharpening=(),
    in_need=_in_need,
    sensitive=True,
)
