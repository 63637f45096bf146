"""What a choice says of itself, in sentences for the meeting."""

from collections.abc import Mapping
from typing import Any

from geo.symbology import number, percent
from geo.targeting.case import money

_Facts = Mapping[str, Any]


def selection_notes(facts: _Facts) -> list[str]:
    """Return what to know of a choice (Indonesian): its sums, what the rules and the money cost, ties, how firm it is.

    Why a request cannot be met stands in ``why_not`` and is not repeated. For the facts see
    :func:`geo.targeting.selection.choose`.
    """
    if not facts["met"]:
        return _aside(facts) if facts["candidates"] else []
    cost = f", biaya {money(facts['cost'])}" if facts["asked"]["unit_costs"] else ""
    chosen, candidates, desa = (number(facts[name]) for name in ("chosen", "candidates", "desa"))
    score = number(facts["score"], 1)
    notes = [f"{chosen} dari {candidates} calon dipilih, di {desa} desa; jumlah skor {score}{cost}."]
    if not facts["proven"]:
        notes.append(
            f"Waktu pencarian habis: belum terbukti bahwa ini yang terbaik. Yang terbaik paling banyak "
            f"{number(facts['short'], 2)} skor di atasnya."
        )
    notes += [*_by_rank(facts), *_money(facts)]
    notes += [_rule(rule, facts["score"]) for rule in facts["rules"]]
    if facts["tied"]:
        notes.append(
            f"{number(facts['tied'])} rumah tangga bernilai sama di batas, {number(facts['tied_chosen'])} dipilih: "
            f"urutan lembar yang memilih."
        )
    return [*notes, *_aside(facts), *_firmness(facts)]


def _by_rank(facts: _Facts) -> list[str]:
    """Set the choice beside the one down the ranks, where they differ."""
    alone = facts["alone"]
    if alone["both"] == alone["chosen"] == facts["chosen"]:
        return []
    has_budget = facts["budget"] is not None
    passing = ", yang tidak terbayar oleh sisa uang dilewati" if has_budget else ""
    cost = f", biaya {money(alone['cost'])}" if facts["asked"]["unit_costs"] else ""
    return [
        (
            f"Menurut peringkat saja (dari atas ke bawah{passing}) terpilih {number(alone['chosen'])} rumah tangga, "
            f"jumlah skor {number(alone['score'], 1)}{cost}; {number(alone['both'])} di antaranya juga dipilih di sini."
        )
    ]


def _money(facts: _Facts) -> list[str]:
    """Say what limited money did to the choice."""
    budget = facts["budget"]
    if budget is None or not (budget["passed_over"] or budget["score_lost"]):
        return []
    reason = (
        " atau karena kuota dan syarat lain"
        if facts["rules"]
        else ": dengan uang yang sama, rumah tangga yang lebih murah memberi jumlah skor lebih besar"
    )
    notes = [
        (
            f"{number(budget['passed_over'])} dari {number(budget['first'])} peringkat teratas tidak dipilih karena "
            f"biayanya{reason}."
        )
    ]
    notes += [
        f"Tidak satu pun calon dengan kebutuhan «{need['title']}» terpilih, padahal ada {number(need['candidates'])}."
        for need in budget["never"]
    ]
    if budget["score_lost"] is None:
        return [*notes, "Harga batas anggaran tidak dihitung: waktu pencarian habis."]
    return [
        *notes,
        (
            f"Batas anggaran: harganya {_share(budget['score_lost'], facts['score'])} dibanding "
            f"{number(budget['first'])} rumah tangga terbaik tanpa batas uang{_doubt(budget)}."
        ),
    ]


def _rule(rule: _Facts, score: float) -> str:
    what = f"Kuota «{rule['words']}»" if rule["kind"] == "quota" else f"Syarat «{rule['words']}»"
    got = f" terpenuhi ({number(rule['chosen'])} dipilih)" if "chosen" in rule else ""
    price = f"{_price(rule, score)}{_doubt(rule)}"
    unsure = (
        f"; {number(rule['unknown'])} lainnya tidak diketahui termasuk atau tidak"
        if rule.get("unknown")
        else ""
    )
    return f"{what}{got}: {price}{unsure}."


def _price(rule: _Facts, score: float) -> str:
    if rule["score_lost"] is None:
        return "harganya tidak dihitung, waktu pencarian habis"
    if rule["score_lost"] <= 0 and not rule["proven"]:
        return "harganya belum diketahui, waktu pencarian habis sebelum ada pilihan yang lebih baik tanpa itu"
    if rule["score_lost"] <= 0 and rule["number_lost"] == 0:
        return "tidak mengurangi apa pun"
    lost = rule["number_lost"]
    fewer = f" dan {number(lost)} rumah tangga" if lost > 0 else ""
    more = f", tetapi menambah {number(-lost)} rumah tangga" if lost < 0 else ""
    return f"harganya {_share(rule['score_lost'], score)}{fewer}{more}"


def _share(lost: float, score: float) -> str:
    return f"{number(lost, 2)} skor ({percent(lost / (score + lost) if score + lost else 0.0, 1)})"


def _doubt(told: _Facts) -> str:
    return "" if told["proven"] or not told["score_lost"] else " (perkiraan: belum terbukti)"


def _aside(facts: _Facts) -> list[str]:
    aside, notes = facts["aside"], []
    if aside["no_price"]:
        notes.append(
            f"{number(aside['no_price'])} rumah tangga tidak menjadi calon: kebutuhannya tidak punya biaya satuan."
        )
    if aside["no_desa"]:
        notes.append(f"{number(aside['no_desa'])} rumah tangga tidak menjadi calon: desanya tidak diketahui.")
    return notes


def _firmness(facts: _Facts) -> list[str]:
    if facts["firm"] is None:
        return []
    guess = "" if facts["top"] == facts["chosen"] else ", taksiran banyaknya sebelum memilih"
    return [
        (
            f"Bila bobot digeser sedikit, {number(facts['firm'])} dari yang dipilih tetap di antara "
            f"{number(facts['top'])} skor tertinggi{guess} (kokoh), {number(facts['depends'])} kadang tidak, dan "
            f"{number(facts['hair'])} lebih sering tidak: terpilih karena kuota, anggaran, atau selisih tipis."
        )
    ]
