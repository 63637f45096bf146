"""Open defecation (buang air besar sembarangan), by the ladder of jamban: the distance to Stop BABS (ODF)."""

import pandas as pd

from geo import sanitation
from geo.indicators.base import Answer, Indicator
from geo.settings import IndicatorSettings

_STEPS = {"sbs": sanitation.SEMBARANGAN, "terbuka": sanitation.TERBUKA}
"""The steps of the ladder that count, by the definition that the settings name."""

_DEFINITIONS = {
    "sbs": (
        "BABS terbuka: tidak ada fasilitas BAB, atau ada tetapi tidak digunakan. BABS tertutup: memakai fasilitas "
        "sendiri, bersama, atau MCK komunal, tetapi tinja dibuang ke kolam, sawah, sungai, danau, laut, pantai, tanah "
        "lapang, atau kebun. Stop BABS menuntut keduanya tidak ada lagi; hasil ini dari daftar, bukan verifikasi desa."
    ),
    "terbuka": (
        "Tidak ada fasilitas BAB, atau ada tetapi tidak digunakan (BABS di tempat terbuka). BABS tertutup, yaitu tinja "
        "dibuang ke air atau tanah, tidak dihitung; hasil ini dari daftar, bukan verifikasi desa."
    ),
}
_PROFILES = {
    "sbs": "bps_tangga 2022, terbuka dan tertutup (Stop BABS, Permenkes 3/2014; Kemenkes 2020-2024)",
    "terbuka": "bps_tangga 2022, terbuka saja (BPS, BABS di tempat terbuka; tangga SDG)",
}


def _in_need(households: pd.DataFrame, settings: IndicatorSettings) -> Answer:
    steps = _STEPS[settings.babs_profile]
    return Answer(
        sanitation.sembarangan(households, steps), sanitation.sembarangan_reasons(households, steps)
    )


BABS = Indicator(
    id="babs",
    title="Buang air besar sembarangan",
    definition=lambda settings: _DEFINITIONS[settings.babs_profile],
    profile=lambda settings: _PROFILES[settings.babs_profile],
    required=(sanitation.FASILITAS_BAB,),
    sharpening=(sanitation.BUANG_TINJA,),
    in_need=_in_need,
)
