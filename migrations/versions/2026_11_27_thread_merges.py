"""Thread merges: which thread of a customer goes on in which other one."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_thread_merges"
down_revision = "20261127_bulk_actions"
branch_labels = None
depends_on = None

OWNED = {
    "dropped_id": "interaction",
    "kept_id": "interaction",
    "conversation_id": "conversation",
    "into_id": "conversation",
    "brand_agent_id": "brand_agent",
    "care_case_id": "care_case",
}
STANDING = sa.text("undone_at IS NULL")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "thread_merge",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(column, sa.Uuid(), nullable=column == "care_case_id") for column in OWNED),
        sa.Column("was_held", sa.Boolean(), nullable=False),
        sa.Column("was_waiting", sa.Boolean(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ahead_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        *(_owned(column, table) for column, table in OWNED.items()),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("thread_merge_pkey")),
        schema="pv",
    )
    for name, column, unique in (
        ("thread_merge_dropped", "dropped_id", True),
        ("thread_merge_thread", "conversation_id", True),
        ("thread_merge_into", "into_id", False),
    ):
        op.create_index(
            name, "thread_merge", ["brand_id", column], schema="pv", unique=unique, postgresql_where=STANDING
        )
    for statement in wall("thread_merge", "tenant"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("thread_merge", schema="pv")


def _owned(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["brand_id", column],
        [f"pv.{table}.brand_id", f"pv.{table}.id"],
        name=op.f(f"thread_merge_brand_id_{column}_fkey"),
    )
