"""The official status of each desa, from a list by desa: which class it has, by whom, of when."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo.errors import LayerError
from geo.layers.desa_list import one_each, read_desa_list

_HEADINGS = ("status", "klasifikasi", "kategori", "kelas")
_BLANK = frozenset(
    {"", "tidak diketahui", "belum diketahui", "tidak ada data", "na", "n a", "nan", "null", "kosong"}
)
_UNSURE = re.compile(r"^\s*[=+@]|^\s*-\s*\d|\?|\d\s*[./,]\s*\d*[1-9]")
"""A formula, a sign, a doubt, or two numbers: no answer, though its digits look like one."""
_NOT_LISTED = "tidak ada dalam daftar status, atau statusnya kosong"


@dataclass(frozen=True)
class Status:
    """What an official list says.

    Attributes
    ----------
    classes
        Class of each desa (index of the frame of desa); missing where the list leaves it out or says nothing.
    source, year
        As the list states them.
    note
        What the reader must know of the list (Indonesian), or nothing.
    """

    classes: pd.Series
    source: str
    year: str
    note: str = ""


def read_status(
    path: Path,
    desa: gpd.GeoDataFrame,
    classes: Mapping[str, Collection[str]],
    headings: Sequence[str] = (),
) -> Status:
    """Read an official status list: CSV with the code of the desa, its status, and often year and source.

    Parameters
    ----------
    path
        As for :func:`geo.layers.desa_list.read_desa_list`.
    desa
        Needs columns ``kode_desa``, ``kode_bps``.
    classes
        For each class the answers that mean it, in small letters: its number, its words. A list may write the number
        (``1``), the words, or both (``1. Perkotaan``).
    headings
        Further headings of the column, in small letters and digits only; taken before ``status``.

    Raises
    ------
    LayerError
        As :func:`geo.layers.desa_list.read_desa_list` does, and when the list holds another answer or contradicts
        itself.
    """
    listed = read_desa_list(path, desa, (*headings, *_HEADINGS), "status")
    means = {plain(answer): word for word, answers in classes.items() for answer in answers}
    written = listed.cells.map(plain)
    found = {answer: _class_of(answer, means) for answer in written.unique()}
    strange = [
        example
        for answer, example in zip(written, listed.cells, strict=True)
        if found[answer] is None or _UNSURE.search(example)
    ]
    if strange:
        known = "; ".join(", ".join(answers) for answers in classes.values())
        raise LayerError(
            f"{path.name} memuat status yang tidak dikenal: {', '.join(dict.fromkeys(strange[:5]))[:200]}. "
            f"Yang dikenal: {known}; kosong berarti tidak diketahui."
        )
    word = written.map(found)
    if (word == "").all():
        raise LayerError(
            f"{path.name} tidak berisi satu status pun: semua selnya kosong. Lengkapi, atau hapus dari setelan."
        )
    return Status(one_each(listed, desa, word.where(word != "")), listed.source, listed.year, listed.note)


def unlisted(desa: gpd.GeoDataFrame, status: Status) -> frozenset[str]:
    """Return the desa of which a status list says nothing."""
    return frozenset(desa.loc[status.classes.isna().to_numpy(), "kode_desa"])


def status_reasons(desa: gpd.GeoDataFrame, status: Status, words: Mapping[str, str]) -> dict[str, str]:
    """Return the reason for each desa (by ``kode_desa``): the words of its class, or that the list has none.

    Examples
    --------
    >>> desa = gpd.GeoDataFrame({"kode_desa": ["33.26.01.2001", "33.26.01.2002"]})
    >>> status = Status(pd.Series(["pesisir", None]), "Podes", "2024")
    >>> status_reasons(desa, status, {"pesisir": "berbatasan langsung dengan laut"})["33.26.01.2001"]
    'status resmi: berbatasan langsung dengan laut'
    """
    reasons = status.classes.map({word: f"status resmi: {text}" for word, text in words.items()})
    return dict(zip(desa["kode_desa"], reasons.fillna(_NOT_LISTED), strict=True))


def plain(answer: str) -> str:
    """Return an answer in small letters and digits with single spaces; a code that Excel made a number, whole.

    Examples
    --------
    >>> plain(" 1.0 "), plain("2. Di tepi/sekitar kawasan hutan"), plain("[01] Ada"), plain("-")
    ('1', '2 di tepi sekitar kawasan hutan', '1 ada', '')
    """
    bare = re.sub(r"[\W_]+", " ", re.sub(r"(?<=\d)[.,]0+$", "", answer.strip()))
    return re.sub(r"\b0+(?=\d)", "", bare).casefold().strip()


def _class_of(answer: str, means: Mapping[str, str]) -> str | None:
    """Return the class that an answer means, nothing for a blank, and None for what is not known."""
    if answer in _BLANK:
        return ""
    parts = answer.split()
    said = {means.get(part) for part in parts if part.isdigit()}
    if words := " ".join(part for part in parts if not part.isdigit()):
        said.add(means.get(words))
    # «1 perkotaan»: number and words must say the same
    return said.pop() if len(said) == 1 else None
