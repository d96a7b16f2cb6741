"""Native answers: what a brand itself wrote past us stands in its thread. And a contact may move to another channel."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_native_answers"
down_revision = "20261127_visits"
branch_labels = None
depends_on = None

BEFORE = "'in', 'out', 'note'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("interaction", sa.Column("came_by", sa.Text(), nullable=True), schema="pv")
    _directions(f"{BEFORE}, 'native'")
    op.create_index(
        "message_native",
        "message",
        ["brand_id", "interaction_id", "at"],
        schema="pv",
        postgresql_where=sa.text("direction = 'native'"),
    )


def downgrade() -> None:
    """What a brand wrote itself stays as a note; a contact that was moved stays where it is."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("message_native", "message", schema="pv")
    op.execute("ALTER TABLE pv.message NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE pv.message SET direction = 'note', state = 'noted' WHERE direction = 'native'")
    op.execute("ALTER TABLE pv.message FORCE ROW LEVEL SECURITY")
    _directions(BEFORE)
    op.drop_column("interaction", "came_by", schema="pv")


def _directions(known: str) -> None:
    """New rows are held to it at once; the next migration looks at the old ones, keeping nobody from writing."""
    name = op.f("message_direction_check")
    op.drop_constraint(name, "message", schema="pv")
    check = f"direction IN ({known})"
    op.create_check_constraint(name, "message", check, schema="pv", postgresql_not_valid=True)
