"""Codes of desa that a sheet keeps in parts, one column a level, joined to one code."""

import pandas as pd

PARTS = ("kode_provinsi", "kode_kabupaten", "kode_kecamatan")
"""Meanings of the columns above the desa; they serve the joining alone."""

_BPS, _KEMENDAGRI = (2, 2, 3, 3), (2, 2, 2, 4)
"""Digits of the parts from the province to the desa, by who gave the code."""


def join_codes(households: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Join codes in parts to ``kode_tertulis``, and drop those that are only the last part.

    Needs columns: ``kode_tertulis``, ``kode_provinsi``, ``kode_kabupaten``, ``kode_kecamatan`` (text or missing).

    Returns
    -------
    households
        ``kode_tertulis`` whole, or missing where a part of it is; without the columns of the parts.
    notes
        How many were joined and dropped, each a sentence (Indonesian).

    Notes
    -----
    Only codes of one to four digits are parts. BPS writes province, kabupaten, kecamatan, and desa in 2 + 2 + 3 + 3
    digits, Kemendagri in 2 + 2 + 2 + 4. A code of a desa by Kemendagri never begins with 0, so four digits are
    Kemendagri's, and fewer are BPS's that perhaps lost zeros in front to a spreadsheet program; with that the widths of
    the parts above are known too. A part above may hold the levels above it as well, if they do not contradict.

    Examples
    --------
    >>> rows = [("33", "26", "70", "11"), (None, None, "33.26.07", "2001"), (None, None, "070", "011")]
    >>> names = ["kode_provinsi", "kode_kabupaten", "kode_kecamatan", "kode_tertulis"]
    >>> joined, notes = join_codes(pd.DataFrame(rows, columns=names, dtype="str"))
    >>> joined["kode_tertulis"].tolist()
    ['3326070011', '33.26.07.2001', nan]
    """
    written = households["kode_tertulis"]
    rest = households.drop(columns=list(PARTS))
    short = written.str.fullmatch(r"\W*[0-9]{1,4}(?:\W[^0-9]*)?", na=False)
    if not short.any():
        return rest, ()
    parts = [_digits(households.loc[short, name]) for name in PARTS]
    desa = _digits(written[short])
    by_kemendagri = _joined(parts, desa.where(desa.str.len() == _KEMENDAGRI[-1]), _KEMENDAGRI)
    by_bps = _joined(parts, desa.where(desa.str.len() <= _BPS[-1]), _BPS)
    # with its dots, which none but Kemendagri writes: ten bare digits may be a code of either
    dotted = by_kemendagri.str.replace(r"^(..)(..)(..)", r"\1.\2.\3.", regex=True)
    joined = by_bps.fillna(dotted)
    counts = {"BPS": by_bps.notna().sum(), "Kemendagri": dotted.notna().sum()}
    notes = [
        f"Kode desa {giver} pada {count} baris dirangkai dari kolom-kolom bagiannya (provinsi, kabupaten, kecamatan, "
        f"desa); nol di depan yang hilang dikembalikan."
        for giver, count in counts.items()
        if count
    ]
    if lost := int(joined.isna().sum()):
        notes.append(
            f"Kode desa pada {lost} baris tidak dipakai: hanya bagian akhirnya yang tertulis, dan kode provinsi, "
            f"kabupaten, serta kecamatan tidak ada, tidak lengkap, atau tidak cocok."
        )
    whole = written.mask(short)
    whole[short] = joined
    return rest.assign(kode_tertulis=whole.astype("str")), tuple(notes)


def _digits(cells: pd.Series) -> pd.Series:
    found = cells.str.replace(r"[^0-9]+", "", regex=True)
    return found.mask(found.str.fullmatch("0*", na=True))


def _joined(parts: list[pd.Series], desa: pd.Series, widths: tuple[int, ...]) -> pd.Series:
    """Join the parts by their widths; missing where one is missing, too long, or contradicts another."""
    whole = pd.Series("", index=desa.index, dtype="str")
    ends = [sum(widths[: level + 1]) for level in range(len(widths))]
    for part, width, end in zip([*parts, desa], widths, ends, strict=True):
        alone = whole + part.str.zfill(width)
        whole = alone.where(part.str.len() <= width, part.where(part.str.len() == end))
    for part, width, end in zip(parts, widths, ends, strict=False):
        expected = whole.str.slice(end - width, end).where(part.str.len() <= width, whole.str.slice(0, end))
        whole = whole.where(part.isna() | (part.str.zfill(width) == expected))
    return whole.where(whole.str.match("[1-9]", na=False))
