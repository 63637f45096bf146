"""A comparison in words: what may be read from it, how many areas differ, and what to be careful about."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from app.compare_view.comparing import EQUAL, NO_FIGURE, Comparison, Kind, tally
from app.compare_view.sides import LEFT, RIGHT, Side
from geo.differences import HIGHER, LOWER, OPEN, difference_interval
from geo.symbology import number, percent

AREA_CHANGE = 0.01
"""A desa whose area differs by more than this share between two runs has other borders."""

_MINUS = "Selisih = kanan dikurangi kiri"
_TWO_NEEDS = "Ini dua kebutuhan yang berlainan, masing-masing dengan definisinya sendiri."
_CORRECTED = "dikoreksi karena banyak desa diuji sekaligus"
READING = {
    Kind.REGISTERS: f"{_MINUS}, dengan interval 95 %. «Nyata» berarti kebetulan saja jarang membuat beda sebesar itu; "
    f"{_CORRECTED}, sehingga paling banyak sekitar 1 dari 20 desa yang disebut nyata itu semu. Kedua register dihitung "
    "sebagai dua kelompok terpisah; rumah tangga yang ada di keduanya membuat batas ini lebih hati-hati.",
    Kind.GROUPS: f"{_MINUS}, antara dua kelompok rumah tangga dari register yang sama, dengan interval 95 %. «Nyata» "
    f"sudah {_CORRECTED}.",
    Kind.NEEDS: f"{_TWO_NEEDS} {_MINUS}. Rumah tangganya sama, jadi yang dihitung ialah siapa yang hanya membutuhkan "
    f"salah satunya; «nyata» berarti keduanya jarang sebegitu timpang karena kebetulan saja ({_CORRECTED}).",
    Kind.DEFINITIONS: "Rumah yang sama dinilai dua kali, jadi selisihnya akibat definisi dan bukan kebetulan: tidak "
    "ada yang perlu diuji. Kolom «berpindah sisi» menghitung rumah yang dinilai berbeda oleh kedua definisi.",
    Kind.ONE_SHEET: "Kedua hasil dibuat dari lembar yang sama: selisihnya akibat setelan, keputusan peninjauan, atau "
    "batas yang berlainan, bukan perubahan keadaan.",
    Kind.SAME: "Kedua sisi menampilkan hal yang sama. Pilih indikator, definisi, hasil, atau saringan lain di salah "
    "satunya.",
    Kind.SPOTS: "Desa panas sudah diuji di sisinya masing-masing; di sini hanya dilihat apakah letaknya sama.",
    Kind.UNLIKE: "Kedua sisi menampilkan hal yang berlainan jenis, jadi tidak diuji satu terhadap yang lain; "
    "bandingkan letaknya di peta.",
}
UNTESTED = {
    Kind.REGISTERS: f"{_MINUS}. Ukuran ini tidak diuji; pilih ukuran «Tingkat (%)» untuk tahu apakah bedanya lebih "
    "dari kebetulan.",
    Kind.GROUPS: f"{_MINUS}. Tidak diuji: ada rumah tangga yang terhitung di kedua sisi, atau ukurannya bukan tingkat.",
    Kind.NEEDS: f"{_TWO_NEEDS} {_MINUS}, dari rumah tangga yang sama. Di sini tidak diuji apakah selisihnya lebih "
    "dari kebetulan.",
}


def reading(found: Comparison) -> str:
    """Return how the differences are to be read."""
    return READING[found.kind] if found.tested else UNTESTED.get(found.kind, READING[found.kind])


def verdict_words(found: Comparison, left: Side, right: Side) -> dict[str, str]:
    """Return what each verdict is called: in time where the right run is the newer one."""
    if found.kind is Kind.REGISTERS and _created(left) < _created(right):
        return {HIGHER: "nyata naik", LOWER: "nyata turun", OPEN: OPEN}
    return {HIGHER: "nyata lebih tinggi", LOWER: "nyata lebih rendah", OPEN: OPEN}


def summary(found: Comparison, left: Side, right: Side) -> list[str]:
    """Return in short sentences how many areas rise, fall or cannot be told, and how many households change sides."""
    if found.kind is Kind.SAME:
        return []
    counts, level = tally(found), left.asked.level
    if found.tested:
        words = verdict_words(found, left, right)
        parts = (f"{words[word]}: {number(counts[word])} {level}" for word in (HIGHER, LOWER, OPEN))
        told = f"Di kanan {'; '.join(parts)}"
    elif found.areas["difference"].notna().any():
        told = (
            f"Di kanan lebih tinggi: {number(counts[HIGHER])} {level}; lebih rendah: {number(counts[LOWER])} {level}; "
            f"sama: {number(counts[EQUAL])} {level} (tanpa uji)"
        )
    elif found.kind is Kind.SPOTS:
        told = _hot(found)
    else:
        told = "Kedua sisi tidak dapat dikurangkan; lihat nilainya berdampingan"
    lines = [*_whole(found, left, right), f"{told}."]
    if found.paired:
        away, towards = (int(found.areas[name].sum()) for name in ("away", "towards"))
        lines.append(_changed(found.kind, left, right, away, towards))
    if counts[NO_FIGURE] and found.areas["difference"].notna().any():
        lines.append(f"{number(counts[NO_FIGURE])} {level} tanpa selisih; sebabnya tertulis di tabel.")
    return lines


def _whole(found: Comparison, left: Side, right: Side) -> list[str]:
    """Tell both sides as a whole, where every area is told and the measure can be added up."""
    measure = left.asked.measure
    if measure != right.asked.measure or measure not in ("rate", "need"):
        return []
    sums = [
        side.figures.areas.loc[side.figures.inside, ["need", "known"]].sum(skipna=False)
        for side in (left, right)
    ]
    if any(counts.isna().any() or not counts["known"] for counts in sums):
        return []
    if measure == "need":
        told = (
            f"{side.name} {number(counts['need'])}" for side, counts in zip((left, right), sums, strict=True)
        )
        return [f"Seluruhnya {', '.join(told)} rumah tangga."]
    told = (
        f"{side.name} {percent(counts['need'] / counts['known'], 1)} "
        f"({number(counts['need'])} dari {number(counts['known'])})"
        for side, counts in zip((left, right), sums, strict=True)
    )
    return [f"Seluruhnya {', '.join(told)}{_apart(found, sums)}."]


def _apart(found: Comparison, sums: Sequence[pd.Series]) -> str:
    first, second = sums
    difference = second["need"] / second["known"] - first["need"] / first["known"]
    told = f"; selisih {signed(difference)}"
    if found.kind is not Kind.REGISTERS:
        return told
    before, after = ((np.array([counts["need"]]), np.array([counts["known"]])) for counts in sums)
    low, high = difference_interval(before, after)
    return f"{told} (interval 95 %: {signed(low[0])} sampai {signed(high[0])})"


def _hot(found: Comparison) -> str:
    first, second = (found.areas[name].eq(1) for name in ("left", "right"))
    counts = {
        "di keduanya": first & second,
        "hanya di kiri": first & ~second,
        "hanya di kanan": second & ~first,
    }
    return "Desa panas " + "; ".join(f"{where}: {number(int(rows.sum()))}" for where, rows in counts.items())


def signed(difference: float, *, shares: bool = True) -> str:
    """Write a difference with its sign, of shares in percent points.

    Examples
    --------
    >>> signed(0.0213), signed(-12.0, shares=False), signed(-0.0001), signed(float("nan"))
    ('+2,1 poin', '−12', '0,0 poin', '–')
    """
    if not np.isfinite(difference):
        return "–"
    value = round(difference * 100, 1) if shares else difference
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{number(abs(value), 1 if shares else 0)}{' poin' if shares else ''}"


def cautions(left: Side, right: Side) -> list[str]:
    """Return what differs between the sides beside what was asked for."""
    found = [*dict.fromkeys([*left.asked.notes, *right.asked.notes])]
    if left.opened.id == right.opened.id:
        return found
    if left.asked.indicator == right.asked.indicator and left.profile != right.profile:
        found.append(
            f"Definisinya berlainan: kiri {left.profile}, kanan {right.profile}. Beda angka bukan hanya perubahan "
            "keadaan."
        )
    return found + _other_borders(left, right)


def _other_borders(left: Side, right: Side) -> list[str]:
    first, second = (side.assessment.desa.set_index("kode_desa")["area_km2"] for side in (left, right))
    only = {LEFT: len(first.index.difference(second.index)), RIGHT: len(second.index.difference(first.index))}
    shared = first.index.intersection(second.index)
    changed = int((abs(second[shared] / first[shared] - 1) > AREA_CHANGE).sum())
    parts = [f"{number(count)} desa hanya ada di {name}" for name, count in only.items() if count]
    parts += [f"{number(changed)} desa luasnya berubah lebih dari 1 %"] if changed else []
    if not parts:
        return []
    told = f"Batas desa kedua hasil berlainan: {', '.join(parts)}. "
    return [told + "Desa dipasangkan menurut kode wilayah; baca yang berubah dengan hati-hati."]


def _changed(kind: Kind, left: Side, right: Side, away: int, towards: int) -> str:
    if kind is Kind.DEFINITIONS:
        return (
            f"{number(away + towards)} rumah tangga berpindah sisi: {number(towards)} RTLH hanya menurut definisi "
            f"kanan, {number(away)} hanya menurut definisi kiri."
        )
    needs = ((left, away), (right, towards))
    told = "; ".join(f"hanya {side.indicator['title']}: {number(count)}" for side, count in needs)
    return f"Rumah tangga yang diketahui keduanya, {told}.{_contained(needs)}"


def _contained(needs: Sequence[tuple[Side, int]]) -> str:
    """Explain why nobody has one of two needs alone, which a definition may have settled beforehand."""
    (first, only_first), (second, only_second) = needs
    if bool(only_first) == bool(only_second):
        return ""
    inner, outer = (second, first) if only_first else (first, second)
    return (
        f" Angka 0 berarti semua yang membutuhkan {inner.indicator['title']} juga membutuhkan "
        f"{outer.indicator['title']}. Bila definisi {outer.indicator['title']} memuat syarat itu, selisihnya akibat "
        "definisi, bukan temuan; bacalah definisinya di bawah peta."
    )


def _created(side: Side) -> str:
    return str(side.assessment.facts["created"])
