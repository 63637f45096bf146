"""Where is the district urban? By the official status of each desa, else after the Degree of Urbanisation (proksi)."""

from typing import Any

import numpy as np
import pandas as pd

from geo.landcover import BUILT_UP
from geo.layers.base import Inputs, Layer, Zones, desa_zones, nothing_known
from geo.layers.families import Families, read_families
from geo.layers.status import read_status, status_reasons, unlisted
from geo.settings import LayerSettings
from geo.symbology import ZONE_COLOURS, number
from geo.urban_clusters import LEAST_BUILTUP_HA, find_urban_clusters

MOST_OF_IT = 0.5
"""Least share of a desa's families in urban clusters that makes it urban (Degree of Urbanisation, local units)."""

_URBAN, _RURAL = "perkotaan", "perdesaan"
_AREAS = ("", "desa ", "kelurahan ", "daerah ", "wilayah ", "kawasan ")
_ANSWERS = {
    _URBAN: ("1", "urban", *(f"{area}perkotaan" for area in _AREAS)),
    _RURAL: ("2", "rural", *(f"{area}{word}" for word in ("perdesaan", "pedesaan") for area in _AREAS)),
}
_KINDS = ("status", "klasifikasi", "kategori", "kelas", "tipologi", "kode", "")
_BOTH = (
    "perkotaanperdesaan", "perkotaandanperdesaan", "perkotaanatauperdesaan", "perkotaanpedesaan",
    "perkotaandanpedesaan", "perdesaanperkotaan", "perdesaandanperkotaan", "pedesaanperkotaan",
    "urbanrural", "ruralurban",
)  # fmt: skip
# «Kota/Desa» and «Status desa» are not among them: there 1 and 2 may say kelurahan or desa
_HEADINGS = (
    *(f"{kind}{both}" for kind in _KINDS for both in _BOTH),
    *(f"{kind}perkotaan" for kind in _KINDS if kind),
    "statusdesakota",
    *(f"{kind}{area}" for kind in _KINDS[:3] for area in ("wilayah", "daerah")),
)


def _zones(inputs: Inputs) -> Zones:
    if inputs.settings.urban_status is not None:
        return _by_status(inputs)
    if inputs.land_cover is None:
        alone = "" if inputs.settings.urban_families is None else "; jumlah keluarga saja tidak cukup"
        return nothing_known(inputs, f"belum ada daftar status perkotaan maupun tutupan lahan{alone}")
    return _by_clusters(inputs)


def _by_status(inputs: Inputs) -> Zones:
    path, desa = inputs.settings.urban_status, inputs.desa_m()
    assert path is not None  # noqa: S101  -- the caller has looked
    status = read_status(path, desa, _ANSWERS, _HEADINGS)
    year = f" {status.year}" if status.year else ""
    return Zones(
        desa_zones(desa, (status.classes == _URBAN).astype("boolean"), _URBAN),
        unlisted(desa, status),
        source=status.source,
        year=status.year,
        method="; ".join(filter(None, ("status resmi perkotaan atau perdesaan tiap desa", status.note))),
        why=status_reasons(desa, status, {zone: f"{zone}{year}" for zone in (_URBAN, _RURAL)}),
    )


def _by_clusters(inputs: Inputs) -> Zones:
    land_cover, desa, settings = inputs.land_cover, inputs.desa_m(), inputs.settings
    assert land_cover is not None  # noqa: S101  -- the caller has looked
    families = None if settings.urban_families is None else read_families(settings.urban_families, desa)
    counts = None if families is None else families.count.to_numpy(float)
    built = inputs.land_cover_shares[BUILT_UP].to_numpy(float)
    clusters = find_urban_clusters(desa, land_cover, counts, settings)
    facts = clusters.assign(
        kode_desa=desa["kode_desa"],
        builtup_share=built,
        urban_cluster_share=clusters["clustered"].mask(np.isnan(built)),
    )
    if counts is not None:
        facts["families_km2"] = counts / (desa.area.to_numpy() / 1e6)
    figures = [name for name in URBAN.figures if name in facts]
    table = facts.set_index("kode_desa")[figures]
    return Zones(
        desa_zones(desa, _is_urban(facts), _URBAN),
        frozenset(desa.loc[np.isnan(built), "kode_desa"]),
        source=_both(land_cover.source, "" if families is None else families.source),
        year=_both(land_cover.year, "" if families is None else families.year),
        method=_method(settings, families),
        proksi=True,
        why={
            str(row.kode_desa): _reason(row, settings, counted=families is not None)
            for row in facts.itertuples()
        },
        desa=table,
    )


