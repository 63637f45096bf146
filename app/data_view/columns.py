"""Corrections of columns, as a form sends them: put to what was said before, and checked."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.data_view.publishing import MANY_WITHOUT_DESA
from geo.columns.choice import CONSTANT, ColumnChoice
from geo.errors import UnknownColumns
from geo.households.vocabulary import known_columns, shown, title_of

BY_ITSELF, NOTHING = "=", ""
"""What a form says of a heading that shall be recognised again, and of one that shall mean nothing."""

MOST_HEADINGS = 120
"""So many headings are offered for correction; those that are used come first."""

_LONGEST_CONSTANT = 120
_KINDS = {"desa_tertulis": "desa", "kecamatan_tertulis": "kecamatan"}


def meanings() -> list[tuple[str, str]]:
    """Return every meaning that a column may have, with its title, in alphabetical order of the titles."""
    return sorted(
        ((column.name, title_of(column.name)) for column in known_columns()),
        key=lambda pair: pair[1].casefold(),
    )


def offered(report: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the headings that may be corrected, each with its place in the sheet."""
    places = list(enumerate(report["headings"]))
    used = [pair for pair in places if pair[1]["meaning"]]
    unknown = [pair for pair in places if not pair[1]["meaning"]]
    return [*used, *unknown][:MOST_HEADINGS]


def place_warning(report: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what is to be told of the desa of a sheet; nothing where a column says it and nearly all rows have one.

    Returns
    -------
    dict or None
        As :func:`app.intake_report.place_report`, each column with its ``place`` in the sheet and ``kind`` in words;
        ``serious`` unless nearly all rows have a desa by their points or addresses.
    """
    found = report.get("places")
    if not found:
        return None
    rows = found.get("placed", 0) + found.get("without", 0)
    many = found.get("without", 0) > MANY_WITHOUT_DESA * rows
    if found["stated"] and not many:
        return None
    if not rows and not found["columns"]:  # why the sheet cannot be used is said already
        return None
    texts = [heading["text"] for heading in report["headings"]]
    columns = [
        {**one, "place": texts.index(one["heading"]), "kind": _KINDS[one["meaning"]]}
        for one in found["columns"]
    ]
    return {"placed": 0, "without": 0, **found, "columns": columns, "serious": many or not rows}


def left_out(report: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the headings to ignore so that a sheet can be used, where nothing but indicators in part stops it."""
    parts = report.get("partial", [])
    headings = list(dict.fromkeys(text for part in parts for text in part["headings"]))
    if not headings or len(parts) != len(report["faults"]) or not all(part["headings"] for part in parts):
        return None
    texts = [heading["text"] for heading in report["headings"]]
    return {
        "titles": [part["title"] for part in parts],
        "headings": headings,
        "places": [texts.index(text) for text in headings],
    }


def corrected(
    choice: ColumnChoice, report: Mapping[str, Any], said: Mapping[int, str], constants: Mapping[str, str]
) -> ColumnChoice:
    """Return a choice after a form was filled in; what the form leaves as it is understood stays unsaid.

    Parameters
    ----------
    choice
        What was said before.
    report
        How the sheet was understood by it.
    said
        Place of a heading to the meaning that the form shows for it, :data:`NOTHING` or :data:`BY_ITSELF`.
    constants
        Meaning to what all rows share; empty texts say nothing.

    Raises
    ------
    UnknownColumns
        When the corrections contradict each other, or name what does not exist.
    """
    headings = report["headings"]
    columns, ignored = dict(choice.columns), list(choice.ignored)
    _require_one_each(headings, said)
    for place, meaning in said.items():
        if not 0 <= place < len(headings):
            raise UnknownColumns(
                "Lembar ini sudah diperiksa ulang. Muat ulang halamannya, lalu betulkan lagi."
            )
        heading = headings[place]
        text = heading["text"]
        if meaning == heading["meaning"]:
            continue
        columns = {name: other for name, other in columns.items() if other != text}
        ignored = [other for other in ignored if other != text]
        if meaning == NOTHING:
            ignored.append(text)
        elif meaning != BY_ITSELF:
            columns[meaning] = text
    texts = [heading["text"] for heading in headings]
    kept = ColumnChoice(
        {name: text for name, text in columns.items() if text in texts},
        tuple(text for text in ignored if text in texts),
        {name: text for name, said in constants.items() if name in CONSTANT and (text := _plain(said))},
    )
    kept.require(texts, {column.name for column in known_columns()})
    return kept


def _require_one_each(headings: Sequence[Mapping[str, Any]], said: Mapping[int, str]) -> None:
    """Refuse one meaning given to two headings; one that had it gives way to one that is given it."""
    chosen: dict[str, str] = {}
    for place, meaning in said.items():
        if meaning in {NOTHING, BY_ITSELF} or not 0 <= place < len(headings):
            continue
        if meaning == headings[place]["meaning"]:
            continue
        if meaning in chosen:
            raise UnknownColumns(
                f"Dua kolom diberi arti «{title_of(meaning)}»: «{shown(chosen[meaning])}» dan "
                f"«{shown(headings[place]['text'])}». Satu arti hanya untuk satu kolom; pilih «tidak dipakai» untuk "
                f"yang lain."
            )
        chosen[meaning] = headings[place]["text"]


def _plain(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:_LONGEST_CONSTANT]


def fits(choice: Mapping[str, Any], report: Mapping[str, Any]) -> bool:
    """Tell whether what was said of an earlier sheet says something of this one too."""
    return (
        bool(choice.get("headings"))
        and choice["headings"] == report["signature"]
        and any(choice.get(name) for name in ("columns", "ignored", "constants"))
    )
