"""What a receiver must know before using a product, in words."""

from collections.abc import Mapping
from typing import Any

from geo.levels import Level
from geo.products.households import Shown
from geo.products.product import Collection, Scope
from geo.recipes.sources import COLLECTIONS
from geo.settings import SharingSettings
from geo.suppression import SMALLEST
from geo.symbology import boundary_credit, layer_title, long_date, number

_HOUSEHOLDS, _DESA = "rumah_tangga", "desa"


def notes_of(
    scope: Scope,
    collections: Mapping[str, Collection],
    facts: Mapping[str, Any],
    settings: SharingSettings,
    shown: Shown | None,
) -> tuple[str, ...]:
    """Return what a receiver must know: boundaries, what is derived, masking, places, what is left out (Indonesian)."""
    return (
        *_ground(facts),
        *_withheld(scope, settings),
        *_how_much(scope, collections.get(_DESA), facts),
        *_households(scope, collections.get(_HOUSEHOLDS)),
        *_columns(shown),
        *_left_out(scope, collections),
    )


def _ground(facts: Mapping[str, Any]) -> list[str]:
    boundaries, district = facts["boundaries"], facts["district"]["nama"]
    notes = [f"Data {district}, keadaan {long_date(facts['created'])}."]
    if boundaries["schematic"]:
        notes.append(
            f"Batas wilayah skematik, bukan batas resmi ({boundary_credit(boundaries)}): garisnya dapat meleset dari "
            f"keadaan sebenarnya, dan letak sebuah titik di dekatnya terhadap desa tidak pasti."
        )
    derived = [layer_title(layer) for layer in facts["layers"] if layer["proksi"]]
    if derived:
        notes.append(f"Zona berikut hasil olahan, bukan status resmi: {', '.join(derived)}.")
    notes.extend(about["caution"] for about in facts["indicators"] if about.get("caution"))
    return notes


def _withheld(scope: Scope, settings: SharingSettings) -> list[str]:
    if scope.level is Level.PUBLIK:
        return [_SUPPRESSED]
    if scope.level is not Level.TERBATAS:
        return []
    masked = (
        f"Posisi rumah tangga disamarkan: tiap baris termasuk kelompok paling sedikit {settings.others + 1} rumah "
        f"tangga di desa yang sama, dengan kebutuhan yang sama atau dirahasiakan, dan titiknya diundi di wilayah "
        f"kelompok itu (kolom ketelitian_m). Jarak antara titik-titik, dan jarak ke jalan atau sungai, tidak bermakna."
    )
    grid = f"Kisi: sel paling halus {number(settings.cell_m)} m; sel yang isinya sedikit digabung dengan tetangganya."
    return [_SUPPRESSED, masked, grid]


_SUPPRESSED = (
    f"Angka wilayah yang menyangkut kurang dari {SMALLEST} rumah tangga dirahasiakan (kosong), bersama angka lain yang "
    f"dapat mengungkapnya; kosong bukan nol."
)


def _how_much(scope: Scope, desa: Collection | None, facts: Mapping[str, Any]) -> list[str]:
    """Say in how many desa each need is withheld, so that an empty map surprises nobody."""
    if desa is None or scope.level not in {Level.PUBLIK, Level.TERBATAS}:
        return []
    hidden = {
        str(about["title"]): int(desa.table[column].astype("boolean").fillna(value=False).sum())
        for about in facts["indicators"]
        if (column := f"{about['id']}_suppressed") in desa.table
    }
    told = "; ".join(f"{title}: {number(rows)}" for title, rows in hidden.items() if rows)
    return [f"Dirahasiakan di sekian dari {number(len(desa.table))} desa: {told}."] if told else []


def _households(scope: Scope, rows: Collection | None) -> list[str]:
    if rows is None:
        return []
    without = int(rows.table.geometry.isna().sum())
    notes = []
    if without and scope.level is Level.TERBATAS:
        notes.append(
            f"{number(without)} dari {number(len(rows.table))} baris tanpa titik: rumah tangganya tidak punya titik "
            f"sendiri, atau terlalu sedikit yang serupa di desanya untuk menyamarkan titiknya."
        )
    elif without and (scope.columns is None or "point" in scope.columns):
        notes.append(
            f"{number(without)} dari {number(len(rows.table))} rumah tangga tidak punya titik sendiri: barisnya ada "
            f"dalam tabel, tetapi tidak tampak di peta. Letaknya tidak ditebak."
        )
    if scope.level is Level.OPD:
        notes.append(
            "Titik rumah tangga adalah data pribadi walau tanpa nama: pakai untuk keperluan yang disebut, jangan "
            "digabung dengan daftar bernama, dan jangan diteruskan."
        )
    if scope.level is Level.PETUGAS:
        notes.append(
            "Memuat nama dan alamat: hanya untuk petugas yang mengunjungi, sampai tanggal berakhirnya."
        )
    return notes


def _columns(shown: Shown | None) -> list[str]:
    if shown is None:
        return []
    notes = []
    if shown.unasked:
        notes.append(f"Tidak dihitung dalam hasil ini: {', '.join(shown.unasked)}.")
    if shown.absent:
        notes.append(f"Tidak ada dalam register ini, maka kosong: {', '.join(shown.absent)}.")
    if shown.unworded:
        told = ", ".join(f"{name} ({number(count)})" for name, count in shown.unworded.items())
        notes.append(f"Nilai yang tidak punya padanan pasti pada penerima dikosongkan: {told}.")
    if empty := [name for name, source in shown.sources.items() if not source]:
        notes.append(f"Kolom kosong, untuk diisi penerima: {', '.join(empty)}.")
    if shown.above:
        notes.append(f"Kolom resep yang tidak ada pada tingkat ini: {', '.join(shown.above)}.")
    return notes


def _left_out(scope: Scope, collections: Mapping[str, Collection]) -> list[str]:
    notes = [
        f"{each.title}: {number(rows)} tidak disertakan, {why}."
        for each in collections.values()
        for why, rows in each.left_out.items()
    ]
    asked = scope.recipe.collections if scope.recipe is not None else ()
    missing = [name for name in asked if name not in COLLECTIONS[scope.level]]
    if missing:
        notes.append(f"Tidak ada pada tingkat {scope.level}: {', '.join(missing)}.")
    return notes
