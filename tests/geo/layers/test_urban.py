"""Urban: the official status first, else a proksi that says so."""

import pytest

from geo.landcover import read_land_cover
from geo.layers import URBAN
from geo.layers.base import Inputs
from geo.settings import LayerSettings


def test_the_official_status_needs_no_land_cover(district, tmp_path):
    path = tmp_path / "bps.csv"
    rows = [
        f"{kode},{'PERKOTAAN' if kode.endswith('1003') else 'perdesaan'},2020,BPS 120/2020"
        for kode in district.desa["kode_desa"]
    ]
    path.write_text("\n".join(["kode_desa,status,tahun,sumber", *rows]))
    found = URBAN.zones(Inputs(district, None, LayerSettings(urban_status=path)))
    assert found.frame["kode_desa"].tolist() == ["99.01.01.1003"]
    assert not found.proksi
    assert not found.unknown_desa
    assert found.year == "2020"


def test_without_list_and_land_cover_every_desa_is_unknown(district):
    found = URBAN.zones(Inputs(district, None, LayerSettings()))
    assert found.frame.empty
    assert found.unknown_desa == set(district.desa["kode_desa"])


@pytest.mark.parametrize("least", [0.0, 0.3, 1.0])
def test_the_built_up_share_is_a_proksi(district, sample_settings, least):
    layers = sample_settings.layers.model_copy(update={"urban_builtup_share": least})
    cover = read_land_cover(layers.land_cover, district.desa, source="rekaan", year="2025")
    found = URBAN.zones(Inputs(district, cover, layers))
    built = cover.shares(district.desa.geometry)[50]
    assert set(found.frame["kode_desa"]) == set(district.desa.loc[built >= least, "kode_desa"])
    assert found.proksi
    assert "bukan status resmi" in found.method