def _is_urban(facts: pd.DataFrame) -> pd.Series:
    return (facts["urban_cluster_share"] >= MOST_OF_IT) & (facts["own_ha"] >= LEAST_BUILTUP_HA)


def _method(settings: LayerSettings, families: Families | None) -> str:
    share, least_ha = number(settings.urban_builtup_share * 100), number(settings.urban_cluster_builtup_ha)
    floor = f" dan lahan terbangunnya paling sedikit {number(LEAST_BUILTUP_HA)} ha"
    dense = (
        f"proksi, bukan status resmi BPS, mengikuti gagasan Degree of Urbanisation (PBB dan Uni Eropa): kawasan padat "
        f"adalah tempat dengan lahan terbangun paling sedikit {share} % dalam petak 1 km² di sekelilingnya"
    )
    if families is None:
        return (
            f"{dense}; kawasan padat yang bersambung dan memuat paling sedikit {least_ha} ha lahan terbangun menjadi "
            f"gugus perkotaan; desa perkotaan bila paling sedikit separuh lahan terbangunnya ada di gugus{floor}. "
            f"Kepadatan keluarga tidak dapat dipakai: tabel jumlah keluarga tiap desa (urban_families) tidak diberikan"
        )
    least = number(settings.urban_cluster_families)
    method = (
        f"{dense} dan paling sedikit {number(settings.urban_families_km2)} keluarga per km²; kawasan padat yang "
        f"bersambung dan memuat paling sedikit {least} keluarga menjadi gugus perkotaan; desa perkotaan bila paling "
        f"sedikit separuh keluarganya ada di gugus{floor}. Keluarga tiap desa dibagi rata pada lahan terbangunnya; "
        f"lahan terbangun di luar kabupaten, yang jumlah keluarganya tidak diketahui, disetarakan menurut kedua ambang "
        f"gugus ({least_ha} ha = {least} keluarga)"
    )
    if absent := int(families.count.isna().sum()):
        method += (
            f"; jumlah keluarga {absent} desa tidak ada di tabel: kepadatannya tidak diketahui, dan lahan terbangunnya "
            f"disetarakan dengan cara yang sama"
        )
    return f"{method}; {families.note}" if families.note else method


def _both(land_cover: str, families: str) -> str:
    return "; ".join(dict.fromkeys(filter(None, (land_cover, families))))


def _reason(desa: Any, settings: LayerSettings, *, counted: bool) -> str:  # noqa: ANN401  -- a row of the figures, by name
    """Say how much of a desa is built up, and how much of that lies in which cluster."""
    if np.isnan(desa.builtup_share):
        return "tutupan lahan tidak mencakup desa ini"
    if np.isnan(desa.clustered) or desa.own_ha < LEAST_BUILTUP_HA:
        little = f"lahan terbangun kurang dari {number(LEAST_BUILTUP_HA)} ha, terlalu sedikit untuk disebut perkotaan"
        return little if desa.builtup_share > 0 else "tidak ada lahan terbangun"
    built = f"lahan terbangun {_percent(desa.builtup_share)}"
    group, least = (
        f"{number(desa.builtup_ha)} ha lahan terbangun",
        f"{number(settings.urban_cluster_builtup_ha)} ha",
    )
    if counted:
        beside = f"{number(desa.uncounted_ha)} ha lahan terbangun yang jumlah keluarganya tidak diketahui"
        group = f"{number(desa.families)} keluarga{f' dan {beside}' if round(desa.uncounted_ha) else ''}"
        least = f"{number(settings.urban_cluster_families)} keluarga"
    if desa.clustered >= MOST_OF_IT:
        return f"{built}; {_percent(desa.clustered)} di antaranya di gugus perkotaan dengan {group}"
    if round(desa.clustered, 2) > 0:
        return (
            f"{built}; kurang dari separuhnya ({_percent(desa.clustered)}) di gugus perkotaan dengan {group}"
        )
    if round(desa.grouped, 2) > 0:
        return f"{built}; {_percent(desa.grouped)} di kawasan padat, tetapi gugusnya hanya {group} (ambang {least})"
    return f"{built}; tidak ada yang di kawasan padat"


def _percent(share: float) -> str:
    return f"{number(share * 100)} %"


URBAN = Layer(
    id="urban",
    title="Perkotaan",
    colour=ZONE_COLOURS["urban"],
    titles={"perkotaan": "Perkotaan"},
    zones=_zones,
    figures={
        "builtup_share": "Lahan terbangun (bagian dari luas desa)",
        "urban_cluster_share": "Lahan terbangun di gugus perkotaan (bagian dari lahan terbangun desa)",
        "families_km2": "Keluarga per km² luas desa",
    },
)
