"""The database brought to the form that this code knows, by one process at a time."""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from app.records.locking import work_alone
from app.records.tables import Table
from geo.errors import SettingsError

STEPS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine) -> None:
    """Bring a database to the newest form; several processes may ask at once.

    Raises
    ------
    SettingsError
        When newer code has already changed it, or its tables were made by other means.
    """
    script = ScriptDirectory(str(STEPS))
    known = {step.revision for step in script.walk_revisions()}
    with engine.begin() as connection:
        work_alone(connection)  # whoever comes second finds the work done
        present = MigrationContext.configure(connection).get_current_revision()
        if present is None and inspect(connection).has_table(Table.metadata.sorted_tables[0].name):
            raise SettingsError(
                "Basis data ini berisi tabel yang tidak dibuat oleh program ini. Pakai basis data yang masih kosong."
            )
        if present is not None and present not in known:
            raise SettingsError(
                "Basis data ini sudah dipakai oleh versi program yang lebih baru. Pasang versi itu, atau pulihkan "
                "salinan basis data dari sebelum pembaruan."
            )
        if present != script.get_current_head():
            _walk(connection, script)


def _walk(connection: Connection, script: ScriptDirectory) -> None:
    def steps(present: tuple[str, ...], _: MigrationContext) -> list[RevisionStep]:
        return list(script._upgrade_revs("head", present))  # type: ignore[arg-type]  # noqa: SLF001  -- as alembic's own commands do

    with EnvironmentContext(Config(), script, fn=steps, destination_rev="head") as road:
        road.configure(connection=connection, target_metadata=Table.metadata)
        road.run_migrations()
