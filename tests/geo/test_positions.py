"""Written positions: what is read, what is repaired, and what is no position of a house."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.crs import MEASURING, WEB_MERCATOR, tm3, to_metres, utm
from geo.positions import NOT_DEGREES, ROUNDED, Positions, read_positions, shared_by_many
from geo.positions.precision import near_another
from geo.positions.repair import repair

LON, LAT = 109.671234, -6.889123
TOLERANCE_M = 100.0


def sheet(*rows: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["lintang", "bujur", "koordinat"]).astype("str")


def read(lintang: str | None = None, bujur: str | None = None, koordinat: str | None = None) -> Positions:
    return read_positions(sheet({"lintang": lintang, "bujur": bujur, "koordinat": koordinat}))  # type: ignore[dict-item]


def read_all(*rows: tuple[str | None, ...]) -> Positions:
    """Read many rows (lintang, bujur, koordinat) as one sheet."""
    return read_positions(
        sheet(*(dict(zip(("lintang", "bujur", "koordinat"), row, strict=False)) for row in rows))
    )


def misread(found: Positions, rows: list, lat: float = LAT, lon: float = LON, degrees: float = 1e-9) -> list:
    """Return the rows that are not read as this place."""
    wrong = ~(
        (np.abs(found.lat - lat) <= degrees) & (np.abs(found.lon - lon) <= degrees) & (found.note == "")
    )
    return [row for row, odd in zip(rows, wrong, strict=True) if odd]


def squares(west: float = 109.5, south: float = -7.0) -> gpd.GeoSeries:
    """Make four desa of a tenth of a degree, two kecamatan: a to the west, b to the east."""
    places = [(0, 0), (0, 1), (1, 0), (1, 1)]
    return gpd.GeoSeries(
        [shapely.box(west + x / 10, south + y / 10, west + (x + 1) / 10, south + (y + 1) / 10) for x, y in places],
        crs=4326,
    )  # fmt: skip


HOME = 3
"""The square that holds LON, LAT."""


def fixed(
    lintang: str | None = None,
    bujur: str | None = None,
    koordinat: str | None = None,
    *,
    desa: int = HOME,
    kecamatan: str | None = None,
    district: gpd.GeoSeries | None = None,
) -> Positions:
    return repair(
        read(lintang, bujur, koordinat),
        squares() if district is None else district,
        MEASURING,
        TOLERANCE_M,
        wanted=np.array([desa]),
        kecamatan=np.array([kecamatan], dtype=object),
        kecamatan_of=np.array(["a", "a", "b", "b"], dtype=object),
    )


def metres(zone: int = 49) -> tuple[float, float]:
    x, y = to_metres(LON, LAT, utm(zone, north=False))
    return round(float(x), 2), round(float(y), 2)


X, Y = metres()


DECIMAL: list = [
    ("-6.889123", "109.671234"),
    ("-6,889123", "109,671234"),
    (" -6.889123\u00a0", "+109.671234"),
    ("−6.889123", "'109.671234"),
    ("- 6.889123°", "109.671234°"),
    ("-6.889123E+00", "1.09671234E+02"),
    ("-6,889123E+00", "1,09671234E+02"),
    ("6.889123 LS", "109.671234 BT"),
    ("6,889123° Lintang Selatan", "109,671234° Bujur Timur"),
    ("S 6.889123", "E 109.671234"),
    ("6.889123S", "109.671234T"),
    ("L.S. 6.889123", "B.T. 109.671234"),
    ("Lat: -6.889123", "Long: 109.671234"),
    ("－６.８８９１２３", "１０９.６７１２３４"),
    ("\u200f-6.889123", "109.671234\u200e"),
    ('"-6.889123"', '"109.671234"'),
    ("=-6.889123", "109.671234;"),
    ("109.671234 BT", "6.889123 LS"),
    ("-6.889 123", "109.671 234"),
    ("-6,889 123", "109,671 234"),
]


def test_decimal_degrees():
    found = read_all(*DECIMAL)
    assert misread(found, DECIMAL) == []
    assert set(found.form) == {"derajat"}
    assert not found.rounded.any()
    assert set(found.repair) == {""}


SECONDS: list = [
    ("6°53'20.84\"S", "109°40'16.44\"E"),
    ("6° 53' 20,84\" LS", "109° 40' 16,44\" BT"),
    ("-6°53′20.84″", "109°40′16.44″"),
    ("6º53’20.84” LS", "109˚40’16.44’’ BT"),
    ("-6 53 20.84", "109 40 16.44"),
    ("-6:53:20,84", "109:40:16,44"),
    ("S 6d53m20.84s", "E 109d40m16.44s"),
    ("6*53'20.84\" S", "109*40'16.44\" E"),
    ("6-53-20.84 LS", "109-40-16.44 BT"),
    ("6 derajat 53 menit 20,84 detik LS", "109 derajat 40 menit 16,44 detik BT"),
    ("06Â°53'20.84\"S", "109Â°40'16.44\"E"),
    ("6�53'20.84\"S", "109�40'16.44\"E"),
    ("6,53'20.84\" S", "109,40'16.44\" E"),
    ("6.53'20,84\" LS", "109.40'16,44\" BT"),
    ("6.53.20.84 LS", "109.40.16.44 BT"),
    ("S 6.53.20,84", "E 109.40.16,44"),
    ("-6-53-20.84", "109-40-16.44"),
    ("-6,53,20.84", "109,40,16.44"),
]


def test_degrees_minutes_seconds():
    found = read_all(*SECONDS)
    assert misread(found, SECONDS, -6.8891222, 109.6712333, 1e-7) == []
    assert set(found.form) == {"derajat menit detik"}


MINUTES: list = [
    ("6°53.3474' S", "109°40.274' E"),
    ("-6 53,3474", "109 40,274"),
    ("S6°53.3474", "E109°40.274"),
    ("6-53.3474S", "109-40.274E"),
    ("-6-53,3474", "109-40,274"),
]


def test_degrees_and_decimal_minutes():
    found = read_all(*MINUTES)
    assert misread(found, MINUTES, -6.8891233, 109.6712333, 1e-7) == []
    assert set(found.form) == {"derajat menit"}


TOGETHER = [
    "-6.889123, 109.671234",
    "-6.889123,109.671234",
    "-6,889123, 109,671234",
    "-6,889123;109,671234",
    "-6,889123 109,671234",
    "-6,889123,109,671234",
    "-6.889123 / 109.671234",
    "-6.889123\t109.671234",
    "-6.889123\n109.671234",
    "(-6.889123, 109.671234)",
    "[-6.889123; 109.671234]",
    "-6.889123° , 109.671234°",
    "-6.889123 | 109.671234",
    "lat: -6.889123 long: 109.671234",
    "Latitude: -6.889123, Longitude: 109.671234",
    "Long 109.671234 Lat -6.889123",
    "X=109.671234, Y=-6.889123",
    "lat=-6.889123&lon=109.671234",
    "lintang -6,889123 bujur 109,671234",
    "Lat/Long: -6.889123, 109.671234",
    "Lat -6.889123, Long 109.671234, Alt 12 m, akurasi 4 m",
    "S 6.889123 E 109.671234",
    "S6.889123E109.671234",
    "6.889123 LS 109.671234 BT",
    "6,889123° LS - 109,671234° BT",
    "LS 6.889123, BT 109.671234",
    "109.671234 BT; 6.889123 LS",
    "6.889123 Lintang Selatan, 109.671234 Bujur Timur",
    "-6.889123 109.671234 12.5 4.0",
    "-6.889123,109.671234,0",
    "https://www.google.com/maps/@-6.889123,109.671234,17z",
    "https://maps.google.com/?q=-6.889123,109.671234",
    "https://www.google.com/maps?q=-6.889123%2C109.671234&z=17",
    "https://www.google.com/maps/search/?api=1&query=-6.889123,109.671234",
    "https://www.google.com/maps/search/-6.889123,+109.671234?entry=tts",
    "https://www.google.com/maps/place/A/@-6.8,109.6,17z/data=!3m1!4b1!8m2!3d-6.889123!4d109.671234",
    "https://www.openstreetmap.org/?mlat=-6.889123&mlon=109.671234#map=17/-6.8/109.6",
    "https://www.openstreetmap.org/#map=17/-6.889123/109.671234",
    "https://maps.google.com/maps?q=loc:-6.889123+109.671234",
    "-6.889123, 109.671234 ±5m (rumah)",
    "-6.889123 dan 109.671234",
    "geo:-6.889123,109.671234?z=17",
    "POINT (109.671234 -6.889123)",
    "SRID=4326;POINT Z(109.671234 -6.889123 12)",
    '{"lat": -6.889123, "lng": 109.671234}',
    "{'latitude': '-6.889123', 'longitude': '109.671234'}",
    '{"type": "Point", "coordinates": [109.671234, -6.889123]}',
    "-6.889123 109.671234 12.0 4.8",
    "-6,889123 109,671234 12,0 4,8",
    "-6.889123, 109.671234, 12 m",
    "-6.889123,109.671234,17z",
    "-6.889123\\109.671234",
    "-6.889123_109.671234",
    "-6.889123-109.671234",
    "-6.889123:109.671234",
    "-6.889123 & 109.671234",
    "-6.889123、109.671234",
    "Lat -6.889123° Long 109.671234°",
    "Lat -6.889123° Long 109.671234° 22/11/23 10:15 AM GMT +07:00",
    "Jalan Rekaan 5, Desa Rekaan, Jawa Tengah 51152, Indonesia\nLat -6.889123°\nLong 109.671234°\n12/03/2024 09:12",
    "Lat 6.889123° S, Long 109.671234° E 12/03/2024",
    "-6.889123, 109.671234 https://maps.app.goo.gl/AbCdEf",
    "https://maps.app.goo.gl/AbCdEf -6.889123, 109.671234",
    "-6.889123,109.671234 (https://goo.gl/maps/xyz)",
    "https://maps.google.com/?q=-6.889123,109.671234 (-6.8891, 109.6712)",
]


@pytest.mark.parametrize("column", ["koordinat", "lintang", "bujur"])
def test_both_in_one_cell(column):
    found = read_positions(sheet(*({column: written} for written in TOGETHER)))
    assert misread(found, TOGETHER) == []


TOGETHER_IN_MINUTES = [
    "6°53'20.84\"S 109°40'16.44\"E",
    "6°53'20.84\"S, 109°40'16.44\"E",
    "6°53'20.84\"S109°40'16.44\"E",
    "-6° 53' 20,84\" 109° 40' 16,44\"",
    "06°53'20,84\" LS / 109°40'16,44\" BT",
    "6° 53' 20,84\" LS - 109° 40' 16,44\" BT",
    "LS: 6°53'20,84\" BT: 109°40'16,44\"",
    "S 6 53 20.84 E 109 40 16.44",
    "-6 53 20.84 109 40 16.44",
    "-6 53 20.84,109 40 16.44",
    "-6:53:20,84,109:40:16,44",
    "-6 53.34733,109 40.274",
    "Lat : 6° 53' 20.84\" S Long : 109° 40' 16.44\" E",
    "S6°53.34733 E109°40.274",
    "6-53.34733S | 109-40.274E",
    "-6° 53.34733' 109° 40.274'",
    "6,53'20.84\" LS 109,40'16.44\" BT",
    "-6,53'20.84\" 109,40'16.44\"",
    "-6-53-20.84; 109-40-16.44",
    "6.53.20.84 LS, 109.40.16.44 BT",
    "S 6.53.20.84 - E 109.40.16.44",
    "-6.53.20.84;109.40.16.44",
    "6-53-20.84 S/109-40-16.44 E",
    "6,53'20.84\" S,109,40'16.44\" E",
    "6,53'20.84\" S, 109,40'16.44\" E",
    "Koordinat : 6° 53' 20.84\" LS dan 109° 40' 16.44\" BT",
    "https://www.google.com/maps/place/6%C2%B053'20.84%22S+109%C2%B040'16.44%22E/@-6.8,109.6,17z",
]


def test_both_in_one_cell_in_degrees_and_minutes():
    found = read_positions(sheet(*({"koordinat": written} for written in TOGETHER_IN_MINUTES)))
    assert misread(found, TOGETHER_IN_MINUTES, -6.8891222, 109.6712333, 1e-6) == []


@pytest.mark.parametrize(
    "row",
    [
        {"lintang": f"{Y}", "bujur": f"{X} 49S"},
        {"lintang": f"{X:.2f} mE".replace(".", ","), "bujur": f"49M {Y:.2f} mN".replace(".", ",")},
        {"koordinat": f"49M {X} {Y}"},
        {"koordinat": f"{X} mE {Y} mN 49S"},
        {"koordinat": f"UTM 49S {X} mT {Y} mU"},
        {"koordinat": f"UTM zona 49 S; X: {X}; Y: {Y}"},
        {"koordinat": f"(49 S) {X:,.2f} {Y:,.2f}".replace(",", " ").replace(" ", "", 0)},
        {"lintang": f"{Y:,.2f} 49S", "bujur": f"{X:,.2f}"},
        {"lintang": "9.238.456,78 UTM 49S", "bujur": "353.224,10"},
        {"koordinat": f"49M 0{X} UTM {Y}"},
        {"koordinat": f"UTM 49S {X} mT {Y} mS"},
        {"koordinat": f"EPSG:32749 {X} {Y}"},
        {"koordinat": f"{X};{Y};49S"},
    ],
)
def test_metres_of_a_named_zone(row):
    found = read(**row)
    if "9.238" in str(row):
        assert found.form[0] == "UTM 49S"
        return
    if found.note[0]:  # groups of thousands with spaces, two of them in one cell, have more than one reading
        assert row["koordinat"].startswith("(49 S)")
        return
    assert (found.lat[0], found.lon[0]) == pytest.approx((LAT, LON), abs=1e-6)
    assert found.form[0] == "UTM 49S"


NOWHERE: list = [
    ("-6,8891",),
    ("-6.8891", ""),
    ("0", "0"),
    ("0.0", "0,000"),
    ("-6.8891", "0"),
    ("-1", "-1"),
    ("999", "999"),
    ("belum ada", "belum ada"),
    ("di rumah", "di sawah"),
    ("6.88 S", "109.67 S"),
    ("6°53'60\"", "109°40'10\""),
    ("6°5334", "109°4016"),
    ("-6.889.12,3.4", "109.67"),
    (None, None, "-6,8891"),
    (None, None, "6,53,109,40"),
    (None, None, "https://maps.app.goo.gl/AbCdEf"),
    (None, None, "https://www.google.com/maps/dir/-6.88,109.67/-6.90,109.70/@-6.89,109.68,15z"),
    (None, None, "-6.889123,109.671234" + " " * 20 + "x" * 10_000),
    ("-6.889123" + "0" * 100_000, "109.671234"),
    ("-6.889123", "109.671234", "-7.1, 109.5"),
    ("-6.889123, 109.671234", "12"),
    ("nan", "NaN"),
    (None, None, "NULL, NULL"),
    (None, None, "0,0"),
    (None, None, "0,0,0,0"),
    (None, None, "6P5M4M6C+9F"),
    (None, None, "4M6C+9F Rekaan, Kabupaten Rekaan"),
    (None, None, "49MCS 53189 38304"),
    (None, None, "https://maps.app.goo.gl/AbCdEf12.345678,109.123456"),
    (None, None, "https://maps.google.com/?q=-6.889123,109.671234 -6.95, 109.75"),
]


def test_no_position_and_why():
    found = read_all(*NOWHERE)
    assert [row for row, lon in zip(NOWHERE, found.lon, strict=True) if np.isfinite(lon)] == []
    assert np.isnan(found.lat).all()
    assert (found.note != "").all()
    size = len(NOWHERE)
    tried = repair(
        found, squares(), MEASURING, TOLERANCE_M, wanted=np.full(size, HOME), kecamatan=np.full(size, None),
        kecamatan_of=np.array(["a", "a", "b", "b"], dtype=object),
    )  # fmt: skip
    assert [row for row, lon in zip(NOWHERE, tried.lon, strict=True) if np.isfinite(lon)] == []


@pytest.mark.parametrize("row", [("-6.8891", "belum ada"), ("-", "109.671"), ("-6.8891",)])
def test_one_number_alone_is_said_to_be_one(row):
    assert read(*row).note[0] == "hanya satu dari lintang dan bujur terisi"


def test_nothing_written_is_no_fault():
    found = read()
    assert (found.note[0], found.form[0], np.isnan(found.x[0])) == ("", "", True)


def test_two_columns_that_say_the_same_twice():
    found = read("-6.889123", "109.671234", "-6.889123, 109.671234")
    assert (found.lat[0], found.note[0]) == (LAT, "")
    turned = read("-6.889123", "109.671234", "109.671234 -6.889123")
    assert turned.lat[0] == LAT


@pytest.mark.parametrize(
    ("lintang", "bujur"),
    [
        ("-7", "110"), ("-6.9", "109.7"), ("-6,89", "109,67"), ("-7", "109.671234"), ("-6.916667", "109.666667"),
        ("-6.9167", "109.6667"), ("6°54' S", "109°40' E"), ("6°54'00\" S", "109°40'00\" E"), ("-6.5", "109.25"),
        ("-6.9166666666667", "109.6666666666667"), ("9239000 49S", "353000"),
    ],
)  # fmt: skip
def test_rounded_is_no_position_of_its_own(lintang, bujur):
    found = read(lintang, bujur)
    assert found.rounded[0]
    assert found.note[0] == ROUNDED
    assert np.isfinite(found.lon[0])


@pytest.mark.parametrize(
    ("lintang", "bujur"),
    [("-6.89", "109.671"), ("-6.889", "109.67"), ("-6.9167", "109.671234"), ("6°54'01\" S", "109°40'00\" E")],
)
def test_one_short_number_alone_is_not_rounded(lintang, bujur):
    assert not read(lintang, bujur).rounded[0]


@pytest.mark.parametrize("digits", [3, 4, 5])
def test_zeros_that_a_spreadsheet_dropped_condemn_no_row(digits):
    random = np.random.default_rng(3)
    lon, lat = random.uniform(109.1, 109.9, 30_000), random.uniform(-6.9, -6.1, 30_000)
    rows = pd.DataFrame({"lintang": np.round(lat, digits), "bujur": np.round(lon, digits)}).astype("str")
    found = read_positions(rows.assign(koordinat=pd.Series(pd.NA, index=rows.index, dtype="str")))
    assert found.rounded.sum() <= 2
    coarse = np.arange(len(lon)) % 20 == 0  # unless there are many more of them than chance brings
    rows = pd.DataFrame(
        {
            "lintang": np.where(coarse, lat.round(2), lat.round(digits)),
            "bujur": np.where(coarse, lon.round(2), lon.round(digits)),
        }
    ).astype("str")
    found = read_positions(rows.assign(koordinat=pd.Series(pd.NA, index=rows.index, dtype="str")))
    assert found.rounded[coarse].mean() > 0.98


@pytest.mark.parametrize(
    ("lintang", "bujur", "words"),
    [
        ("109.671234", "-6.889123", "tertukar"),
        ("6.889123", "109.671234", "minus lintang hilang"),
        ("109,671234", "6,889123", "tertukar, tanda minus"),
        ("-6.889123", "-109.671234", "minus bujur"),
        ("6.889123 LU", "109.671234 BT", "minus lintang"),
        ("-68.89123", "109.671234", "desimal lintang bergeser 1"),
        ("-0.6889123", "109.671234", "desimal lintang bergeser 1"),
        ("-6.889123", "10.9671234", "desimal bujur bergeser 1"),
        ("-6.889123", "1096.71234", "desimal bujur bergeser 1"),
        ("-6.889.123", "109.671.234", "desimal lintang hilang, titik desimal bujur hilang"),
        ("-6,889,123", "109,671,234", "hilang"),
        ("-6889123", "109671234", "hilang"),
        ("6889123", "109671234", "minus lintang hilang, titik desimal lintang hilang"),
        ("-6.889123", "109.671.234", "desimal bujur hilang"),
        ("-688.912.300.000", "1.096.712.340.000", "hilang"),
        ("-6.889123", "109671234", "desimal bujur hilang"),
        ("-6.889123,109671234", None, "desimal bujur hilang"),
        ("-6,889,123,109,671,234", None, "desimal lintang hilang, titik desimal bujur hilang"),
        ("-6889123,109.671234", None, "desimal lintang hilang"),
    ],
)
@pytest.mark.parametrize(("desa", "kecamatan"), [(HOME, None), (-1, "b"), (-1, None)])
def test_one_change_alone_fits(lintang, bujur, words, desa, kecamatan):
    found = fixed(lintang, bujur, desa=desa, kecamatan=kecamatan)
    if (desa, kecamatan) == (-1, None) and lintang.startswith("-0.68"):
        # north of Java at nothing but the sea, but a possible position: only what the row says can move it
        assert (found.repair[0], found.lat[0]) == ("", -0.6889123)
        return
    assert (found.lat[0], found.lon[0]) == pytest.approx((LAT, LON), abs=1e-9)
    assert words in found.repair[0]
    why = {HOME: "desa yang tertulis"}.get(desa, "kecamatan yang tertulis" if kecamatan else "kabupaten ini")
    assert why in found.repair[0]
    assert found.note[0] == ""


@pytest.mark.parametrize(
    ("row", "form"),
    [
        ((f"{Y}", f"{X}"), "UTM 49S"),
        ((f"{X}", f"{Y}"), "UTM 49S"),
        ((f"{Y}".replace(".", ","), f"{X}".replace(".", ",")), "UTM 49S"),
        ((f"{Y:,.2f}", f"{X:,.2f}"), "UTM 49S"),
        ((f"{Y:,.0f}".replace(",", "."), f"{X:,.0f}".replace(",", ".")), "UTM 49S"),
        ((f"{Y - 1e7:.2f}", f"{X}"), "UTM 49S"),
        ((f"{Y} 50S", f"{X}"), "UTM 49S"),
        ((None, None, f"{X} {Y}"), "UTM 49S"),
        ((None, None, f"{X:.0f},{Y:.0f}"), "UTM 49S"),
        ((None, None, f"{Y:.1f},{X:.1f}".replace(".", ",")), "UTM 49S"),
        ((None, None, f"{X:,.0f},{Y:,.0f}"), "UTM 49S"),
        (tuple(f"{v:.2f}" for v in reversed(to_metres(LON, LAT, tm3(LON)))), "TM-3 49.1"),
        (tuple(f"{v:.2f}" for v in to_metres(LON, LAT, tm3(LON))), "TM-3 49.1"),
        ((None, None, f"E {X:.0f} N {Y:.0f}"), "UTM 49S"),
        (tuple(f"{v:.1f}" for v in reversed(to_metres(LON, LAT, WEB_MERCATOR))), "meter peta web"),
    ],
)
@pytest.mark.parametrize("desa", [HOME, -1])
def test_metres_whose_zone_only_the_place_tells(row, form, desa):
    found = fixed(*row, desa=desa)
    assert (found.lat[0], found.lon[0]) == pytest.approx((LAT, LON), abs=1e-5)
    assert found.form[0] == form
    assert found.repair[0]
    assert found.note[0] == ""


@pytest.mark.parametrize(
    ("row", "form"),
    [(("065320.84", "1094016.44"), "derajat menit detik"), (("0653.34733", "10940.274"), "derajat menit")],
)
def test_degrees_and_minutes_without_separators(row, form):
    found = fixed(*row)
    assert (found.lat[0], found.lon[0]) == pytest.approx((-6.8891222, 109.6712333), abs=1e-6)
    assert found.form[0] == form


def test_degrees_minutes_and_seconds_between_points_are_no_lost_point():
    # as digits 9.0.57 and 123.0.24 would be 9.057 and 123.024, in the same district
    district = squares(122.9, -9.1)
    found = fixed("9.0.57 LS", "123.0.24 BT", desa=-1, district=district)
    assert (found.lat[0], found.lon[0]) == pytest.approx((-9.0158333, 123.0066667), abs=1e-6)
    assert fixed("6,53,20", "109,40,16").lat[0] == pytest.approx(-6.8888889, abs=1e-6)


def test_thousands_of_a_northing_near_the_equator():
    east, north = (round(float(v)) for v in to_metres(109.361, 0.0585, utm(49, north=True)))
    district = squares(109.3, -0.1)
    found = fixed(koordinat=f"{east:,} {north:,}", desa=-1, district=district)
    assert (found.lon[0], found.lat[0]) == pytest.approx((109.361, 0.0585), abs=2e-5)
    assert np.isnan(fixed(koordinat=f"{east:,} 469", desa=-1, district=district).lon[0])


def test_what_reads_in_two_ways_is_not_touched():
    # 65 320 is 6.5320 or 6 degrees 53 minutes 20 seconds, and both are in this one large desa
    large = gpd.GeoSeries([shapely.box(109, -7, 110, -6)] * 4, crs=4326)
    found = fixed("065320", "1094016", district=large, desa=0)
    assert np.isnan(found.lon[0])
    assert (found.note[0], found.repair[0]) == (NOT_DEGREES, "")


@pytest.mark.parametrize("other", [0, 1, 2])
def test_a_point_in_another_desa_stays_a_contradiction(other):
    found = fixed(str(LAT), str(LON), desa=other)
    assert (found.lat[0], found.lon[0], found.repair[0]) == (LAT, LON, "")
    swapped = fixed(str(LON), str(LAT), desa=other)
    assert swapped.repair[0] == ""


def test_a_kecamatan_that_is_not_here_brings_nothing_here():
    assert fixed(str(-LAT), str(LON), desa=-1, kecamatan="lain").repair[0] == ""
    assert fixed(str(-LAT), str(LON), desa=-1, kecamatan="a").repair[0] == ""


def test_rows_that_may_not_be_changed():
    positions = read(str(-LAT), str(LON))
    same = repair(
        positions, squares(), MEASURING, TOLERANCE_M, wanted=np.array([HOME]), kecamatan=np.array([None]),
        kecamatan_of=np.array(["a"] * 4), allowed=np.array([False]),
    )  # fmt: skip
    assert same is positions


def test_within_the_tolerance_is_second_best_and_beyond_it_is_no_repair():
    north = squares().iloc[HOME].bounds[3]
    near, far = north + 60 / 110_600, north + 200 / 110_600
    assert fixed(f"{-near:.6f}", "109.671234").lat[0] == pytest.approx(near, abs=1e-6)
    assert fixed(f"{-far:.6f}", "109.671234").repair[0] == ""
    kept = fixed(f"{near:.6f}", "109.671234")
    assert (kept.repair[0], round(kept.lat[0], 6)) == ("", round(near, 6))


def test_a_district_across_the_equator_gets_its_minus_only_where_the_row_says_so():
    equator = squares(109.5, -0.1)
    south, north = 0, 1
    lost = fixed("0.034567", "109.534567", district=equator, desa=south)
    assert lost.lat[0] == -0.034567
    assert fixed("0.034567", "109.534567", district=equator, desa=north).repair[0] == ""
    assert fixed("0.034567", "109.534567", district=equator, desa=-1).repair[0] == ""
    # ten times smaller or larger is possible here too: nothing shows that a digit slipped
    assert fixed("0.0034567", "109.634567", district=equator, desa=south).repair[0] == ""
    metres_north = to_metres(109.534567, 0.034567, utm(49, north=True))
    found = fixed(f"{metres_north[1]:.1f}", f"{metres_north[0]:.1f}", district=equator, desa=north)
    assert (round(found.lat[0], 5), found.form[0]) == (0.03457, "UTM 49N")


def test_eastings_and_northings_that_cannot_be_told_apart_wait_for_their_place():
    x, y = (round(float(v)) for v in to_metres(109.534567, 2.034567, utm(49, north=True)))
    assert np.isnan(read(koordinat=f"{x} {y} 49N").lon[0])
    assert read(koordinat=f"X: {x} Y: {y} 49N").lat[0] == pytest.approx(2.034567, abs=1e-5)
    assert read(f"{y} 49N", f"{x}").lat[0] == pytest.approx(2.034567, abs=1e-5)
    found = fixed(koordinat=f"{x} {y} 49N", district=squares(109.5, 2.0), desa=0)
    assert (found.lon[0], found.lat[0]) == pytest.approx((109.534567, 2.034567), abs=1e-5)
    assert "urutan" in found.repair[0]


def test_a_district_between_two_zones():
    x, y = (round(float(v)) for v in to_metres(108.034567, -6.934567, utm(48, north=False)))
    found = fixed(f"{y}", f"{x}", district=squares(107.9, -7.0), desa=2)
    assert (found.form[0], round(found.lon[0], 5)) == ("UTM 48S", 108.03457)


def test_a_repaired_position_may_still_be_rounded():
    found = fixed("109.7", "-6.9", desa=-1, kecamatan="b")
    assert found.repair[0]
    assert found.rounded[0]
    assert found.note[0] == ROUNDED


@pytest.mark.parametrize(
    ("lintang", "bujur", "least", "most"),
    [
        ("-6.889", "109.671", 78, 79), ("-6.889", "109.671234", 0.05, 0.1), ("-6.8891", "109.6712", 7.5, 8),
        ("-6,889", "109,671", 78, 79), ("6°53'20\" S", "109°40'16\" E", 21, 22), ("-6.89", "109.67", 780, 790),
        ("6°53.3' S", "109°40.2' E", 130, 131), ("49S 353200", "9238300", 70, 71), ("353.189 49S", "9238304", 0.7, 0.8),
        ("-6.889.000", "109.671.000", 78, 79), ("353200", "9238300", 70, 71), ("belum", "belum", None, None),
    ],
)  # fmt: skip
def test_how_finely_a_position_is_written(lintang, bujur, least, most):
    found = fixed(lintang, bujur).precision_m[0]
    assert np.isnan(found) if least is None else least < found < most


def test_a_coarse_position_near_another_desa_is_not_sure():
    north = squares().iloc[0].bounds[3]
    lat = north - np.array([30.0, 30.0, 300.0, 30.0, np.nan]) / 110_574
    lon = np.full(5, 109.55)
    off = np.array([78.0, 0.7, 78.0, np.nan, 78.0])
    found = near_another(lon, lat, off, np.zeros(5, dtype=int), squares(), MEASURING)
    assert found.tolist() == [True, False, False, False, False]


def test_many_rows_of_all_kinds_at_once():
    rows = [
        {"lintang": str(LAT), "bujur": str(LON)},
        {"lintang": str(LON), "bujur": str(LAT)},
        {"koordinat": f"{X} {Y}"},
        {"lintang": "belum ada"},
        {},
        {"lintang": str(-LAT), "bujur": str(LON)},
    ]
    positions = repair(
        read_positions(sheet(*rows)),
        squares(),
        MEASURING,
        TOLERANCE_M,
        wanted=np.array([HOME, HOME, HOME, HOME, HOME, 0]),
        kecamatan=np.array([None] * 6, dtype=object),
        kecamatan_of=np.array(["a", "a", "b", "b"], dtype=object),
    )
    assert [bool(words) for words in positions.repair] == [False, True, True, False, False, False]
    assert np.isfinite(positions.lon).tolist() == [True, True, True, False, False, True]
    assert positions.lat[:3] == pytest.approx([LAT] * 3, abs=1e-6)


def test_no_rows_at_all():
    empty = read_positions(sheet())
    assert len(empty.lon) == len(empty.note) == 0
    assert shared_by_many(empty.lon, empty.lat, 10).tolist() == []


def test_one_spot_for_many_to_about_a_metre():
    lon = np.array([109.5, 109.5000004, 109.5, 109.6, np.nan, np.nan, np.nan])
    lat = np.full(7, -7.0)
    assert shared_by_many(lon, lat, 2).tolist() == [True] * 3 + [False] * 4
    assert not shared_by_many(lon, lat, 3).any()


def dms(value: float, digits: int, marks: str, hemisphere: str) -> str:
    size = abs(value)
    seconds = round(size * 3600, digits)
    degrees, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    d, m, s = marks
    return f"{degrees:.0f}{d}{minutes:.0f}{m}{rest:.{digits}f}{s}{hemisphere}"


def decimal(value: float, digits: int, mark: str) -> str:
    return f"{value:.{digits}f}".replace(".", mark)


LATS, LONS = st.floats(-11, 6).filter(lambda v: abs(v) > 0.01), st.floats(95, 141)


@settings(max_examples=40, deadline=None)
@given(LATS, LONS, st.integers(3, 12), st.sampled_from(".,"), st.booleans())
def test_decimal_degrees_come_back_as_they_were_written(lat, lon, digits, mark, together):
    south, east = decimal(lat, digits, mark), decimal(lon, digits, mark)
    found = read(koordinat=f"{south}; {east}") if together else read(south, east)
    assert found.lat[0] == pytest.approx(lat, abs=0.51 * 10.0**-digits)
    assert found.lon[0] == pytest.approx(lon, abs=0.51 * 10.0**-digits)


@settings(max_examples=40, deadline=None)
@given(
    LATS,
    LONS,
    st.integers(0, 4),
    st.sampled_from(["°'\"", "°′″", "º’”", ":: ", "   ", "d' "]),
    st.sampled_from(["", " ", ", ", " ; ", None]),
)
@example(-6.5, 109.999999, 0, "°'\"", " ")
def test_degrees_minutes_seconds_come_back_as_they_were_written(lat, lon, digits, marks, between):
    south = dms(lat, digits, marks, "LS" if lat < 0 else " N")
    east = dms(lon, digits, marks, " BT")
    found = read(south, east) if between is None else read(koordinat=south + between + east)
    assert found.lat[0] == pytest.approx(lat, abs=0.51 * 10.0**-digits / 3600)
    assert found.lon[0] == pytest.approx(lon, abs=0.51 * 10.0**-digits / 3600)


@settings(max_examples=30, deadline=None)
@given(
    LATS,
    LONS,
    st.integers(0, 3),
    st.sampled_from(["{2} mE {3} mN {0}{1}", "{0}{1} E {2} N {3}", "UTM {0}{1} X={2} Y={3}"]),
)
def test_metres_come_back_as_they_were_written(lat, lon, digits, words):
    zone = int((lon + 180) // 6) + 1
    x, y = to_metres(lon, lat, utm(zone, north=lat > 0))
    east, north = f"{float(x):.{digits}f}", f"{float(y):.{digits}f}"
    half = "N" if lat > 0 else "S"
    text = words.format(zone, half, east, north)
    found = read(koordinat=text)
    assert found.form[0] == f"UTM {zone}{half}"
    assert (found.lon[0], found.lat[0]) == pytest.approx((lon, lat), abs=2e-5 if digits == 0 else 2e-6)


FAULTS = {
    "swapped": lambda lat, lon: (lon, lat),
    "no minus": lambda lat, lon: (lat.removeprefix("-"), lon),
    "both": lambda lat, lon: (lon, lat.removeprefix("-")),
    "lost point": lambda lat, lon: (lat.replace(".", ""), lon.replace(".", "")),
    "lost point, swapped": lambda lat, lon: (lon.replace(".", ""), lat.replace(".", "")),
}


@settings(max_examples=30, deadline=None)
@given(
    st.floats(-6.999, -6.801), st.floats(109.501, 109.699), st.integers(5, 8), st.sampled_from(sorted(FAULTS)),
    st.integers(0, 3),
)  # fmt: skip
def test_a_repair_is_the_truth_or_is_not_made(lat, lon, digits, fault, wanted):
    true_lat, true_lon = f"{lat:.{digits}f}", f"{lon:.{digits}f}"
    district = squares()
    home = next(n for n, area in enumerate(district) if area.intersects(shapely.Point(lon, lat)))
    found = fixed(*FAULTS[fault](true_lat, true_lon), desa=wanted, district=district)
    if wanted == home:
        assert found.repair[0]
        assert (found.lat[0], found.lon[0]) == pytest.approx((float(true_lat), float(true_lon)), abs=1e-9)
    elif found.repair[0]:  # on the edge of the stated desa, nothing else
        assert district.iloc[wanted].distance(shapely.Point(lon, lat)) < TOLERANCE_M / 100_000


COORDINATE_LIKE = st.text(alphabet="0123456789.,-+°'\"′″ :;/()SNEWUTBALOEXYMsdm\u00a0\u200f\n", max_size=40)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(*[st.one_of(st.none(), COORDINATE_LIKE, st.text(max_size=30))] * 3), max_size=5))
def test_whatever_is_written_is_read_or_said(rows):
    text = pd.DataFrame(rows, columns=["lintang", "bujur", "koordinat"]).astype("str")
    found = repair(
        read_positions(text), squares(), MEASURING, TOLERANCE_M, wanted=np.full(len(rows), -1),
        kecamatan=np.full(len(rows), None), kecamatan_of=np.array(["a", "a", "b", "b"]),
    )  # fmt: skip
    known = np.isfinite(found.lon)
    assert (known == np.isfinite(found.lat)).all()
    assert (np.abs(found.lat[known]) <= 90).all()
    assert (np.abs(found.lon[known]) <= 180).all()
    written = text.notna().any(axis=1).to_numpy()
    assert (known | ~written | (found.note != "") | (text.fillna("").sum(axis=1).str.strip() == "")).all()
    assert ((found.form != "") >= known).all()
