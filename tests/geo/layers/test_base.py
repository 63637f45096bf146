"""What layers share, and the registry that holds them."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import geo.layers
from geo.errors import SettingsError
from geo.layers import LAYERS, find_zones, full_precedence, zone_title
from geo.layers.base import OUTSIDE, UNKNOWN, Inputs, Layer, desa_zones, joined, nothing_known
from geo.settings import LayerSettings


def test_zones_of_whole_desa_are_those_that_are_surely_inside(district):
    kode = district.desa["kode_desa"]
    inside = pd.Series(pd.NA, index=kode.index, dtype="boolean")
    inside.iloc[0], inside.iloc[1] = True, False
    zones = desa_zones(district.desa, inside, "pesisir")
    assert zones["kode_desa"].tolist() == [kode.iloc[0]]
    assert zones["zone"].tolist() == ["pesisir"]


def test_overlapping_polygons_are_joined_all_the_same(district):
    metres = district.desa.to_crs(district.measuring).geometry
    assert joined(metres.to_numpy()).area == pytest.approx(metres.area.sum())
    wider = metres.buffer(50).to_numpy()
    assert joined(wider).is_valid
    assert joined(wider).area < sum(polygon.area for polygon in wider)


def test_nothing_known_is_unknown_everywhere(district):
    found = nothing_known(Inputs(district, None, LayerSettings()), "belum ada berkas")
    assert found.unknown_desa == set(district.desa["kode_desa"])
    assert found.frame.empty
    assert found.frame.crs == district.measuring


def test_the_registry_holds_each_layer_once_in_the_order_of_its_lines():
    source = Path(geo.layers.__file__).read_text(encoding="utf-8")
    entered = [
        line.split()[1].removeprefix("geo.layers.")
        for line in source.splitlines()
        if line.startswith("from geo.layers.") and not line.startswith("from geo.layers.base")
    ]
    assert list(LAYERS) == entered  # also: the id of a layer is the name of its file
    assert all(isinstance(layer, Layer) for layer in LAYERS.values())


@pytest.mark.parametrize("layer", LAYERS.values(), ids=list(LAYERS))
def test_a_layer_can_be_drawn_and_read(layer):
    assert layer.colour.startswith("#")
    assert len(layer.colour) == 7
    assert layer.title
    assert layer.titles
    assert not {OUTSIDE, UNKNOWN} & set(layer.titles)
    assert not set("+?") & set(layer.id)
    assert all([*layer.titles.values(), *layer.figures.values()])


def test_no_two_layers_write_the_same_column():
    figures = [name for layer in LAYERS.values() for name in layer.figures]
    assert len(figures) == len(set(figures))
    own = ("zone_", "share_", "why_", "need_", "group_")
    assert not [name for name in figures if name.startswith(own)]


def test_every_layer_keeps_the_contract(district):
    for boundaries in (district, replace(district, sea=None)):
        for layer, found in find_zones(Inputs(boundaries, None, LayerSettings())).items():
            assert set(found.frame["zone"]) <= set(LAYERS[layer].titles)
            assert found.frame.crs == district.measuring
            assert found.method
            assert {*found.desa.columns, *found.measures} <= set(LAYERS[layer].figures)
            assert not found.why or set(found.why) == set(district.desa["kode_desa"])


@pytest.mark.parametrize("settings", [{"precedence": ("laut",)}, {"files": {"laut": Path("laut.gpkg")}}])
def test_a_layer_that_is_not_there_is_refused(district, settings):
    with pytest.raises(SettingsError, match=rf"layers\.{next(iter(settings))}.*laut"):
        find_zones(Inputs(district, None, LayerSettings(**settings)))


@pytest.mark.parametrize("chosen", [(), ("forest_edge",), ("coastal", "urban", "coastal"), tuple(LAYERS)])
def test_the_precedence_names_every_layer_once_the_chosen_first(chosen):
    order = full_precedence(chosen)
    assert sorted(order) == sorted(LAYERS)
    assert order[: len(set(chosen))] == tuple(dict.fromkeys(chosen))


def test_a_zone_that_nobody_registered_is_named_by_its_word():
    assert zone_title("rob", "genangan") == "genangan"
    assert zone_title("rob", OUTSIDE) == "Di luar zona rob"
