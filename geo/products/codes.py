"""What the codes of a column mean, and where it comes from, in words of one run."""

from collections.abc import Callable, Mapping
from typing import Any

from geo.columns.code_lists import read_code_list
from geo.columns.levels import read_levels
from geo.levels import Level
from geo.review.decisions import masked
from geo.symbology import (
    QUALITY_TITLES,
    UNKNOWN,
    boundary_credit,
    display_classes,
    layer_title,
    long_date,
    zone_words,
)

Facts = Mapping[str, Any]

_UNKNOWN = {UNKNOWN: "tidak diketahui"}
_FAMILIES = "famil"
"""In the role of an input that counts all families."""


UNNAMED = "nama berkas tidak disebut"
"""In the place of the name that an office gave its file."""


def inputs_of(facts: Facts, level: Level) -> list[dict[str, Any]]:
    """Return what went into a run as a level may have it: people write names and numbers into names of files.

    Examples
    --------
    >>> facts = {"inputs": [{"role": "sheet", "name": "rumah Budi 3326010101010001.csv"}]}
    >>> [inputs_of(facts, level)[0]["name"] for level in (Level.PUBLIK, Level.OPD)]
    ['nama berkas tidak disebut', 'rumah Budi ….csv']
    """
    nameless = level in {Level.PUBLIK, Level.TERBATAS}
    return [
        {
            **given,
            "name": UNNAMED if nameless and _is_of_office(given["role"]) else masked(str(given["name"])),
        }
        for given in facts["inputs"]
    ]


def _is_of_office(role: str) -> bool:
    return role in {"sheet", "decisions"} or _FAMILIES in role


def codes_of(kind: str, facts: Facts, column: str, about: Mapping[str, Any]) -> dict[str, str]:
    """Return the codes of a column and their meaning.

    Parameters
    ----------
    kind
        As ``codes_of`` of the dictionary's file names it.
    column
        Of the questionnaire, where they are its codes.
    about
        The layer, where they are its zones.

    Examples
    --------
    >>> codes_of("question", {}, "jenis_kloset", {})["1"]
    'leher angsa'
    """
    found: dict[str, Callable[[], Mapping[str, str]]] = {
        "zones": lambda: zone_words(about) | _UNKNOWN,
        "all_zones": lambda: _every_zone(facts["layers"]) | _UNKNOWN,
        "layers": lambda: {str(layer["id"]): layer_title(layer) for layer in facts["layers"]},
        "display": lambda: {word: said for word, (said, _) in display_classes(facts["layers"]).items()},
        "indicators": lambda: {each["id"]: each["title"] for each in facts["indicators"]},
        "groups": lambda: _groups(facts),
        "qualities": lambda: QUALITY_TITLES,
        "levels": lambda: {str(level): said for level, said in read_levels().labels.items()},
        "question": lambda: _question(column),
    }
    return dict(found[kind]())


def source_of(kind: str, facts: Facts, layer: Mapping[str, Any] | None) -> str:
    """Return where a column comes from, with its date (Indonesian).

    Parameters
    ----------
    kind
        ``lembar``, ``hitungan``, ``batas``, ``lapisan``, ``keluarga`` or ``pembagian``.
    layer
        Of the column; all layers, when none is given.
    """
    found: dict[str, Callable[[], str]] = {
        "lembar": lambda: f"Lembar {_sheet(facts)}",
        "hitungan": lambda: f"Dihitung dari lembar {_sheet(facts)}",
        "batas": lambda: boundary_credit(facts["boundaries"]),
        "lapisan": lambda: _layers([layer] if layer is not None else facts["layers"]),
        "keluarga": lambda: _families(facts),
        "pembagian": lambda: "Dibuat untuk pembagian ini",
    }
    return found[kind]()


def _sheet(facts: Facts) -> str:
    names = [f"«{name}»" for name in _names(facts, lambda role: role == "sheet")]
    return f"{', '.join(names) or 'rumah tangga'}, hasil {long_date(facts['created'])}"


def _layers(layers: list[Mapping[str, Any]]) -> str:
    return "; ".join(dict.fromkeys(f"{layer['source']} ({layer['year']})" for layer in layers))


def _families(facts: Facts) -> str:
    names = _names(facts, lambda role: _FAMILIES in role)
    return ", ".join(f"Tabel keluarga «{name}»" for name in names) or "Tabel keluarga"


def _names(facts: Facts, fits: Callable[[str], bool]) -> list[str]:
    return [given["name"] for given in facts["inputs"] if fits(given["role"]) and given["name"] != UNNAMED]


def _every_zone(layers: list[Mapping[str, Any]]) -> dict[str, str]:
    return {word: said for layer in layers for word, said in zone_words(layer).items()}


def _groups(facts: Facts) -> dict[str, str]:
    groups = {group["id"]: group["title"] for group in facts.get("groups", {}).get("groups", [])}
    return {**groups, "lainnya": "pasti tidak masuk kelompok mana pun", **_UNKNOWN}


def _question(column: str) -> dict[str, str]:
    question = read_code_list().questions.get(column)
    return {} if question is None else {str(code): label for code, label in question.labels.items()}
