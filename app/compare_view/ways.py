"""Ways into a comparison: what can be set side by side in this library, as addresses."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from app.compare_view.runs import KeptRun
from app.compare_view.sides import DEFINED, LEFT, RIGHT, Side, address, definitions

Way = tuple[str, str]


def ways(left: Side, runs: Sequence[KeptRun]) -> list[Way]:
    """Return what can be compared, as far as there are two of it, as title and address."""
    run, need = left.opened.id, left.asked.indicator
    needs = [str(entry["id"]) for entry in left.assessment.facts["indicators"]]
    found = []
    if len(needs) > 1:
        found.append(_way("Dua indikator", [run, run], needs[:2], ["", ""]))
    if names := [*definitions(left.assessment)]:
        found.append(_way("Dua definisi RTLH", [run, run], [DEFINED] * 2, names))
    names = [each.id for each in runs]
    if len(names) > 1:
        # the older at the left: what changed reads from left to right
        later = min(names.index(run), len(names) - 2)
        found.append(_way("Dua hasil", [names[later + 1], names[later]], [need, need], ["", ""]))
    return found


def swapped(left: Side, right: Side, **shared: str) -> str:
    """Return the address with the sides changed over."""
    return address(replace(right, name=LEFT), replace(left, name=RIGHT), **shared)


def _way(title: str, runs: Sequence[str], needs: Sequence[str], names: Sequence[str]) -> Way:
    pairs = [
        (f"{side}.{key}", value)
        for side, *values in zip((LEFT, RIGHT), runs, needs, names, strict=True)
        for key, value in zip(("hasil", "indikator", "definisi"), values, strict=True)
        if value
    ]
    return title, f"/bandingkan?{urlencode(pairs)}"
