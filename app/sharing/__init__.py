"""Sharing: who receives what, at which level and until when; packages and tokens."""
