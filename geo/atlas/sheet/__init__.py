"""The map sheet: what it shows, gathered, and drawn."""
