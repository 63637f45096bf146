"""Forms in which a position is written: each makes, of one house, the cells of a sheet.

Invented from phones, GPS receivers, web maps, enumerators and Excel, not from what any reader of them undoes.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar
from urllib.parse import quote


class House(NamedTuple):
    """A true position: degrees, and metres in its own UTM zone; ``dice`` is between 0 and 1."""

    lat: float
    lon: float
    east: float
    north: float
    zone: int
    dice: float


Cells = TypeVar("Cells", tuple[str, str], str)

Pair = Callable[[House], tuple[str, str]]
"""What is written in the cells of latitude and longitude."""

Text = Callable[[House], str]
"""What is written as one text for both."""

Form = Pair | Text

ENGLISH, INDONESIAN = ("N|S", "E|W"), ("LU|LS", "BT|BB")
"""Words for the hemispheres: north or south, east or west."""

_BANDS = "CDEFGHJKLMNPQRSTUVWX"


def with_comma(text: str) -> str:
    """Write a decimal comma."""
    return text.replace(".", ",")


def word(value: float, words: str) -> str:
    """Choose the word of the hemisphere."""
    return words.split("|")[value < 0]


def decimals(digits: int, *, comma: bool = False) -> Pair:
    """Write decimal degrees in two cells."""

    def form(house: House) -> tuple[str, str]:
        lat, lon = f"{house.lat:.{digits}f}", f"{house.lon:.{digits}f}"
        return (with_comma(lat), with_comma(lon)) if comma else (lat, lon)

    return form


def seconds(template: str, words: tuple[str, str] = ENGLISH, *, comma: bool = False) -> Pair:
    """Write degrees, minutes and seconds; ``{d}``, ``{m}``, ``{s}``, ``{L}`` for the hemisphere, or ``{sign}``."""

    def parts(value: float) -> dict[str, object]:
        tenths = round(abs(value) * 36000)
        return {"d": tenths // 36000, "m": tenths % 36000 // 600, "s": f"{tenths % 600 / 10:04.1f}"}

    return _sexagesimal(template, parts, words, comma=comma)


def minutes(template: str, words: tuple[str, str] = ENGLISH, *, comma: bool = False) -> Pair:
    """Write degrees and decimal minutes; ``{d}``, ``{m}``, ``{L}`` for the hemisphere, or ``{sign}``."""

    def parts(value: float) -> dict[str, object]:
        total = round(abs(value) * 60000)
        return {"d": total // 60000, "m": f"{total % 60000 / 1000:06.3f}"}

    return _sexagesimal(template, parts, words, comma=comma)


def _sexagesimal(
    template: str, parts: Callable[[float], dict[str, object]], words: tuple[str, str], *, comma: bool
) -> Pair:
    def cell(value: float, hemispheres: str) -> str:
        text = template.format(L=word(value, hemispheres), sign="-" if value < 0 else "", **parts(value))
        return with_comma(text) if comma else text

    return lambda house: (cell(house.lat, words[0]), cell(house.lon, words[1]))


def both(template: str, *, comma: bool = False) -> Text:
    """Write decimal degrees as one text; ``{lat}`` and ``{lon}``."""

    def form(house: House) -> str:
        lat, lon = f"{house.lat:.6f}", f"{house.lon:.6f}"
        return template.format(lat=with_comma(lat) if comma else lat, lon=with_comma(lon) if comma else lon)

    return form


def joined(form: Pair, between: str) -> Text:
    """Write what would stand in two cells as one text."""
    return lambda house: between.join(form(house))


def beside(template: str, *, comma: bool = False) -> Pair:
    """Write decimal degrees without a sign beside the hemisphere; ``{v}``, ``{L}`` English or ``{i}`` Indonesian."""

    def cell(value: float, axis: int) -> str:
        text = template.format(
            v=f"{abs(value):.6f}", L=word(value, ENGLISH[axis]), i=word(value, INDONESIAN[axis])
        )
        return with_comma(text) if comma else text

    return lambda house: (cell(house.lat, 0), cell(house.lon, 1))


def scaled(lat: float, lon: float, digits: int, *, grouping: str = "") -> Pair:
    """Write degrees times a factor: a decimal point that moved, or went missing."""

    def form(house: House) -> tuple[str, str]:
        cells = [f"{value * factor:{',' if grouping else ''}.{digits if factor != 1 else 6}f}"
                 for value, factor in ((house.lat, lat), (house.lon, lon))]  # fmt: skip
        return cells[0].replace(",", grouping), cells[1].replace(",", grouping)

    return form


def grouped(mark: str) -> Pair:
    """Write decimal degrees with a mark after every third digit, the decimal point included."""

    def cell(value: float) -> str:
        whole, _, rest = f"{value:.6f}".partition(".")
        return mark.join([whole, rest[:3], rest[3:]])

    return lambda house: (cell(house.lat), cell(house.lon))


def at_whole_minute(form: Pair) -> Pair:
    """Round a position to whole minutes before it is written."""
    return lambda house: form(house._replace(lat=round(house.lat * 60) / 60, lon=round(house.lon * 60) / 60))


def unsigned(form: Callable[[House], Cells]) -> Callable[[House], Cells]:
    """Leave the minus of the latitude out."""
    return lambda house: form(house._replace(lat=abs(house.lat)))


def swapped(form: Pair) -> Pair:
    """Exchange the two cells."""

    def turned(house: House) -> tuple[str, str]:
        lat, lon = form(house)
        return lon, lat

    return turned


def metres(digits: int, *, comma: bool = False, grouping: str = "") -> Pair:
    """Write northing and easting (UTM) in the cells of latitude and longitude, without the zone."""

    def cell(value: float) -> str:
        text = f"{value:,.{digits}f}".replace(",", grouping)
        return with_comma(text) if comma else text

    return lambda house: (cell(house.north), cell(house.east))


def utm(template: str) -> Text:
    """Write UTM as one text; ``{e}``, ``{n}``, ``{z}`` the zone, ``{h}`` the hemisphere, ``{band}`` of latitude."""
    return lambda house: template.format(
        e=house.east,
        n=house.north,
        z=house.zone,
        h=word(house.lat, "N|S"),
        band=_BANDS[int((house.lat + 80) // 8)],
    )


def place_link(house: House) -> str:
    """Write the link of a place on a web map: the middle of the view is not the place."""
    words = quote(joined(seconds("{d}°{m:02d}'{s}\"{L}"), "+")(house), safe="+")
    view = f"@{house.lat + 0.002:.7f},{house.lon - 0.003:.7f},17z"
    pin = f"!3d{house.lat:.7f}!4d{house.lon:.7f}"
    return f"https://www.google.com/maps/place/{words}/{view}/data=!3m1!4b1!4m4!3m3!8m2{pin}"
