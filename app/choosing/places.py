"""Names of the zones, groups, kecamatan and desa that a quota may count, and their codes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from app.kept import KeptWith
from geo.assessment import Assessment
from geo.errors import SettingsError
from geo.filters.choice import group_titles
from geo.symbology import OUTSIDE, UNKNOWN, layer_title
from geo.targeting.members import Titles

KINDS = {"zona": "Zona", "kelompok": "Kelompok sasaran", "kecamatan": "Kecamatan", "desa": "Desa"}
"""Kinds of places as quotas write them, and how the form calls them."""

_NEAR, _LETTERS = 3, 60


@dataclass(frozen=True)
class Places:
    """By kind of :data:`KINDS` the names that a run knows, by code; no two of a kind are alike."""

    names: Mapping[str, Mapping[str, str]]

    def name(self, kind: str, code: str) -> str:
        """Return the name under a code; the code itself where there is none."""
        return self.names.get(kind, {}).get(code, code)

    def code(self, kind: str, said: str) -> str:
        """Return the code of a place by its name, in any case of letters, or by the code itself.

        Raises
        ------
        SettingsError
            When no place, or more than one, is called so.
        """
        names = self.names.get(kind, {})
        said = " ".join(said.split())
        if said in names:
            return said
        plain = said.casefold()
        found = [code for code, name in names.items() if name.casefold() == plain]
        found = found or [code for code, name in names.items() if name.partition(" (")[0].casefold() == plain]
        if len(found) == 1:
            return found[0]
        what = KINDS.get(kind, kind).lower()
        shown = "".join(letter for letter in said if letter.isprintable())[:_LETTERS]
        if found:
            several = "; ".join(names[code] for code in found[: _NEAR + 1])
            raise SettingsError(f"Ada beberapa {what} «{shown}»: {several}. Pilih salah satu.")
        folded = {name.casefold(): name for name in names.values()}
        near = [folded[name] for name in get_close_matches(plain, folded, n=_NEAR, cutoff=0.6)]
        hint = f" Mungkin maksudnya {' atau '.join(near)}." if near else " Pilih dari daftar yang muncul."
        raise SettingsError(f"Tidak ada {what} «{shown}» di hasil ini.{hint}")


_PLACES = KeptWith[Places]()


def places_of(assessment: Assessment) -> Places:
    """Return the places of a run, gathered once for it.

    Needs columns: of the desa ``kode_desa``, ``nama_desa``, ``kode_kecamatan``, ``nama_kecamatan``.
    """
    return _PLACES.get(assessment, "", lambda: _gathered(assessment))


def _gathered(assessment: Assessment) -> Places:
    facts, desa = assessment.facts, assessment.desa
    titles = Titles(group_titles(assessment), {layer["id"]: layer_title(layer) for layer in facts["layers"]})
    zones = {
        f"{layer['id']}:{word}": titles.zone(layer["id"], word)
        for layer in facts["layers"]
        for word in dict.fromkeys([*layer.get("titles", {}), *layer.get("counts", {}), OUTSIDE])
        if word != UNKNOWN
    }
    kecamatan = desa.drop_duplicates("kode_kecamatan").sort_values("nama_kecamatan")
    ordered = desa.sort_values(["nama_desa", "nama_kecamatan"])
    named = ordered["nama_desa"].astype("str") + " (" + ordered["nama_kecamatan"].astype("str") + ")"
    return Places(
        {
            "zona": _distinct(zones),
            "kelompok": _distinct(dict(titles.groups)),
            "kecamatan": _distinct(
                dict(zip(kecamatan["kode_kecamatan"], kecamatan["nama_kecamatan"].astype("str"), strict=True))
            ),
            "desa": _distinct(dict(zip(ordered["kode_desa"], named, strict=True))),
        }
    )


def _distinct(names: Mapping[str, str]) -> dict[str, str]:
    """Add the code to names that several places have."""
    often = Counter(name.casefold() for name in names.values())
    return {code: f"{name} [{code}]" if often[name.casefold()] > 1 else name for code, name in names.items()}
