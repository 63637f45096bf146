"""OGC API: what an Assessment says, as other programs ask for it."""
