"""Settings of what is handed to others: how well positions are masked, recipes of the district, longest time."""

from pathlib import Path

from pydantic import Field

from geo.settings.section import Section


class SharingSettings(Section):
    """One policy for files, API, tiles, maps and prints; a path is relative to the settings file."""

    others: int = Field(
        default=5,
        ge=5,
        description="households of the same need class among which each one is hidden, terbatas",
    )
    cell_m: float = Field(
        default=100.0, ge=25, le=5_000, description="side of the finest cell of the grid, metres"
    )
    recipes: Path | None = Field(
        default=None, description="folder with recipes of the district's own, one TOML each"
    )
    most_days: int = Field(default=90, ge=1, le=366, description="so long a hand-over may be used, at most")
    agency: str = Field(
        default="",
        max_length=200,
        description="the office that gives, as packages name it; the district when empty",
    )
    contact: str = Field(
        default="",
        max_length=200,
        description="where the office is reached (desk, telephone, e-mail); no person",
    )
