"""Kinds of noise in the names and codes of places, on a draft."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from geo.evaluation import spelling
from geo.evaluation.drafts import Apply
from geo.evaluation.ground import Ground
from geo.evaluation.judge import key

_SHORTENED = ("truncated", "abbreviated")


def _spelled(change: spelling.Change, shortened: str = "") -> Apply:
    """Change the letters of the desa; the heavier, the more often those of the kecamatan too."""

    def apply(_: Ground, draft: pd.DataFrame, strength: int, rng: np.random.Generator) -> pd.DataFrame:
        said = np.array([change(name, strength, rng) for name in draft["name_said"]], dtype=object)
        kept = (said != draft["name_said"].to_numpy()) & (draft["name_said"] != "").to_numpy()
        draft = draft[kept].assign(name_said=said[kept], desa=said[kept], shortened=shortened)
        also = (
            (rng.random(len(draft)) < (strength - 1) * 0.15)
            & (draft["kec_said"] != "").to_numpy()
            & (not shortened)
        )
        kec = [
            change(name, 1, rng) if chosen else name
            for name, chosen in zip(draft["kec_said"], also, strict=True)
        ]
        return draft.assign(kec_said=kec, kecamatan=np.where(also, kec, draft["kecamatan"]))

    return apply


def prefixes(_: Ground, draft: pd.DataFrame, strength: int, rng: np.random.Generator) -> pd.DataFrame:
    """Write the words desa or kelurahan, and kecamatan, before the names."""
    return _dressed(draft, lambda text, level: spelling.prefix(text, strength, rng, level=level), None)


def capitals(_: Ground, draft: pd.DataFrame, strength: int, rng: np.random.Generator) -> pd.DataFrame:
    """Change the capitals of both names."""
    return _dressed(draft, lambda text, _: spelling.case(text, strength, rng), None)


def other_status(
    ground: Ground, draft: pd.DataFrame, strength: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Call a desa a kelurahan, and a kelurahan a desa."""
    desa = ground.names(draft["place"].to_numpy(), "jenis") == "desa"
    levels = np.where(desa, "kelurahan", "desa")
    return _dressed(draft, lambda text, level: spelling.prefix(text, strength, rng, level=level), levels)


def _dressed(
    draft: pd.DataFrame, dress: Callable[[str, str], str], levels: np.ndarray | None
) -> pd.DataFrame:
    levels = np.full(len(draft), "desa", dtype=object) if levels is None else levels
    return draft.assign(
        desa=[text and dress(text, level) for text, level in zip(draft["desa"], levels, strict=True)],
        kecamatan=[text and dress(text, "kecamatan") for text in draft["kecamatan"]],
    )


def alias(ground: Ground, draft: pd.DataFrame, _strength: int, rng: np.random.Generator) -> pd.DataFrame:
    """Use an old or other name of the desa."""
    known = [[name.strip() for name in names.split(";") if name.strip()]
             for names in ground.names(draft["place"].to_numpy(), "alias")]  # fmt: skip
    kept = np.array([bool(names) for names in known])
    said = [names[int(rng.integers(len(names)))] for names in known if names]
    return draft[kept].assign(name_said=said, desa=said, shortened="")


def one_cell(ground: Ground, draft: pd.DataFrame, strength: int, rng: np.random.Generator) -> pd.DataFrame:
    """Write desa and kecamatan, and sometimes kabupaten, in the cell of the desa."""
    forms = ("{d}, {k}", "{d} Kec. {k}", "Ds. {d} Kec. {k}", "{d} - {k}", "{d} ({k})", "{d}/{k}",
             "Desa {d} Kecamatan {k} {kab}", "{d}, {k}, {kab}", "DS {d} KEC {k}")  # fmt: skip
    usable = ((draft["name_said"] != "") & (draft["kec_said"] != "")).to_numpy()
    draft = draft[usable]
    cells = [spelling.pick(forms, strength, rng).format(d=desa, k=kec, kab=ground.kabupaten)
             for desa, kec in zip(draft["name_said"], draft["kec_said"], strict=True)]  # fmt: skip
    return draft.assign(desa=cells, kecamatan="")


