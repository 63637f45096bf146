"""Sheets that count households by place instead of listing them."""

import re

import pandas as pd

from geo.errors import UnknownColumns
from geo.households.understanding import Understanding
from geo.households.vocabulary import known_columns

_PERSON = {"id_keluarga", "nik", "no_kk", "nama", "alamat", "hubungan"}
_OWN_POSITION = {"lintang", "koordinat"}
_COUNTS = re.compile(
    r"\W*(?:jumlah|jml|jmlh|jlh|total|banyak(?:nya)?|persen(?:tase)?|rata.?rata|rekap\w*)\b|%"
)
_PLACE = ("kode_tertulis", "kecamatan_tertulis", "desa_tertulis", "dusun", "rw", "rt", "rt_rw")
_FEWEST = 3


def require_households(understanding: Understanding, cells: pd.DataFrame) -> str:
    """Tell a recapitulation from a list of households; a note (Indonesian) where that is not certain, else nothing.

    A column that tells a person, an answer or a position of its own makes a row a household.

    Raises
    ------
    UnknownColumns
        When there is none of them, and the sheet counts something or names every place once.
    """
    meanings = understanding.meanings
    answers = {
        column.name
        for column in known_columns()
        if column.kind in {"code", "desil", "area", "level"} or column.name == "pekerjaan"
    }
    if (_PERSON | _OWN_POSITION | answers) & {*meanings} or not {*_PLACE} & {*meanings} or cells.empty:
        return ""
    counts = "jumlah_art" in meanings or any(_COUNTS.match(text.casefold()) for text in understanding.ignored)
    places = cells[[meanings[name] for name in _PLACE if name in meanings]]
    once = len(cells) >= _FEWEST and not bool(places.duplicated().any())
    why = "tidak ada kolom yang menyebut keluarga (NIK, nomor KK, nama), alamat, koordinat, atau jawaban rumah tangga"
    if counts or once:
        raise UnknownColumns(
            f"Lembar ini tampaknya rekapitulasi per wilayah, bukan satu baris satu rumah tangga: {why}. Pakai lembar "
            f"rincian per rumah tangga (lembar lain dalam berkas yang sama dipilih dengan --sheet), atau sebut kolom "
            f"keluarganya dengan --columns BERKAS."
        )
    return f"PERHATIAN: {why}. Tiap baris dihitung satu rumah tangga; kalau lembar ini rekapitulasi, hasilnya salah."
