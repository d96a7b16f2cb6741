"""Handing over: to a colleague, to another queue, or with a question to the client's back office."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_handing_over"
down_revision = "20261127_complaints"
branch_labels = None
depends_on = None

INTERACTION = "'waiting', 'assigned', 'snoozed', 'pending'"
WORK = "'waiting', 'assigned', 'aside'"
HOLDERS = "state IN ('assigned', 'snoozed', 'pending'"
ROLES = "'agent', 'supervisor', 'admin', 'client_viewer', 'client_approver'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "work_item", sa.Column("ahead_since", sa.DateTime(timezone=True), nullable=True), schema="pv"
    )
    _known("interaction", "state", f"{INTERACTION}, 'with_client', 'closed'")
    _known("work_item", "state", f"{WORK}, 'with_client', 'done'")
    _known("clause", "metric", "'first_response', 'back_office'")
    _known("access_grant", "role", f"{ROLES}, 'client_back_office'")
    _holders(f"{HOLDERS}, 'with_client')")
    _line(["brand_id", "ahead_since", "due_at", "queued_at"])
    _requests()


def downgrade() -> None:
    """What the client was asked waits again; who could only answer may do nothing any more."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("client_request", schema="pv")
    for table in ("interaction", "work_item", "clause", "access_grant"):
        op.execute(f"ALTER TABLE pv.{table} NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE pv.interaction SET state = 'waiting', brand_agent_id = NULL WHERE state = 'with_client'"
    )
    op.execute("UPDATE pv.work_item SET state = 'waiting' WHERE state = 'with_client'")
    op.execute("DELETE FROM pv.clause WHERE metric = 'back_office'")
    op.execute("DELETE FROM pv.access_grant WHERE role = 'client_back_office'")
    for table in ("interaction", "work_item", "clause", "access_grant"):
        op.execute(f"ALTER TABLE pv.{table} FORCE ROW LEVEL SECURITY")
    _line(["brand_id", "due_at"])
    _holders(f"{HOLDERS})")
    op.drop_column("work_item", "ahead_since", schema="pv")
    _known("access_grant", "role", ROLES)
    _known("clause", "metric", "'first_response'")
    _known("work_item", "state", f"{WORK}, 'done'")
    _known("interaction", "state", f"{INTERACTION}, 'closed'")


def _requests() -> None:
    moment, key = sa.DateTime(timezone=True), sa.Uuid()
    op.create_table(
        "client_request",
        sa.Column("brand_id", key, nullable=False),
        sa.Column("id", key, nullable=False),
        sa.Column("interaction_id", key, nullable=False),
        sa.Column("brand_agent_id", key, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("shared", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("answered_by", key, nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'answered', 'recalled')", name=op.f("client_request_state_check")
        ),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f("client_request_ending_check")),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["pv.person.id"], name=op.f("client_request_answered_by_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "interaction_id"],
            ["pv.interaction.brand_id", "pv.interaction.id"],
            name=op.f("client_request_brand_id_interaction_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "brand_agent_id"],
            ["pv.brand_agent.brand_id", "pv.brand_agent.id"],
            name=op.f("client_request_brand_id_brand_agent_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("client_request_pkey")),
        schema="pv",
    )
    op.create_index(
        "client_request_open",
        "client_request",
        ["brand_id", "interaction_id"],
        unique=True,
        schema="pv",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("client_request_ended", "client_request", ["brand_id", "ended_at"], schema="pv")
    for statement in wall("client_request", "tenant", in_reports=True):
        op.execute(statement)


def _line(columns: list[str]) -> None:
    op.drop_index("work_item_waiting", "work_item", schema="pv")
    op.create_index(
        "work_item_waiting",
        "work_item",
        columns,
        schema="pv",
        postgresql_where=sa.text("state = 'waiting'"),
    )


def _holders(which: str) -> None:
    op.drop_index("interaction_holder", "interaction", schema="pv")
    op.create_index(
        "interaction_holder",
        "interaction",
        ["brand_id", "brand_agent_id"],
        schema="pv",
        postgresql_where=sa.text(which),
    )


def _known(table: str, column: str, values: str) -> None:
    """New rows are held to it at once; the next migration looks at the old ones, keeping nobody from writing."""
    name = op.f(f"{table}_{column}_check")
    op.drop_constraint(name, table, schema="pv")
    op.create_check_constraint(name, table, f"{column} IN ({values})", schema="pv", postgresql_not_valid=True)
