"""Where a package comes from, and how well it is placed, as all that explains it tells."""

from collections.abc import Mapping
from typing import Any

from geo.products import Product
from geo.review.decisions import masked
from geo.symbology import number

_ROLES = {
    "sheet": "Lembar rumah tangga",
    "boundaries": "Batas desa",
    "families": "Jumlah keluarga tiap desa",
    "urban_families": "Jumlah keluarga tiap desa",
    "urban_status": "Status perkotaan",
    "land_cover": "Tutupan lahan",
    "decisions": "Keputusan tentang tempat",
    "code_list": "Daftar kode",
}


def inputs(facts: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what went into a run, ready to be told: ``what``, ``name`` and ``sha256``, empty where there is none."""
    return [
        {
            "what": _ROLES.get(given["role"], str(given["role"]).replace("_", " ").capitalize()),
            "name": masked(str(given["name"])),
            "sha256": given["sha256"] or "",
        }
        for given in facts["inputs"]
    ]


def without_point(product: Product) -> str:
    """Say how many households have no place on the map; nothing where there are none in the product."""
    collection = product.collections.get("rumah_tangga")
    if collection is None:
        return ""
    missing = int(collection.table.geometry.isna().sum())
    return (
        f"{number(missing)} dari {number(len(collection.table))} rumah tangga tidak punya titik sendiri: ada di tabel, "
        f"tidak digambar di peta, dan tidak diberi posisi karangan."
    )
