"""Bulk actions: one act on many waiting contacts of a brand, and how far each of them got."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_bulk_actions"
down_revision = "20261127_mentions"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
VERBS = "verb IN ('take', 'aside', 'agent', 'queue', 'reason', 'close')"
STATES = "state IN ('planned', 'done', 'left_out', 'undone', 'kept')"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _actions()
    _steps()
    op.create_index("bulk_step_interaction", "bulk_step", ["brand_id", "interaction_id"], schema="pv")
    for table in ("bulk_action", "bulk_step"):
        for statement in wall(table, "tenant"):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("bulk_step", schema="pv")
    op.drop_table("bulk_action", schema="pv")


def _actions() -> None:
    op.create_table(
        "bulk_action",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("brand_agent_id", sa.Uuid(), nullable=False),
        sa.Column("supervising", sa.Boolean(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("to_agent_id", sa.Uuid(), nullable=True),
        sa.Column("to_lob_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.CheckConstraint(VERBS, name=op.f("bulk_action_verb_check")),
        sa.CheckConstraint("(verb = 'aside') = (until IS NOT NULL)", name=op.f("bulk_action_moment_check")),
        sa.CheckConstraint(
            "(verb = 'agent') = (to_agent_id IS NOT NULL)", name=op.f("bulk_action_receiver_check")
        ),
        sa.CheckConstraint("(verb = 'queue') = (to_lob_id IS NOT NULL)", name=op.f("bulk_action_line_check")),
        _owned("bulk_action", "brand_agent_id", "brand_agent"),
        _owned("bulk_action", "to_agent_id", "brand_agent"),
        _owned("bulk_action", "to_lob_id", "line_of_business"),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("bulk_action_pkey")),
        schema="pv",
    )


def _steps() -> None:
    op.create_table(
        "bulk_step",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("queued_at", MOMENT, nullable=True),
        sa.Column("ahead_since", MOMENT, nullable=True),
        sa.Column("lob_id", sa.Uuid(), nullable=True),
        sa.Column("queue_id", sa.Uuid(), nullable=True),
        sa.Column("reason_id", sa.Uuid(), nullable=True),
        sa.Column("left_state", sa.Text(), nullable=True),
        sa.Column("left_with", sa.Uuid(), nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.CheckConstraint(STATES, name=op.f("bulk_step_state_check")),
        _owned("bulk_step", "action_id", "bulk_action"),
        _owned("bulk_step", "interaction_id", "interaction"),
        _owned("bulk_step", "lob_id", "line_of_business"),
        _owned("bulk_step", "queue_id", "queue"),
        _owned("bulk_step", "reason_id", "disposition"),
        _owned("bulk_step", "left_with", "brand_agent"),
        sa.PrimaryKeyConstraint("brand_id", "action_id", "interaction_id", name=op.f("bulk_step_pkey")),
        schema="pv",
    )


def _owned(table: str, column: str, remote: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["brand_id", column],
        [f"pv.{remote}.brand_id", f"pv.{remote}.id"],
        name=op.f(f"{table}_brand_id_{column}_fkey"),
    )
