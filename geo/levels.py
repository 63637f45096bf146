"""Who receives an output, from everybody to the team that knocks at the door."""

from enum import StrEnum


class Level(StrEnum):
    """How much of the register leaves: the later, the more."""

    PUBLIK = "publik"
    TERBATAS = "terbatas"
    OPD = "opd"
    PETUGAS = "petugas"


LEVEL_TITLES = {
    Level.PUBLIK: "Publik: angka wilayah, angka kecil dirahasiakan",
    Level.TERBATAS: "Terbatas: kebutuhan rumah tangga pada posisi yang disamarkan, tanpa tanda pengenal",
    Level.OPD: "OPD: titik sebenarnya dengan nomor samaran, hanya kolom menurut keperluan penerima",
    Level.PETUGAS: "Petugas: nama dan alamat untuk satu daftar kunjungan, dengan batas waktu",
}
