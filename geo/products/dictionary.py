"""The data dictionary: what every column of every collection means, from a data file and the facts of a run."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.levels import Level
from geo.products.codes import codes_of, source_of
from geo.products.product import Field, Scope
from geo.recipes import RecipeColumn
from geo.symbology import OUTSIDE, layer_title, target_share

Entry = Mapping[str, Any]

_MASKED = "rumah_tangga_terbatas"


@dataclass(frozen=True)
class _Meant:
    """A column that this run may have: its entry, and which indicator, layer or group it is about."""

    entry: Entry
    column: str
    kind: str = ""
    about: Mapping[str, Any] | None = None


class Dictionary:
    """The meanings of the columns of one run, for one scope.

    Parameters
    ----------
    facts
        Of the run; of the whole one, so that a withheld indicator still has its words.
    scope
        Whose recipe may give columns names and words of its own.
    """

    def __init__(self, facts: Mapping[str, Any], scope: Scope) -> None:
        self._facts, self._scope = facts, scope
        self._meant: dict[str, dict[str, _Meant]] = {}

    def about(self, collection: str) -> tuple[str, str]:
        """Return title and description of a collection."""
        entry = _file()["about"][self._key(collection)]
        return entry["title"], entry["description"]

    def fields(
        self, collection: str, table: gpd.GeoDataFrame, sources: Mapping[str, str] | None = None
    ) -> tuple[Field, ...]:
        """Return a field for each column of a table that has a meaning; one without is nothing that may leave.

        Parameters
        ----------
        sources
            By column the source that a recipe names, where it does.
        """
        found = (self._field(collection, str(name), values, sources) for name, values in table.items())
        return tuple(each for each in found if each is not None)

    def meanings(self, collection: str) -> Mapping[str, _Meant]:
        """Return every column that a collection of this run may have, with its meaning."""
        key = self._key(collection)
        if key not in self._meant:
            sections = _file()["about"][key]["sections"]
            found: dict[str, _Meant] = {}
            for section in reversed(sections):
                found |= {
                    name: meant
                    for pattern, entry in _file()[section].items()
                    for name, meant in self._spread(pattern, entry)
                }
            self._meant[key] = found
        return self._meant[key]

    def _key(self, collection: str) -> str:
        return _MASKED if collection == "rumah_tangga" and self._scope.level is Level.TERBATAS else collection

    def _field(
        self, collection: str, name: str, values: pd.Series, sources: Mapping[str, str] | None
    ) -> Field | None:
        if name == "geometry":
            return None
        recipe = self._scope.recipe
        if sources is not None and recipe is not None:
            column = next(each for each in recipe.columns if each.name == name)
            return self._asked(collection, column, values)
        if name in (counted := self._recap()):
            return counted[name]
        meant = self.meanings(collection).get(name)
        return self._told(name, meant, values) if meant is not None else self._of_layer(name, values)

    def _asked(self, collection: str, column: RecipeColumn, values: pd.Series) -> Field:
        """Return a column as its recipient knows it."""
        if not column.source:
            title = column.title or column.name
            return Field(
                column.name, title, "Kosong; diisi oleh penerima.", "teks", source="diisi oleh penerima"
            )
        meant = self.meanings(collection).get(column.source)
        found = self._told(column.name, meant, values) if meant else self._of_layer(column.source, values)
        if found is None:
            found = Field(column.name, column.source, "Tidak ada dalam register ini; kosong.", "teks")
        found = replace(found, name=column.name, title=column.title or found.title)
        words = column.values  # noqa: PD011  -- of the recipe
        if not words:
            return found
        told: Entry = meant.entry.get("worded", {}) if meant else {}
        of_values = {**_PLAIN, **found.codes, **told.get("codes", {})}
        codes: dict[str, str] = {}
        for value, word in words.items():
            if word:
                said = of_values.get(value, value)
                codes[word] = f"{codes[word]}; atau {said}" if word in codes else said
        return replace(found, kind="teks", unit="", meaning=told.get("meaning", found.meaning), codes=codes)

    def _recap(self) -> dict[str, Field]:
        recipe = self._scope.recipe
        if recipe is None or not recipe.recap:
            return {}
        column = next(each for each in recipe.columns if each.name == recipe.recap)
        asked = self._asked("rumah_tangga", column, pd.Series(dtype="str"))
        return {
            name: Field(
                name,
                f"{asked.title}: {word}",
                f"Banyaknya rumah tangga, dari semua yang terhitung di sini, dengan {asked.title} = {word}"
                f" ({asked.codes.get(word, word)}).",
                "bulat",
                "rumah tangga",
                source=source_of("hitungan", self._facts, None),
                definition=asked.definition,
            )
            for name, word in column.recap().items()
        }

    def _told(self, name: str, meant: _Meant, values: pd.Series) -> Field:
        entry, words = meant.entry, self._words(meant)
        return Field(
            name,
            _filled(entry["title"], words),
            _filled(entry["meaning"], words),
            entry.get("kind") or kind_of(values),
            entry.get("unit", ""),
            self._codes(entry, meant, values),
            source_of(
                entry.get("source", "lembar"), self._facts, meant.about if meant.kind == "layer" else None
            ),
            self._definition(meant) if entry.get("defined") else "",
        )

    def _of_layer(self, name: str, values: pd.Series) -> Field | None:
        """Return a further figure of a layer, as the layer itself tells it."""
        for layer in self._facts["layers"]:
            if name in layer.get("figures", {}):
                told, where = layer["figures"][name], source_of("lapisan", self._facts, layer)
                return Field(
                    name, told, told, kind_of(values), source=where, definition=layer.get("method", "")
                )
        return None

    def _spread(self, pattern: str, entry: Entry) -> Iterator[tuple[str, _Meant]]:
        """Return the columns that a pattern stands for in this run."""
        groups = self._facts.get("groups", {}).get("groups", [])
        several = {"indicator": self._facts["indicators"], "layer": self._facts["layers"], "group": groups}
        kind = next((each for each in several if f"{{{each}}}" in pattern), "")
        if not kind:
            yield pattern, _Meant(entry, pattern)
        for about in several.get(kind, []):
            name = pattern.replace(f"{{{kind}}}", str(about["id"]))
            yield name, _Meant(entry, name, kind, about)

    def _words(self, meant: _Meant) -> dict[str, str]:
        layers = codes_of("layers", self._facts, "", {})
        words = {
            "layers": ", ".join(f"{name} ({title})" for name, title in layers.items()) or "tidak ada",
            "least": str(self._facts["settings"].get("rates", {}).get("minimum_known", 5)),
        }
        if meant.about is None:
            return words
        title = layer_title(meant.about) if meant.kind == "layer" else str(meant.about["title"])
        of_indicator = meant.kind == "indicator"
        target = target_share(self._facts, str(meant.about["id"])) if of_indicator else ""
        return {**words, meant.kind: title, "target": target or "bagian yang ditargetkan"}

    def _codes(self, entry: Entry, meant: _Meant, values: pd.Series) -> dict[str, str]:
        if "codes_of" in entry:
            codes = codes_of(entry["codes_of"], self._facts, meant.column, meant.about or {})
            # a table without a sensitive indicator does not speak of it
            there = {*values} if entry["codes_of"] == "indicators" else {*codes}
            return {code: said for code, said in codes.items() if code in there}
        return dict(entry.get("codes", {}))

    def _definition(self, meant: _Meant) -> str:
        about = meant.about or {}
        if meant.kind == "indicator":
            return f"{about.get('definition', '')} Profil: {about.get('profile', '')}."
        return str(about.get("method" if meant.kind == "layer" else "definition", ""))


def kind_of(values: pd.Series) -> str:
    """Return the kind of a column, as :class:`Field` knows them.

    Examples
    --------
    >>> [kind_of(pd.Series(values)) for values in ([True], [1], [0.5], ["a"])]
    ['ya/tidak', 'bulat', 'desimal', 'teks']
    """
    if pd.api.types.is_bool_dtype(values):
        return "ya/tidak"
    if pd.api.types.is_integer_dtype(values):
        return "bulat"
    if pd.api.types.is_datetime64_any_dtype(values):
        return "tanggal"
    return "desimal" if pd.api.types.is_float_dtype(values) else "teks"


_PLAIN = {"true": "ya", "false": "tidak", "": "tidak diketahui", OUTSIDE: "di luar"}


def _filled(text: str, words: Mapping[str, str]) -> str:
    """Put words in their places; what stands in them is never taken for a place itself."""
    parts = text.split("{")
    told = [parts[0]]
    for part in parts[1:]:
        name, _, rest = part.partition("}")
        told += [words.get(name, ""), rest]
    return "".join(told)


@cache
def _file() -> Mapping[str, Any]:
    with (Path(__file__).parent / "columns.toml").open("rb") as file:
        return tomllib.load(file)
