"""What somebody asks to be handed over, read from a form: to whom, what for, at which level, how much, until when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.access.reasons import stated_reason
from app.access.roles import Permission, Person
from app.choosing.lists import find_list, members_of
from app.library import OpenedRun
from app.product_store import fingerprint, scope_of
from geo.errors import NotAllowed, SettingsError
from geo.exports import FORMATS
from geo.levels import LEVEL_TITLES, Level
from geo.products import Scope
from geo.recipes import Recipe, check_level
from geo.review.decisions import LONGEST_REASON
from geo.settings import SharingSettings
from geo.symbology import long_date

Form = Mapping[str, Sequence[str]]

FILES, API = "berkas", "api"
KINDS = {FILES: "Paket berkas", API: "Akses API"}
"""The two ways in which data leaves."""

WHOLE, PART = "semua", "sebagian"


@dataclass(frozen=True)
class Asked:
    """A hand-over as it was asked for, and found to be allowed.

    Attributes
    ----------
    desa
        The kode_desa it is about; none for the whole district.
    area
        The same in words.
    list_id, rows
        Of ``petugas``: the named visit list and its sheet rows.
    fields
        The form that asks for it, as pairs.
    """

    recipe: Recipe
    level: Level
    kind: str
    purpose: str
    desa: tuple[str, ...]
    area: str
    formats: tuple[str, ...]
    until: date
    fields: tuple[tuple[str, str], ...]
    list_id: int | None = None
    list_name: str = ""
    rows: tuple[int, ...] | None = None

    @property
    def scope(self) -> Scope:
        """Return what the receiver may have."""
        return scope_of(self.recipe, self.level, self.desa, self.rows)

    def kept(self) -> dict[str, object]:
        """Return what the record keeps of the scope."""
        told: dict[str, object] = {
            "recipe": fingerprint(self.recipe),
            "collections": list(self.recipe.collections),
            "area": self.area,
        }
        return told if self.list_id is None else told | {"list": self.list_id}


def levels_for(who: Person, recipe: Recipe) -> list[Level]:
    """Return the levels at which somebody may hand over by a recipe: those of the recipe; names by few.

    Examples
    --------
    >>> from app.access.roles import Role, person
    >>> recipe = Recipe("petugas", "Petugas", "Kunjungan", "Kunjungan", "", Level.PETUGAS)
    >>> [levels_for(person("sari", "", role, []), recipe) for role in (Role.PERENCANA, Role.ADMIN)]
    [[], [<Level.PETUGAS: 'petugas'>]]
    """
    names = who.may(Permission.SHARE_NAMES)
    return [level for level in recipe.levels if level is not Level.PETUGAS or names]


def require_level(who: Person, level: str) -> None:
    """Refuse somebody who may not deal with hand-overs of a level.

    Raises
    ------
    NotAllowed
        When it holds names, and those are not theirs to hand over.
    """
    who.require(Permission.SHARE)
    if level == Level.PETUGAS:
        who.require(Permission.SHARE_NAMES)


def days_of(recipe: Recipe, sharing: SharingSettings) -> int:
    """Return for how many days a hand-over holds unless told otherwise."""
    return max(1, min(recipe.days, sharing.most_days))


def read_asked(
    form: Form,
    who: Person,
    opened: OpenedRun,
    session: Session,
    recipes: Mapping[str, Recipe],
    sharing: SharingSettings,
    today: date,
) -> Asked:
    """Read a form of :mod:`app.routes.sharing`.

    Parameters
    ----------
    form
        ``untuk``, ``tingkat``, ``bentuk``, ``keperluan``, ``cakupan`` (with ``kecamatan``, ``desa``), ``daftar``,
        ``format``, ``sampai``.

    Raises
    ------
    SettingsError
        When something is missing, unknown or out of bounds.
    NotAllowed
        When the level is not theirs to hand over, or not the recipient's to have.
    """
    recipe = recipes.get(last(form, "untuk"))
    if recipe is None:
        raise SettingsError("Pilih dahulu penerimanya dari daftar.")
    level, kind = _level(form), last(form, "bentuk") or FILES
    require_level(who, level)
    check_level(recipe, level)
    if kind not in KINDS:
        raise SettingsError("Pilih cara menyerahkannya: paket berkas atau akses API.")
    if level is Level.PETUGAS and kind == API:
        raise NotAllowed("Nama dan alamat hanya diserahkan sebagai berkas, yang setiap bagiannya bertanda.")
    purpose = stated_reason(last(form, "keperluan"))
    if len(purpose) > LONGEST_REASON:
        raise SettingsError(f"Keperluan paling panjang {LONGEST_REASON} huruf.")
    desa, area = _area(form, opened)
    listed = _list(form, opened, session) if level is Level.PETUGAS else None
    fields = [(name, value) for name in FIELDS for value in form.get(name, ()) if value]
    return Asked(
        recipe, level, kind, purpose, desa, area, _formats(form) if kind == FILES else (),
        _until(form, sharing, today), tuple(fields), *(listed or ()),
    )  # fmt: skip


FIELDS = (
    "untuk", "tingkat", "bentuk", "keperluan", "cakupan", "kecamatan", "desa", "daftar", "format", "sampai",
)  # fmt: skip
"""Names of the form."""


def last(form: Form, name: str) -> str:
    """Return the last value of a name in a form, without blanks around it; nothing when there is none."""
    values = [value.strip() for value in form.get(name, ()) if value.strip()]
    return values[-1] if values else ""


def _level(form: Form) -> Level:
    try:
        return Level(last(form, "tingkat"))
    except ValueError:
        raise SettingsError(f"Pilih tingkatnya: {', '.join(LEVEL_TITLES)}.") from None


def _area(form: Form, opened: OpenedRun) -> tuple[tuple[str, ...], str]:
    """Return the codes of the desa that a form asks for, none for all, and what they are called together."""
    desa = opened.assessment.desa
    said = last(form, "cakupan")
    if said == WHOLE:
        return (), "seluruh wilayah"
    if said != PART:
        raise SettingsError("Pilih wilayahnya: seluruhnya, atau sebagian.")
    kecamatan, codes = {*form.get("kecamatan", ())}, {*form.get("desa", ())}
    by_kecamatan = desa["kode_kecamatan"].isin(kecamatan)
    chosen = desa[by_kecamatan | desa["kode_desa"].isin(codes)]
    strange = (codes - {*desa["kode_desa"]}) | (kecamatan - {*desa["kode_kecamatan"]})
    if strange:
        raise SettingsError("Hasil ini tidak memuat salah satu wilayah itu. Pilih lagi dari daftar.")
    if chosen.empty:
        raise SettingsError("Tandai paling sedikit satu kecamatan atau desa, atau pilih seluruh wilayah.")
    if len(chosen) == len(desa):
        return (), "seluruh wilayah"
    whole = desa.loc[by_kecamatan, "nama_kecamatan"].unique()
    single = desa.loc[~by_kecamatan & desa["kode_desa"].isin(codes), "nama_desa"]
    words = [*(f"Kec. {name}" for name in whole), *single]
    area = ", ".join(words[:_NAMED]) + (f", dan {len(words) - _NAMED} lagi" if len(words) > _NAMED else "")
    return tuple(sorted(chosen["kode_desa"])), area


_NAMED = 5
"""So many areas are named; the others are counted."""


def _list(form: Form, opened: OpenedRun, session: Session) -> tuple[int, str, tuple[int, ...]]:
    number = last(form, "daftar")
    if not (number.isascii() and number.isdecimal()):
        raise SettingsError("Nama dan alamat hanya untuk satu daftar kunjungan. Pilih daftarnya.")
    kept = find_list(session, int(number))
    if kept.run != opened.id:
        raise SettingsError(
            f"Daftar «{kept.name}» disusun dari hasil {kept.run}, yang tidak sedang berlaku. Susun lagi daftarnya."
        )
    rows = tuple(int(row) for row in members_of(session, kept.id)["sheet_row"])
    return kept.id, kept.name, rows


def _formats(form: Form) -> tuple[str, ...]:
    asked = {*form.get("format", ())}
    if not asked:
        raise SettingsError("Pilih paling sedikit satu bentuk berkas.")
    if asked - {*FORMATS}:
        raise SettingsError(f"Bentuk berkas itu tidak dikenal. Yang ada: {', '.join(FORMATS)}.")
    return tuple(name for name in FORMATS if name in asked)


def _until(form: Form, sharing: SharingSettings, today: date) -> date:
    try:
        until = date.fromisoformat(last(form, "sampai"))
    except ValueError:
        raise SettingsError("Tulis tanggal berakhirnya: tahun, bulan, hari, seperti 2026-01-31.") from None
    latest = today + timedelta(days=sharing.most_days)
    if not today <= until <= latest:
        raise SettingsError(
            f"Pembagian berakhir antara {long_date(today.isoformat())} dan {long_date(latest.isoformat())}, "
            f"paling lama {sharing.most_days} hari."
        )
    return until
