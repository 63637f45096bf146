"""The lists: every household exactly once, with room to write."""
