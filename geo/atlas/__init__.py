"""The field teams' book."""

from geo.atlas.book import write_book
from geo.atlas.desa_atlas import write_atlas

__all__ = ["write_atlas", "write_book"]
