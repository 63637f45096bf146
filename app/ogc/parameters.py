"""Parameters of a request, each known, given once and well formed; what is not is refused with what would be."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from fastapi import Request

from app.ogc.boxes import Box, read_box
from app.ogc.faults import Refusal
from app.ogc.negotiation import FORMS, wanted
from app.ogc.references import CRS84, Reference

LIMIT, LIMIT_MOST, LIMIT_PAGE = 100, 10_000, 500
"""Features of an answer unless told otherwise, at most, and at most on a page."""

ITEMS = (
    "f", "limit", "offset", "bbox", "bbox-crs", "datetime", "crs", "properties", "sortby", "filter", "filter-lang",
    "filter-crs",
)  # fmt: skip
ITEM = ("f", "crs")

_MOST_DIGITS = 12
_LONGEST = 4_000
_DATE_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[Tt]\d{2}:\d{2}:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d))?"
)
_INSTANT = (
    "«datetime» berisi tanggal (2026-01-31), saat (2026-01-31T08:00:00Z), atau rentang dua di antaranya dengan garis "
    "miring; «..» untuk ujung yang terbuka (2026-01-01/..)."
)


@dataclass(frozen=True)
class Asked:
    """What is asked of the items of a collection.

    Attributes
    ----------
    properties
        Names of the columns that are wanted; None for all.
    sortby, filter, filter_lang, filter_crs
        As given; empty for nothing.
    plain
        Values that columns are to have: the rest of the parameters.
    """

    form: str
    limit: int
    offset: int
    crs: Reference
    bbox: Box | None
    properties: tuple[str, ...] | None
    sortby: str
    filter: str
    filter_lang: str
    filter_crs: str
    plain: Mapping[str, str]


def read_form(request: Request, known: Collection[str] = ("f",)) -> str:
    """Return ``json`` or ``html``, after a look at the names of all parameters.

    Raises
    ------
    Refusal
        When one is unknown, given twice, far too long, or names a form that is not on offer.
    """
    pairs = request.query_params.multi_items()
    names = [name for name, _ in pairs]
    if strange := [name for name in names if name not in known]:
        raise Refusal(f"Parameter «{_short(strange[0])}» tidak dikenal di sini. Yang ada: {_listed(known)}.")
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise Refusal(f"Parameter «{twice}» disebut dua kali. Sebut sekali saja.")
    if too_long := [name for name, value in pairs if len(value) > _LONGEST or "\0" in value]:
        raise Refusal(
            f"Isi parameter «{too_long[0]}» terlalu panjang (paling banyak {_LONGEST} huruf) atau rusak."
        )
    form = request.query_params.get("f")
    if form is not None and form not in FORMS:
        raise Refusal(f"Bentuk «{_short(form)}» tidak ada. Pilih f=json atau f=html.")
    found = wanted(form, request.headers.get("accept", ""))
    if found is None:
        raise Refusal(
            "Jawaban tersedia sebagai JSON atau HTML saja. Pilih dengan Accept, atau f=json, f=html.", 406
        )
    return found


def read_items(request: Request, systems: Mapping[str, Reference], columns: Collection[str]) -> Asked:
    """Return what is asked of the items of a collection.

    Parameters
    ----------
    systems
        Coordinate reference systems on offer, by name.
    columns
        Of the collection, which may be asked for and given as parameters.

    Raises
    ------
    Refusal
        At the first parameter that is not right.
    """
    form = read_form(request, [*ITEMS, *(name for name in columns if name not in ITEMS)])
    given = request.query_params
    read_instant(given.get("datetime"))
    box_system = _system(given, "bbox-crs", systems)
    limit = _whole(given, "limit", LIMIT, least=1)
    return Asked(
        form=form,
        limit=min(limit, LIMIT_MOST if form == "json" else LIMIT_PAGE),
        offset=_whole(given, "offset", 0, least=0),
        crs=_system(given, "crs", systems),
        bbox=read_box(given["bbox"], box_system) if "bbox" in given else None,
        properties=_columns(given.get("properties"), columns),
        sortby=given.get("sortby", ""),
        filter=given.get("filter", ""),
        filter_lang=given.get("filter-lang", ""),
        filter_crs=_system(given, "filter-crs", systems).uri,
        plain={name: value for name, value in given.items() if name not in ITEMS},
    )


def read_item(request: Request, systems: Mapping[str, Reference]) -> tuple[str, Reference]:
    """Return the form and the system in which one feature is asked for.

    Raises
    ------
    Refusal
        At the first parameter that is not right.
    """
    return read_form(request, ITEM), _system(request.query_params, "crs", systems)


def read_instant(text: str | None) -> None:
    """Look at ``datetime``; no feature here has an instant of its own, so that all of them fit any.

    Raises
    ------
    Refusal
        When it is no instant and no interval, or one that ends before it begins.

    Examples
    --------
    >>> read_instant("2026-01-01/.."), read_instant("2026-01-31T08:00:00Z"), read_instant("/2026-01-31")
    (None, None, None)
    """
    if text is None:
        return
    ends = text.split("/")
    if len(ends) > 2 or (len(ends) == 1 and text in {"", ".."}):  # noqa: PLR2004  -- an interval has two
        raise Refusal(_INSTANT)
    times = [_time(end, last=bool(number)) for number, end in enumerate(ends)]
    if len(times) > 1 and times[0] and times[1] and times[0] > times[1]:
        raise Refusal(f"Rentang «datetime» berakhir sebelum mulai. {_INSTANT}")


def _time(text: str, *, last: bool) -> datetime | None:
    if text in {"", ".."}:
        return None
    try:
        if not _DATE_TIME.fullmatch(text):
            raise Refusal(_INSTANT)
        day = date.fromisoformat(text[:10])
        if len(text) == len("2026-01-31"):
            return datetime.combine(day, time.max if last else time.min, UTC)
        # a leap second is the last moment of its minute here
        clock = text[11:].upper().replace(":60", ":59")
        return datetime.fromisoformat(f"{day.isoformat()}T{clock}")
    except (ValueError, OverflowError) as fault:
        raise Refusal(_INSTANT) from fault


def _whole(given: Mapping[str, str], name: str, usual: int, *, least: int) -> int:
    text = given.get(name)
    if text is None:
        return usual
    if not re.fullmatch(r"[0-9]+", text) or int(text[:_MOST_DIGITS]) < least:
        raise Refusal(f"«{name}» berisi bilangan bulat mulai {least}, bukan «{_short(text)}».")
    return int(text) if len(text) <= _MOST_DIGITS else 10**_MOST_DIGITS


def _system(given: Mapping[str, str], name: str, systems: Mapping[str, Reference]) -> Reference:
    uri = given.get(name, CRS84)
    if uri not in systems:
        raise Refusal(f"«{name}={_short(uri)}» tidak tersedia. Pilih: {_listed(systems)}.")
    return systems[uri]


def _columns(text: str | None, columns: Collection[str]) -> tuple[str, ...] | None:
    if text is None:
        return None
    names = tuple(dict.fromkeys(name for name in text.split(",") if name))
    if strange := [name for name in names if name not in columns]:
        raise Refusal(f"Kolom «{_short(strange[0])}» tidak ada di koleksi ini. Yang ada: {_listed(columns)}.")
    return names


def _listed(names: Collection[str]) -> str:
    return ", ".join(names)


def _short(text: str) -> str:
    return text[:60] + ("…" if len(text) > 60 else "")  # noqa: PLR2004
