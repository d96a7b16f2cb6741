"""Outbox rows tell tries that the relay put off, which may be many, from tries that killed a worker, which may not."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_outbox_strikes"
down_revision = "20261126_isolation_probe"
branch_labels = None
depends_on = None

TABLES = ("outbox", "house_outbox")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in TABLES:
        op.add_column(
            table,
            sa.Column("strikes", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
            schema="pv",
        )


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "strikes", schema="pv")
