"""The kinds of conflict between what an agency returns and what stands here, and which of them a person may settle."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of conflict.

    Attributes
    ----------
    title, meaning
        In words (Indonesian).
    theirs, ours
        What happens when the agency's word is taken, and when it is not; empty where there is nothing to choose.
    """

    title: str
    meaning: str
    theirs: str = ""
    ours: str = ""


_FILE = "Hanya instansi itu yang dapat membetulkannya, di berkasnya."

KINDS = {
    "tak_dikenal": Kind(
        "Nomor samaran tidak dikenal",
        "Bukan nomor yang pernah diberikan kepada penerima ini, atau kolom id berisi yang lain.",
    ),
    "penerima_lain": Kind(
        "Nomor samaran penerima lain",
        "Nomor itu dari pembagian dengan resep lain. Bila resep itu juga untuk instansi ini, masukkan berkasnya "
        "sebagai jawaban atas pembagian itu; bila tidak, tanyakan dari mana ia mendapatnya.",
    ),
    "kata": Kind("Kata hasil tidak dikenal", f"Kata itu tidak punya satu arti yang pasti. {_FILE}"),
    "tanggal": Kind(
        "Tanggal tidak dapat dipakai",
        f"Tidak terbaca, sesudah hari ini, atau lebih dari setahun yang lalu. {_FILE}",
    ),
    "berulang": Kind(
        "Baris yang bertentangan dalam berkas itu",
        f"Satu rumah tangga diberi hasil yang berbeda-beda. {_FILE}",
    ),
    "sebelum": Kind(
        "Tanggal sebelum pembagian",
        "Pekerjaan itu bertanggal lebih awal daripada data yang dibagikan.",
        theirs="Catat juga",
        ours="Tinggalkan",
    ),
    "tiada": Kind(
        "Tidak dikenali dalam hasil yang berlaku",
        "Rumah tangganya tidak ada lagi dalam lembar yang berlaku, atau diragukan.",
        theirs="Catat pada lembar asalnya; di Kunjungan ia menunggu ditetapkan rumah tangganya",
        ours="Tinggalkan",
    ),
    "lebih_baru": Kind(
        "Berbeda dari yang tercatat, dan lebih baru",
        "Di sini tercatat hasil lain dengan tanggal yang lebih awal.",
        theirs="Pakai hasil dari instansi itu; yang lama tetap di riwayat",
        ours="Pertahankan yang tercatat",
    ),
    "lebih_lama": Kind(
        "Berbeda dari yang tercatat, tetapi lebih lama",
        "Di sini tercatat hasil lain dengan tanggal yang lebih baru.",
        theirs="Pakai hasil dari instansi itu; yang tercatat tetap di riwayat",
        ours="Pertahankan yang tercatat",
    ),
    "tak_jelas": Kind(
        "Berbeda dari yang tercatat, dan tidak jelas mana yang lebih baru",
        "Tanggalnya sama, atau berkas itu tidak menyebut tanggal.",
        theirs="Pakai hasil dari instansi itu; yang tercatat tetap di riwayat",
        ours="Pertahankan yang tercatat",
    ),
}
"""By word, the ones that nobody here can settle first; a line is told under the first that it is in."""

CHOICES = tuple(word for word, kind in KINDS.items() if kind.theirs)
