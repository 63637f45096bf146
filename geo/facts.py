"""What a run was made from, ready for its manifest and for the legends: inputs, definitions, counts."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from geo.boundaries import Boundaries
from geo.duplicates import duplicate_facts
from geo.geocoding import QUALITIES
from geo.households import Intake
from geo.indicators.base import Indicator
from geo.layers import LAYERS
from geo.layers.base import Zones
from geo.review import review_facts
from geo.settings import Settings


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
    code_list = Path(settings.intake.code_list)
    files = (
        {"sheet": sheet}
        | boundary_file
        | ({"decisions": decisions} if decisions is not None and decisions.is_file() else {})
        | {name: path for name, path in settings.layers if isinstance(path, Path)}
        | ({"code_list": code_list} if code_list.suffix else {})
    )
    counted = households[households["counts"]]
    quality = counted["location_quality"].value_counts()
    return {
        "district": boundaries.info["district"],
        "boundaries": boundaries.info["boundaries"],
        "inputs": [input_facts(role, path) for role, path in files.items()],
        "settings": _stated(settings),
        "profiles": {indicator.id: indicator.profile(chosen) for indicator in indicators},
        "indicators": [
            {
                "id": indicator.id,
                "title": indicator.title,
                "profile": indicator.profile(chosen),
                "definition": indicator.definition(chosen),
                "sensitive": indicator.sensitive,
            }
            for indicator in indicators
        ],
        "layers": [
            {
                "id": layer,
                "title": LAYERS[layer].title,
                "source": found.source,
                "year": found.year,
                "method": found.method,
                "proksi": found.proksi,
            }
            for layer, found in zones.items()
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
        "needs": {indicator.id: _answers(counted[f"need_{indicator.id}"]) for indicator in indicators},
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


def _answers(needs: pd.Series) -> dict[str, int]:
    known = int(needs.notna().sum())
    return {"known": known, "need": int(needs.sum()), "unknown": len(needs) - known}


def _stated(settings: Settings) -> dict[str, Any]:
    """Return the settings without the folders of the machine; a file is known by its name and its sha256."""
    stated: dict[str, Any] = settings.model_dump(mode="json")
    stated["intake"]["code_list"] = Path(settings.intake.code_list).name
    stated["layers"] |= {name: path.name for name, path in settings.layers if isinstance(path, Path)}
    return stated


def input_facts(role: str, path: Path) -> dict[str, Any]:
    """Return name, size and sha256 of an input file, for the manifest."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"role": role, "name": path.name, "bytes": path.stat().st_size, "sha256": digest}
