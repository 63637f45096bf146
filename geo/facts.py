"""What a run was made from, ready for its manifest and for the legends: inputs, definitions, counts."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.boundaries import Boundaries
from geo.duplicates import duplicate_facts
from geo.geocoding import QUALITIES
from geo.households import Intake
from geo.indicators import INDICATORS
from geo.indicators.base import Indicator
from geo.indicators.rtlh import TERVERIFIKASI, profile_of
from geo.landcover import raster_name
from geo.layers import LAYERS
from geo.layers.base import OUTSIDE, UNKNOWN, Layer, Zones
from geo.review import review_facts
from geo.settings import Settings, is_address
from geo.suppression import tells
from geo.symbology import number, percent


def gather_facts(
    sheet: Path,
    boundaries: Boundaries,
    settings: Settings,
    intake: Intake,
    households: pd.DataFrame,
    indicators: Sequence[Indicator],
    zones: Mapping[str, Zones],
    review: pd.DataFrame,
    decisions: Path | None,
) -> dict[str, Any]:
    """Gather everything that the tables do not say of themselves; the keys stand at ``Assessment.facts``."""
    chosen = settings.indicators
    boundary_file = {} if boundaries.file is None else {"boundaries": boundaries.file}
    code_list, groups = Path(settings.intake.code_list), Path(settings.groups.definition)
    files = (
        {"sheet": sheet}
        | boundary_file
        | ({"decisions": decisions} if decisions is not None and decisions.is_file() else {})
        | _layer_files(settings)
        | {f"layer_{layer}": path for layer, path in settings.layers.files.items()}
        | ({"code_list": code_list} if code_list.suffix else {})
        | ({"groups": groups} if groups.suffix else {})
    )
    counted = households[households["counts"]]
    quality = counted["location_quality"].value_counts()
    return {
        "district": boundaries.info["district"],
        "boundaries": boundaries.info["boundaries"],
        "inputs": [
            *(input_facts(role, path) for role, path in files.items()),
            *(_raster_facts(place) for place in settings.layers.land_cover),
        ],
        "settings": _stated(settings),
        "profiles": {indicator.id: indicator.profile(chosen) for indicator in indicators},
        "indicators": [
            {
                "id": indicator.id,
                "title": indicator.title,
                "profile": indicator.profile(chosen),
                "definition": indicator.definition(chosen),
                "sensitive": indicator.sensitive,
                "caution": _caution(counted[f"need_{indicator.id}"]),
                **_verified(counted, indicator.id),
            }
            for indicator in indicators
        ],
        "compared": _compared(settings),
        "layers": [
            _layer_facts(LAYERS[layer], found, counted[f"zone_{layer}"]) for layer, found in zones.items()
        ],
        "rows": {
            "sheet": intake.rows,
            "valid": len(intake.households),
            "rejects": len(intake.rejects),
            "empty": intake.empty_rows,
            "counted": len(counted),
        },
        "duplicates": duplicate_facts(households, settings.intake.count_once),
        "location": {name: int(quality.get(name, 0)) for name in QUALITIES},
        "review": review_facts(review),
        "needs": {indicator.id: _answers(indicator, counted) for indicator in indicators},
        "inactive": [
            _inactive(indicator) for name, indicator in INDICATORS.items() if indicator not in indicators
        ],
        "columns": [{"meaning": meaning, "heading": heading} for meaning, heading in intake.headings.items()],
        "ignored": list(intake.ignored),
        "intake": {
            "kind": intake.source.kind,
            "sheet": intake.source.sheet,
            "other_sheets": list(intake.source.other_sheets),
            "header_row": intake.source.header_row,
            "code_list": intake.source.code_list,
            "notes": list(intake.notes),
            "marks": {meaning: dict(counts) for meaning, counts in intake.marks.items()},
        },
    }


def _layer_facts(layer: Layer, found: Zones, words: pd.Series) -> dict[str, Any]:
    counts = words.value_counts()
    return {
        "id": layer.id,
        "title": layer.title,
        "colour": layer.colour,
        "titles": dict(layer.titles),
        "figures": dict(layer.figures),
        "source": found.source,
        "year": found.year,
        "method": found.method,
        "proksi": found.proksi,
        "counts": {word: int(counts.get(word, 0)) for word in (*layer.titles, OUTSIDE, UNKNOWN)},
    }


def _verified(counted: pd.DataFrame, indicator: str) -> dict[str, int]:
    """Count the households whose answer rests on a survey, and those of them in need; nothing without a basis."""
    if f"basis_{indicator}" not in counted:
        return {}
    by_survey = counted[f"basis_{indicator}"] == TERVERIFIKASI
    return {
        "verified": int(by_survey.sum()),
        "verified_need": int(counted.loc[by_survey, f"need_{indicator}"].sum()),
    }


def _answers(indicator: Indicator, counted: pd.DataFrame) -> dict[str, int | None]:
    needs = counted[f"need_{indicator.id}"]
    known, need = int(needs.notna().sum()), int(needs.sum())
    unknown = len(needs) - known
    # whoever opens a page or the manifest reads these: of a few people nothing is told
    cells = np.array([[need, known - need, unknown]])
    if indicator.sensitive and tells(cells, everybody=True).any():
        return {"known": None, "need": None, "unknown": None}
    return {"known": known, "need": need, "unknown": unknown}


def _caution(needs: pd.Series) -> str:
    """Warn of a rate that no household could lower, as a definition gives whose parts the sheet does not hold."""
    known, need = int(needs.notna().sum()), int(needs.sum())
    if not known or need < known or known == len(needs):
        return ""
    return (
        "Persentase ini bukan tingkat kebutuhan: dengan data lembar ini tidak satu rumah tangga pun dapat "
        f"dinyatakan tidak membutuhkan. Yang pasti: sedikitnya {percent(need / len(needs), 1)} dari "
        f"{number(len(needs))} rumah tangga."
    )


def _compared(settings: Settings) -> list[dict[str, str]]:
    """Return name, title, source and wording of the two definitions of RTLH that are set side by side."""
    if not settings.indicators.rtlh_compare:
        return []
    chosen = (settings.indicators.rtlh_profile, settings.indicators.rtlh_compare)
    return [
        {"label": found.label, "title": found.title, "source": found.source, "definition": found.definition}
        for found in map(profile_of, chosen)
    ]


def _inactive(indicator: Indicator) -> dict[str, Any]:
    """Say of an indicator that is off which headings would switch it on."""
    return {
        "id": indicator.id,
        "title": indicator.title,
        "headings": [column.headings[0].capitalize() for column in indicator.required],
    }


def _layer_files(settings: Settings) -> dict[str, Path]:
    """Return the files of layers, rates and visits that are read."""
    sections = (settings.layers, settings.rates, settings.visits, settings.atlas)
    given = {name: path for section in sections for name, path in section if isinstance(path, Path)}
    of_proksi = settings.layers.urban_status is None and settings.layers.land_cover
    # families of the layers serve its proksi, and as a denominator where no other table does
    if settings.rates.families is not None and not of_proksi:
        given.pop("urban_families", None)
    return given


def _stated(settings: Settings) -> dict[str, Any]:
    """Return the settings without the folders of the machine; a file is known by its name and its sha256."""
    stated: dict[str, Any] = settings.model_dump(mode="json")
    stated["intake"]["code_list"] = Path(settings.intake.code_list).name
    stated["groups"]["definition"] = Path(settings.groups.definition).name
    stated["visits"] |= {"router": bool(settings.visits.router)}
    stated["rates"] |= {name: path.name for name, path in settings.rates if isinstance(path, Path)}
    stated["visits"] |= {name: path.name for name, path in settings.visits if isinstance(path, Path)}
    stated["layers"] |= {name: path.name for name, path in settings.layers if isinstance(path, Path)}
    stated["atlas"] |= {name: path.name for name, path in settings.atlas if isinstance(path, Path)}
    stated["layers"]["files"] = {layer: path.name for layer, path in settings.layers.files.items()}
    stated["layers"]["land_cover"] = [raster_name(place) for place in settings.layers.land_cover]
    return stated


def _raster_facts(place: str) -> dict[str, Any]:
    if is_address(place):
        return {"role": "land_cover", "name": raster_name(place), "bytes": None, "sha256": None}
    return input_facts("land_cover", Path(place))


def input_facts(role: str, path: Path) -> dict[str, Any]:
    """Return name, size and sha256 of an input file, for the manifest."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"role": role, "name": path.name, "bytes": path.stat().st_size, "sha256": digest}
