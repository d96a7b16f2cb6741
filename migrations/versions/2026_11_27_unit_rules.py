"""Report heads say by which rules their units were made: when these change, every brand's ledger is read anew."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_unit_rules"
down_revision = "20261127_facts_by_kind"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "report_head", sa.Column("rules", sa.BigInteger(), nullable=False, server_default="1"), schema="pv"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("report_head", "rules", schema="pv")
