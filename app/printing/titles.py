"""How a book of some areas is called, and its files."""

import numpy as np
import pandas as pd

from app.access.roles import Person
from geo.assessment import Assessment
from geo.filters import Filter

_NAMED = 3


def area_title(assessment: Assessment, areas: Filter, inside: np.ndarray, who: Person) -> str:
    """Return what a book of areas is called.

    Parameters
    ----------
    areas
        A filter of kecamatan and desa alone.
    inside
        Which rows of the table of desa are in it, as the person may see them.
    """
    table = assessment.desa
    held = table[inside]
    if areas.desa:
        kinds = held.get("jenis", pd.Series("desa", index=held.index)).fillna("desa")
        if len(held) == 1:
            return f"{str(kinds.iloc[0]).capitalize()} {held['nama_desa'].iloc[0]}"
        return f"{len(held)} desa: {_listed(held['nama_desa'].astype(str).tolist())}"
    if areas.kecamatan:
        names = held.drop_duplicates("kode_kecamatan")["nama_kecamatan"].astype(str).tolist()
        whole = int(table["kode_kecamatan"].isin(areas.kecamatan).sum()) == len(held)
        title = f"Kecamatan {_listed(names)}"
    else:
        whole = who.desa is None
        title = str(assessment.facts["district"]["nama"])
    return title if whole else f"{title}, {len(held)} desa tugas"


def area_file(areas: Filter) -> str:
    """Return the name of the files of a book of areas, without its ending.

    Examples
    --------
    >>> area_file(Filter(desa=("33.26.01.2001",))), area_file(Filter(kecamatan=("33.26.01", "33.26.02")))
    ('desa-33.26.01.2001', '2-kecamatan')
    >>> area_file(Filter())
    'kabupaten'
    """
    kind, codes = ("desa", areas.desa) if areas.desa else ("kecamatan", areas.kecamatan)
    if not codes:
        return "kabupaten"
    return f"{kind}-{codes[0]}" if len(codes) == 1 else f"{len(codes)}-{kind}"


def _listed(names: list[str]) -> str:
    more = f", dan {len(names) - _NAMED} lagi" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
