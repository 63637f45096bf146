"""The operators of CQL2 over columns: one table, each entry a function of Arrow, which knows unknown truths."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from app.ogc.columns import DATE, NUMBER, TEXT, TIME, TRUTH, kind_of
from geo.errors import SettingsError
from geo.filters.reading import quoted

COMPARISONS: dict[str, Callable[..., Any]] = {
    "=": pc.equal,
    "<>": pc.not_equal,
    "<": pc.less,
    ">": pc.greater,
    "<=": pc.less_equal,
    ">=": pc.greater_equal,
}


def _div(left: Any, right: Any) -> Any:  # noqa: ANN401
    return pc.trunc(pc.divide(left, right))


ARITHMETIC: dict[str, Callable[..., Any]] = {
    "+": pc.add,
    "-": pc.subtract,
    "*": pc.multiply,
    "/": pc.divide,
    "div": _div,
    "%": lambda left, right: pc.subtract(left, pc.multiply(right, _div(left, right))),
    "^": pc.power,
}

DATE_NAME, TIME_NAME = "date", "timestamp"
"""What the JSON form calls days and times."""


def literal(value: Any) -> Any:  # noqa: ANN401
    """Return a value of the JSON form as a scalar of its kind.

    Raises
    ------
    SettingsError
        When it is NULL, no day or no time.

    Examples
    --------
    >>> literal({"date": "2026-01-31"}), literal(2.0)
    (<pyarrow.Date32Scalar: datetime.date(2026, 1, 31)>, <pyarrow.DoubleScalar: 2.0>)
    """
    if isinstance(value, bool):
        return pa.scalar(value)
    if isinstance(value, int | float):
        return pa.scalar(float(value))
    if isinstance(value, str):
        return pa.scalar(value, pa.large_string())
    if isinstance(value, dict) and len(value) == 1:
        (name, told), *_ = value.items()
        if name in {DATE_NAME, TIME_NAME} and isinstance(told, str):
            return _instant(name, told)
    raise SettingsError(
        "NULL, INTERVAL, larik, dan bentuk tidak dapat dibandingkan. Untuk nilai yang kosong: kolom IS NULL."
    )


def compare(sign: str, left: Any, right: Any, names: tuple[str, str]) -> Any:  # noqa: ANN401
    """Compare two of one kind; a missing value makes it unknown.

    Raises
    ------
    SettingsError
        When they are of different kinds, by the names they are called.
    """
    require_alike([left, right], names)
    if kind_of(left) == TRUTH:
        left, right = (values.cast(pa.int8()) for values in (left, right))
    return COMPARISONS[sign](left, right)


def calculate(sign: str, left: Any, right: Any) -> Any:  # noqa: ANN401
    """Calculate with numbers; what has no result (a division by nothing) is missing."""
    found = ARITHMETIC[sign](left, right)
    return pc.if_else(pc.is_finite(found), found, pa.scalar(None, pa.float64()))


def among(values: Any, choices: list[Any], names: list[str]) -> Any:  # noqa: ANN401
    """Tell which values are among some; unknown where that hangs on a missing one."""
    if choices and all(isinstance(each, pa.Scalar) for each in choices):
        for each, name in zip(choices, names[1:], strict=True):
            require_alike([values, each], (names[0], name))
        known = pa.array([each.as_py() for each in choices], choices[0].type)
        return pc.if_else(pc.is_valid(values), pc.is_in(values, known), pa.scalar(None, pa.bool_()))
    return reduce(
        pc.or_kleene,
        [compare("=", values, each, (names[0], name)) for each, name in zip(choices, names[1:], strict=True)],
    )


def like(values: Any, pattern: Any) -> Any:  # noqa: ANN401
    r"""Tell which texts fit a pattern of ``%`` (any letters) and ``_`` (one letter), escaped by ``\``.

    Examples
    --------
    >>> like(pa.array(["a%b", "acb", None, "a\nb"], pa.large_string()), pa.scalar("a_b")).to_pylist()
    [True, True, None, True]
    >>> like(pa.array(["a%b", "acb"], pa.large_string()), pa.scalar(r"a\%b")).to_pylist()
    [True, False]
    """
    return pc.match_like(values, pattern=pattern.as_py())


def folded(values: Any, *, accents: bool) -> Any:  # noqa: ANN401
    """Return texts that are equal where they differ by case alone, or by ``accents`` alone.

    Examples
    --------
    >>> folded(pa.scalar("Straße", pa.large_string()), accents=False).as_py()
    'strasse'
    >>> folded(pa.array(["débárquér", None], pa.large_string()), accents=True).to_pylist()
    ['debarquer', None]
    """
    fold = _without_accents if accents else str.casefold
    if isinstance(values, pa.Scalar):
        text = values.as_py()
        return pa.scalar(text if text is None else fold(text), values.type)
    coded = values.dictionary_encode()
    texts = pa.array([fold(text) for text in coded.dictionary.to_pylist()], pa.large_string())
    return pc.take(texts, coded.indices)


def require_alike(values: list[Any], names: tuple[str, ...] | list[str]) -> None:
    """Refuse to compare what is of different kinds.

    Raises
    ------
    SettingsError
        Naming both and their kinds.
    """
    kinds = [kind_of(each) for each in values]
    for kind, name in zip(kinds[1:], names[1:], strict=True):
        if kind != kinds[0]:
            raise SettingsError(
                f"{names[0]} berisi {kinds[0]}, {name} berisi {kind}: tidak dapat dibandingkan. {_FORMS[kinds[0]]}"
            )


def require_kind(values: Any, kind: str, name: str, what: str) -> Any:  # noqa: ANN401
    """Return values of the kind that an operator works on.

    Raises
    ------
    SettingsError
        When they are of another.
    """
    if kind_of(values) != kind:
        raise SettingsError(f"{what} untuk {kind}, sedangkan {name} berisi {kind_of(values)}.")
    return values


_FORMS = {
    TEXT: "Tulis teks di antara tanda petik: 'teks'.",
    NUMBER: "Tulis angka tanpa tanda petik: 12 atau 0.5.",
    TRUTH: "Tulis TRUE atau FALSE.",
    DATE: "Tulis DATE('2026-01-31').",
    TIME: "Tulis TIMESTAMP('2026-01-31T08:00:00Z').",
}


def _instant(name: str, told: str) -> Any:  # noqa: ANN401
    form = _FORMS[DATE if name == DATE_NAME else TIME]
    try:
        if name == DATE_NAME and _DAY.fullmatch(told):
            return pa.scalar(date.fromisoformat(told), pa.date32())
        if name == TIME_NAME and _MOMENT.fullmatch(told):
            return pa.scalar(datetime.fromisoformat(told), pa.timestamp("us", "UTC"))
    except ValueError:
        pass
    raise SettingsError(f"{quoted(told)} bukan waktu. {form}")


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z")


def _without_accents(text: str) -> str:
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(part for part in parts if not unicodedata.combining(part)))
