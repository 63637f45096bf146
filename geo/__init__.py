"""The district's knowledge: from a household spreadsheet to an assessment, and the ways out of it."""

__version__ = "0.1.0"
