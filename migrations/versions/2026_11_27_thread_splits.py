"""Thread splits: which contact came out of which, as about another matter."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_thread_splits"
down_revision = "20261127_recognising"
branch_labels = None
depends_on = None

OWNED = {
    "left_id": "interaction",
    "opened_id": "interaction",
    "conversation_id": "conversation",
    "into_id": "conversation",
    "brand_agent_id": "brand_agent",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "thread_split",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(column, sa.Uuid(), nullable=False) for column in OWNED),
        sa.Column("messages", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        *(_owned(column, table) for column, table in OWNED.items()),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("thread_split_pkey")),
        schema="pv",
    )
    for name, column, unique in (
        ("thread_split_opened", "opened_id", True),
        ("thread_split_thread", "conversation_id", False),
        ("thread_split_into", "into_id", True),
    ):
        op.create_index(name, "thread_split", ["brand_id", column], schema="pv", unique=unique)
    for statement in wall("thread_split", "tenant"):
        op.execute(statement)


def downgrade() -> None:
    """What was split stays two contacts."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("thread_split", schema="pv")


def _owned(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["brand_id", column],
        [f"pv.{table}.brand_id", f"pv.{table}.id"],
        name=op.f(f"thread_split_brand_id_{column}_fkey"),
    )
