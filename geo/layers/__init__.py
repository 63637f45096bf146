"""Where does a household stand? One file an overlay, one line an overlay here; the order is that of legends."""
# ruff: noqa: F401, I001  -- each import enters a layer in the registry, in its place

from collections.abc import Sequence

from geo.errors import SettingsError
from geo.layers.base import OUTSIDE, UNKNOWN, Inputs, Layer, Zones

from geo.layers.urban import URBAN
from geo.layers.coastal import COASTAL
from geo.layers.forest_edge import FOREST_EDGE

LAYERS: dict[str, Layer] = {layer.id: layer for layer in list(globals().values()) if isinstance(layer, Layer)}


def find_zones(inputs: Inputs) -> dict[str, Zones]:
    """Ask every layer for its zones.

    Raises
    ------
    SettingsError
        When the settings name a layer that does not exist.
    LayerError
        When a file behind a layer cannot be used.
    """
    for setting, named in (
        ("precedence", inputs.settings.precedence),
        ("files", tuple(inputs.settings.files)),
    ):
        if strange := [layer for layer in named if layer not in LAYERS]:
            raise SettingsError(
                f"Setelan layers.{setting} menyebut lapisan yang tidak ada: {', '.join(strange)}. "
                f"Yang ada: {', '.join(LAYERS)}."
            )
    found = {layer.id: layer.zones(inputs) for layer in LAYERS.values()}
    if useless := [layer for layer in inputs.settings.files if layer not in inputs.asked]:
        raise SettingsError(
            f"Setelan layers.files memberi berkas kepada lapisan yang tidak memakainya: {', '.join(useless)}. "
            f"Lapisan itu punya setelan sendiri; lihat geo/settings/."
        )
    return found


def full_precedence(chosen: Sequence[str]) -> tuple[str, ...]:
    """Return every layer in the order of display: those the settings name, then the others as registered.

    Examples
    --------
    >>> full_precedence(("forest_edge",))[:3]
    ('forest_edge', 'urban', 'coastal')
    """
    return tuple(dict.fromkeys((*chosen, *LAYERS)))


def layer_name(layer: str) -> str:
    """Return the title of a layer, or its id where no layer is registered under it."""
    return LAYERS[layer].title if layer in LAYERS else layer


def zone_title(layer: str, word: str) -> str:
    """Return the words for a zone of a layer, also for what lies outside of all its zones or is unknown.

    Examples
    --------
    >>> [zone_title("urban", word) for word in ("perkotaan", "luar", "tidak diketahui")]
    ['Perkotaan', 'Di luar zona perkotaan', 'Perkotaan: tidak diketahui']
    """
    name = layer_name(layer)
    if word == OUTSIDE:
        return f"Di luar zona {name[:1].lower()}{name[1:]}"
    if word == UNKNOWN:
        return f"{name}: {UNKNOWN}"
    return LAYERS[layer].titles.get(word, word) if layer in LAYERS else word
