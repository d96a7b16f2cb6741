"""Setting aside: a contact may be snoozed until a moment, or pending on its customer's answer."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_setting_aside"
down_revision = "20261127_drafts"
branch_labels = None
depends_on = None

INTERACTION = "'waiting', 'assigned', 'closed'"
WORK = "'waiting', 'assigned', 'done'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("work_item", sa.Column("wakes_at", sa.DateTime(timezone=True), nullable=True), schema="pv")
    _states("interaction", "'waiting', 'assigned', 'snoozed', 'pending', 'closed'")
    _states("work_item", "'waiting', 'assigned', 'aside', 'done'")
    op.create_check_constraint(
        op.f("work_item_waking_check"),
        "work_item",
        "(state = 'aside') = (wakes_at IS NOT NULL)",
        schema="pv",
        postgresql_not_valid=True,
    )
    op.create_index(
        "work_item_aside",
        "work_item",
        ["brand_id", "wakes_at"],
        schema="pv",
        postgresql_where=sa.text("state = 'aside'"),
    )
    _holders("state IN ('assigned', 'snoozed', 'pending')")


def downgrade() -> None:
    """What was put aside waits again."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("interaction", "work_item"):
        op.execute(f"ALTER TABLE pv.{table} NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE pv.interaction SET state = 'waiting', brand_agent_id = NULL WHERE state IN ('snoozed', 'pending')"
    )
    op.execute("UPDATE pv.work_item SET state = 'waiting', wakes_at = NULL WHERE state = 'aside'")
    for table in ("interaction", "work_item"):
        op.execute(f"ALTER TABLE pv.{table} FORCE ROW LEVEL SECURITY")
    _holders("state = 'assigned'")
    op.drop_index("work_item_aside", "work_item", schema="pv")
    op.drop_constraint(op.f("work_item_waking_check"), "work_item", schema="pv")
    op.drop_column("work_item", "wakes_at", schema="pv")
    _states("interaction", INTERACTION)
    _states("work_item", WORK)


def _holders(which: str) -> None:
    op.drop_index("interaction_holder", "interaction", schema="pv")
    op.create_index(
        "interaction_holder",
        "interaction",
        ["brand_id", "brand_agent_id"],
        schema="pv",
        postgresql_where=sa.text(which),
    )


def _states(table: str, known: str) -> None:
    """New rows are held to it at once; the next migration looks at the old ones, keeping nobody from writing."""
    name = op.f(f"{table}_state_check")
    op.drop_constraint(name, table, schema="pv")
    op.create_check_constraint(name, table, f"state IN ({known})", schema="pv", postgresql_not_valid=True)
