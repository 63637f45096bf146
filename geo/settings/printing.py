"""Settings of what is printed: lines of the district's own under the houses."""

from pathlib import Path

from pydantic import Field

from geo.settings.section import Section


class AtlasSettings(Section):
    """What the maps of the books show besides houses and boundaries; a path is relative to the settings file."""

    roads: Path | None = Field(default=None, description="lines of the roads, any vector file")
    rivers: Path | None = Field(default=None, description="lines of the rivers, any vector file")
