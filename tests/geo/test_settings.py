"""What a district may choose, and how a wrong choice is refused."""

import pytest

from geo.errors import SettingsError
from geo.settings import Settings, read_settings


def test_without_a_file_every_default_holds():
    assert read_settings(None) == Settings()


def test_paths_are_relative_to_the_settings_file(tmp_path):
    path = tmp_path / "setelan.toml"
    path.write_text('paper = "F4"\n[layers]\nland_cover = "peta/lahan.tif"\n[rates]\ntarget_share = 0.8\n')
    found = read_settings(path)
    assert found.layers.land_cover == (str(tmp_path.resolve() / "peta" / "lahan.tif"),)
    assert found.rates.target_share == 0.8
    assert found.paper == "F4"
    assert found.layers.urban_status is None


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("[rates]\nminimum_known = 0", "rates.minimum_known"),
        ("[rates]\ntarget_share = nan", "rates.target_share"),
        ("[clusters]\ndistance_m = inf", "clusters.distance_m"),
        ("[lapisan]\nx = 1", "lapisan"),
        ("[layers]\nkota = 1", "layers.kota"),
        ('paper = "A2"', "paper"),
        ("[rates", "TOML"),
        (b"\xff\xfe[\x00", "TOML"),
        (None, "tidak dapat dibaca"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(tmp_path, content, word):
    path = tmp_path / "setelan.toml"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SettingsError, match=word):
        read_settings(path)


@pytest.mark.parametrize("key", ["urban_status", "forest_area", "land_cover"])
def test_a_path_that_no_file_can_have_is_named(tmp_path, key):
    path = tmp_path / "setelan.toml"
    path.write_text(f'[layers]\n{key} = "a\\u0000b.csv"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"«ab\.csv» dalam setelan"):
        read_settings(path)


@pytest.mark.parametrize("address", ["https://[bad/x.tif", "https://", "http:///x.tif"])
def test_an_address_without_a_server_is_refused(tmp_path, address):
    path = tmp_path / "setelan.toml"
    path.write_text(f'[layers]\nland_cover = "{address}"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="alamat web yang salah bentuknya"):
        read_settings(path)
