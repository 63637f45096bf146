"""What the clerk is told beside the rows: how to fix them, and how to send them again."""

import pandas as pd

from geo.assessment import Assessment
from geo.spreadsheet import TAB_STEP
from geo.symbology import number
from geo.workbook import Sheet

__all__ = ["about_duplicates", "about_rejects"]


def about_rejects(assessment: Assessment, rows: int, *, shifted: bool, tabbed: bool) -> Sheet:
    """Return the sheet «Petunjuk» beside rejected rows.

    Parameters
    ----------
    rows
        How many stand in the workbook.
    shifted
        Whether any row has more cells than the sheet has headings.
    tabbed
        Whether the numbers of rows tell the sheet as well, because several were read as one.
    """
    return _sheet(
        f"Lembar «Perbaikan» memuat {number(rows)} baris dari {_sheet_name(assessment)} yang tidak dapat dipakai. "
        f"Isinya sama dengan di lembar asal.",
        "«Baris di lembar» menyebut nomor barisnya di lembar asal, yaitu lembar kantor, juga bila berkas ini dibuat "
        "dari rejects.xlsx yang lebih dahulu. Baris tanpa nomor tidak ada di sana.",
        f"Beberapa lembar dibaca berurutan: {3 * TAB_STEP + 32} berarti baris 32 di lembar ke-3."
        if tabbed
        else "",
        "«Kolom yang salah» dan «Alasan» menyebut apa yang perlu diperbaiki. Sel yang salah berwarna kuning.",
        "Perbaiki sel itu menurut keadaan yang sebenarnya. Bila jawabannya memang tidak diketahui, kosongkan "
        "selnya: kosong berarti belum diketahui, bukan layak.",
        "Kode jawaban yang berlaku ada di lembar «Daftar kode» (bila ada kolom berkode). Jangan menebak kode.",
        "Baris yang bukan rumah tangga (baris jumlah, catatan, judul) boleh dihapus.",
        "Isinya bergeser pada baris yang selnya lebih banyak daripada judul kolom: betulkan seluruh baris menurut "
        "lembar asal, lalu kosongkan sel di kolom «(setelah kolom terakhir)»."
        if shifted
        else "",
        "Jangan mengubah judul kolom. Tiga kolom pertama tidak dibaca kembali dan boleh dibiarkan.",
        "Semua sel berformat teks supaya NIK dan nomor KK tetap utuh. Ketik angka seperti biasa; jangan mengganti "
        "format selnya.",
        "Untuk memeriksa perbaikan: simpan berkas ini sebagai XLSX, lalu jalankan "
        "«peta assess rejects.xlsx --out hasil/perbaikan» (dengan --columns dan --settings yang sama bila dahulu "
        "dipakai). Baris yang masih salah muncul lagi dalam rejects.xlsx di folder itu.",
        "Agar baris yang sudah betul dihitung bersama yang lain, salin ke lembar asal menurut nomor barisnya, lalu "
        "jalankan kembali seluruh lembar.",
        "Berkas ini memuat nama dan nomor penduduk: simpan di komputer petugas, dan hapus bila sudah selesai.",
    )


def about_duplicates(assessment: Assessment) -> Sheet:
    """Return the sheet «Petunjuk» beside the groups."""
    facts = assessment.facts["duplicates"]
    once = " atau ".join(facts["count_once"])
    return _sheet(
        f"Lembar «Ganda» memuat {number(facts['groups'])} kelompok dari {_sheet_name(assessment)} yang barisnya "
        f"mungkin satu rumah tangga: {number(facts['rows'])} baris. Tidak ada baris yang dihapus.",
        f"Dihitung satu kali: baris dengan {once} (setelan intake.count_once). "
        f"{number(facts['not_counted'])} baris karena itu tidak ikut dihitung dan berwarna kuning."
        if once
        else "Setelan intake.count_once kosong: semua baris ikut dihitung.",
        "Yang dihitung ialah baris yang desanya diketahui, lalu yang paling lengkap isinya, lalu yang paling atas.",
        "«NIK sama, nama berbeda» selalu dihitung semuanya: mungkin dua keluarga, dan salah satu NIK salah tulis. "
        "Periksa ke kartu keluarga.",
        "Nama dibandingkan tanpa gelar, huruf besar, tanda baca, dan spasi. NIK dan nomor KK yang rusak tidak "
        "dipakai sebagai bukti.",
        "Perbaiki atau hapus baris ganda di lembar asal, lalu jalankan kembali. Perubahan pada berkas ini tidak "
        "dibaca.",
        "Berkas ini memuat nama dan nomor penduduk: simpan di komputer petugas, dan hapus bila sudah selesai.",
    )


def _sheet(*steps: str) -> Sheet:
    told = [step for step in steps if step]
    numbered = [f"{place}. {step}" for place, step in enumerate(told, start=1)]
    return Sheet("Petunjuk", pd.DataFrame({"Petunjuk": pd.Series(numbered, dtype="str")}), widths=(110,))


def _sheet_name(assessment: Assessment) -> str:
    given = next(
        (about["name"] for about in assessment.facts["inputs"] if about["role"] == "sheet"), "lembar"
    )
    return f"«{given[:60]}»"
