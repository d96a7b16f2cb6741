"""Promises: what was promised to a customer, and calls back, until a moment."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_promises"
down_revision = "20261127_walls_counted_once"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "promise",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("brand_agent_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kind IN ('promise', 'callback')", name=op.f("promise_kind_check")),
        sa.CheckConstraint("state IN ('open', 'kept', 'dropped')", name=op.f("promise_state_check")),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f("promise_ending_check")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("promise_ender_check")),
        *(_owned(column, table) for column, table in OWNED.items()),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("promise_pkey")),
        schema="pv",
    )
    op.create_index("promise_customer", "promise", ["brand_id", "customer_id", "made_at"], schema="pv")
    op.create_index(
        "promise_open",
        "promise",
        ["brand_id", "due_at"],
        schema="pv",
        postgresql_where=sa.text("state = 'open'"),
    )
    for statement in wall("promise", "tenant"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("promise", schema="pv")


OWNED = {
    "customer_id": "customer",
    "interaction_id": "interaction",
    "brand_agent_id": "brand_agent",
    "ended_by": "brand_agent",
}


def _owned(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["brand_id", column],
        [f"pv.{table}.brand_id", f"pv.{table}.id"],
        name=op.f(f"promise_brand_id_{column}_fkey"),
    )
