"""Official status lists: read, or refused with a reason; never half believed."""

import pandas as pd
import pytest

from geo.errors import LayerError
from geo.layers.base import desa_zones, joined, read_status, unlisted

HEAD = "kode_desa;status;tahun;sumber\n"
WORDS = {"inside": ("1", "ada"), "outside": ("2",)}


@pytest.fixture
def status(tmp_path, district):
    def read(content: str | bytes) -> tuple[pd.Series, str, str]:
        path = tmp_path / "status.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_status(path, district.desa, **WORDS)

    return read


def test_a_list_is_read_by_kode_and_gaps_stay_unknown(status, district):
    inside, source, year = status(
        HEAD + "99.01.01.2001; ADA ;2024;Podes\n99.01.01.2002;2;2024;Podes\n99.01.01.2004;;2024;Podes\n"
    )
    by_kode = dict(zip(district.desa["kode_desa"], inside.to_list(), strict=True))
    assert by_kode["99.01.01.2001"] is True
    assert by_kode["99.01.01.2002"] is False
    assert (source, year) == ("Podes", "2024")
    assert unlisted(district.desa, inside) == set(district.desa["kode_desa"]) - {
        "99.01.01.2001",
        "99.01.01.2002",
    }
    assert desa_zones(district.desa, inside, "pesisir")["kode_desa"].tolist() == ["99.01.01.2001"]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("kode;status\n1;2\n", "kode_desa dan status"),
        (HEAD + "99.01.01.2001;1;;\n99.01.01.2001;2;;\n", "lebih dari sekali"),
        (HEAD + "33.26.01.2001;1;;\n", "Tidak satu pun"),
        (HEAD + "99.01.01.2001;mungkin;;\n", "mungkin"),
        (HEAD + "99.01.01.2001;3;;\n", "tidak dikenal: 3"),
        ("", "tidak dapat dibaca"),
        (b"\xff\xfe\x00\x01", "tidak dapat dibaca"),
        ("x", "status"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused(status, content, word):
    with pytest.raises(LayerError, match=word):
        status(content)


def test_a_missing_list_is_refused(tmp_path, district):
    with pytest.raises(LayerError, match=r"tiada\.csv"):
        read_status(tmp_path / "tiada.csv", district.desa, **WORDS)


def test_overlapping_polygons_are_joined_all_the_same(district):
    metres = district.desa.to_crs(district.measuring).geometry
    assert joined(metres.to_numpy()).area == pytest.approx(metres.area.sum())
    wider = metres.buffer(50).to_numpy()
    assert joined(wider).is_valid
    assert joined(wider).area < sum(polygon.area for polygon in wider)
