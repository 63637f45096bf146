"""Two needs of sanitation that planners mix up: access to a layak jamban, and a jamban of one's own."""

import pandas as pd

from geo import sanitation
from geo.indicators.base import Answer, Indicator
from geo.settings import IndicatorSettings

_FACILITY_WORDS = sanitation.FASILITAS_BAB.labels


def _layak(households: pd.DataFrame, _: IndicatorSettings) -> Answer:
    return Answer(
        ~sanitation.layak(households),
        sanitation.reasons(households),
        {"tangga_jamban": sanitation.ladder(households)},
    )


def _sendiri(households: pd.DataFrame, _: IndicatorSettings) -> Answer:
    facility = households["fasilitas_bab"].astype("Int8")
    need = (facility != sanitation.OWN).astype("boolean").mask(facility.isna())
    why = facility.map(_FACILITY_WORDS).astype("str").where(need.fillna(value=False).astype(bool), "")
    return Answer(need, why.mask(need.isna(), "belum ada data: fasilitas BAB"))


JAMBAN = Indicator(
    id="jamban",
    title="Tanpa akses jamban layak",
    definition=lambda _: (
        "Tidak memakai jamban leher angsa dengan tangki septik atau IPAL (di perdesaan juga lubang tanah), "
        "sendiri, bersama keluarga tertentu, atau MCK komunal. Tangga «aman» hanya disebut bila lembar menjawab apakah "
        "tangki septik disedot dalam lima tahun terakhir."
    ),
    profile=lambda _: "bps_tangga 2022 (BPS, akses sanitasi layak; tangga SDG)",
    required=(sanitation.FASILITAS_BAB,),
    sharpening=(sanitation.JENIS_KLOSET, sanitation.BUANG_TINJA, sanitation.SEDOT_TINJA),
    in_need=_layak,
)

JAMBAN_SENDIRI = Indicator(
    id="jamban_sendiri",
    title="Tidak punya jamban sendiri",
    definition=lambda _: (
        "Keluarga tidak mempunyai dan memakai fasilitas BAB sendiri (Regsosek 309a bukan 1)."
    ),
    profile=lambda _: "kepemilikan 2022 (Regsosek 309a)",
    required=(sanitation.FASILITAS_BAB,),
    sharpening=(),
    in_need=_sendiri,
)
