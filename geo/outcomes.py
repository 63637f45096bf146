"""What comes of a visit: the words for it, and how far the visits of a list have come."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geo.symbology import number

OUTCOMES = {
    "selesai": "Selesai",
    "tidak_ditemukan": "Tidak ditemukan",
    "pindah": "Pindah",
    "menolak": "Menolak",
    "sudah_diperbaiki": "Sudah diperbaiki",
    "data_salah": "Data salah",
}
"""What a team may report of a household, and how it is called; the order is that of buttons and legends."""

MEANINGS = {
    "selesai": "didatangi dan diperiksa",
    "tidak_ditemukan": "alamat didatangi, tetapi rumah atau orangnya tidak ada",
    "pindah": "tidak tinggal di situ lagi",
    "menolak": "tidak bersedia didata atau dibantu",
    "sudah_diperbaiki": "rumah atau jambannya sudah layak",
    "data_salah": "isi lembar tidak sesuai dengan keadaan",
}

CODES = {word: code for code, word in enumerate(OUTCOMES, 1)}
"""Numbers that stand for the outcomes in tiles; 0, or nothing, is not visited."""

DONE = "selesai"

SMALLEST = 5
"""Counts under this are not told to those who see areas only, and others are rounded to multiples of it."""

FORM_HEADINGS = (
    "lembar", "nomor", "petak", "kode_desa", "dusun", "rt", "rw", "hasil", "tanggal", "catatan",
)  # fmt: skip
"""Of the table that a book is handed out with: the last three are filled in, in the evening."""

COUNTS = ("listed", "visited", *OUTCOMES)


def progress(listed: pd.DataFrame, outcomes: pd.Series, by: Sequence[str] = ()) -> pd.DataFrame:
    """Count how far the visits have come, for each of some groups or altogether.

    Parameters
    ----------
    listed
        The households to be visited: ``sheet_row``, and the columns to group by (missing is a group of its own).
    outcomes
        The word of :data:`OUTCOMES` that holds, by sheet row (index); may tell of others than those listed.
    by
        Columns to group by; none for one row over all.

    Returns
    -------
    pandas.DataFrame
        The groups in the order of their first household, ``listed`` (households), ``visited`` (with any outcome), one
        column for each outcome, ``share`` (visited over listed, 0 to 1; missing where none is listed).

    Examples
    --------
    >>> rows = pd.DataFrame({"sheet_row": [2, 3, 4], "team": [1, 1, 2]})
    >>> table = progress(rows, pd.Series({3: "selesai", 4: "pindah", 99: "selesai"}), ["team"])
    >>> table[["team", "listed", "visited", "selesai", "pindah", "share"]].values.tolist()
    [[1.0, 2.0, 1.0, 1.0, 0.0, 0.5], [2.0, 1.0, 1.0, 0.0, 1.0, 1.0]]
    """
    codes = np.array(
        [CODES[word] for word in outcomes] + [0]
    )  # the last: no outcome, where the indexer says -1
    code = codes[outcomes.index.get_indexer(pd.Index(listed["sheet_row"]))]
    if by:
        group = listed.groupby([*by], sort=False, dropna=False, observed=True).ngroup().to_numpy(np.int64)
        _, first = np.unique(group, return_index=True)
        table = listed[[*by]].iloc[first].reset_index(drop=True)
    else:
        group, table = np.zeros(len(listed), dtype=np.int64), pd.DataFrame(index=[0])
    width = len(OUTCOMES) + 1
    counts = np.bincount(group * width + code, minlength=len(table) * width).reshape(len(table), width)
    whole, visited = counts.sum(axis=1), counts[:, 1:].sum(axis=1)
    share = np.divide(visited, whole, out=np.full(len(table), np.nan), where=whole > 0)
    found = dict(zip(COUNTS, (whole, visited, *counts[:, 1:].T), strict=True))
    return table.assign(**found, share=share)


def rounded(count: int) -> str:
    """Tell a count to those who see areas only: never fewer than five, and never exactly.

    Rounding keeps a total from telling, by subtraction, what a small part is.

    Examples
    --------
    >>> [rounded(count) for count in (0, 4, 5, 7, 8, 1_234)]
    ['kurang dari 5', 'kurang dari 5', '5', '5', '10', '1.235']
    """
    if count < SMALLEST:
        return f"kurang dari {SMALLEST}"
    return number(SMALLEST * ((count + SMALLEST // 2) // SMALLEST))
