"""What a recipe may ask of households at each level: everything that is not named here stays inside."""

from collections.abc import Sequence

from geo.indicators import INDICATORS
from geo.layers import LAYERS
from geo.levels import Level
from geo.privacy import OF_NEEDS, PERSONAL

COLLECTIONS: dict[Level, tuple[str, ...]] = {
    Level.PUBLIK: ("desa", "kecamatan", "zona", "desa_panas", "lingkaran"),
    Level.TERBATAS: ("desa", "kecamatan", "zona", "desa_panas", "lingkaran", "kisi", "rumah_tangga"),
    Level.OPD: ("desa", "kecamatan", "zona", "kantong", "desa_panas", "lingkaran", "rumah_tangga"),
    Level.PETUGAS: ("rumah_tangga",),
}
"""Ids of the collections of each level, in the order of lists and files."""

PLACES = ("kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan")
OF_RUN = (
    "nomor", "kode_desa_polos", "kode_kabupaten", "nama_kabupaten", "provinsi", "tanggal_data", "lintang", "bujur",
)  # fmt: skip
"""Made for whoever names them: a running number, codes without dots, the district, the day of the data, the point."""

HOUSING = (
    "jumlah_art", "luas_lantai", "jenis_lantai", "jenis_dinding", "jenis_atap", "sumber_air", "fasilitas_bab",
    "jenis_kloset", "buang_tinja", "sedot_tinja", "pondasi", "sloof", "kolom", "ring_balok", "rangka_atap",
    "kondisi_dinding", "kondisi_lantai", "kondisi_atap", "jendela", "ventilasi", "plafon", "tinggi_plafon",
    "luas_ventilasi", "persen_ventilasi", "luas_pencahayaan", "persen_pencahayaan",
)  # fmt: skip
"""Answers about the house; they leave only where a recipe names them."""

JUDGED = (
    "location_quality", "desil", "tangga_jamban", "basis_rtlh", "zone_display", "zone_combination", "kelompok_sasaran",
    "rank", "chosen", "distance_served_jamban_m",
)  # fmt: skip
"""What the assessment says of a household, beside its needs, zones and groups."""

KEY = "pseudonim"
"""By which an agency says what became of a household; every recipe with households names it."""

PERSONS = ("nama", "alamat", "dusun", "rt", "rw")
VISIT = ("sheet_row", "house_number", "location_note", "team", "day", "order")
NEVER = ("nik", "nik_mark", "no_kk", "no_kk_mark", "id_keluarga", "penyakit_kronis", "disabilitas")
"""In no product of any level: numbers of persons, and what they answered about their health."""


def sensitive_columns() -> list[str]:
    """Return the columns that say of a household what nobody but the team at its door may know."""
    return [f"{kind}_{name}" for name, each in INDICATORS.items() if each.sensitive for kind in OF_NEEDS]


def sources_of(level: Level) -> list[str]:
    """Return every column of ``rumah_tangga`` that a recipe may name; ``zone_*`` stands for any layer, and so on.

    Below ``opd`` there is nothing to choose: households are masked, with columns of their own, or not there.

    Examples
    --------
    >>> sources_of(Level.TERBATAS)
    []
    >>> "nama" in sources_of(Level.OPD), "nama" in sources_of(Level.PETUGAS), "nik" in sources_of(Level.PETUGAS)
    (False, True, False)
    """
    if level not in {Level.OPD, Level.PETUGAS}:
        return []
    open_needs = [name for name, each in INDICATORS.items() if not each.sensitive]
    known = [
        KEY, *PLACES, *OF_RUN, *JUDGED, *(f"{kind}_{name}" for kind in OF_NEEDS for name in open_needs),
        *HOUSING, *_layer_figures(), "zone_*", "distance_*", "group_*",
    ]  # fmt: skip
    return known if level is Level.OPD else [*known, *VISIT, *PERSONS, *sensitive_columns()]


def is_source(column: str, sources: Sequence[str]) -> bool:
    """Tell whether a column is one of those that may be named.

    Examples
    --------
    >>> is_source("zone_rob", ["nama_desa", "zone_*"]), is_source("zone_", ["zone_*"]), is_source("nik", ["zone_*"])
    (True, False, False)
    """
    if column in sources:
        return True
    starts = tuple(name[:-1] for name in sources if name.endswith("*"))
    return column not in refused() and column.startswith(starts) and column not in starts


def refused() -> set[str]:
    """Return the columns that name persons or tell of their health: below ``petugas`` nobody receives them."""
    return {*NEVER, *PERSONAL, *PERSONS, *sensitive_columns()}


def _layer_figures() -> list[str]:
    """Return the further figures of a household at its point that layers may give."""
    return [name for layer in LAYERS.values() for name in layer.figures]
