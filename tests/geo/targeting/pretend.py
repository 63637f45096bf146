"""Invented households with what ranking and choosing ask for."""

import numpy as np
import pandas as pd

from geo.settings import TargetingSettings
from geo.targeting import prioritise


def households(size: int = 200, *, seed: int = 1, desa: int = 12) -> pd.DataFrame:
    """Return households in need, some of them of no known desa, zone or group."""
    random = np.random.default_rng(seed)
    at = random.integers(0, desa, size)
    code = pd.Series([f"99.01.{place // 4 + 1:02d}.{2001 + place % 4}" for place in at], dtype="str")
    coast = pd.Series(np.where(at % 3 == 0, "pesisir", "luar"), dtype="str")
    group = pd.array((at % 3 == 0) & (random.random(size) < 0.5), dtype="boolean")
    lost = random.random(size) < 0.03
    coast[random.random(size) < 0.05] = "tidak diketahui"
    group[random.random(size) < 0.05] = pd.NA
    rtlh = pd.array(random.random(size) < 0.5, dtype="boolean")
    jamban = pd.array(random.random(size) < 0.7, dtype="boolean")
    jamban[random.random(size) < 0.05] = pd.NA
    return pd.DataFrame(
        {
            "sheet_row": random.permutation(size) + 2,
            "kode_desa": code.where(~lost),
            "nama_desa": ("Contoh " + code.str[-4:]).where(~lost),
            "kode_kecamatan": code.str[:8].where(~lost),
            "nama_kecamatan": ("Kecontohan " + code.str[6:8]).where(~lost),
            "need_rtlh": rtlh,
            "severity_rtlh": pd.array(np.round(random.random(size), 1), dtype="Float32"),
            "why_rtlh": pd.Series("lantai tanah", index=range(size), dtype="str"),
            "need_jamban": jamban,
            "why_jamban": pd.Series("BABS", index=range(size), dtype="str"),
            "desil": pd.array(random.integers(1, 6, size), dtype="Int16"),
            "jumlah_art": pd.array(random.integers(1, 9, size), dtype="Int16"),
            "zone_coastal": coast,
            "zone_display": coast.map({"pesisir": "coastal", "luar": "lainnya"}),
            "group_pesisir": group,
            "geometry": None,
        }
    )


def areas() -> pd.DataFrame:
    """Return the desa of the pretended district, one of them without households."""
    codes = [f"99.01.{place // 4 + 1:02d}.{2001 + place % 4}" for place in range(13)]
    return pd.DataFrame(
        {
            "kode_desa": codes,
            "nama_desa": [f"Contoh {code[-4:]}" for code in codes],
            "kode_kecamatan": [code[:8] for code in codes],
            "nama_kecamatan": [f"Kecontohan {code[6:8]}" for code in codes],
        }
    )


def listed(people: pd.DataFrame) -> pd.DataFrame:
    """Return their priorities."""
    return prioritise(people, areas(), TargetingSettings(weightings=100), seed=1, top=20)
