"""What stands before the sheets: cover, index maps, and the table of sheets."""
