"""The file that an agency returns: every usual kind and encoding, its own headings, and what is hostile in it."""

import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.returning import reading
from app.returning.reading import COLUMNS, MOST_LINES, read_returned
from app.returning.words import NOT_YET, SEVERAL, SYNONYMS, outcome_of, plain_word, read_day
from app.visiting import filled_table
from geo.errors import PetaError, SheetError
from geo.outcomes import OUTCOMES

NAME = "pab2cdefghijklmnopqrs"
TABLE = pd.DataFrame({
    "Pseudonim": [NAME, NAME.upper(), "x"], "Nama Desa": "Muara", "HASIL": ["sudah dibangun", "", "pindah"],
    "Tgl": ["5/11/2026", "", "2026-11-06"], "Keterangan": ["é, «baik»; =1+1", "", "NIK 3326010101900001"],
    "Jenis Bantuan": ["jamban", "", ""],
})  # fmt: skip


def read(folder: Path, name: str, content: bytes | str):
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_returned(file)


def check(told: object) -> None:
    assert told.lines["id"].tolist() == [NAME, "x"]
    assert told.lines["hasil"].tolist() == ["sudah dibangun", "pindah"]
    assert [str(read_day(text)) for text in told.lines["tanggal"]] == ["2026-11-05", "2026-11-06"]
    assert told.lines["catatan"].tolist() == ["é, «baik»; =1+1", "NIK …"]
    assert told.lines["kebutuhan"].tolist() == ["jamban", ""]
    assert [*told.lines] == list(COLUMNS)
    assert (told.blank, told.torn) == (1, ())


