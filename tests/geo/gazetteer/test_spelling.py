"""Names taken apart and reduced: what is written for one place comes to the same, another place does not."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.gazetteer.spelling import (
    LONGEST_NAME,
    letters,
    modern_key,
    name_key,
    plain_key,
    read_otherwise,
    said,
    side,
    sound_key,
    take_apart,
    tidy,
    without_kecamatan_word,
)  # fmt: skip


def sound(*names: str) -> list[str]:
    return sound_key(modern_key(plain_key(tidy(list(names))))).to_pylist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wonosari", "Wanasari"), ("Soekoredjo", "Sukorejo"), ("Tjokro", "Cokro"), ("Kertijayan", "Kertidjajan"),
        ("Petungkriyono", "Petungkriono"), ("Kwayangan", "Kuayangan"), ("Dhuwet", "Duwet"), ("Njatnjono", "Nyatnyono"),
        ("Kedung Guwo", "Kedoenggoewo"), ("Sawah", "Sawa"), ("Legok", "Lego"), ("Wiryo", "Wirjo"), ("Vajar", "Fajar"),
    ],
)  # fmt: skip
def test_old_and_javanese_spellings_sound_the_same(one, other):
    assert len(set(sound(one, other))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sidorejo", "Silirejo"),
        ("Wonokerto Kulon", "Wonokerto Wetan"),
        ("Bojong II", "Bojong III"),
        ("Proto", "Podo"),
    ],
)
def test_other_places_do_not(one, other):
    assert len(set(sound(one, other))) == 2


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Karanganyar  II", "karanganyar2"), ("Karanganyar-2", "karanganyar2"), ("Karanganyar Dua", "karanganyar2"),
        ("Wn0kerto Kln", "wnokertokulon"), ("Ka1i", "kali"), ("Sido Mulyo 20", "sidomulyo20"), ("Ii", "ii"),
    ],
)  # fmt: skip
def test_plain_keys_write_numbers_and_sides_one_way(written, key):
    assert plain_key(tidy([written])).to_pylist() == [key]


@pytest.mark.parametrize(
    ("written", "name", "note", "kecamatan", "kabupaten", "kode"),
    [
        ("Desa/Kel. X", "x", "", "", "", ""),
        ("(Desa) X", "x", "", "", "", ""),
        ("X (Kel)", "x", "", "", "", ""),
        ("X, Y", "x", "y", "", "", ""),
        ("X - Y", "x", "y", "", "", ""),
        ("X Kec Y Kab Z", "x", "", "y", "kab z", ""),
        ("X Kec. Y, Kota Z", "x", "", "y", "kota z", ""),
        ("X, Kab. Z Prov. W", "x", "", "", "kab. z", ""),
        ("Kec. Y", "", "", "y", "", ""),
        ("X Dk. Krajan RT 01/02", "x", "", "", "", ""),
        ("33.26.19.2010 X", "x", "", "", "", "33.26.19.2010"),
        ("3326192010 - X", "x", "", "", "", "3326192010"),
        ("12) X", "x", "", "", "", ""),
        ("X (33.26.19.2010)", "x", "", "", "", "33.26.19.2010"),
        ("X - 3326192010", "x", "", "", "", "3326192010"),
        ("X Distrik Y", "x", "", "y", "", ""),
        ("Dusun Krajan, Desa X", "x", "", "", "", ""),
        ("Dsn. Krajan Ds. X", "x", "", "", "", ""),
        ("RT 01 RW 02 Kel. X", "x", "", "", "", ""),
        ("Belum diisi", "", "", "", "", ""),
        ("Dusun Baru", "dusun baru", "", "", "", ""),
    ],
)
def test_a_cell_is_taken_apart(written, name, note, kecamatan, kabupaten, kode):
    parts = take_apart(tidy([written]))
    found = [
        part[0].as_py() for part in (parts.name, parts.note, parts.kecamatan, parts.kabupaten, parts.kode)
    ]
    assert [found[0].strip(), *found[1:]] == [name, note, kecamatan, kabupaten, kode]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("320502 Karangpawitan", "karangpawitan"), ("[32.05.02] Karangpawitan", "karangpawitan"),
        ("Karangpawitan (Kecamatan)", "karangpawitan"), ("Kec. 020 Tirto", "tirto"), ("[010] Kec. Tirto", "tirto"),
        ("Distrik Libarek", "libarek"), ("Kapanewon Sewon", "sewon"), ("2 x 11 Kayu Tanam", "2 x 11 kayu tanam"),
        ("Kecamatan", ""), ("sda", ""), ("0", ""),
    ],
)  # fmt: skip
def test_a_kecamatan_stands_without_its_word_and_code(written, name):
    assert without_kecamatan_word(tidy([written]))[0].to_pylist() == [name]


@pytest.mark.parametrize(
    "written",
    ["sda", "s.d.a", "s.d.a.", "S D A", "idem", '"', "0", "00", "-", "xxx", "Belum diisi", "Tidak diketahui",
     "tidak tahu", "belum ada", "tdk ada", "kosong", "n/a", "sama dengan di atas"],
)  # fmt: skip
def test_what_only_fills_a_cell_is_no_name(written):
    assert said(tidy([written])).to_pylist() == [""]


@pytest.mark.parametrize(
    "written", ["Sidaurip", "Kosongan", "Idaman", "Adaut", "Xxi", "10", "Tidak", "Nanas"]
)
def test_a_name_that_only_begins_like_a_filler_stays(written):
    assert said(tidy([written])).to_pylist() == [written.lower()]


def test_names_can_be_read_otherwise():
    names = ["7 ulu", "kp. baru", "api2", "karanganyarii", "bebe1"]
    assert letters(read_otherwise(pa.array(names))).to_pylist() == [
        "ulu",
        "baru",
        "apiapi",
        "karanganyar2",
        "bebel",
    ]


def test_sides_of_one_meaning_are_one():
    keys = plain_key(tidy(["Muara Lor", "Muara Utara", "Muara Kidul", "Muara 2", "Muara II", "Muara", "Lor"]))
    meaning, length = side(keys)
    assert meaning[0] == meaning[1] != meaning[2]
    assert meaning[3] == meaning[4] > meaning[:3].max()
    assert meaning[5:].tolist() == [0, 0]
    assert length[:4].tolist() == [3, 5, 5, 1]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(max_size=40)))
def test_a_tidy_name_is_plain_and_stays_as_it_is(written):
    texts = tidy(written)
    assert tidy(texts.to_pylist()).to_pylist() == texts.to_pylist()
    for keys in (plain_key(texts), modern_key(plain_key(texts)), sound_key(plain_key(texts))):
        assert len(keys) == len(written)
        assert all(key == "" or (key.isascii() and key.isalnum()) for key in keys.to_pylist())


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text("oedjhkiwuy 12", max_size=8), min_size=1, max_size=6))
def test_a_key_does_not_depend_on_its_neighbours(written):
    for key in (letters, modern_key, sound_key):
        together = key(letters(tidy(written))).to_pylist()
        assert together == [key(letters(tidy([one])))[0].as_py() for one in written]


def test_arrays_may_be_slices_and_names_endless():
    texts = tidy(["Desa A", "Doro", "x" * 1_000_000])
    assert letters(texts[1:2]).to_pylist() == ["doro"]
    assert len(texts[2].as_py()) == LONGEST_NAME
    assert np.array_equal(side(texts[:0])[0], [])
    assert name_key("KEC.DORO") == name_key("Doro") == "doro"
