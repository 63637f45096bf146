"""Kinds of noise about the kabupaten, on a draft: our own, another one, a kota of the same name, an unknown desa."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.evaluation import spelling
from geo.evaluation.drafts import ELSEWHERE, Apply
from geo.evaluation.ground import Ground
from geo.evaluation.judge import costs, key

_SYLLABLES = (
    "mu",
    "lan",
    "teng",
    "ba",
    "ron",
    "si",
    "gel",
    "pur",
    "wi",
    "nang",
    "cok",
    "le",
    "tu",
    "mang",
    "gi",
    "har",
)
_FAR_LETTERS = 4
_ELSEWHERE = ("Kabupaten Batang", "Kab. Pemalang", "KABUPATEN BANJARNEGARA", "Kab. Purbalingga", "Kota Tegal",
              "Kab Kendal", "Kab. Lampung Tengah", "kabupaten Sragen", "KOTA SEMARANG", "Jakarta Timur")  # fmt: skip


def own_kabupaten(
    ground: Ground, draft: pd.DataFrame, strength: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Write the district's own name as offices do."""
    kind, _, bare = ground.kabupaten.partition(" ")
    short = kind[:3]
    forms = (
        ground.kabupaten, f"{short}. {bare}", ground.kabupaten.upper(), f"{short} {bare}", bare.upper(), bare,
        f"{short.upper()}.{bare.upper()}", f"{ground.kabupaten}, {ground.provinsi}", spelling.letters(bare, 1, rng),
    )  # fmt: skip
    written = [spelling.pick(forms, strength, rng) for _ in range(len(draft))]
    return draft.assign(kabupaten=written)


def other_kabupaten(
    ground: Ground, draft: pd.DataFrame, _strength: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Let a row with our names say that it lies in another kabupaten or kota."""
    others = [name for name in _ELSEWHERE if name.split()[-1].lower() not in ground.kabupaten.lower()]
    chosen = rng.integers(0, len(others), len(draft))
    return _abroad(draft).assign(kabupaten=np.array(others, dtype=object)[chosen])


def twin_kota(ground: Ground, draft: pd.DataFrame, strength: int, rng: np.random.Generator) -> pd.DataFrame:
    """Let a row say the kota that has the kabupaten's name (or the other way), or one of its kecamatan."""
    kind, _, bare = ground.kabupaten.partition(" ")
    other = "Kota" if kind.lower().startswith("kab") else "Kabupaten"
    forms = (
        f"{other} {bare}",
        f"{other} {bare}".upper(),
        f"{other[:4].strip()}. {bare}",
        f"{other.lower()} {bare}",
    )
    by_kecamatan = rng.random(len(draft)) < (strength - 1) / 3
    side = rng.choice(np.array(["Utara", "Timur", "Selatan", "Barat"], dtype=object), len(draft))
    return _abroad(draft).assign(
        kabupaten=np.where(
            by_kecamatan, "", [spelling.pick(forms, strength, rng) for _ in range(len(draft))]
        ),
        kecamatan=np.where(by_kecamatan, f"{bare} " + side, draft["kecamatan"]),
    )


def foreign_name(
    ground: Ground, draft: pd.DataFrame, _strength: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Name a desa that no list of the district knows; the kecamatan is ours, or left out."""
    draws = [
        "".join(rng.choice(_SYLLABLES, int(rng.integers(3, 6)))).capitalize()
        for _ in range(4 * len(draft) + 40)
    ]
    apart = costs([key(name) for name in draws], [[key(name)] for name in ground.desa["nama_desa"]]).min(
        axis=1
    )
    far = [name for name, letters in zip(draws, apart, strict=True) if letters >= _FAR_LETTERS][: len(draft)]
    left_out = rng.random(len(far)) < 0.5  # noqa: PLR2004  -- half and half
    draft = _abroad(draft.iloc[: len(far)])
    return draft.assign(desa=far, kecamatan=draft["kecamatan"].mask(left_out, ""))


def _abroad(draft: pd.DataFrame) -> pd.DataFrame:
    return draft.assign(place=ELSEWHERE, elsewhere=True)


KABUPATEN: Mapping[str, Apply] = {
    "own_kabupaten": own_kabupaten,
    "other_kabupaten": other_kabupaten,
    "twin_kota": twin_kota,
    "foreign_name": foreign_name,
}
"""Kinds by name; all but the first lie in no desa of the ground."""
