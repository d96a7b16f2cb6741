"""Leaving later: an answer may wait before it leaves, and until then its writer may take it back."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_leaving_later"
down_revision = "20261126_snippets"
branch_labels = None
depends_on = None

BEFORE = "'received', 'noted', 'queued', 'sending', 'sent', 'failed', 'uncertain'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("message", sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=True), schema="pv")
    _states(f"{BEFORE}, 'withdrawn'")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE pv.message NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE pv.message SET state = 'failed' WHERE state = 'withdrawn'")
    op.execute("ALTER TABLE pv.message FORCE ROW LEVEL SECURITY")
    op.drop_column("message", "leaves_at", schema="pv")
    _states(BEFORE)


def _states(known: str) -> None:
    """New rows are held to it at once; the next migration looks at the old ones, keeping nobody from writing."""
    name = op.f("message_state_check")
    op.drop_constraint(name, "message", schema="pv")
    op.create_check_constraint(name, "message", f"state IN ({known})", schema="pv", postgresql_not_valid=True)
