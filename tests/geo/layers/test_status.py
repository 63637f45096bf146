"""Official status lists as offices keep them: read by the code that is meant, or refused with a reason."""

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import LayerError
from geo.layers.desa_list import one_each, read_desa_list
from geo.layers.status import Status, read_status, status_reasons, unlisted

HEAD = "kode_desa;status;tahun;sumber\n"
CLASSES = {"pesisir": ("1", "ada", "di tepi/sekitar"), "luar": ("2", "tidak ada")}


@pytest.fixture
def status(tmp_path, district):
    def read(content: str | bytes, **how: object) -> dict[str, str]:
        path = tmp_path / "status.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        read.status = read_status(path, how.pop("desa", district.desa), CLASSES, **how)
        by_kode = dict(zip(district.desa["kode_desa"], read.status.classes, strict=True))
        return {kode: word for kode, word in by_kode.items() if not pd.isna(word)}

    return read


def test_a_list_is_read_by_kode_and_gaps_stay_unknown(status, district):
    found = status(
        HEAD + "99.01.01.2001; ADA ;2024;Podes\n99.01.01.2002;2;2024;Podes\n99.01.01.2004;;2024;Podes\n"
    )
    assert found == {"99.01.01.2001": "pesisir", "99.01.01.2002": "luar"}
    assert (status.status.source, status.status.year, status.status.note) == ("Podes", "2024", "")
    assert unlisted(district.desa, status.status) == set(district.desa["kode_desa"]) - set(found)


@pytest.mark.parametrize(
    "content",
    [
        "kode_desa;status\n99.01.01.2001;1\n99.01.02.2002;2\n",
        "KODE,NAMA DESA,STATUS\n9901012001,Muara Lor,1\n9901022002,Sumber,2\n",
        "Kode Desa\tNama\tStatus 2024\n9901012001\tMuara\t1\n9901022002\tB\t2\n",
        "kode_bps;R308A\n9901020003;1\n9901010001;2\n",
        "IDDESA;r308a\n9901020003;1 Ada\n9901010001;2. Tidak ada\n",
        "iddesa;status\n9901020003.0;1.0\n9901010001,0;2,00\n",
        "iddesa;status\n99.01.020.003;1\n99.01.010.001;2\n",
        "kode;status\n'9901012001;1\n 9901022002 ;2\n",
        'kode;status\n"9.901.012.001";1\n"9,901,022,002";2\n',
        "adm4_pcode;status\nID9901020003;Ada\nID9901010001;TIDAK  ADA\n",
        "R101;R102;R103;R104;R308A\n99;1;20;3;1\n99;1;10;1;2\n",
        "kode_prov;kode_kab;kode_kec;kode_desa;status\n99;01;01;2001;1\n99;01;02;2002;2\n",
        "Daftar status\n\nsumber: kantor\nNo;Kode Wilayah;Status\n1;99.01.01.2001;1\n2;99.01.02.2002;2\n;;\n",
        "sep=;\nkode_desa;status;\n99.01.01.2001;1;\n99.01.02.2002;2;\n",
        "kode_desa|status\n99.01.01.2001|1\n99.01.02.2002|2\n",
        "kode_desa;status\n99.01;\n99.01.01;\n99.01.01.2001;1\n99.01.02.2002;2\n",
        "iddesa;status\n9901020000;9\n9901020003;1\n9901010001;2\n",
        "kode_desa;status\n99.01.01.2001;1\n99.01.01.2001;Ada\n99.01.01.2001;\n99.01.02.2002;2\n",
        "kode_desa;status\n33.26.01.2001;ngawur\n99.01.01.2001;1\n11.01.01.2001;\n99.01.02.2002;2\n",
    ],
)
def test_the_forms_that_offices_use_say_the_same(status, content):
    for written in (
        content.encode("utf-8-sig"),
        content.replace("\n", "\r\n").encode("cp1252"),
        content.encode("utf-16"),
    ):
        assert status(written, headings=("r308a",)) == {"99.01.01.2001": "pesisir", "99.01.02.2002": "luar"}
    assert status.status.note == ""


def test_letters_outside_ascii_survive_windows_1252(status):
    status((HEAD + "99.01.01.2001;1;2024;Badan – é\n").encode("cp1252"))
    assert status.status.source == "Badan – é"


