"""Print what a new step of the database must do to follow app/records/tables.py."""

import tempfile
from pathlib import Path
from typing import Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext

from app.records import open_records
from app.records.tables import Moment, Table


def plain(kind: str, value: object, _: object) -> str | Literal[False]:
    """Write a moment as the database's own type: a step must not change when the code does."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(value, Moment) else False


def main() -> None:
    """Compare a database after all steps with the tables of the code."""
    with tempfile.TemporaryDirectory() as folder:
        records = open_records(f"sqlite:///{Path(folder) / 'catatan.db'}")
        with records.engine.connect() as connection:
            options = {"compare_type": True, "render_item": plain, "sqlalchemy_module_prefix": "sa."}
            context = MigrationContext.configure(connection, opts=options)
            steps = produce_migrations(context, Table.metadata)
        records.close()
    for part in (steps.upgrade_ops, steps.downgrade_ops):
        if part is not None:
            print(render_python_code(part, render_item=plain))


if __name__ == "__main__":
    main()
