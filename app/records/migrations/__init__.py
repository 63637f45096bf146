"""How the database comes to its present form, step by step; each step is a file of ``versions``."""
