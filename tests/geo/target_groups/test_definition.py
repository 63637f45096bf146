"""A district's own definition of the groups: taken whole, or refused with the reason."""

from pathlib import Path

import pytest

from geo.errors import SettingsError
from geo.layers import LAYERS
from geo.occupations import find_classes
from geo.target_groups.definition import OTHER, read_groups

GROUP = '[[group]]\nid = "a"\ntitle = "A"\nlayer = "urban"\n'


def written(folder: Path, text: str) -> str:
    """Write a definition and return its name."""
    path = folder / "kelompok.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_shipped_groups_are_the_three_of_the_laboratory():
    definition = read_groups("kelompok_sasaran")
    groups = {group.id: group for group in definition.groups}
    assert list(groups) == ["pesisir", "tepi_hutan", "miskin_perkotaan"]
    assert groups["pesisir"].layer == "coastal"
    assert groups["pesisir"].zones == tuple(LAYERS["coastal"].titles)
    assert {"nelayan", "buruh"} <= set(groups["pesisir"].occupations)
    assert groups["tepi_hutan"].layer == "forest_edge"
    assert set(groups["tepi_hutan"].occupations) == {"petani", "buruh_tani"}
    assert groups["miskin_perkotaan"].layer == "urban"
    assert groups["miskin_perkotaan"].occupations == ()
    assert definition.words_of(groups["miskin_perkotaan"]) == "Zona: Perkotaan. Pekerjaan utama: apa pun."


def test_a_definition_of_ones_own_is_read(tmp_path: Path):
    name = written(
        tmp_path,
        GROUP + '[[group]]\nid = "b"\ntitle = "B"\nlayer = "coastal"\nzones = ["pesisir"]\n'
        'occupations = ["nelayan"]\n[pekerjaan]\n"11" = "nelayan"\n"Sablon" = "buruh"\n',
    )
    definition = read_groups(name)
    assert definition.title == "kelompok.toml"
    assert [group.id for group in definition.groups] == ["a", "b"]
    assert definition.groups[1].zones == ("pesisir",)
    assert find_classes(definition.occupations, "11.0") == {"nelayan"}
    assert find_classes(definition.occupations, "SABLON") == {"buruh"}
    assert not find_classes(read_groups("kelompok_sasaran").occupations, "11")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "[[group]]"),
        ("group = 3", "[[group]]"),
        ("[group]\nid = 'a'", "[[group]]"),
        ("group = [1]", "[[group]]"),
        ("id = [", "bukan TOML"),
        (GROUP.replace("urban", "kota"), "lapisan «kota»"),
        (GROUP.replace('"urban"', "['urban']"), "layer"),
        (GROUP + 'zones = ["desa"]', "zona lapisan urban «desa»"),
        (GROUP + "zones = []", "zones"),
        (GROUP + 'zones = "perkotaan"', "zones"),
        (GROUP + "zones = [1]", "zones"),
        (GROUP + 'occupations = ["nelayn"]', "kelas pekerjaan «nelayn»"),
        (GROUP + "occupations = []", "occupations"),
        (GROUP + 'occupation = ["nelayan"]', "«occupation»"),
        (GROUP + GROUP, "lebih dari sekali"),
        (GROUP.replace('"a"', f'"{OTHER}"'), OTHER),
        (GROUP.replace('"a"', '"Nelayan Pesisir"'), "huruf kecil"),
        (GROUP.replace('"a"', '"a\\u202eb"'), "id"),
        (GROUP.replace('"a"', "3"), "id"),
        (GROUP.replace('id = "a"\n', ""), "id"),
        (GROUP.replace('title = "A"\n', ""), "title pada kelompok «a»"),
        (GROUP.replace('"A"', '" "'), "title"),
        (GROUP.replace('"A"', '"' + "A" * 200 + '"'), "title"),
        (GROUP.replace('"A"', '"A\\u0007"'), "title"),
        ("judul = 1\n" + GROUP, "«judul»"),
        ("title = 1\n" + GROUP, "title"),
        (GROUP + '[pekerjaan]\n"x" = "kaya"', "«kaya»"),
        (GROUP + '[pekerjaan]\n"x" = 3', "«3»"),
        ("pekerjaan = 3\n" + GROUP, "[pekerjaan]"),
    ],
)
def test_a_faulty_definition_is_refused_with_the_reason(tmp_path: Path, text: str, words: str):
    with pytest.raises(SettingsError) as told:
        read_groups(written(tmp_path, text))
    assert words in str(told.value)
    assert "kelompok.toml" in str(told.value)
    assert str(tmp_path) not in str(told.value)
    assert str(told.value).isprintable()


@pytest.mark.parametrize(
    "name", ["tidak_ada", "../kelompok_sasaran", "folder/tidak_ada.toml", "regsosek_2022", "."]
)
def test_a_name_that_is_no_definition_is_refused(name: str):
    with pytest.raises(SettingsError, match="Kelompok sasaran"):
        read_groups(name)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path):
    path = tmp_path / "kelompok.toml"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(SettingsError, match="bukan TOML"):
        read_groups(str(path))
