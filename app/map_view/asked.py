"""What somebody asks to see, read from an address and written into one; the whole view is in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlencode

from app.access.roles import Permission, Person
from geo.assessment import Assessment
from geo.errors import SettingsError
from geo.filters import NAMES, Filter, read_filter
from geo.filters.reading import quoted
from geo.maps.themes import MEASURES

Query = Mapping[str, Sequence[str]]

Level = Literal["desa", "kecamatan"]
DESA: Level = "desa"
KECAMATAN: Level = "kecamatan"
LEVELS: dict[str, str] = {DESA: "Desa", KECAMATAN: "Kecamatan"}
HOUSEHOLDS, BASE = "rumah", "dasar"
LAYERS = {
    "kantong": "Kantong kerja",
    "lingkaran": "Lingkaran kebutuhan",
    HOUSEHOLDS: "Rumah tangga bertitik",
    "terpilih": "Terpilih dalam hasil ini",
    "kunjungan": "Rute kunjungan",
    BASE: "Peta dasar",
}
"""What may lie upon the coloured areas, beside the zones (``zona-<layer>``)."""

OF_HOUSEHOLDS = (HOUSEHOLDS, "terpilih", "kunjungan", "kantong")
"""Layers for those who see households."""

_LEAST_ZOOM, _MOST_ZOOM = 0, 22


@dataclass(frozen=True)
class Asked:
    """A view as it was asked for, made fit for the run and the person.

    Attributes
    ----------
    indicator, measure, level
        What colours which areas; a measure is a key of :data:`geo.maps.themes.MEASURES`.
    filter
        Which areas and households.
    layers, centre, opened
        What lies upon them, where the map stands (lat, lon, zoom), and the kode_desa that is opened.
    notes
        What could not be shown as asked, in whole sentences.
    """

    indicator: str
    measure: str
    level: Level
    filter: Filter
    layers: tuple[str, ...]
    usual_layers: tuple[str, ...]
    centre: tuple[float, float, float] | None
    opened: str
    notes: tuple[str, ...] = ()

    @property
    def of_areas(self) -> Filter:
        """Return the part of the filter that chooses areas."""
        return Filter(kecamatan=self.filter.kecamatan, desa=self.filter.desa)

    @property
    def filters_households(self) -> bool:
        """Tell whether households are chosen by more than their area."""
        return self.filter != self.of_areas

    def query(self) -> list[tuple[str, str]]:
        """Return names and values of the address, always in the same order; what is usual is left out."""
        pairs = [("indikator", self.indicator)]
        if self.measure != "rate":
            pairs.append(("tampil", self.measure))
        if self.level != DESA:
            pairs.append(("tingkat", self.level))
        pairs += self.filter.query()
        if set(self.layers) != set(self.usual_layers):
            pairs += [("lapisan", layer) for layer in self.layers or ("",)]
        if self.centre:
            lat, lon, zoom = self.centre
            pairs.append(("pusat", f"{lat:.5f},{lon:.5f},{zoom:g}"))
        if self.opened:
            pairs.append(("pilih", self.opened))
        return pairs

    def address(self, path: str = "/peta", **changed: Any) -> str:  # noqa: ANN401  -- any attribute
        """Return the address of this view, or of one that differs."""
        return f"{path}?{urlencode(replace(self, **changed).query(), safe=',:')}"

    def state(self) -> dict[str, list[str]]:
        """Return the value of every field of the form, with what is usual."""
        filters = {name: [value for key, value in self.filter.query() if key == name] for name in NAMES}
        shown: dict[str, list[str]] = {
            "indikator": [self.indicator],
            "tampil": [self.measure],
            "tingkat": [self.level],
        }
        return shown | filters | {"lapisan": list(self.layers)}


def read_asked(query: Query, assessment: Assessment, who: Person) -> Asked:
    """Read a view from an address.

    Parameters
    ----------
    assessment
        The edition that the person may see.

    Raises
    ------
    SettingsError
        Naming what the run does not know.
    NotAllowed
        When it filters on what the person may not see.
    """
    indicators = {str(entry["id"]): entry for entry in assessment.facts["indicators"]}
    if not indicators:
        raise SettingsError("Hasil ini tidak mengukur satu kebutuhan pun, jadi tidak ada yang dipetakan.")
    sees_households = who.may(Permission.SEE_HOUSEHOLDS)
    chosen = read_filter(query, assessment)
    who.require_fields(chosen.fields(areas=not sees_households))
    indicator = indicators[_one(query, "indikator", indicators, next(iter(indicators)))]
    usual = tuple(layer for layer in (HOUSEHOLDS, BASE) if sees_households or layer not in OF_HOUSEHOLDS)
    asked = Asked(
        indicator=str(indicator["id"]),
        measure=_one(query, "tampil", MEASURES, "rate"),
        level=KECAMATAN if _one(query, "tingkat", LEVELS, DESA) == KECAMATAN else DESA,
        filter=chosen,
        layers=_layers(query, assessment, usual, sees_households=sees_households),
        usual_layers=usual,
        centre=_centre(_last(query, "pusat")),
        opened=_opened(query, assessment, who),
        notes=_unread(query, assessment, who),
    )
    return _made_fit(asked, assessment, indicator, who)


def measures_of(assessment: Assessment, indicator: str, level: str) -> list[str]:
    """Return the measures that can colour areas by an indicator.

    Needs columns: of ``hot_spots`` ``indicator``.
    """
    table = assessment.desa if level == DESA else assessment.kecamatan
    found = [measure for measure in ("rate", "smoothed", "need", "gap") if f"{indicator}_{measure}" in table]
    spots = assessment.hot_spots
    if level == DESA and "indicator" in spots and bool((spots["indicator"] == indicator).any()):
        found.append("hot")
    return found


def _made_fit(asked: Asked, assessment: Assessment, indicator: Mapping[str, Any], who: Person) -> Asked:
    """Show what can be shown instead of what cannot, and say so."""
    notes = [*asked.notes]
    sees_households = who.may(Permission.SEE_HOUSEHOLDS)
    # without households the zones of the filter are those of whole desa, and kecamatan have none
    if asked.level == KECAMATAN and (reason := _only_desa(asked, who, sees_households=sees_households)):
        asked = replace(asked, level=DESA)
        notes.append(f"{reason}, jadi peta tetap menurut desa.")
    if indicator["sensitive"] and asked.filters_households and sees_households:
        asked = replace(asked, filter=asked.of_areas)
        notes.append(
            f"Saringan rumah tangga dilepas: {indicator['title']} hanya ditampilkan sebagai angka wilayah, "
            "agar keadaan seseorang tidak terbaca."
        )
    if asked.measure not in measures_of(assessment, asked.indicator, asked.level):
        of_desa = asked.level == KECAMATAN and asked.measure in measures_of(assessment, asked.indicator, DESA)
        what = f"«{MEASURES[asked.measure]}»"
        reason = "hanya dihitung menurut desa" if of_desa else f"tidak dihitung untuk {indicator['title']}"
        asked = replace(asked, level=DESA) if of_desa else replace(asked, measure="rate")
        notes.append(f"{what} {reason}; yang tampil: " + ("desa." if of_desa else "tingkat."))
    return replace(asked, notes=tuple(notes))


def _only_desa(asked: Asked, who: Person, *, sees_households: bool) -> str:
    """Return why a view cannot be by kecamatan; empty when it can."""
    if who.desa is not None:
        return "Akun Anda untuk desa tertentu"
    if asked.filter.desa:
        return "Saringan desa dipakai"
    return "Saringan zona memilih desa" if asked.filter.zona and not sees_households else ""


def _layers(
    query: Query, assessment: Assessment, usual: tuple[str, ...], *, sees_households: bool
) -> tuple[str, ...]:
    if "lapisan" not in query:
        return usual
    known = [f"zona-{layer['id']}" for layer in assessment.facts["layers"]] + list(LAYERS)
    asked = {value.strip() for value in query["lapisan"]} - {""}
    if strange := sorted(asked - {*known}):
        raise SettingsError(
            f"Lapisan {quoted(strange[0])} tidak ada dalam hasil ini. Yang ada: {', '.join(known)}."
        )
    return tuple(name for name in known if name in asked and (sees_households or name not in OF_HOUSEHOLDS))


def _last(query: Query, name: str) -> str:
    values = [value.strip() for value in query.get(name, ()) if value.strip()]
    return values[-1] if values else ""


def _one(query: Query, name: str, known: Mapping[str, Any], usual: str) -> str:
    value = _last(query, name) or usual
    if value not in known:
        raise SettingsError(
            f"{name} {quoted(value)} tidak ada dalam hasil ini. Yang ada: {', '.join(known)}."
        )
    return value


def _centre(text: str) -> tuple[float, float, float] | None:
    """Read where a map stands; what cannot be read asks for the whole district.

    Examples
    --------
    >>> _centre("-6.9,109.6,12"), _centre("x"), _centre("-6.9,nan,12")
    ((-6.9, 109.6, 12.0), None, None)
    """
    try:
        lat, lon, zoom = (float(part) for part in text.split(","))
    except ValueError:
        return None
    inside = -90 <= lat <= 90 and -180 <= lon <= 180 and _LEAST_ZOOM <= zoom <= _MOST_ZOOM  # noqa: PLR2004
    return (lat, lon, zoom) if inside else None


def _unread(query: Query, assessment: Assessment, who: Person) -> tuple[str, ...]:
    """Say what of an address asks for nothing that there is, though the map can do without."""
    notes, kode, place = [], _last(query, "pilih"), _last(query, "pusat")
    if kode and not _opened(query, assessment, who):
        notes.append(
            f"Desa {quoted(kode)} tidak ada dalam hasil ini, atau bukan desa Anda: tidak ada yang dibuka."
        )
    if place and _centre(place) is None:
        notes.append(f"Letak peta {quoted(place)} tidak dapat dibaca, jadi peta tidak dipindahkan ke sana.")
    return tuple(notes)


def _opened(query: Query, assessment: Assessment, who: Person) -> str:
    kode = _last(query, "pilih")
    return kode if kode and kode in set(assessment.desa["kode_desa"]) and who.reaches(kode) else ""
