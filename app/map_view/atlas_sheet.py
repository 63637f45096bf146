"""The printed sheet of one desa, taken out of the run's own atlas, so that both always say the same."""

import io

import pikepdf

from app.library import OpenedRun
from geo.errors import NoRun


def sheet_of(opened: OpenedRun, kode: str) -> bytes:
    """Return the page of a desa as a PDF of its own; the atlas has a page a desa in the order of ``kode_desa``.

    Raises
    ------
    NoRun
        When the run was made without an atlas, or the desa is not in it.
    """
    codes = sorted(opened.assessment.desa["kode_desa"])
    path = opened.folder / "atlas.pdf"
    if kode not in codes or not path.is_file():
        raise NoRun("Hasil ini tidak memuat lembar desa itu.")
    with pikepdf.open(path) as atlas, pikepdf.new() as one:
        one.pages.append(atlas.pages[codes.index(kode)])
        out = io.BytesIO()
        one.save(out)
    return out.getvalue()
