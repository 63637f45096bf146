"""The offline store: what is read from its source is what its module holds."""

from geo.maps.assets import offline_store


def test_the_source_gives_what_the_module_holds() -> None:
    from offlinefolium.elements import _res  # noqa: PLC0415  -- slow, and only for this comparison

    assert offline_store() == _res
    assert len(_res) > 50
