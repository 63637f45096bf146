"""Files and web addresses that the settings name: a relative path starts at the folder of the settings file."""

from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from geo.errors import SettingsError
from geo.settings.section import Section
from geo.settings.zones import LayerSettings

_S = TypeVar("_S", bound=Section)


def named_or_file(name: str, folder: Path) -> str:
    """Return a name of geo/profiles as it is, and a TOML file with its whole path."""
    named = Path(name)
    is_file = named.suffix.casefold() == ".toml" or len(named.parts) > 1
    return str(_whole(folder, named)) if is_file else name


def with_file(section: _S, name: str, folder: Path) -> _S:
    """Return a section whose file, when it names one, has its whole path."""
    named = getattr(section, name)
    return section if named is None else section.model_copy(update={name: _whole(folder, named)})


def _whole(folder: Path, named: Path) -> Path:
    """Return the whole path of a file that the settings name beside themselves.

    Raises
    ------
    SettingsError
        When no file can have that name, or its links lead in a circle.
    """
    try:
        return (folder / named).resolve()
    except (OSError, RuntimeError, ValueError) as fault:
        shown = "".join(letter for letter in str(named) if letter.isprintable())
        raise SettingsError(
            f"Berkas «{shown}» dalam setelan tidak dapat ditemukan: jalurnya salah."
        ) from fault


def is_address(place: str) -> bool:
    """Say whether a raster is named by an address of the web, not by a file.

    Examples
    --------
    >>> is_address("https://contoh.id/tutupan.tif"), is_address("tutupan.tif")
    (True, False)
    """
    return place.casefold().startswith(("https://", "http://"))


def _address(place: str) -> str:
    """Return an address of the web that names a server.

    Raises
    ------
    SettingsError
        When it does not; what was given may hold a key, so the message does not repeat it.
    """
    try:
        named = bool(urlsplit(place).hostname)
    except ValueError:
        named = False
    if not named:
        raise SettingsError(
            "Setelan layers.land_cover memuat alamat web yang salah bentuknya. Tulis seperti https://contoh.id/lahan.tif."
        )
    return place


def layers_beside(layers: LayerSettings, folder: Path) -> LayerSettings:
    """Return the settings of the zones with the whole path of every file that they name.

    Raises
    ------
    SettingsError
        When no file can have such a name, or an address names no server.
    """
    given: dict[str, object] = {
        name: _whole(folder, value) for name, value in layers if isinstance(value, Path)
    }
    given["files"] = {layer: _whole(folder, file) for layer, file in layers.files.items()}
    given["land_cover"] = tuple(
        _address(place) if is_address(place) else str(_whole(folder, Path(place)))
        for place in layers.land_cover
    )
    return layers.model_copy(update=given)
