"""A recipe: recipient, purpose, level, and the columns that this purpose needs, in the recipient's order and words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from geo.levels import Level


@dataclass(frozen=True)
class RecipeColumn:
    """A column of households as the recipient's system reads it.

    Attributes
    ----------
    source
        One of :func:`geo.recipes.sources.sources_of`; empty for a column that the recipient fills in.
    name
        What it is called in the file: letters, figures and underscores.
    title
        Heading in words; the source's own when empty.
    values
        Words of the recipient for values of the source (as text: ``true``, ``false``, ``3``); ``""`` for missing. An
        empty word leaves the value out. With words for values, a value that has none is left out too, and counted in
        the notes: a code of ours must never pass for another one of theirs. With a word for ``""`` alone all values
        pass as they are.
    """

    source: str
    name: str
    title: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    def recap(self) -> dict[str, str]:
        """Return the columns that count by its words, and the word of each.

        Examples
        --------
        >>> RecipeColumn("tangga_jamban", "kelas", values={"aman": "JSP", "BABS": "di luar", "": ""}).recap()
        {'kelas_JSP': 'JSP', 'kelas_di_luar': 'di luar'}
        """
        words = dict.fromkeys(word for word in self.values.values() if word)
        return {f"{self.name}_{_plain(word)}": word for word in words}


@dataclass(frozen=True)
class Recipe:
    """What one agency receives for one purpose.

    Attributes
    ----------
    id
        Name of its file, also in addresses and commands (``--for dinkes``).
    recipient
        The agency, as letters to it are addressed.
    agency
        Id of the agency whose accounts see what is handed over; several recipes may share one. Its own id when not
        given.
    purpose, basis
        What for, and the rule on which the hand-over rests (Indonesian).
    level
        The highest that it may receive; see :attr:`levels`.
    collections
        Ids of the collections; empty for all of the level.
    needs
        Ids of indicators: only households in need by any of them leave, and of areas, kantong and circles only the
        figures of these and of those that ``columns`` name; empty for all.
    columns
        Of the collection ``rumah_tangga``, in this order; no others leave.
    recap
        Name of one of ``columns`` with words of the recipient: ``desa`` and ``kecamatan`` count their households by
        these words, in columns ``<name>_<word>``; empty for none. At level ``opd`` alone.
    days
        So long it may be used, unless told otherwise.
    formats
        Ids of :data:`geo.exports.FORMATS` offered first.
    """

    id: str
    recipient: str
    title: str
    purpose: str
    basis: str
    level: Level
    collections: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    columns: tuple[RecipeColumn, ...] = ()
    recap: str = ""
    days: int = 30
    formats: tuple[str, ...] = ("geojson", "xlsx")
    agency: str = ""

    def __post_init__(self) -> None:
        """Be of an agency of its own unless told otherwise."""
        if not self.agency:
            object.__setattr__(self, "agency", self.id)

    @property
    def levels(self) -> tuple[Level, ...]:
        """Return the levels at which it may be handed over: its own and those below.

        One of ``petugas`` is for a named visit list, at that level and no other: chosen by what only a team at the
        door may know, its rows would tell of it without a single column.

        Examples
        --------
        >>> recipe = Recipe("dinsos", "Dinas Sosial", "Usulan", "Usulan", "", Level.OPD)
        >>> [level.value for level in recipe.levels]
        ['publik', 'terbatas', 'opd']
        """
        if self.level is Level.PETUGAS:
            return (Level.PETUGAS,)
        return tuple(Level)[: [*Level].index(self.level) + 1]


def _plain(word: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in word)
