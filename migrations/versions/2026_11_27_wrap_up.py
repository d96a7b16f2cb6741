"""Wrap-up: outcomes and contact reasons are trees, after-contact work has a time, a line of business says how it works."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_wrap_up"
down_revision = "20261127_states_handed_over"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _choices()
    _reason()
    _lines()
    _after_contact()


def _choices() -> None:
    """What there was is the first level of the tree of outcomes."""
    for column in (
        sa.Column("kind", sa.Text(), nullable=False, server_default="outcome"),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("disposition", column, schema="pv")
    op.create_check_constraint(
        op.f("disposition_kind_check"), "disposition", "kind IN ('outcome', 'reason')", schema="pv"
    )
    _refer("disposition", "parent_id")


def _reason() -> None:
    op.add_column("interaction", sa.Column("reason_id", sa.Uuid(), nullable=True), schema="pv")
    _refer("interaction", "reason_id")


def _refer(table: str, column: str) -> None:
    """To a choice of the same brand. The column is new, so that no row has to be looked up."""
    locked = dict.fromkeys((table, "disposition"))
    for each in locked:
        op.execute(f"ALTER TABLE pv.{each} NO FORCE ROW LEVEL SECURITY")
    op.create_foreign_key(
        op.f(f"{table}_brand_id_{column}_fkey"),
        table,
        "disposition",
        ["brand_id", column],
        ["brand_id", "id"],
        source_schema="pv",
        referent_schema="pv",
    )
    for each in locked:
        op.execute(f"ALTER TABLE pv.{each} FORCE ROW LEVEL SECURITY")


def _lines() -> None:
    """Nobody could choose how a line works before: all were born `free`, and behaved as `assisted` does."""
    for column in (
        sa.Column("reason_required", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("acw_mode", sa.Text(), nullable=False, server_default="off"),
        sa.Column("acw_s", sa.BigInteger(), nullable=False, server_default="120"),
    ):
        op.add_column("line_of_business", column, schema="pv")
    for name, rule in (
        ("acw_mode", "acw_mode IN ('off', 'optional', 'timed')"),
        ("acw_length", "acw_s BETWEEN 10 AND 900"),
    ):
        op.create_check_constraint(
            op.f(f"line_of_business_{name}_check"), "line_of_business", rule, schema="pv"
        )
    op.execute("ALTER TABLE pv.line_of_business NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE pv.line_of_business SET work_mode = 'assisted' WHERE work_mode = 'free'")
    op.execute("ALTER TABLE pv.line_of_business FORCE ROW LEVEL SECURITY")


def _after_contact() -> None:
    op.add_column(
        "handling_segment", sa.Column("until", sa.DateTime(timezone=True), nullable=True), schema="pv"
    )
    op.add_column(
        "agent_slot", sa.Column("acw_until", sa.DateTime(timezone=True), nullable=True), schema="pv"
    )
    op.create_table(
        "agent_acw",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["pv.agent.agent_id"], name=op.f("agent_acw_agent_id_fkey")),
        sa.PrimaryKeyConstraint("agent_id", "id", name=op.f("agent_acw_pkey")),
        schema="pv",
    )
    for statement in wall("agent_acw", "agent"):
        op.execute(statement)


def downgrade() -> None:
    """What was a branch is an outcome again, and what was retired can be chosen; contact reasons are gone."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("agent_acw", schema="pv")
    op.drop_column("agent_slot", "acw_until", schema="pv")
    op.drop_column("handling_segment", "until", schema="pv")
    for column in ("reason_required", "acw_mode", "acw_s"):
        op.drop_column("line_of_business", column, schema="pv")
    op.drop_column("interaction", "reason_id", schema="pv")
    op.execute("ALTER TABLE pv.disposition NO FORCE ROW LEVEL SECURITY")
    op.drop_column("disposition", "parent_id", schema="pv")
    op.execute("DELETE FROM pv.disposition WHERE kind = 'reason'")
    op.execute("ALTER TABLE pv.disposition FORCE ROW LEVEL SECURITY")
    op.drop_column("disposition", "retired_at", schema="pv")
    op.drop_column("disposition", "kind", schema="pv")