def test_year_and_source_come_from_the_rows_of_this_district(status):
    status(HEAD + "33.26.01.2001;1;2019;Lain\n99.01.01.2001;1;2024.0;Podes\n99.01.01.2002;2;2024;\n")
    assert (status.status.source, status.status.year) == ("Podes", "2024")
    status("kode_desa;R308A_2021\n99.01.01.2001;1\n", headings=("r308a",))
    assert (status.status.source, status.status.year) == ("status.csv", "2021")


def test_the_heading_that_is_meant_comes_before_a_common_one(status):
    assert status("kode_desa;status;R308A\n99.01.01.2001;Desa;1\n", headings=("r308a",)) == {
        "99.01.01.2001": "pesisir"
    }


def test_some_unknown_codes_of_the_kabupaten_are_told_and_silence_nobody(status):
    rows = "99.01.01.2001;1\n99.01.01.2002;2\n99.01.01.2999;1\n33.26.01.2999;1\n"
    assert len(status("kode_desa;status\n" + rows)) == 2
    assert status.status.note == "1 kode kabupaten ini dalam daftar tidak dikenal, misalnya 99.01.01.2999"


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("kode;isi\n1;2\n", "kolom kode_desa dan kolom status"),
        ("wilayah;status\n99.01.01.2001;2\n", "«wilayah», «status»"),
        (HEAD + "99.01.01.2001;1;;\n99.01.01.2001;2;;\n", r"99\.01\.01\.2001 lebih dari sekali"),
        (HEAD + "33.26.01.2001;1;;\n", r"«33\.26\.01\.2001», diharapkan 99\.01"),
        (HEAD, "tidak berisi kode desa"),
        (HEAD + "Muara Lor;1;;\n", "«Muara Lor»"),
        (HEAD + "99.01.01.2001;mungkin;;\n", "tidak dikenal: mungkin"),
        (HEAD + "99.01.01.2001;3;;\n", "tidak dikenal: 3"),
        (HEAD + "99.01.01.2001;0;;\n", "tidak dikenal: 0"),
        (HEAD + "99.01.01.2001;1 Tidak ada;;\n", "tidak dikenal: 1 Tidak ada"),
        (HEAD + "99.01.01.2001;1 2;;\n", "tidak dikenal: 1 2"),
        (HEAD + "9,90101E+09;1;;\n", r"seperti 9,90101E\+09: Excel"),
        (HEAD + "99.01.01.2001;1;;\n9.9E9;1;;\n", "Excel"),
        ("kode_desa;status;STATUS\n99.01.01.2001;1;2\n", "2 kolom yang sama artinya"),
        ("kode_desa;status 2010;status 2020\n99.01.01.2001;1;2\n", "«status 2010», «status 2020»"),
        ("kode_desa,nama,status\n99.01.01.2001,Muara, Lor,1\n", "1 baris yang lebih panjang"),
        ('kode_desa;status\n99.01.01.2001;"1\n99.01.02.2002;2\n', "tanda kutip"),
        (HEAD + "99.01.01.2001;1;;\n99.01.09.2001;1;;\n99.01.09.2002;1;;\n", "2 kode kabupaten ini"),
        ("", "kosong"),
        (" \n", "kosong"),
        (b"PK\x03\x04buku", "CSV UTF-8"),
        (b"\xd0\xcf\x11\xe0\x00\x00", "CSV UTF-8"),
        (b"\xff\xfe\x00\x01", "harus berupa CSV"),
        ("x", "status"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused(status, content, word):
    with pytest.raises(LayerError, match=word) as refused:
        status(content)
    assert "status.csv" in str(refused.value)


def test_a_missing_list_and_a_folder_are_refused(tmp_path, district):
    with pytest.raises(LayerError, match=r"tiada\.csv tidak dapat dibaca: berkas atau foldernya tidak ada"):
        read_status(tmp_path / "tiada.csv", district.desa, CLASSES)
    with pytest.raises(LayerError, match="itu folder"):
        read_status(tmp_path, district.desa, CLASSES)


def crossing() -> gpd.GeoDataFrame:
    """Return desa whose codes of one list are codes of the other list too, of other desa."""
    kemendagri = ["99.01.01.1001", "99.01.01.1002", "99.01.01.1003", "99.01.02.2001"]
    return gpd.GeoDataFrame(
        {"kode_desa": kemendagri, "kode_bps": ["9901011002", "9901011003", "9901011001", "9901020001"]}
    )


def test_a_bare_code_that_may_be_of_either_list_is_refused_unless_heading_or_dots_tell(status):
    desa = crossing()
    rows = "9901011001;1\n9901011002;2\n"
    with pytest.raises(LayerError, match=r"Kemendagri \(2 desa\) maupun kode BPS \(2 desa\)"):
        status("kode;status\n" + rows, desa=desa)

    def read(content: str) -> list[object]:
        with pytest.raises(ValueError, match="zip"):  # the desa of the fixture are others
            status(content, desa=desa)
        return status.status.classes.where(status.status.classes.notna(), "").tolist()

    assert read("kode_bps;status\n" + rows) == ["luar", "", "pesisir", ""]
    assert read("kode_kemendagri;status\n" + rows) == ["pesisir", "luar", "", ""]
    assert read("kode;status\n99.01.01.1001;1\n99.01.01.1002;2\n") == ["pesisir", "luar", "", ""]
    assert read("kode;status\n99.01.011.001;1\n99.01.011.002;2\n") == ["luar", "", "pesisir", ""]
    assert read("kode;status\n99.01.01.1001;1\n9901020001;2\n") == ["pesisir", "", "", "luar"]


@given(st.data())
def test_bare_codes_of_real_desa_are_read_rightly_or_refused_and_never_read_wrongly(
    real_data, tmp_path_factory, data
):
    names = pd.read_csv(real_data / "kode_wilayah_3326.csv", dtype=str)
    names = names.rename(columns={"code": "kode_desa", "bps_code": "kode_bps"})
    part = sorted(data.draw(st.sets(st.integers(0, len(names) - 1), min_size=1)))
    column = data.draw(st.sampled_from(["kode_desa", "kode_bps"]))
    path = tmp_path_factory.getbasetemp() / "real.csv"
    bare = {name: names[name].str.replace(".", "") for name in ("kode_desa", "kode_bps")}
    path.write_text("\n".join(["kode;status", *(bare[column].iloc[part] + ";1")]))
    other = bare["kode_bps" if column == "kode_desa" else "kode_desa"]
    if 2 * bare[column].iloc[part].isin(other).sum() > len(part):
        with pytest.raises(LayerError, match="maupun kode BPS"):
            read_status(path, names, CLASSES)
    else:
        assert read_status(path, names, CLASSES).classes.notna().to_numpy().nonzero()[0].tolist() == part


def test_every_desa_has_a_reason(district):
    desa = district.desa
    classes = pd.Series(["pesisir", "luar"], index=desa.index[:2]).reindex(desa.index)
    reasons = status_reasons(desa, Status(classes, "", ""), {"pesisir": "di laut", "luar": "jauh dari laut"})
    assert list(reasons) == desa["kode_desa"].tolist()
    assert set(reasons.values()) == {
        "status resmi: di laut",
        "status resmi: jauh dari laut",
        "tidak ada dalam daftar status, atau statusnya kosong",
    }


def test_another_value_by_desa_is_read_by_the_same_rules(tmp_path, district):
    path = tmp_path / "keluarga.csv"
    path.write_text("iddesa;jumlah keluarga\n9901020003;1200\n9901020003;1200\n9901010001;\n")
    listed = read_desa_list(path, district.desa, ("jumlahkeluarga",))
    numbers = one_each(listed, district.desa, pd.to_numeric(listed.cells))
    assert numbers.dropna().tolist() == [1200]
    assert district.desa.loc[numbers.notna(), "kode_desa"].tolist() == ["99.01.01.2001"]


@pytest.mark.parametrize("answer", ["=1+1", "=1", "-1", "+2", "1?", "1/1", "2.2", "1,2", "@1"])
def test_digits_in_a_formula_or_a_doubt_are_no_status(tmp_path, district, answer):
    path = tmp_path / "status.csv"
    path.write_text(f'kode;status\n{district.desa["kode_desa"].iloc[0]};"{answer}"\n', encoding="utf-8")
    with pytest.raises(LayerError, match="status yang tidak dikenal"):
        read_status(path, district.desa, {"perkotaan": ("1", "perkotaan"), "perdesaan": ("2", "perdesaan")})


def test_a_list_without_one_status_is_refused(tmp_path, district):
    path = tmp_path / "status.csv"
    path.write_text(
        "kode;status\n" + "".join(f"{kode};\n" for kode in district.desa["kode_desa"]), encoding="utf-8"
    )
    with pytest.raises(LayerError, match="tidak berisi satu status pun"):
        read_status(path, district.desa, {"perkotaan": ("1",)})
