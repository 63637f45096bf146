"""A filter: what was chosen, as a value that can be compared, written into an address and said in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import numpy as np
import pandas as pd

from geo.symbology import QUALITY_TITLES, UNKNOWN, layer_title, zone_words

if TYPE_CHECKING:
    from geo.assessment import Assessment

NAMES = ("kecamatan", "desa", "zona", "butuh", "desil", "kelompok", "letak")
"""Names in an address that are part of a filter."""

ANSWERS = {"ya": 1, "tidak": 0, "belum": -1}
"""Words of a three-valued answer in an address; unknown is an answer of its own."""

ANSWER_TITLES = {"ya": "ya", "tidak": "tidak", "belum": "belum diketahui"}

UNKNOWN_DESIL, UNKNOWN_DESIL_TITLE = 0, "tidak diketahui"

_FIELDS = {
    "zona": "zone",
    "butuh": "need",
    "desil": "desil",
    "kelompok": "group",
    "letak": "location_quality",
}


@dataclass(frozen=True)
class Filter:
    """What is asked for; a part that is empty asks for nothing.

    Values of one thing (the zones of one layer, the answers about one need) are alternatives; different things must
    all hold: ``zona=coastal:pesisir&zona=coastal:luar&butuh=rtlh:ya`` are households in need, on the coast or outside.

    Attributes
    ----------
    kecamatan, desa
        Kode wilayah; both given: the desa of these that lie in those kecamatan.
    zona
        Pairs of layer and word: a zone of the layer, ``luar`` or ``tidak diketahui``.
    butuh
        Pairs of indicator and a key of :data:`ANSWERS`.
    desil
        1 to 10, and 0 for not known.
    kelompok
        Pairs of group and a key of :data:`ANSWERS`.
    letak
        Keys of :data:`geo.symbology.QUALITY_TITLES`.
    """

    kecamatan: tuple[str, ...] = ()
    desa: tuple[str, ...] = ()
    zona: tuple[tuple[str, str], ...] = ()
    butuh: tuple[tuple[str, str], ...] = ()
    desil: tuple[int, ...] = ()
    kelompok: tuple[tuple[str, str], ...] = ()
    letak: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything is asked for."""
        return any(getattr(self, name) for name in NAMES)

    def fields(self, *, areas: bool = False) -> tuple[str, ...]:
        """Return the columns of households it reads, by the names that permissions know.

        Parameters
        ----------
        areas
            The zones are read of whole desa (:meth:`areas`), for whoever sees no household.

        Examples
        --------
        >>> chosen = Filter(desa=("33.26.01.2001",), zona=(("coastal", "luar"),), desil=(1,))
        >>> chosen.fields(), chosen.fields(areas=True)
        (('zone', 'desil'), ('desil',))
        """
        return tuple(
            field for name, field in _FIELDS.items() if getattr(self, name) and not (areas and name == "zona")
        )

    def query(self) -> list[tuple[str, str]]:
        """Return names and values for an address, always in the same order.

        Examples
        --------
        >>> Filter(butuh=(("rtlh", "ya"),), desil=(0, 1, 2, 3), kelompok=(("pesisir", "ya"),)).query()
        [('butuh', 'rtlh:ya'), ('desil', '1-3'), ('desil', 'tidak diketahui'), ('kelompok', 'pesisir')]
        """
        return [(name, value) for name in NAMES for value in self._values(name)]

    def key(self) -> str:
        """Return one text that is the same for the same choice, for caches.

        Examples
        --------
        >>> Filter(zona=(("coastal", "pesisir"),)).key(), Filter().key()
        ('zona=coastal%3Apesisir', '')
        """
        return urlencode(self.query())

    def areas(self, assessment: "Assessment") -> np.ndarray:
        """Tell which desa are inside, by their own kode and their own zone; order of the table of desa.

        Needs columns: of ``desa`` ``kode_desa``, ``kode_kecamatan``, ``zone_<layer>``.
        """
        table = assessment.desa
        inside = np.ones(len(table), dtype=bool)
        if self.kecamatan:
            inside &= table["kode_kecamatan"].isin(self.kecamatan).to_numpy(dtype=bool)
        if self.desa:
            inside &= table["kode_desa"].isin(self.desa).to_numpy(dtype=bool)
        for layer, words in by_thing(self.zona):
            zones = table.get(f"zone_{layer}", pd.Series(UNKNOWN, index=table.index))
            inside &= zones.fillna(UNKNOWN).isin(words).to_numpy(dtype=bool)
        return inside

    def words(self, assessment: "Assessment") -> list[str]:
        """Return what is asked for, one Indonesian line a thing; text of the run, not escaped."""
        facts = assessment.facts
        lines = []
        if self.kecamatan:
            lines.append("Kecamatan " + _listed(_names(assessment, "kecamatan", self.kecamatan)))
        if self.desa:
            lines.append("Desa " + _listed(_names(assessment, "desa", self.desa)))
        layers = {layer["id"]: layer for layer in facts["layers"]}
        for name, zones in by_thing(self.zona):
            titles = zone_words(layers[name])
            lines.append(
                f"{layer_title(layers[name])}: {_listed([titles.get(zone, zone) for zone in zones])}"
            )
        titles = {indicator["id"]: str(indicator["title"]) for indicator in facts["indicators"]}
        lines += [f"{titles[name]}: {_answers(said)}" for name, said in by_thing(self.butuh)]
        if self.desil:
            lines.append("Desil " + _listed(_ranges(self.desil)))
        titles = group_titles(assessment)
        lines += [
            titles[name] if said == ["ya"] else f"{titles[name]}: {_answers(said)}"
            for name, said in by_thing(self.kelompok)
        ]
        if self.letak:
            lines.append("Letak: " + _listed([QUALITY_TITLES[quality] for quality in self.letak]))
        return lines

    def _values(self, name: str) -> list[str]:
        if name == "desil":
            return _ranges(self.desil)
        if name == "kelompok":
            return [group if said == "ya" else f"{group}:{said}" for group, said in self.kelompok]
        return [":".join(value) if isinstance(value, tuple) else value for value in getattr(self, name)]


