"""Messages that were written for the command line, in the words of the pages."""

import re

_WORDS = (
    (r"; dan kecamatan_tertulis = \"…\"", ""),
    (
        r"tulis di berkas --columns: \[constants\] desa_tertulis = \"…\" dan kecamatan_tertulis = \"…\"",
        "isi «Tempat untuk semua baris» di halaman ini",
    ),
    (r", atau --sheet \"\*\" untuk membaca semua yang judul kolomnya sama", ", atau semua yang judulnya sama"),
    (r"Pilih dengan --sheet NAMA", "Pilih di isian «Lembar di dalam berkas»"),
    (r"Pilih dengan --sheet", "Pilih di isian «Lembar di dalam berkas»"),
    (r"dipilih dengan --sheet", "dipilih di isian «Lembar di dalam berkas»"),
    (r"Berikan kata sandinya dengan --password-file BERKAS", "Ketik kata sandinya"),
    (r"\(dengan --columns dan --settings yang sama[^)]*\)", ""),
    (r"di berkas --columns|(?:dengan )?--columns(?: BERKAS)?", "di tabel «Arti kolom»"),
    (r" ?Semua judul dan arti: peta columns LEMBAR\.", ""),
    (r" ?(?:Lihat|Rinciannya): peta [^.]*\.", ""),
    (r" ?\(--(?:why|who)\)", ""),
    (r"atau nyatakan tidak ada yang cocok dengan peta review reject", "atau nyatakan tidak ada yang cocok"),
    (r"dengan peta review reject", "di bawah"),
    (r"jalankan kembali peta assess", "unggah dan olah lagi"),
    (r"Jalankan kembali peta assess untuk folder itu", "Olah lagi lembarnya"),
    (r" Sebut berkas keputusannya dengan --decisions BERKAS, atau foldernya dengan PETA_BOUNDARIES\.",
     " Minta admin menyetel batas atau berkas keputusan peladen ini."),
)  # fmt: skip


def for_pages(text: str) -> str:
    """Return a message of geo without options of the command line.

    Examples
    --------
    >>> for_pages("Kolom lintang tidak dikenali. Sebut kolomnya dengan --columns BERKAS.")
    'Kolom lintang tidak dikenali. Sebut kolomnya di tabel «Arti kolom».'
    >>> for_pages("Alasan harus diisi, paling panjang 200 huruf (--why).")
    'Alasan harus diisi, paling panjang 200 huruf.'
    """
    for pattern, words in _WORDS:
        text = re.sub(pattern, words, text)
    return text