def address_only(
    ground: Ground, draft: pd.DataFrame, strength: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Name desa and kecamatan in the address alone."""
    forms = ("Dusun {h} RT {rt:03d} RW {rw:03d} Desa {d} Kec. {k}",
             "Dk. {h} RT {rt:03d}/RW {rw:03d}, Ds. {d}, Kec. {k}",
             "DUKUH {h} RT.{rt:02d}/{rw:02d} DESA {d} KECAMATAN {k}", "Dsn {h} Rt {rt} Rw {rw} Ds {d} Kec {k} {kab}",
             "jl. raya no 12 rt {rt}/{rw} ds.{d} kec.{k}", "Ds. {d} RT {rt}/{rw} Kec. {k}")  # fmt: skip
    draft = draft[(draft["name_said"] != "") & (draft["kec_said"] != "")]
    said = zip(
        *(draft[name] for name in ("name_said", "kec_said", "true_dusun", "true_rt", "true_rw")), strict=True
    )
    cells = [
        spelling.pick(forms, strength, rng).format(d=desa, k=kec, h=dusun, rt=rt, rw=rw, kab=ground.kabupaten)
        for desa, kec, dusun, rt, rw in said
    ]
    return draft.assign(desa="", kecamatan="", dusun="", alamat=cells)


def no_kecamatan(
    _ground: Ground, draft: pd.DataFrame, _strength: int, _rng: np.random.Generator
) -> pd.DataFrame:
    """Leave the kecamatan empty."""
    return draft.assign(kecamatan="", kec_said="")


def no_desa(_ground: Ground, draft: pd.DataFrame, strength: int, rng: np.random.Generator) -> pd.DataFrame:
    """Leave the desa empty; the heavier, the more often the kecamatan too."""
    both = rng.random(len(draft)) < (strength - 1) / 2
    blank = [spelling.pick(("", "-", "?"), strength, rng) for _ in both]
    kec_said, kecamatan = (draft[name].mask(both, "") for name in ("kec_said", "kecamatan"))
    return draft.assign(name_said="", shortened="", desa=blank, kec_said=kec_said, kecamatan=kecamatan)


def misspelt_kecamatan(
    _: Ground, draft: pd.DataFrame, strength: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Make typing errors in the kecamatan."""
    said = np.array(
        [name and spelling.letters(name, strength, rng) for name in draft["kec_said"]], dtype=object
    )
    return draft.assign(kec_said=said, kecamatan=said)


def wrong_kecamatan(
    ground: Ground, draft: pd.DataFrame, _strength: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Write another kecamatan of the district."""
    names = np.unique(ground.desa["nama_kecamatan"].to_numpy(str)).astype(object)
    own = np.searchsorted(
        names.astype(str), ground.names(draft["place"].to_numpy(), "nama_kecamatan").astype(str)
    )
    if len(names) == 1:
        return draft.iloc[:0]
    said = names[(own + rng.integers(1, len(names), len(draft))) % len(names)]
    return draft.assign(kec_said=said, kecamatan=said)


def doubled_name(
    ground: Ground, draft: pd.DataFrame, _strength: int, _rng: np.random.Generator
) -> pd.DataFrame:
    """Keep the names that two desa share, and leave the kecamatan empty."""
    names = ground.desa["nama_desa"].map(key)
    kept = names.duplicated(keep=False).to_numpy()[draft["place"].to_numpy()]
    doubled: pd.DataFrame = draft[kept].assign(kecamatan="", kec_said="")
    return doubled


NAMES: Mapping[str, Apply] = {
    "prefix": prefixes, "capitals": capitals, "other_status": other_status, "alias": alias,
    **{name: _spelled(change, name if name in _SHORTENED else "") for name, change in spelling.CORE.items()},
    "one_cell_names": one_cell, "address_only": address_only, "no_kecamatan": no_kecamatan, "no_desa": no_desa,
    "misspelt_kecamatan": misspelt_kecamatan, "wrong_kecamatan": wrong_kecamatan, "doubled_name": doubled_name,
}  # fmt: skip
