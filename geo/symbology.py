"""Colours, class breaks and words shared by screen and paper.

Sequential ramps are ColorBrewer's (colour-blind safe, ordered in grey too); zones and needs use the palette
of Okabe and Ito (2008). Marks on maps differ by shape as well as by colour.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

UNKNOWN_COLOUR = "#d9d9d9"
RAMP_RTLH = ("#fff5eb", "#fdd0a2", "#fd8d3c", "#d94801", "#7f2704")
RAMP_JAMBAN = ("#f7fbff", "#c6dbef", "#6baed6", "#2171b5", "#08306b")
RAMP_UNLOCATED = ("#f2f0f7", "#cbc9e2", "#9e9ac8", "#756bb1", "#54278f")
RAMP_HEALTH = ("#edf8fb", "#b2e2e2", "#66c2a4", "#2ca25f", "#006d2c")
RAMPS = {
    "rtlh": RAMP_RTLH,
    "jamban": RAMP_JAMBAN,
    "jamban_sendiri": RAMP_JAMBAN,
    "babs": RAMP_JAMBAN,
    "penyakit_kronis": RAMP_HEALTH,
    "disabilitas": RAMP_HEALTH,
}
ZONE_COLOURS = {"urban": "#cc79a7", "coastal": "#0072b2", "forest_edge": "#009e73"}
NO_ZONE_COLOUR = "#efe9da"
OUTSIDE, UNKNOWN = "luar", "tidak diketahui"
NO_ZONE = "lainnya"
NEED_COLOURS = {
    "both": "#882255",
    "rtlh": "#d55e00",
    "jamban": "#0072b2",
    "none": "#7a7a7a",
    "unknown": "#bdbdbd",
}
NEED_TITLES = {
    "both": "RTLH dan tanpa jamban layak",
    "rtlh": "RTLH saja",
    "jamban": "Tanpa jamban layak saja",
    "none": "Tidak keduanya",
    "unknown": "Belum diketahui",
}
NEED_SHAPES = {"both": "square", "rtlh": "triangle", "jamban": "circle", "none": "dot", "unknown": "cross"}
KANTONG_COLOUR = "#111111"
SCAN_COLOUR = "#5b2a9d"
HOT_COLOUR, COLD_COLOUR = "#b2182b", "#67a9cf"
"""Desa where need is significantly more, or less, frequent than elsewhere."""
CIRCLE_LETTERS = {"rtlh": "R", "jamban": "J", "jamban_sendiri": "S", "babs": "B"}

QUALITY_TITLES = {
    "gps": "Titik sendiri, di dalam desanya",
    "gps_border": "Titik sendiri, di tepi batas desa",
    "gps_conflict": "Titik dan nama desa bertentangan (perlu ditinjau)",
    "dusun": "Diketahui sampai dusun",
    "desa": "Diketahui sampai desa",
    "kecamatan": "Diketahui sampai kecamatan saja",
    "none": "Tidak dapat ditempatkan",
}
"""How surely a household is located, from the surest to the least, in the words a planner reads."""

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
CLOCKS = {7: "WIB", 8: "WITA", 9: "WIT"}


@dataclass(frozen=True)
class ClassBreaks:
    """Classes of a measure for a choropleth: ``edges`` has one more entry than ``colours``."""

    edges: tuple[float, ...]
    colours: tuple[str, ...]

    def colour(self, value: float) -> str:
        """Return the colour of a value; a missing value has its own."""
        if not np.isfinite(value):
            return UNKNOWN_COLOUR
        place = int(np.searchsorted(self.edges[1:-1], value, side="right"))
        return self.colours[place]

    def titles(self) -> list[str]:
        """Return one label a class, as percentages with the comma that Indonesian uses."""
        return [
            f"{percent(low)} sampai {percent(high)}"
            for low, high in zip(self.edges[:-1], self.edges[1:], strict=True)
        ]


def class_breaks(values: np.ndarray, ramp: tuple[str, ...]) -> ClassBreaks:
    """Cut rates (0 to 1) into at most as many quantile classes as the ramp has colours.

    Breaks are rounded to whole percents, and equal breaks are merged.

    Examples
    --------
    >>> class_breaks(np.array([0.02, 0.1, 0.2, 0.3, 0.5]), RAMP_RTLH).edges
    (0.02, 0.08, 0.16, 0.24, 0.34, 0.5)
    >>> class_breaks(np.array([np.nan]), RAMP_RTLH).edges
    (0.0, 1.0)
    """
    known = values[np.isfinite(values)]
    if not known.size:
        return ClassBreaks((0.0, 1.0), ramp[:1])
    cuts = np.quantile(known, np.linspace(0, 1, len(ramp) + 1))
    cuts[0], cuts[-1] = np.floor(cuts[0] * 100) / 100, np.ceil(cuts[-1] * 100) / 100
    edges = np.unique(np.round(cuts, 2))
    if edges.size == 1:
        low = min(edges[0], 0.99)  # a share never passes 100 %
        edges = np.round([low, low + 0.01], 2)
    places = np.linspace(0, len(ramp) - 1, edges.size - 1).round().astype(int)
    if places.size == 1:
        places[0] = len(ramp) // 2  # one class alone is neither little nor much
    return ClassBreaks(tuple(float(edge) for edge in edges), tuple(ramp[place] for place in places))


def percent(rate: float, decimals: int = 0) -> str:
    """Write a rate (0 to 1) as a percentage in Indonesian; a missing one as a dash.

    Examples
    --------
    >>> percent(0.125, 1), percent(float("nan"))
    ('12,5 %', '–')
    """
    return f"{number(rate * 100, decimals)} %" if np.isfinite(rate) else "–"


def target_share(facts: Mapping[str, Any], indicator: str) -> str:
    """Return the share of households that an area should reach, in words; empty when the run does not say.

    Examples
    --------
    >>> facts = {"settings": {"rates": {"target_share": 0.9, "targets": {"babs": 1.0}}}}
    >>> target_share(facts, "jamban"), target_share(facts, "babs"), target_share({"settings": {}}, "babs")
    ('90 %', '100 %', '')
    """
    rates = facts["settings"].get("rates", {})
    share = rates.get("targets", {}).get(indicator, rates.get("target_share"))
    return "" if share is None else percent(share)


def number(value: float, decimals: int = 0) -> str:
    """Write a number with the thousands point and decimal comma of Indonesian.

    Examples
    --------
    >>> number(12345.678, 1), number(1000)
    ('12.345,7', '1.000')
    """
    if not np.isfinite(value):
        return "–"
    return f"{value:,.{decimals}f}".replace(",", "_").replace(".", ",").replace("_", ".")


def moment(iso: str) -> str:
    """Write a time as Indonesians do.

    Examples
    --------
    >>> moment("2026-11-21T22:05:00+07:00")
    '21 November 2026 pukul 22.05 WIB'
    """
    then = datetime.fromisoformat(iso)
    offset = then.utcoffset()
    clock = CLOCKS.get(round(offset.total_seconds() / 3600), f"(UTC{then:%z})") if offset else "UTC"
    return f"{then.day} {MONTHS[then.month - 1]} {then.year} pukul {then:%H.%M} {clock}"


def boundary_credit(boundaries: Mapping[str, Any]) -> str:
    """Return the origin and date of boundaries as they stand under a map: no names of files or columns, no gaps.

    Examples
    --------
    >>> boundary_credit({"source": "HDX COD-AB (BPS), nama kolom lama, berkas a_b.geojson", "date": "tidak disebut"})
    'HDX COD-AB (BPS), tanggal tidak disebut'
    >>> boundary_credit({"source": "BIG", "date": "2020-04-01"}), boundary_credit({})
    ('BIG, 1 April 2020', 'sumber tidak disebut')
    """
    parts = [part.strip() for part in str(boundaries.get("source") or "").split(",")]
    told = [
        part
        for part in parts
        if part and not part.startswith(("berkas ", "nama kolom")) and "." not in part[-9:]
    ]
    unsaid = ("", "tidak disebut")
    source = ", ".join(told)
    day = long_date(boundaries.get("date"))
    if source in unsaid:
        return "sumber tidak disebut" + ("" if day in unsaid else f", {day}")
    return f"{source}, {'tanggal tidak disebut' if day in unsaid else day}"


def long_date(value: object) -> str:
    """Write an ISO date or time as a date in Indonesian; leave other words as they are.

    Examples
    --------
    >>> long_date("2020-04-01"), long_date("2026-11-21T22:00:00+07:00"), long_date("2020")
    ('1 April 2020', '21 November 2026', '2020')
    """
    text = "" if value is None else str(value)
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return text
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_date(value: object) -> str:
    """Write a date as :func:`long_date`, with three letters of the month, where a table is narrow.

    Examples
    --------
    >>> short_date("2026-08-17"), short_date("2020")
    ('17 Agu 2026', '2020')
    """
    words = long_date(value).split(" ")
    return " ".join([words[0], words[1][:3], *words[2:]] if words[1:2] and words[1] in MONTHS else words)


def layer_title(layer: Mapping[str, object]) -> str:
    """Return the title of a layer, which says so where it is derived and no official status.

    Examples
    --------
    >>> layer_title({"title": "Perkotaan", "proksi": True}), layer_title({"title": "Pesisir", "proksi": False})
    ('Perkotaan (proksi)', 'Pesisir')
    """
    title = str(layer["title"])
    return f"{title} (proksi)" if layer["proksi"] and "proksi" not in title.lower() else title


def zone_colours(layers: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """Return the colour of each layer's zones, as the facts of a run state it.

    Examples
    --------
    >>> zone_colours([{"id": "urban", "colour": "#cc79a7"}, {"id": "rob"}])
    {'urban': '#cc79a7', 'rob': '#444444'}
    """
    return {str(layer["id"]): str(layer.get("colour", "#444444")) for layer in layers}


def display_classes(layers: Sequence[Mapping[str, object]]) -> dict[str, tuple[str, str]]:
    """Return words and colour of each display class of the zones: the layers, none of them, unknown.

    Examples
    --------
    >>> list(display_classes([{"id": "urban", "title": "Perkotaan", "proksi": True}]).values())[0]
    ('Perkotaan (proksi)', '#444444')
    """
    colours = zone_colours(layers)
    return {
        **{str(layer["id"]): (layer_title(layer), colours[str(layer["id"])]) for layer in layers},
        NO_ZONE: ("Di luar semua zona", NO_ZONE_COLOUR),
        UNKNOWN: ("Belum diketahui", UNKNOWN_COLOUR),
    }


def zone_words(layer: Mapping[str, Any]) -> dict[str, str]:
    """Return the words of each zone of a layer, also of what lies outside of them; a run may know no titles.

    Examples
    --------
    >>> zone_words({"titles": {"rob": "Genangan rob"}})
    {'rob': 'Genangan rob', 'luar': 'di luar'}
    """
    return {**layer.get("titles", {}), OUTSIDE: "di luar"}


def shown_zones(desa: "pd.DataFrame", layers: Sequence[Mapping[str, object]]) -> "pd.Series":
    """Return the display class of each desa: a key of :func:`display_classes`, unknown where it is none of them."""
    import pandas as pd  # noqa: PLC0415  -- the start of the web must not wait for it

    shown = desa.get("zone_display", pd.Series(dtype="str"))
    return shown.where(shown.isin(display_classes(layers)), UNKNOWN)


def display_order(facts: Mapping[str, Any]) -> list[str]:
    """Return the titles of the layers in the order in which the first that holds a place is shown.

    Examples
    --------
    >>> layers = [{"id": "urban", "title": "Perkotaan"}, {"id": "coastal", "title": "Pesisir"}]
    >>> display_order({"layers": layers, "settings": {"layers": {"precedence": ["coastal"]}}})
    ['Pesisir', 'Perkotaan']
    """
    titles = {layer["id"]: layer["title"] for layer in facts["layers"]}
    chosen = facts["settings"].get("layers", {}).get("precedence", [])
    return [titles[layer] for layer in dict.fromkeys([*chosen, *titles]) if layer in titles]


def need_class(households: "pd.DataFrame") -> "pd.Series":
    """Return the class of need of each household: a key of ``NEED_TITLES``.

    A need that is known counts even while the other is unknown; ``none`` is said only when both are known.

    Examples
    --------
    >>> import pandas as pd
    >>> known = pd.array([True, True, False, False, None], dtype="boolean")
    >>> need_class(pd.DataFrame({"need_rtlh": known, "need_jamban": known[[0, 2, 0, 3, 3]]})).tolist()
    ['both', 'rtlh', 'jamban', 'none', 'unknown']
    """
    import pandas as pd  # noqa: PLC0415  -- the start of the web must not wait for it

    rtlh, jamban = (known_need(households, indicator) for indicator in ("rtlh", "jamban"))
    classes = np.select(
        [(rtlh == 1) & (jamban == 1), rtlh == 1, jamban == 1, (rtlh == 0) & (jamban == 0)],
        ["both", "rtlh", "jamban", "none"],
        "unknown",
    )
    return pd.Series(classes, index=households.index)


def known_need(households: "pd.DataFrame", indicator: str) -> np.ndarray:
    """Return 1 where a household is in need, 0 where it is not, -1 where that is unknown or not measured."""
    if f"need_{indicator}" not in households:
        return np.full(len(households), -1)
    return households[f"need_{indicator}"].astype("Int8").fillna(-1).to_numpy(dtype=np.int8)


def join_words(*words: np.ndarray) -> np.ndarray:
    """Join the words of each row with a semicolon, the empty ones left out; arrays of text, all as long.

    Examples
    --------
    >>> join_words(np.array(["a", "", ""], dtype=object), np.array(["b", "c", ""], dtype=object)).tolist()
    ['a; b', 'c', '']
    """
    out = np.full(len(words[0]), "", dtype=object)
    rows = np.flatnonzero(
        np.logical_or.reduce([word != "" for word in words])
    )  # most rows have nothing to say
    joined = out[rows]
    for word in words:
        said = word[rows]
        joined = joined + np.where((joined != "") & (said != ""), "; ", "") + said
    out[rows] = joined
    return out


def circle_labels(scans: "pd.DataFrame") -> list[str]:
    """Return the label of each significant circle, the same on screen and on paper: R1, R2 … for RTLH.

    Circles of a need are numbered in the order of the table, those of desa before those of houses; one that is not
    significant has none.

    Needs columns: ``indicator``, ``base``, ``significant``.

    Examples
    --------
    >>> import pandas as pd
    >>> scans = pd.DataFrame(
    ...     {
    ...         "indicator": ["jamban", "jamban", "rtlh", "rtlh", "listrik"],
    ...         "base": ["rumah tangga", "desa", "desa", "desa", "desa"],
    ...         "significant": [True, True, True, False, True],
    ...     }
    ... )
    >>> circle_labels(scans)
    ['J2', 'J1', 'R1', '', 'L1']
    """
    if not len(scans):
        return []
    significant = scans["significant"].fillna(value=False).to_numpy(dtype=bool)
    indicators = scans["indicator"].astype("str").to_numpy()
    houses = (scans["base"] != "desa").to_numpy()
    letters = _letters(dict.fromkeys(indicators))
    labels = np.full(len(scans), "", dtype=object)
    for indicator, letter in letters.items():
        rows = np.flatnonzero(significant & (indicators == indicator))
        rows = rows[np.argsort(houses[rows], kind="stable")]
        labels[rows] = [f"{letter}{count}" for count in range(1, len(rows) + 1)]
    return labels.tolist()


def _letters(indicators: Iterable[str]) -> dict[str, str]:
    """Return a letter of its own for each indicator: the first of its name that is free, else of the alphabet."""
    taken = set(CIRCLE_LETTERS.values())
    letters: dict[str, str] = {}
    for indicator in indicators:
        if indicator not in CIRCLE_LETTERS:
            free = [
                one for one in (indicator.upper() + ascii_uppercase) if one.isalpha() and one not in taken
            ]
            letters[indicator] = free[0] if free else f"X{len(taken)}."
            taken.add(letters[indicator])
        else:
            letters[indicator] = CIRCLE_LETTERS[indicator]
    return letters
