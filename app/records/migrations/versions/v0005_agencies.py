"""Agencies that receive by several recipes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Keep with a hand-over the agency whose accounts see it; so far each recipe was an agency of its own."""
    op.add_column("handovers", sa.Column("agency", sa.String(length=60), nullable=False, server_default=""))
    op.execute("UPDATE handovers SET agency = recipient")
    op.create_index("ix_handovers_agency", "handovers", ["agency"], unique=False)
