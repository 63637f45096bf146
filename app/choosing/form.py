"""What the form of the wishes shows: fields with their texts and faults, rows of quotas, and names to choose from."""

import math
from typing import Any

from app.choosing.asked import COST, PRICED, WEIGHT, Asked
from app.choosing.places import KINDS, Places
from app.choosing.quota_rows import SENSES, QuotaRow
from app.choosing.solving import stored_settings
from app.library import OpenedRun
from geo.symbology import QUALITY_TITLES, UNKNOWN, layer_title, zone_words
from geo.targeting import PARTS, SENSITIVE

WEIGHTS = {
    "rtlh": ("Keparahan RTLH", "bagian komponen rumah yang tidak layak"),
    "jamban": ("Jamban", "tanpa akses layak penuh; layak tetapi bukan milik sendiri separuh"),
    "desil": ("Desil", "desil 1 penuh, desil 10 nol"),
    "members": ("Anggota keluarga", "penuh mulai enam orang"),
    "cluster": ("Di dalam kantong", "rumah yang berdekatan dengan kebutuhan yang sama"),
    "hot_spot": ("Desa panas atau lingkaran", "kebutuhan nyata lebih sering di sana"),
    "gap": ("Kekurangan jamban desa", "bagian desa yang belum terlayani"),
}
_SLIDER = 5.0


def form_context(opened: OpenedRun, asked: Asked, more_rows: int = 0) -> dict[str, Any]:
    """Return what the template of the form needs.

    Parameters
    ----------
    more_rows
        So many empty rows for quotas beside the one that is always there.
    """
    facts = opened.facts
    weights, _, _ = stored_settings(facts)
    needs = [(about["id"], about["title"]) for about in facts["indicators"] if about["id"] in PRICED]
    return {
        "texts": asked.texts,
        "faults": asked.faults,
        "faulty": bool(asked.faults) or any(row.fault for row in asked.quotas),
        "weights": [
            {
                "name": WEIGHT + part,
                "title": WEIGHTS[part][0],
                "hint": WEIGHTS[part][1],
                "most": max(_SLIDER, math.ceil(2 * getattr(weights, part))),
            }
            for part in PARTS
        ],
        "health": any(getattr(weights, name) > 0 for name in SENSITIVE),
        "costs": [{"name": COST + need, "title": title} for need, title in needs],
        "needs": [
            ("any", "Semua yang punya kebutuhan"),
            *((need, f"Hanya: {title}") for need, title in needs),
        ],
        "rows": [*asked.quotas, *[QuotaRow()] * (1 + more_rows)],
        "kinds": KINDS,
        "senses": SENSES,
        "units": {"": "rumah tangga", "%": "% dari yang dipilih"},
        "places": {kind: list(names.values()) for kind, names in asked.places.names.items()},
    }


def filter_choices(opened: OpenedRun, places: Places) -> list[dict[str, Any]]:
    """Return the fields of the filter of the list: name, title, permission, and values with titles."""
    facts, names = opened.facts, {kind: list(called.items()) for kind, called in places.names.items()}
    zones = [
        (f"{layer['id']}:{word}", f"{layer_title(layer)}: {title}")
        for layer in facts["layers"]
        for word, title in {**zone_words(layer), UNKNOWN: UNKNOWN}.items()
    ]
    needs = [
        (f"{about['id']}:{answer}", f"{about['title']}: {words}")
        for about in facts["indicators"]
        if not about["sensitive"]
        for answer, words in (("ya", "ya"), ("tidak", "tidak"), ("belum", "belum diketahui"))
    ]
    desil = [(str(one), f"Desil {one}") for one in range(1, 11)]
    desil = [("1-2", "Desil 1–2"), ("1-4", "Desil 1–4"), *desil, (UNKNOWN, "Desil tidak diketahui")]
    fields = [
        ("kecamatan", "Kecamatan", "", names["kecamatan"]),
        ("desa", "Desa", "", names["desa"]),
        ("zona", "Zona", "zone", zones),
        ("butuh", "Kebutuhan", "need", needs),
        ("desil", "Desil", "desil", desil),
        ("kelompok", "Kelompok sasaran", "group", names["kelompok"]),
        ("letak", "Letak", "location_quality", list(QUALITY_TITLES.items())),
    ]
    return [
        {"name": name, "title": title, "field": field, "choices": choices}
        for name, title, field, choices in fields
        if choices
    ]
