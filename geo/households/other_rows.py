"""Rows of a sheet that are no household: totals, group titles, notes, signatures, headings again, slipped cells."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.spreadsheet import TAB_STEP, Table

AFTER_LAST = "(setelah kolom terakhir)"
_IDS = ("id_keluarga", "nik", "no_kk")
_PLACE = ("desa_tertulis", "kode_tertulis", "lintang", "koordinat")
_WORDS = ("nama", "nik", "no_kk", "id_keluarga", "alamat", "desa_tertulis", "kecamatan_tertulis")
_FEW = 2
_TOTAL = r"\W*(?:(?:(?:sub|grand)[ -]?)?(?:total|jumlah|jml|jmlh|jlh)\b|rata\W{0,3}rata\b|rerata\b|average\b)"
_GROUP = r"(?:(?:rt|rw|rk|dusun|dukuh|lingkungan)\b[\s.:/-]*(?:\d+|[ivx]+)\b[\s./-]*)+$"
_LEAST_DIGITS, _SHIFTED_DIGITS = 10, 15
_MONTH = r"(?:jan|feb|peb|mar|apr|me[iy]|jun|jul|agu|ags|agt|aug|sep|okt|oct|nov|nop|des|dec)[a-z]*"
_SIGNATURE = (
    r"^(?:mengetahui|menyetujui|mengesahkan|disahkan|diketahui|dibuat oleh|disusun oleh|diperiksa|dicetak|halaman"
    r"|keterangan\s*[:.]|catatan\s*[:.]|ket\s*[:.]|sumber\s*[:.]|ttd\b|tanda tangan|a\.n\.|u\.b\."
    r"|n\.?i\.?p\.?\s*[:.]?\s*[\d.…_-])"
    rf"|^[\w .'-]+,\s*(?:tanggal\s*)?[\d.…_ ]+\s*{_MONTH}\s*(?:19|20)[\d.…_]{{2}}\.?$"
)
_OFFICE = (
    r"^(?:(?:pj|plt|plh|an)\.? )?(?:kepala (?:desa|dusun|dinas|kelurahan|bidang|seksi|uptd|kampung)|lurah|camat|kades"
    r"|sekretaris desa|petugas|pendata|enumerator|operator|koordinator|pendamping)\b"
)
"""Begins a name as well: no sign of a signature where there is more than one cell."""


def find_other_rows(table: Table, households: pd.DataFrame, headings: Mapping[str, str]) -> pd.DataFrame:
    """Find the rows that are no household, each with the reason.

    Parameters
    ----------
    table
        The sheet.
    households
        Its rows as they were read, those that are none included.
    headings
        Meaning to heading.

    Returns
    -------
    pandas.DataFrame
        ``place`` (label of the row in ``households``), ``column``, ``value``, ``reason``.
    """
    found = [
        _repeated(table),
        _signatures(households, headings),
        _nobody(households, headings),
        _totals(table, households, headings),
        _overlong(table),
        _shifted(households, headings),
    ]
    # a heading or a signature is told as what it is, and not for what it lacks besides
    kept = found[:1]
    for rows in found[1:3]:
        told = pd.concat([rows["place"] for rows in kept])
        kept.append(rows[~rows["place"].isin(told)])
    return pd.concat([*kept, *found[3:]])


def _faults(place: np.ndarray | pd.Index, column: object, value: object, reason: str) -> pd.DataFrame:
    return pd.DataFrame({"place": place, "column": column, "value": value, "reason": reason})


def _repeated(table: Table) -> pd.DataFrame:
    return _faults(np.flatnonzero(table.repeated_header), "(seluruh baris)", "", "judul kolom terulang")


def _nobody(households: pd.DataFrame, headings: Mapping[str, str]) -> pd.DataFrame:
    telling = [*_IDS, "nama", *_PLACE]
    silent = households[telling].isna().all(axis=1)
    return _faults(
        households.index[silent],
        ", ".join(headings[name] for name in telling if name in headings),
        "",
        "baris tanpa nama, nomor, dan tempat (mungkin baris jumlah atau catatan)",
    )


def _signatures(households: pd.DataFrame, headings: Mapping[str, str]) -> pd.DataFrame:
    """Find notes and signatures under the table, and what stands below the first of them with nothing but a name.

    Only rows with at most two cells filled in the known columns are looked at, none of them an answer.
    """
    known = [name for name in headings if name in households]
    few = households[known].notna().sum(axis=1) <= _FEW
    few &= households[[name for name in known if name not in _WORDS]].isna().all(axis=1)
    candidates = households.loc[few, [name for name in _WORDS if name in headings]]
    if candidates.empty:
        return _faults(candidates.index[:0], "", "", "")
    matches = candidates.apply(lambda words: words.str.match(_SIGNATURE, case=False, na=False))
    titled = candidates.apply(lambda words: words.str.match(_OFFICE, case=False, na=False)).any(axis=1)
    signed = matches.any(axis=1) | (titled & (candidates.notna().sum(axis=1) == 1))
    tab = households["sheet_row"] // TAB_STEP
    row = households.index.to_series()
    of_tab = tab[candidates.index]
    under_table = row[candidates.index] > of_tab.map(row[~few].groupby(tab[~few]).max()).fillna(-1)
    bare = candidates.drop(columns="nama", errors="ignore").isna().all(axis=1)
    begins = row[candidates.index[signed & under_table]]
    start = of_tab.map(begins.groupby(tab[begins.index]).min()).fillna(len(households))
    none = candidates[signed | (bare & (row[candidates.index] > start))]
    heading = none.notna().idxmax(axis=1).map(dict(headings)) if len(none) else ""
    return _faults(
        none.index, heading, none.bfill(axis=1).iloc[:, 0], "bukan rumah tangga: catatan atau tanda tangan"
    )


def _totals(table: Table, households: pd.DataFrame, headings: Mapping[str, str]) -> pd.DataFrame:
    """Find the rows that add up others, or head a group of them: no number of a person, but words of such a row.

    The words may stand where a person or a place is named, or in the first filled cell of the row, in any column.
    """
    numbered = households[["nik", "no_kk"]].apply(
        lambda numbers: numbers.str.count(r"\d").fillna(0) >= _LEAST_DIGITS
    )
    unnumbered = households[~numbered.any(axis=1)]
    names = ("nama", "nik", "no_kk", "id_keluarga", "desa_tertulis", "kecamatan_tertulis")
    written = pd.concat(
        [
            *(
                _faults(unnumbered.index, headings[name], unnumbered[name].to_numpy(), "")
                for name in names
                if name in headings
            ),
            _first_cells(table.cells.loc[unnumbered.index]),
        ]
    )
    words = written["value"].astype("str")
    adds_up = words.str.match(_TOTAL, case=False, na=False)
    of_person = written["column"].isin([headings[name] for name in ("nama", *_IDS) if name in headings])
    groups = of_person & words.str.match(_GROUP, case=False, na=False)
    reason = np.where(adds_up, "baris jumlah, bukan rumah tangga", "judul kelompok baris, bukan rumah tangga")
    return written.assign(reason=reason)[adds_up | groups].drop_duplicates("place")


def _first_cells(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the first filled cell of every row, with its heading."""
    filled = cells.notna().to_numpy()
    first = filled.argmax(axis=1) if filled.size else np.zeros(len(cells), dtype=int)
    found = [_faults(cells.index[:0], "", "", "")]
    for column in np.unique(first):
        rows = cells.index[first == column]
        found.append(
            _faults(rows, cells.columns[column], cells[cells.columns[column]].loc[rows].to_numpy(), "")
        )
    return pd.concat(found)


def _shifted(households: pd.DataFrame, headings: Mapping[str, str]) -> pd.DataFrame:
    """Find rows whose cells stand beside their columns: the long number of a person where a place is named."""
    found = [_faults(households.index[:0], "", "", "")]
    for name in ("desa_tertulis", "kecamatan_tertulis", "kabupaten_tertulis"):
        if name in headings:
            long = households[name].str.match(rf"^\D{{0,3}}(?:\d[ .'-]?){{{_SHIFTED_DIGITS},}}", na=False)
            reason = f"isi bergeser: nomor panjang di kolom {name.removesuffix('_tertulis')}"
            found.append(
                _faults(households.index[long], headings[name], households.loc[long, name].to_numpy(), reason)
            )
    return pd.concat(found)


def _overlong(table: Table) -> pd.DataFrame:
    slipped = table.overlong
    if AFTER_LAST in table.cells:  # a row that came back from the list of rejects, and still is not mended
        slipped = slipped | table.cells[AFTER_LAST].notna().to_numpy()
    return _faults(
        np.flatnonzero(slipped),
        AFTER_LAST,
        "",
        "sel lebih banyak daripada judul kolom: isinya bergeser, beri tanda kutip pada sel yang memuat tanda pemisah",
    )
