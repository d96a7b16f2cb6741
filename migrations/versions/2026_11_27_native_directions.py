"""Native directions: every row is looked at for the directions of the migration before, in a transaction of its own."""

from alembic import op

revision = "20261127_native_directions"
down_revision = "20261127_native_answers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE pv.message VALIDATE CONSTRAINT message_direction_check")


def downgrade() -> None:
    """Nothing was changed."""
