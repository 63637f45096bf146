"""Filters in CQL2 (OGC 21-065r2, OGC 19-079r2): every requirement of the classes that are claimed, by its name."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from app.ogc import filtering
from app.ogc.filtering import CLASSES, read_filter
from app.ogc.operators import folded
from app.ogc.references import references
from geo.errors import SettingsError
from tests.app.ogc.things import NAMES, things

THINGS = things()
AROUND_BC = "POLYGON((109.05 -8, 109.25 -8, 109.25 -6, 109.05 -6, 109.05 -8))"


def found(text: str, crs: str = "") -> str:
    """Return the ids of the rows that a filter asks for."""
    return "".join(THINGS.table["id"][read_filter(text, "", crs, THINGS)])


REQUIREMENTS = {
    "/req/basic-cql2/cql2-filter": [
        ("desil = 1 OR desil = 2", "ab"), ("desil > 1 AND rtlh = TRUE", "c"), ("NOT desil = 1", "bcde"),
        ("TRUE", "abcdef"), ("FALSE", ""), ("(desil = 1 OR desil = 2) AND NOT (rtlh = TRUE)", "b"),
        ("desil=1 OR desil=2 AND rtlh=TRUE", "a"), ("rtlh", "ac"), ("not rtlh", "be"),
    ],
    # unknown truths: a missing rtlh (d, f) is neither; what is unknown is not in the answer
    "/req/basic-cql2/cql2-filter (truth table)": [
        ("rtlh = TRUE AND desil >= 1", "ac"), ("rtlh = TRUE OR desil >= 1", "abcde"),
        ("rtlh = TRUE OR desil > 100", "ac"), ("NOT (rtlh = TRUE)", "be"),
        ("NOT (rtlh = TRUE AND desil < 0)", "abcde"), ("rtlh = TRUE OR NOT rtlh = TRUE", "abce"),
        ("rtlh IS NULL AND NOT (desil = 1 AND rtlh)", "d"),
    ],
    "/req/basic-cql2/binary-comparison-predicate": [
        ("desil = 2", "b"), ("desil <> 2", "acde"), ("desil < 2", "a"), ("desil > 3", "de"), ("desil <= 2", "ab"),
        ("desil >= 4", "de"), ("jarak_m = 10.5", "b"), ("nama = 'Wonokerto'", "a"), ("nama > 'O'", "abe"),
        ("rtlh = FALSE", "be"), ("rtlh <> TRUE", "be"), ("rtlh < TRUE", "be"), ("zona = 'pesisir'", "ad"),
        ("tanggal = DATE('2026-01-02')", "b"), ("tanggal >= DATE('2026-01-04')", "de"), ("desil = 1e0", "a"),
        ("jarak_m < +.5", "a"), ("jarak_m > 1.05E+1", "cd"), ("desil > -1", "abcde"),
        ("TIMESTAMP('2026-01-01T00:00:00Z') < TIMESTAMP('2026-01-01T00:00:00.5Z')", "abcdef"),
    ],
    "/req/basic-cql2/null-predicate": [
        ("nama IS NULL", "f"), ("rtlh IS NULL", "df"), ("rtlh IS NOT NULL", "abce"), ("NOT rtlh IS NULL", "abce"),
        ("geometry IS NULL", "f"), ("geometry IS NOT NULL", "abcde"), ("tanggal is null", "f"),
        ("(desil + 1) IS NULL", "f"), ("CASEI(nama) IS NULL", "f"),
    ],
    "/req/advanced-comparison-operators/like-predicate": [
        ("nama LIKE 'Wono%'", "a"), ("nama NOT LIKE 'Wono%'", "bcde"), ("nama LIKE '_onokerto'", "a"),
        ("nama LIKE '%'", "abcde"), ("nama LIKE '%o%'", "ab"), (r"nama LIKE '%\%'", "c"),
        (r"nama LIKE '%100\%'", "c"), ("nama LIKE '%.%'", ""), ("nama LIKE 'D_sa%'", "d"), ("nama LIKE ''", ""),
        ("nama LIKE 'O''%'", "e"), ("nama LIKE '(%'", ""),
    ],
    "/req/advanced-comparison-operators/between-predicate": [
        ("desil BETWEEN 2 AND 4", "bcd"), ("desil NOT BETWEEN 2 AND 4", "ae"),
        ("jarak_m BETWEEN 10.5 AND 20.0", "bc"), ("desil BETWEEN 1 AND 2 AND rtlh", "a"),
    ],
    "/req/advanced-comparison-operators/in-predicate": [
        ("desil IN (1, 10)", "ae"), ("desil NOT IN (1, 10)", "bcd"), ("nama IN ('Wonokerto','O''Brien')", "ae"),
        ("tanggal IN (DATE('2026-01-01'))", "a"), ("rtlh IN (TRUE)", "ac"),
    ],
    "/req/case-insensitive-comparison/casei-function": [
        ("CASEI(nama) = CASEI('WONOKERTO')", "a"), ("CASEI(nama) LIKE CASEI('WONO%')", "ab"),
        ("CASEI(nama) IN (CASEI('DÉSA STRASSE'), CASEI('o''BRIEN'))", "de"),
        ("NOT CASEI(nama) = CASEI('x')", "abcde"),
    ],
    "/req/accent-insensitive-comparison/accenti-function": [
        ("ACCENTI(nama) = ACCENTI('Desa Straße')", "d"), ("ACCENTI(nama) LIKE ACCENTI('Désa%')", "d"),
        ("CASEI(ACCENTI(nama)) = CASEI(ACCENTI('dEsA strasse'))", "d"), ("NOT ACCENTI(nama) = ACCENTI('x')", "abcde"),
    ],
    "/req/basic-spatial-functions/spatial-predicate": [
        ("S_INTERSECTS(geometry, POINT(109.1 -7))", "b"),
        ("S_INTERSECTS(geometry, BBOX(109.05, -8, 109.25, -6))", "bc"),
        ("NOT S_INTERSECTS(geometry, BBOX(109.05, -8, 109.25, -6))", "ade"),
        ("s_intersects(BBOX(109,-8,110,-6),geometry)", "abcde"),
        ("S_INTERSECTS(geometry, BBOX(109.35, -8, 0, 109.1, -6, 9))", "abe"),
    ],
    "/req/basic-spatial-functions-plus/spatial-data-types": [
        (f"S_INTERSECTS(geometry, {AROUND_BC})", "bc"),
        ("S_INTERSECTS(geometry, LINESTRING(109 -7, 109.15 -7))", "ab"),
        ("S_INTERSECTS(geometry, MULTIPOINT((109 -7), (109.4 -7)))", "ae"),
        ("S_INTERSECTS(geometry, MULTILINESTRING((109 -7, 109.05 -7), (109.35 -7, 109.4 -7)))", "ae"),
        ("S_INTERSECTS(geometry, MULTIPOLYGON(((108 -8,109 -8,109 -6,108 -6,108 -8))))", "a"),
        ("S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(109 -7), LINESTRING(109.35 -7, 109.45 -7)))", "ae"),
    ],
    "/req/spatial-functions/spatial-functions": [
        (f"S_WITHIN(geometry, {AROUND_BC})", "bc"), (f"S_CONTAINS({AROUND_BC}, geometry)", "bc"),
        (f"S_DISJOINT(geometry, {AROUND_BC})", "ade"), ("S_EQUALS(geometry, POINT(109 -7))", "a"),
        ("S_TOUCHES(geometry, LINESTRING(109 -7, 109.15 -7))", "a"), (f"S_OVERLAPS(geometry, {AROUND_BC})", ""),
        ("S_CROSSES(LINESTRING(0 0, 2 2), LINESTRING(0 2, 2 0))", "abcdef"),
        ("S_OVERLAPS(BBOX(0,0,2,2), BBOX(1,1,3,3))", "abcdef"),
    ],
    "/req/property-property/withdraw-permissions": [
        ("nama = lain", "ade"), ("1 = desil", "a"), ("5 > desil", "abcd"), ("jarak_m > desil", "bcd"),
        ("'x' = 'x'", "abcdef"), ("1 IN (desil, jarak_m)", "a"), ("desil BETWEEN jarak_m AND 10", "ae"),
        ("2 BETWEEN 1 AND desil", "bcde"), ("'Wonokerto' LIKE 'W%'", "abcdef"), ("'Wonokerto' IN (nama, lain)", "a"),
    ],
    "/req/cql2-text/escaping": [
        ("nama = 'O''Brien'", "e"), (r"nama = 'O\'Brien'", "e"), (r"'\t' = '	'", "abcdef"),
        ("'\\n' = '\n'", "abcdef"), (r"'\a' < '\b'", "abcdef"), (r"'\v' < '\f' AND '\f' < '\r'", "abcdef"),
    ],
    "/req/cql2-text/basic-cql2 (keywords in any case, names in quotes)": [
        ('"desil" = 1', "a"), ("desil is Not null And not ( rtlh = true )", "be"), ("desil\n=\t1", "a"),
    ],
    "arithmetic (there, not claimed)": [
        ("desil + 1 = 2", "a"), ("desil * 2 - 1 = 3", "b"), ("jarak_m / 2 = 10", "c"), ("desil % 2 = 0", "bde"),
        ("desil div 2 = 1", "bc"), ("desil ^ 2 = 9", "c"), ("-desil < -3", "de"), ("jarak_m / 0 > 0", ""),
        ("NOT jarak_m / 0 > 0", ""),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "rows"),
    [pytest.param(*case, id=f"{name}: {case[0]}") for name, cases in REQUIREMENTS.items() for case in cases],
)
def test_requirement(text, rows):
    assert found(text) == rows


def test_every_class_that_is_claimed_has_a_requirement_here():
    tested = {name.split("/")[2] for name in REQUIREMENTS if name.startswith("/req/")}
    assert {name.rsplit("/", 1)[1] for name in CLASSES} - {"filter", "features-filter"} == tested


def test_req_filter_filter_lang_param():
    assert read_filter("desil = 1", "cql2-text", "", THINGS).sum() == 1
    with pytest.raises(SettingsError, match="cql2-text"):
        read_filter('{"op": "="}', "cql2-json", "", THINGS)


@pytest.mark.parametrize("uri", list(references()))
def test_req_filter_filter_crs_param(uri):
    """The numbers of a shape are in the axis order of the system that is named."""
    system = references()[uri]
    east, north = shapely.get_coordinates(system.placed(shapely.points([[109.1, -7.0]])))[0]
    first, second = (north, east) if system.north_first else (east, north)
    near = 0.001 if system.geographic else 100
    box = f"BBOX({first - near:.9f}, {second - near:.9f}, {first + near:.9f}, {second + near:.9f})"
    assert found(f"S_INTERSECTS(geometry, {box})", uri) == "b"
    assert found(f"geometry IS NULL OR S_DISJOINT(geometry, {box})", uri) == "acdef"


REFUSED = {
    "desil = '1'": "kolom «desil» berisi angka, «1» berisi teks",
    "nama < 3": "kolom «nama» berisi teks, «3» berisi angka",
    "rtlh = 1": "TRUE atau FALSE",
    "tanggal = '2026-01-01'": "DATE",
    "tanggal > TIMESTAMP('2026-01-01T00:00:00Z')": "tanggal",
    "nik = '1'": "Kolom «nik» tidak ada di koleksi «benda»",
    "CASEI(nik) LIKE 'x'": "Kolom «nik» tidak ada di koleksi «benda»",
    "tiada_di_mana_pun IS NULL": "Kolom «tiada_di_mana_pun» tidak ada di koleksi «benda»",
    "S_INTERSECTS(nik, POINT(1 2))": "Kolom «nik» tidak ada di koleksi «benda»",
    "desil IN (1, 'x')": "berisi teks",
    "desil BETWEEN 1 AND 'x'": "berisi teks",
    "desil BETWEEN 'a' AND 'b'": "berisi teks",
    "desil LIKE 'x'": "LIKE untuk teks",
    "nama LIKE lain": "Pola LIKE berupa teks",
    "CASEI(desil) = 'x'": "CASEI untuk teks",
    "nama + 1 = 2": "untuk angka",
    "desil": "Saringan untuk ya/tidak",
    "'x'": "Saringan untuk ya/tidak",
    "desil AND rtlh": "AND untuk ya/tidak",
    "NOT desil": "NOT untuk ya/tidak",
    "desil = NULL": "IS NULL",
    "geometry = 1": "S_INTERSECTS",
    "geometry": "S_INTERSECTS",
    "S_INTERSECTS(nama, POINT(1 2))": "memerlukan «geometry»",
    "S_INTERSECTS(geometry, 'x')": "bukan «x»",
    "S_INTERSECTS(geometry)": "memerlukan 2 bagian",
    "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))": "memotong dirinya",
    "S_INTERSECTS(geometry, POLYGON((0 0, 1 1)))": "tidak dapat dibaca",
    "S_INTERSECTS(geometry, POINT(500 2))": "di luar bumi",
    "S_INTERSECTS(geometry, BBOX(1, 5, 2, 3))": "lebih besar",
    "S_INTERSECTS(geometry, BBOX(1, 2, 3))": "empat angka",
    "S_INTERSECTS(geometry, BBOX(desil, 2, 3, 4))": "empat angka",
    "tanggal = DATE('2026-02-30')": "bukan waktu",
    "tanggal = DATE('20260203')": "bukan waktu",
    "tanggal = DATE(nama)": "tidak dapat dibandingkan",
    "tanggal = TIMESTAMP('2026-01-01')": "bukan waktu",
    "T_AFTER(tanggal, DATE('2026-01-01'))": "«t_after» tidak tersedia",
    "A_CONTAINS(nama, ('x'))": "tidak tersedia",
    "sleep(10) = 1": "«sleep» tidak tersedia",
    "between(desil)": "memerlukan 3",
    "casei() = 'x'": "memerlukan 1",
    "desil = 1e99": "di luar yang dapat dihitung",
    "": "Saringan kosong",
    "  ": "Saringan kosong",
    "desil =": "tidak dapat dibaca",
    "desil = 'x": "petik",
    "desil = 1)": "kurung",
    "desil = 1; DROP": "tidak dapat dibaca",
}


@pytest.mark.parametrize(("text", "told"), REFUSED.items())
def test_a_filter_that_does_not_fit_is_refused_in_words_that_help(text, told):
    with pytest.raises(SettingsError) as refusal:
        found(text)
    assert told in str(refusal.value)


def test_what_is_not_in_the_collection_is_refused_alike_whether_it_is_somewhere_or_not():
    told = []
    for name in ("nik", "xyz"):
        with pytest.raises(SettingsError) as refusal:
            found(f"{name} = 'x'")
        told.append(str(refusal.value).replace(name, "?"))
    assert told[0] == told[1]


@given(st.text(alphabet="WonkertoéßÉ%_\\'( .*[^$", max_size=12))
def test_like_says_what_its_definition_says(pattern):
    def fits(text: str, rest: str) -> bool:
        if not rest:
            return not text
        if rest[0] == "%":
            return any(fits(text[place:], rest[1:]) for place in range(len(text) + 1))
        if rest[0] == "\\" and len(rest) > 1:
            return text[:1] == rest[1] and fits(text[1:], rest[2:])
        return bool(text) and (rest[0] == "_" or rest[0] == text[0]) and fits(text[1:], rest[1:])

    escaped = [letter for letter in pattern.split("\\")[1:] if letter[:1] not in {"%", "_"}]
    if escaped or pattern.endswith("\\"):
        return  # a backslash before another letter is for the standard to say
    asked = "nama LIKE '" + pattern.replace("'", "''") + "'"
    assert found(asked) == "".join(
        row for row, name in zip("abcdef", NAMES, strict=True) if name is not None and fits(name, pattern)
    )


def test_the_texts_of_a_column_are_folded_once_a_filter(monkeypatch: pytest.MonkeyPatch):
    asked = []

    def counted(values: object, *, accents: bool) -> object:
        asked.append(values)
        return folded(values, accents=accents)

    monkeypatch.setattr(filtering, "folded", counted)
    pairs = ["CASEI(ACCENTI(nama)) = 'wonokerto'", "CASEI(nama) = 'x'", "CASEI(ACCENTI(lain)) = 'x'"]
    assert found(" OR ".join(pairs * 9)) == "ab"
    assert len(asked) == 5


def test_a_filter_folds_only_so_many_different_columns():
    def nested(most: int) -> str:
        return " OR ".join("CASEI(" * times + "nama" + ")" * times + " = 'x'" for times in range(1, most + 1))

    assert not found(nested(10))
    assert found("CASEI(nama) IN (" + ",".join(f"CASEI('{letter}')" for letter in "abcdefghijkl") + ")") == ""
    with pytest.raises(SettingsError, match="paling banyak 10"):
        found(nested(11))


@given(
    st.sampled_from(["desil > 2", "rtlh", "nama LIKE 'W%'", "jarak_m / desil > 5", "zona = 'luar'"]),
    st.data(),
)
def test_a_predicate_its_opposite_and_its_being_unknown_part_all_rows(one, data):
    other = data.draw(st.sampled_from(["desil < 4", "NOT rtlh", "tanggal > DATE('2026-01-02')"]))
    joined = f"({one} {data.draw(st.sampled_from(['AND', 'OR']))} {other})"
    unknown = f"({joined}) IS NULL"
    parts = [read_filter(text, "", "", THINGS) for text in (joined, f"NOT {joined}", unknown)]
    assert (np.sum(parts, axis=0) == 1).all()
    opposite = f"NOT {one}", f"NOT {other}"
    turned = f"({' OR '.join(opposite)})" if " AND " in joined else f"({' AND '.join(opposite)})"
    assert found(f"NOT {joined}") == found(turned)
