"""Observations: what reports are made of is kept beside the ledger, one row a measured unit, with sums of them."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import definer_function, wall

revision = "20261127_observations"
down_revision = "20261127_native_directions"
branch_labels = None
depends_on = None

TABLES = ("report_head", "observation", "tally", "clock_alarm", "reconciliation")
BEHIND = """
    SELECT h.brand_id FROM pv.brand_head h LEFT JOIN pv.report_head r ON r.brand_id = h.brand_id
     WHERE h.n > coalesce(r.n, 0)
"""
COUNTS = ("units", "ended", "met", "late", "let_go", "used_s", "with_client_s")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _heads()
    _observations()
    _tallies()
    _alarms()
    _reconciliations()
    for table in TABLES:
        for statement in wall(table, "tenant", append_only=table == "clock_alarm", in_reports=True):
            op.execute(statement)
    op.execute("DROP POLICY IF EXISTS brand_head_select_definer ON pv.brand_head")
    op.execute(
        "CREATE POLICY brand_head_select_definer ON pv.brand_head FOR SELECT TO portavoce_definer USING (true)"
    )
    op.execute("GRANT SELECT (brand_id, n) ON pv.brand_head TO portavoce_definer")
    for statement in definer_function("brands_behind()", "SETOF uuid", BEHIND, ("portavoce_dispatch",)):
        op.execute(statement)


def downgrade() -> None:
    """All of it can be computed again."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION pv.brands_behind()")
    op.execute("DROP POLICY brand_head_select_definer ON pv.brand_head")
    op.execute("REVOKE SELECT (brand_id, n) ON pv.brand_head FROM portavoce_definer")
    for table in reversed(TABLES):
        op.drop_table(table, schema="pv")


def _heads() -> None:
    op.create_table(
        "report_head", _id("brand_id"), _number("n"), _moment("at"), _of_brand("report_head"),
        sa.PrimaryKeyConstraint("brand_id", name=op.f("report_head_pkey")), schema="pv",
    )  # fmt: skip


def _observations() -> None:
    key = ("brand_id", "interaction_id", "measure", "clause_id", "ordinal", "from_n")
    states = "'open', 'met', 'late', 'let_go', 'counted'"
    op.create_table(
        "observation",
        _id("brand_id"),
        _id("interaction_id"),
        _text("measure"),
        _id("clause_id"),
        _number("ordinal"),
        _number("from_n"),
        _number("until_n", nullable=True),
        _moment("at"),
        _id("lob_id"),
        _text("channel"),
        _text("code"),
        _id("brand_agent_id", nullable=True),
        _moment("since"),
        _moment("until", nullable=True),
        _moment("warn_at", nullable=True),
        _moment("due_at", nullable=True),
        _text("state"),
        _number("used_s"),
        _number("with_client_s"),
        _number("n", nullable=True),
        _of_brand("observation"),
        sa.CheckConstraint(f"state IN ({states})", name=op.f("observation_state_check")),
        sa.PrimaryKeyConstraint(*key, name=op.f("observation_pkey")),
        schema="pv",
    )
    op.create_index("observation_at", "observation", ["brand_id", "measure", "at"], schema="pv")
    for name, column in (("observation_open", "due_at"), ("observation_warns", "warn_at")):
        op.create_index(
            name, "observation", ["brand_id", column], schema="pv",
            postgresql_where=sa.text("state = 'open' AND until_n IS NULL"),
        )  # fmt: skip


def _tallies() -> None:
    key = (
        "brand_id", "grain", "starts_at", "measure", "clause_id", "lob_id", "channel", "code", "brand_agent_id",
    )  # fmt: skip
    op.create_table(
        "tally",
        _id("brand_id"),
        _text("grain"),
        _moment("starts_at"),
        _text("measure"),
        _id("clause_id"),
        _id("lob_id"),
        _text("channel"),
        _text("code"),
        _id("brand_agent_id"),
        *(_number(name) for name in COUNTS),
        _of_brand("tally"),
        sa.CheckConstraint("grain IN ('interval', 'hour', 'day', 'month')", name=op.f("tally_grain_check")),
        sa.PrimaryKeyConstraint(*key, name=op.f("tally_pkey")),
        schema="pv",
    )


def _alarms() -> None:
    op.create_table(
        "clock_alarm",
        _id("brand_id"),
        _id("interaction_id"),
        _id("clause_id"),
        _number("ordinal"),
        _text("kind"),
        _moment("at"),
        _moment("due_at"),
        _text("standing"),
        _moment("raised_at"),
        _of_brand("clock_alarm"),
        sa.ForeignKeyConstraint(
            ["brand_id", "clause_id"],
            ["pv.clause.brand_id", "pv.clause.id"],
            name=op.f("clock_alarm_brand_id_clause_id_fkey"),
        ),
        sa.CheckConstraint("kind IN ('warned', 'breached')", name=op.f("clock_alarm_kind_check")),
        sa.PrimaryKeyConstraint(
            "brand_id", "interaction_id", "clause_id", "ordinal", "kind", name=op.f("clock_alarm_pkey")
        ),
        schema="pv",
    )
    op.create_index("clock_alarm_at", "clock_alarm", ["brand_id", "kind", "at"], schema="pv")


def _reconciliations() -> None:
    op.create_table(
        "reconciliation",
        _id("brand_id"),
        _id("id"),
        _text("night"),
        _moment("at"),
        _number("n"),
        _number("faults"),
        _text("detail"),
        _of_brand("reconciliation"),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("reconciliation_pkey")),
        sa.UniqueConstraint("brand_id", "night", name=op.f("reconciliation_brand_id_night_key")),
        schema="pv",
    )


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=nullable, autoincrement=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of_brand(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f(f"{table}_brand_id_fkey"))
