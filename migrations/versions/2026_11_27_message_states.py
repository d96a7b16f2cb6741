"""Message states: every row is looked at for the states of the migration before, in a transaction of its own."""

from alembic import op

revision = "20261127_message_states"
down_revision = "20261127_leaving_later"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE pv.message VALIDATE CONSTRAINT message_state_check")


def downgrade() -> None:
    """Nothing was changed."""
