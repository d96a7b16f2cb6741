"""States aside: every row is looked at for the states of the migration before, in a transaction of its own."""

from alembic import op

revision = "20261127_states_aside"
down_revision = "20261127_setting_aside"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, check in (("interaction", "state"), ("work_item", "state"), ("work_item", "waking")):
        op.execute(f"ALTER TABLE pv.{table} VALIDATE CONSTRAINT {table}_{check}_check")


def downgrade() -> None:
    """Nothing was changed."""