@pytest.mark.parametrize("separator", [";", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_of_any_usual_kind(tmp_path: Path, separator: str, encoding: str):
    told = read(tmp_path, "hasil.csv", TABLE.to_csv(sep=separator, index=False).encode(encoding))
    check(told)
    assert told.lines["line"].tolist() == [2, 4]


def test_a_workbook(tmp_path: Path):
    TABLE.to_excel(tmp_path / "hasil.xlsx", index=False)
    check(read_returned(tmp_path / "hasil.xlsx"))
    dated = TABLE.assign(Tgl=[pd.Timestamp("2026-11-05"), None, pd.Timestamp("2026-11-06")])
    dated.to_excel(tmp_path / "hasil.xlsx", index=False)
    check(read_returned(tmp_path / "hasil.xlsx"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_geojson(tmp_path: Path, encoding: str):
    rows = TABLE.to_dict("records")
    features = [{"type": "Feature", "geometry": None, "properties": row} for row in rows]
    content = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode(
        encoding
    )
    told = read(tmp_path, "hasil.geojson", content)
    check(told)
    assert told.lines["line"].tolist() == [1, 3]


def test_the_id_of_a_feature_counts_where_no_property_does(tmp_path: Path):
    feature = {
        "type": "Feature",
        "id": NAME,
        "geometry": {},
        "properties": {"hasil": "pindah", "catatan": [1], "tgl": 3},
    }
    told = read(tmp_path, "hasil.json", json.dumps({"features": [feature, 7, {"properties": None}]}))
    assert told.lines.to_numpy().tolist() == [[1, NAME, "pindah", "3", "", ""]]
    assert told.blank == 2


def test_the_heading_of_the_recipients_own_recipe_counts_first(tmp_path: Path):
    (tmp_path / "a.csv").write_text(f"id;ID RTLH;hasil\n17;{NAME};pindah\n", encoding="utf-8")
    assert read_returned(tmp_path / "a.csv", ["ID_RTLH"]).lines["id"].tolist() == [NAME]
    assert read_returned(tmp_path / "a.csv").lines["id"].tolist() == ["17"]


def test_what_says_that_nothing_came_of_it_so_far_is_passed_over(tmp_path: Path):
    rows = "\n".join(f"{NAME};{word}" for word in ("-", "Belum", "dalam proses", "pindah"))
    told = read(tmp_path, "a.csv", f"id;hasil\n{rows}\n")
    assert (told.lines["hasil"].tolist(), told.blank) == (["pindah"], 3)


def test_a_row_with_more_cells_than_headings_is_told_and_not_read(tmp_path: Path):
    told = read(tmp_path, "a.csv", f"id;hasil;catatan\n{NAME};pindah;a;b\n{NAME};pindah;a\n")
    assert (len(told.lines), told.torn) == (1, (2,))


def test_nobodys_number_is_kept_but_pseudonyms_are_whole(tmp_path: Path):
    figures = "p2222222222222222222a"
    told = read(
        tmp_path,
        "a.csv",
        f"id;hasil;tanggal;catatan;kebutuhan\n{figures};3326010101900001;3326010101900001;0812-3456-7890;3326010101900001\n"
        f"3326010101900001;Budi\x1b[31m\u202e 3326 0101 0190 0001;;;\nBudi 3326010101900001;pindah;;;\n",
    )
    assert told.lines["id"].tolist() == [figures, "…", "budi …".capitalize()]
    text = told.lines.to_csv()
    assert "332601" not in text
    assert "3326 01" not in text
    assert "0812" not in text
    assert all(sign.isprintable() or sign == "\n" for sign in text)


def bomb(folder: Path) -> bytes:
    with zipfile.ZipFile(folder / "bom.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        for place in range(3):
            packed.writestr(f"xl/{place}.xml", b"0" * 100_000_000)
    return (folder / "bom.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "kosong"),
        (b"a;b\n1;2\n", "tidak punya kolom «id»"),
        (b"pseudonim;b\n1;2\n", "tidak punya kolom «hasil»"),
        (b"id;hasil\n1;\n", "Tidak ada baris"),
        (b"\x89PNG\0\0\0\0", "a.csv"),
        (b"PK\x03\x04x", "a.csv"),
        (b"{", "bukan FeatureCollection"),
        (b'{"features": 7}', "bukan FeatureCollection"),
        (b'{"features": []}', "tidak punya kolom"),
        (b'{"features": ' + b"[" * 100_000, "bukan FeatureCollection"),
        (b'{"a":' * 100_000, "bukan FeatureCollection"),
        (b'{"features": [{"properties": {"id": ' + b"9" * 5000 + b"}}]}", "bukan FeatureCollection"),
        (b'{"features": [' + b"1," * 200_001 + b"1]}", "Lebih dari 200000"),
        (b'{"features": [' + b"{}," * 800_001 + b"{}]}", "Lebih dari 200000"),
        (b'{"features": [' + b"[]," * 2_000_001 + b"[]]}", "Lebih dari 200000"),
        (b"id;hasil\n" + b"x;pindah\n" * (MOST_LINES + 1), "lebih dari 20000 hasil"),
        (b'id;hasil\n"' + b"A\n" * 200_001, "lebih dari 200000 baris"),
        (b"id;hasil\r" + b"\r" * 200_001, "lebih dari 200000 baris"),
        (b"id;hasil" + b";c" * 499 + b"\n", "lebih dari 500 kolom"),
        (",".join(["id", "hasil", *"c" * 600]).encode("utf-16"), "lebih dari 500 kolom"),
    ],
)
def test_what_is_no_answer_is_refused_in_words(tmp_path: Path, content: bytes, words: str):
    with pytest.raises(PetaError, match=words):
        read(tmp_path, "a.csv", content)


def test_files_that_hold_too_much_are_refused_before_they_are_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(filled_table, "read_table", None)
    monkeypatch.setattr(reading, "json", None)
    for content in (b"id,hasil\n" * 200_001, b"id" + b",c" * 500, b'{"features": [' + b"{}," * 800_001):
        with pytest.raises(SheetError, match="ebih dari"):
            read(tmp_path, "a.csv", content)


def test_the_empty_columns_that_a_program_writes_are_none(tmp_path: Path):
    far = ";" * 16_000
    told = read(tmp_path, "a.csv", f"id;hasil{far}\n{NAME};pindah{far}\n")
    assert told.lines["id"].tolist() == [NAME]


def test_a_table_of_markup_may_have_a_line_for_every_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(filled_table, "MOST_ROWS", 5)
    rows = [("id", "hasil"), (NAME, "pindah"), (NAME, "selesai")]
    cells = ["<tr>\n" + "".join(f"<td>{cell}</td>\n" for cell in row) + "</tr>" for row in rows]
    told = read(tmp_path, "a.xls", f"<table>{''.join(cells)}</table>")
    assert told.lines["hasil"].tolist() == ["pindah", "selesai"]


def test_a_workbook_that_unpacks_to_too_much_is_refused_unread(tmp_path: Path):
    with pytest.raises(SheetError, match="terlalu besar"):
        read(tmp_path, "a.xlsx", bomb(tmp_path))


def test_a_word_means_one_outcome_or_none():
    every = [word for words in SYNONYMS.values() for word in words]
    assert len(every) == len(set(every))
    assert all(plain_word(word) == word for word in (*every, *SEVERAL, *NOT_YET))
    assert {*SYNONYMS} == {*OUTCOMES}
    for title in OUTCOMES.values():
        assert OUTCOMES[outcome_of(title)] == title
    assert not {word for word in (*SEVERAL, *NOT_YET) if outcome_of(word)}
    assert [outcome_of(word) for word in ("sel", "pin", "sudah di", "s")] == [""] * 4


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_words_and_days(text: str):
    assert outcome_of(text) in {"", *OUTCOMES}
    read_day(text)


@pytest.mark.parametrize(
    "text", ["31/2/2026", "2026-13-01", "5 Foo 2026", "0/0/0000", "46331", "5/11/26", "２０２６-01-05x"]
)
def test_what_is_no_day_is_none(text: str):
    assert read_day(text) is None


@pytest.mark.parametrize(
    "text", ["5 Nop 2026", "05-Nov-2026", "5 november 2026", "2026.11.05", "2026/11/5 07:30:00", "5.11.2026"]
)
def test_days_as_offices_write_them(text: str):
    assert str(read_day(text)) == "2026-11-05"
