"""Approvals: the client sees some replies before they leave, by the rule of a line or by the agent's wish."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_approvals"
down_revision = "20261127_thread_splits"
branch_labels = None
depends_on = None

MESSAGE = "'received', 'noted', 'queued', 'sending', 'sent', 'failed', 'uncertain', 'withdrawn'"
METRICS = "'first_response', 'back_office'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _known("message", "state", f"{MESSAGE}, 'awaiting'")
    _known("clause", "metric", f"{METRICS}, 'approval'")
    op.add_column(
        "line_of_business",
        sa.Column("approval", sa.Text(), nullable=False, server_default="never"),
        schema="pv",
    )
    rule = "approval IN ('never', 'sensitive', 'always')"
    op.create_check_constraint(op.f("line_of_business_approval_check"), "line_of_business", rule, schema="pv")
    _approvals()


def downgrade() -> None:
    """What waited for the client never leaves."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("reply_approval", schema="pv")
    op.drop_column("line_of_business", "approval", schema="pv")
    for table in ("message", "clause"):
        op.execute(f"ALTER TABLE pv.{table} NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE pv.message SET state = 'withdrawn' WHERE state = 'awaiting'")
    op.execute("DELETE FROM pv.clause WHERE metric = 'approval'")
    for table in ("message", "clause"):
        op.execute(f"ALTER TABLE pv.{table} FORCE ROW LEVEL SECURITY")
    _known("clause", "metric", METRICS)
    _known("message", "state", MESSAGE)


def _approvals() -> None:
    moment, key = sa.DateTime(timezone=True), sa.Uuid()
    owned = ("interaction", "message", "brand_agent")
    op.create_table(
        "reply_approval",
        sa.Column("brand_id", key, nullable=False),
        sa.Column("id", key, nullable=False),
        *(sa.Column(f"{table}_id", key, nullable=False) for table in owned),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("decided_by", key, nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.CheckConstraint("why IN ('asked', 'sensitive', 'always')", name=op.f("reply_approval_why_check")),
        sa.CheckConstraint(
            "state IN ('open', 'approved', 'returned', 'recalled')", name=op.f("reply_approval_state_check")
        ),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f("reply_approval_ending_check")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["pv.person.id"], name=op.f("reply_approval_decided_by_fkey")
        ),
        *(
            sa.ForeignKeyConstraint(
                ["brand_id", f"{table}_id"],
                [f"pv.{table}.brand_id", f"pv.{table}.id"],
                name=op.f(f"reply_approval_brand_id_{table}_id_fkey"),
            )
            for table in owned
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("reply_approval_pkey")),
        schema="pv",
    )
    op.create_index(
        "reply_approval_open",
        "reply_approval",
        ["brand_id", "interaction_id"],
        unique=True,
        schema="pv",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("reply_approval_message", "reply_approval", ["brand_id", "message_id"], schema="pv")
    op.create_index("reply_approval_ended", "reply_approval", ["brand_id", "ended_at"], schema="pv")
    for statement in wall("reply_approval", "tenant"):
        op.execute(statement)


def _known(table: str, column: str, values: str) -> None:
    """New rows are held to it at once; the next migration looks at the old ones, keeping nobody from writing."""
    name = op.f(f"{table}_{column}_check")
    op.drop_constraint(name, table, schema="pv")
    op.create_check_constraint(name, table, f"{column} IN ({values})", schema="pv", postgresql_not_valid=True)
