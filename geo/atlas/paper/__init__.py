"""The page: its surface, its parts, a piece of ground at an exact scale, and what stands on every margin."""
