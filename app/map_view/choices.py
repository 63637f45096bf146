"""What the form of the map offers: indicators, measures, areas, and the filters that somebody may use."""

from collections.abc import Mapping
from typing import Any

from app.access.roles import Permission, Person
from app.map_view.asked import DESA, LAYERS, LEVELS, OF_HOUSEHOLDS, Asked
from geo.assessment import Assessment
from geo.filters.choice import ANSWER_TITLES, UNKNOWN_DESIL_TITLE, group_titles
from geo.maps.themes import MEASURES
from geo.symbology import QUALITY_TITLES, UNKNOWN, layer_title, zone_words

Json = dict[str, Any]
Option = tuple[str, str]

_DESIL = ("1", "1-2", "1-3", "1-4", "1-5", "5-10", UNKNOWN_DESIL_TITLE)


def choices(assessment: Assessment, who: Person, asked: Asked) -> Json:
    """Return the options of every field, as pairs of value and words, not yet escaped."""
    sees_households = who.may(Permission.SEE_HOUSEHOLDS)
    facts = assessment.facts
    indicators = facts["indicators"]
    return {
        "indicators": [(str(entry["id"]), str(entry["title"])) for entry in indicators],
        "measures": list(MEASURES.items()),
        "levels": [*LEVELS.items()] if who.desa is None else [(DESA, LEVELS[DESA])],
        "kecamatan": _kecamatan(assessment, who),
        "desa": _desa(assessment, asked),
        "zones": _zones(facts, asked),
        "needs": _needs(indicators) if sees_households else [],
        "desil": _desil(asked) if sees_households else [],
        "groups": [(name, title) for name, title in group_titles(assessment).items()]
        if sees_households
        else [],
        "qualities": list(QUALITY_TITLES.items()) if sees_households else [],
        "layers": _layers(assessment, sees_households=sees_households),
        "sees_households": sees_households,
    }


def _kecamatan(assessment: Assessment, who: Person) -> list[Option]:
    desa = assessment.desa
    places = zip(desa["kode_desa"], desa["kode_kecamatan"], desa["nama_kecamatan"], strict=True)
    areas = {code: name for kode, code, name in places if who.reaches(kode)}
    return sorted(areas.items(), key=lambda area: area[1])


def _desa(assessment: Assessment, asked: Asked) -> list[Option]:
    """Return the desa that are filtered on; others are added from a desa itself, or by searching."""
    if not asked.filter.desa:
        return []
    chosen = assessment.desa[assessment.desa["kode_desa"].isin(asked.filter.desa)]
    return list(zip(chosen["kode_desa"], chosen["nama_desa"], strict=True))


def _zones(facts: Mapping[str, Any], asked: Asked) -> list[tuple[str, list[Option]]]:
    """Return the words of each layer; one that is asked for is always among them."""
    offered = []
    for layer in facts["layers"]:
        words = {**zone_words(layer), UNKNOWN: "belum diketahui"}
        words |= {word: word for name, word in asked.filter.zona if name == layer["id"] and word not in words}
        offered.append(
            (layer_title(layer), [(f"{layer['id']}:{word}", title) for word, title in words.items()])
        )
    return offered


def _needs(indicators: list[Json]) -> list[tuple[str, list[Option]]]:
    return [
        (str(entry["title"]), [(f"{entry['id']}:{word}", title) for word, title in ANSWER_TITLES.items()])
        for entry in indicators
        if not entry["sensitive"]
    ]


def _desil(asked: Asked) -> list[Option]:
    written = [value for name, value in asked.filter.query() if name == "desil"]
    return [
        (value, value if value == UNKNOWN_DESIL_TITLE else value.replace("-", " sampai "))
        for value in dict.fromkeys([*_DESIL, *written])
    ]


def _layers(assessment: Assessment, *, sees_households: bool) -> list[Option]:
    zones = [(f"zona-{layer['id']}", f"Zona: {layer_title(layer)}") for layer in assessment.facts["layers"]]
    there = {
        "kantong": len(assessment.clusters) > 0,
        "lingkaran": "significant" in assessment.scans and bool(assessment.scans["significant"].any()),
        "terpilih": "chosen" in assessment.priorities and bool(assessment.priorities["chosen"].any()),
        "kunjungan": len(assessment.visits) > 0,
    }
    return zones + [
        (name, title) for name, title in LAYERS.items()
        if there.get(name, True) and (sees_households or name not in OF_HOUSEHOLDS)
    ]  # fmt: skip