def group_titles(assessment: "Assessment") -> dict[str, str]:
    """Return the titles of the kelompok sasaran of a run, by id."""
    table = assessment.groups
    if "group" not in table:
        return {}
    of_table = dict(zip(table["group"], table["title"], strict=True))
    groups = assessment.facts.get("groups", {}).get("groups", ())
    return {str(group["id"]): str(of_table.get(group["id"], group["id"])) for group in groups}


def _names(assessment: "Assessment", level: str, codes: tuple[str, ...]) -> list[str]:
    # not by an index of the table: to copy it with its outlines takes longer than the rest of a view
    names = dict(zip(assessment.desa[f"kode_{level}"], assessment.desa[f"nama_{level}"], strict=True))
    return [str(names[code]) for code in codes]


def by_thing(pairs: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, list[str]]]:
    """Yield each thing of sorted pairs with all its values.

    Examples
    --------
    >>> list(by_thing((("rtlh", "belum"), ("rtlh", "ya"))))
    [('rtlh', ['belum', 'ya'])]
    """
    for thing, values in groupby(pairs, key=lambda pair: pair[0]):
        yield thing, [value for _, value in values]


def _answers(said: list[str]) -> str:
    return _listed([title for word, title in ANSWER_TITLES.items() if word in said])


def _listed(words: list[str]) -> str:
    return " atau ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _ranges(numbers: tuple[int, ...]) -> list[str]:
    """Write numbers as ranges.

    Examples
    --------
    >>> _ranges((0, 1, 2, 3, 7)), _ranges((4,))
    (['1-3', '7', 'tidak diketahui'], ['4'])
    """
    runs: list[list[int]] = []
    for number in sorted({*numbers} - {UNKNOWN_DESIL}):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
    return [*words, UNKNOWN_DESIL_TITLE] if UNKNOWN_DESIL in numbers else words
