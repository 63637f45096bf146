"""What the application remembers: one database, SQLite unless an address of another is given."""

from app.records.database import Records, open_records

__all__ = ["Records", "open_records"]
