"""What a book will hold, before a line is drawn: its sheets, their maps, and where each number stands."""
