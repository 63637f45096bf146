"""A filter read from an address: every value is checked against the run that is shown."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from geo.errors import NotAllowed, SettingsError
from geo.filters.choice import ANSWERS, UNKNOWN_DESIL, UNKNOWN_DESIL_TITLE, Filter, group_titles
from geo.symbology import OUTSIDE, QUALITY_TITLES, UNKNOWN

if TYPE_CHECKING:
    from geo.assessment import Assessment

MOST_DESIL = 10

_QUOTED, _LISTED = 40, 8
_DESIL = re.compile(r"([0-9]{1,2})(?:-([0-9]{1,2}))?")


def read_filter(query: Mapping[str, Sequence[str]], assessment: "Assessment") -> Filter:
    """Read the filter of an address.

    Parameters
    ----------
    query
        The values of each name; names that are none of :data:`geo.filters.NAMES`, and empty values, ask for nothing.
    assessment
        The run that is shown.

    Raises
    ------
    SettingsError
        Naming the first value that the run does not know, and what it knows.
    NotAllowed
        When it asks for the health of households.
    """
    asked = {name: sorted({value.strip() for value in values} - {""}) for name, values in query.items()}
    facts = assessment.facts
    zones = {
        f"{layer['id']}:{word}"
        for layer in facts["layers"]
        for word in dict.fromkeys([*layer.get("titles", {}), *layer.get("counts", {}), OUTSIDE, UNKNOWN])
    }
    needs = {name["id"] for name in facts["indicators"] if not name["sensitive"]}
    _refuse_health(asked.get("butuh", ()), {name["id"] for name in facts["indicators"]} - needs)
    groups = group_titles(assessment)
    return Filter(
        kecamatan=_area("kecamatan", asked, assessment),
        desa=_area("desa", asked, assessment),
        zona=tuple(_pair(value) for value in _known("zona", asked, zones)),
        butuh=tuple(_pair(value) for value in _known("butuh", asked, _answered(needs))),
        desil=_desil(asked.get("desil", ())),
        kelompok=tuple(
            sorted(
                {
                    _pair(value)
                    for value in _known("kelompok", asked, {*groups} | _answered(groups), shown=groups)
                }
            )
        ),
        letak=_known("letak", asked, QUALITY_TITLES),
    )


def _area(level: str, asked: Mapping[str, Sequence[str]], assessment: "Assessment") -> tuple[str, ...]:
    """Return the codes of areas; most addresses ask for none, and then no table is looked through."""
    known = set(assessment.desa[f"kode_{level}"]) if asked.get(level) else set()
    return _known(level, asked, known, several=f"kode {level} hasil ini")


def _known(
    name: str,
    asked: Mapping[str, Sequence[str]],
    known: Collection[str],
    *,
    several: str = "",
    shown: Collection[str] = (),
) -> tuple[str, ...]:
    for value in asked.get(name, ()):
        if value not in known:
            raise SettingsError(
                f"Saringan {name} tidak mengenal {quoted(value)}. {_choices(shown or known, several)}"
            )
    return tuple(asked.get(name, ()))


def _choices(known: Collection[str], several: str) -> str:
    if several:
        return f"Pakai {several}."
    if not known:
        return "Hasil ini tidak memuatnya."
    listed = sorted(known)
    more = " dan lainnya" if len(listed) > _LISTED else ""
    return f"Yang ada: {', '.join(listed[:_LISTED])}{more}."


def _refuse_health(asked: Sequence[str], sensitive: Collection[str]) -> None:
    if any(value.partition(":")[0] in sensitive for value in asked):
        raise NotAllowed("Rumah tangga tidak dapat disaring menurut kesehatan atau disabilitas.")


def _answered(things: Collection[str]) -> set[str]:
    return {f"{thing}:{answer}" for thing in things for answer in ANSWERS}


def _pair(value: str) -> tuple[str, str]:
    thing, _, word = value.partition(":")
    return thing, word or "ya"


def _desil(values: Sequence[str]) -> tuple[int, ...]:
    chosen: set[int] = set()
    for value in values:
        if value == UNKNOWN_DESIL_TITLE:
            chosen.add(UNKNOWN_DESIL)
            continue
        found = _DESIL.fullmatch(value)
        low = int(found[1]) if found else 0
        high = int(found[2] or low) if found else 0
        if not 1 <= low <= high <= MOST_DESIL:
            raise SettingsError(
                f"Saringan desil tidak mengenal {quoted(value)}. "
                f"Tulis angka 1 sampai {MOST_DESIL}, rentang seperti 1-4, atau «{UNKNOWN_DESIL_TITLE}»."
            )
        chosen.update(range(low, high + 1))
    return tuple(sorted(chosen))


def quoted(value: str) -> str:
    r"""Quote what came from outside: short, on one line, without characters that are not seen.

    Examples
    --------
    >>> quoted("a\u202eb\n" + "c" * 60)
    '«abccccccccccccccccccccccccccccccccccccc…»'
    """
    seen = "".join(letter for letter in value[: 4 * _QUOTED] if letter.isprintable())
    return f"«{seen}»" if len(seen) <= _QUOTED else f"«{seen[: _QUOTED - 1]}…»"
