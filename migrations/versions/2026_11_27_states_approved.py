"""States approved: every row is looked at for the states of the migration before, in a transaction of its own."""

from alembic import op

revision = "20261127_states_approved"
down_revision = "20261127_approvals"
branch_labels = None
depends_on = None

CHECKS = (("message", "state"), ("clause", "metric"))


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, column in CHECKS:
        op.execute(f"ALTER TABLE pv.{table} VALIDATE CONSTRAINT {table}_{column}_check")


def downgrade() -> None:
    """Nothing was changed."""
