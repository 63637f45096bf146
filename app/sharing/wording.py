"""What a level means for those who hand over, in words that stand beside every preview."""

from app.sharing.asked import API, Asked
from geo.indicators import INDICATORS
from geo.levels import Level
from geo.settings import SharingSettings
from geo.symbology import number

_SENSITIVE = "Penyakit kronis dan disabilitas tidak ikut, kecuali sebagai angka wilayah yang cukup besar."

_FOLLOWS = (
    "Lewat API penerima melihat hasil yang sedang berlaku: sesudah hasil baru diterbitkan, barisnya mengikuti, dengan "
    "tingkat, wilayah, dan kolom yang sama."
)
_MASKED = (
    "Posisi rumah disamarkan: tetap di desanya, tetapi tidak terbedakan dari paling sedikit {others} rumah lain dengan "
    "kebutuhan yang sama."
)

_HIDDEN = {
    Level.PUBLIK: (
        "Hanya angka wilayah; tidak ada satu pun rumah tangga.",
        "Angka dari sedikit rumah tangga dirahasiakan, juga angka lain yang dapat dipakai menghitungnya balik.",
        _SENSITIVE,
    ),
    Level.TERBATAS: (
        _MASKED,
        "Tanpa nama, NIK, KK, alamat, nomor baris, desil, zona, dan peringkat; urutannya diacak.",
        _SENSITIVE,
    ),
    Level.OPD: (
        "Titik rumah yang sebenarnya, sejauh diketahui.",
        "Tanpa nama, NIK, KK, dan alamat.",
        "Nomor samaran tiap rumah tangga hanya berlaku bagi penerima ini.",
        "Berkas dua instansi tetap dapat disambung lewat titik rumah yang sama: karena itu jangan diteruskan.",
        "Hanya kolom menurut resep penerima.",
        _SENSITIVE,
    ),
    Level.PETUGAS: (
        "Nama dan alamat {rows} rumah tangga pada daftar «{listed}».",
        "Tanpa NIK dan nomor KK.",
        "Setiap berkas bertanda penerima, keperluan, dan tanggal berakhirnya.",
    ),
}


def what_is_hidden(asked: Asked, sharing: SharingSettings) -> list[str]:
    """Return what is masked, left out or added at a level, a sentence each."""
    words = {"others": sharing.others, "rows": number(len(asked.rows or ())), "listed": asked.list_name}
    told = [sentence.format(**words) for sentence in _HIDDEN[asked.level]]
    titles = [INDICATORS[name].title for name in asked.recipe.needs if name in INDICATORS]
    if titles and asked.level in {Level.OPD, Level.PETUGAS}:
        told.append(f"Hanya rumah tangga yang membutuhkan: {'; '.join(titles)}.")
    return [*told, _FOLLOWS] if asked.kind == API else told
