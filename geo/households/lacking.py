"""What a sheet lacks: columns that nothing goes without, and those of indicators that it has in part or not at all."""

from collections.abc import Collection, Mapping, Sequence

from geo.columns.code_lists import CodeList
from geo.households.understanding import Partial, quoted
from geo.households.vocabulary import Vocabulary, known_columns, title_of
from geo.indicators import INDICATORS
from geo.settings import IndicatorSettings

ADD_PLACE = (
    "Kalau desanya hanya disebut di judul atau nama lembar, tambahkan kolom Desa (dan Kecamatan) pada lembar, atau "
    'tulis di berkas --columns: [constants] desa_tertulis = "…" dan kecamatan_tertulis = "…".'
)
_PLACES = ("desa_tertulis", "kode_tertulis", "koordinat", "lintang")


def turned_off(
    present: Collection[str], code_list: CodeList, settings: IndicatorSettings | None
) -> tuple[dict[str, str], list[str]]:
    """Find the columns that cannot be read because the questionnaire does not ask them, and say what that costs."""
    codes = {column.name for column in known_columns() if column.kind == "code"}
    unasked = codes - {*code_list.questions}
    why = f"daftar kode {code_list.title} tidak memuatnya"
    off = {name: why for name in present if name in unasked}
    notes = [f"{title_of(name)} tidak dibaca: {why}." for name in off]
    for indicator in INDICATORS.values():
        required = {column.name for column in indicator.asks(settings)}
        if {column.name for column in indicator.instead} & {*present}:
            continue
        if required & unasked and required & {*present}:
            off |= dict.fromkeys(required & {*present} - {*off}, f"{indicator.title} tidak dihitung, {why}")
            notes.append(f"{indicator.title} tidak dihitung: {why}.")
    return off, notes


def silent_indicators(present: Collection[str], settings: IndicatorSettings | None) -> list[str]:
    """Say which indicators are off, or nearly so, although the sheet asks something of them."""
    notes = []
    on = [each for each in INDICATORS.values()
          if {column.name for column in each.asks(settings)} <= {*present}]  # fmt: skip
    served = {column.name for each in on for column in (*each.required, *each.sharpening)}
    for indicator in INDICATORS.values():
        required = [column.name for column in indicator.asks(settings)]
        if {column.name for column in indicator.instead} & {*present}:
            if not {*required} & {*present}:
                absent = ", ".join(f"«{title_of(name)}»" for name in required)
                notes.append(
                    f"Untuk {indicator.title} lembar ini punya kolom survei, tetapi tidak {absent}: menurut definisi "
                    f"yang dipakai kebanyakan jawabannya tidak diketahui (definisi: setelan [indicators])."
                )
            continue
        asked = [column.name for column in indicator.sharpening if column.name in {*present} - served]
        if asked and not {*required} & {*present}:
            absent = ", ".join(f"«{title_of(name)}»" for name in required)
            there = ", ".join(f"«{title_of(name)}»" for name in asked)
            notes.append(f"{indicator.title} tidak dihitung: lembar punya {there}, tetapi tidak {absent}.")
    return notes


def missing(
    present: Collection[str],
    headings: Sequence[str],
    free: Sequence[str],
    vocabulary: Vocabulary,
    settings: IndicatorSettings | None,
    partial: Mapping[str, Partial],
) -> list[str]:
    """Say which meanings the sheet lacks altogether, and which headings might have them."""
    known = f"Judul pada lembar: {quoted(headings)}."
    if not present:
        nothing = (
            f"Tidak ada kolom yang dikenali. {known} Yang dicari antara lain: «NIK», «Nama Kepala Keluarga», "
            f"«Desa/Kelurahan», «Kecamatan», «Lintang», «Bujur», «Jenis Lantai», «Fasilitas BAB». Sebut arti kolom "
            f"dengan --columns BERKAS."
        )
        return [nothing]

    def lacking(name: str) -> str:
        near = vocabulary.candidates(name, free)
        words = f" Yang paling mirip: {quoted(near)}." if near else f" {known}"
        return f"{words} Sebut kolomnya dengan --columns BERKAS."

    faults = []
    for one, other in (("lintang", "bujur"), ("bujur", "lintang")):
        if one in present and other not in present:
            faults.append(f"Ada kolom {one}, tetapi kolom {other} tidak dikenali.{lacking(other)}")
    if not {*_PLACES, "bujur", "alamat"} & {*present}:
        faults.append(
            f"Tidak ada kolom yang menyebut tempat: desa, kode desa, atau koordinat.{lacking('desa_tertulis')} "
            f"{ADD_PLACE}"
        )
    for name, part in partial.items():
        absent = [column.name for column in INDICATORS[name].asks(settings) if column.name not in present]
        titles = ", ".join(f"«{title_of(name)}»" for name in absent)
        near = list(dict.fromkeys(text for name in absent for text in vocabulary.candidates(name, free)))
        words = f" Yang paling mirip: {quoted(near)}." if near else ""
        there = quoted(part.headings) or "kolom yang sudah ada"
        faults.append(
            f"Untuk {part.title} lembar ini punya sebagian kolom saja. Yang belum ada: {titles}.{words} "
            f"Lengkapi kolomnya, sebut judulnya dengan --columns BERKAS, atau abaikan di sana {there}: "
            f"{part.title} lalu tidak dihitung."
        )
    return faults


def partial_indicators(
    present: Collection[str], used: Mapping[str, str], settings: IndicatorSettings | None
) -> dict[str, Partial]:
    """Find the indicators of which the sheet has some columns and not the others."""
    found = {}
    for key, indicator in INDICATORS.items():
        names = {column.name for column in indicator.asks(settings)}
        if (
            {column.name for column in indicator.instead} & {*present}
            or not names & {*present}
            or names <= {*present}
        ):
            continue
        found[key] = Partial(indicator.title, tuple(text for text, name in used.items() if name in names))
    return found
