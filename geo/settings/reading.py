"""Read a settings file, and refuse by name what is written wrongly in it."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from geo.errors import SettingsError, cause_of
from geo.settings.paths import layers_beside, named_or_file, with_file
from geo.settings.whole import Settings

_REASONS = {
    "extra_forbidden": "tidak dikenal; periksa ejaannya",
    "greater_than": "harus lebih dari {gt}",
    "greater_than_equal": "paling kecil {ge}",
    "less_than_equal": "paling besar {le}",
    "literal_error": "harus salah satu dari {expected}",
    "finite_number": "harus bilangan",
    "float_type": "harus bilangan",
    "float_parsing": "harus bilangan",
    "int_parsing": "harus bilangan bulat",
    "path_type": "harus nama berkas dalam tanda kutip",
    "int_type": "harus bilangan bulat",
    "int_from_float": "harus bilangan bulat",
    "string_type": "harus teks dalam tanda kutip",
    "string_pattern_mismatch": "ditulis salah; tulis queen, rook, knn:6, atau distance:5000",
    "value_error": "{error}",
}


def read_settings(path: Path | None) -> Settings:
    """Read a settings file; without one, every default holds.

    Raises
    ------
    SettingsError
        When the file is missing or no TOML, or names a setting that does not exist.
    """
    if path is None:
        return Settings()
    try:
        with path.open("rb") as file:
            settings = Settings.model_validate(tomllib.load(file))
    except OSError as fault:
        raise SettingsError(f"Berkas setelan {path} tidak dapat dibaca: {cause_of(fault)}.") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise SettingsError(f"Berkas setelan {path} bukan TOML yang benar: {fault}.") from fault
    except ValidationError as fault:
        where, why = fault_of(fault)
        raise SettingsError(f"Berkas setelan {path}: «{where}» {why}.") from fault
    folder = path.parent
    return settings.model_copy(
        update={
            "layers": layers_beside(settings.layers, folder),
            "rates": with_file(settings.rates, "families", folder),
            "visits": with_file(settings.visits, "dem", folder),
            "atlas": with_file(with_file(settings.atlas, "roads", folder), "rivers", folder),
            "sharing": with_file(settings.sharing, "recipes", folder),
            "intake": settings.intake.model_copy(
                update={"code_list": named_or_file(settings.intake.code_list, folder)}
            ),
            "groups": settings.groups.model_copy(
                update={"definition": named_or_file(settings.groups.definition, folder)}
            ),
        }
    )


def fault_of(fault: ValidationError) -> tuple[str, str]:
    """Return the first setting that is wrong, its sections joined by dots, and what it must be (Indonesian)."""
    first = fault.errors()[0]
    context = {name: _plain(value) for name, value in first.get("ctx", {}).items()}
    why = _REASONS.get(first["type"], "nilainya tidak boleh ({msg})").format(msg=first["msg"], **context)
    return ".".join(str(part) for part in first["loc"]), why.replace(" or ", " atau ")


def _plain(value: object) -> object:
    """Write a bound as Indonesians do, and words without the quotes of code."""
    if isinstance(value, float):
        return f"{value:,.10g}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return value.replace("'", "") if isinstance(value, str) else value
