"""SLA clauses: every metric of the trade, with a rule of its own, several of one metric, and around the clock."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_sla_clauses"
down_revision = "20261127_observations"
branch_labels = None
depends_on = None

KEY = ("brand_id", "contract_version_id", "lob_id", "channel", "metric")
KEPT = ("first_response", "back_office", "approval")
NEW = (
    "next_response", "every_response", "resolution", "service_level", "speed_of_answer", "abandonment", "accessibility",
    "handle_time", "first_contact_resolution", "satisfaction", "quality", "adherence", "backlog",
)  # fmt: skip
OPTIONAL = ("target_s", "share_bp", "calendar_id")
NAME = "clause_" + "_".join(KEY) + "_key"


def upgrade() -> None:
    """The release before writes neither number nor rule: the defaults are theirs."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("clause", sa.Column("rule", sa.Text(), nullable=False, server_default=""), schema="pv")
    op.add_column(
        "clause", sa.Column("ordinal", sa.BigInteger(), nullable=False, server_default="1"), schema="pv"
    )
    for column in OPTIONAL:
        op.alter_column("clause", column, nullable=True, schema="pv")
    op.drop_constraint(NAME, "clause", schema="pv")
    op.create_unique_constraint(op.f("clause_once"), "clause", [*KEY, "ordinal"], schema="pv")
    op.create_check_constraint(op.f("clause_ordinal_check"), "clause", "ordinal > 0", schema="pv")
    _metrics(*KEPT, *NEW)


def downgrade() -> None:
    """Only what the release before knew stays."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE pv.clause NO FORCE ROW LEVEL SECURITY")
    op.execute(f"DELETE FROM pv.clause WHERE metric NOT IN ({_listed(*KEPT)}) OR ordinal > 1")  # noqa: S608 -- the names above
    op.execute("DELETE FROM pv.clause WHERE target_s IS NULL OR share_bp IS NULL OR calendar_id IS NULL")
    op.execute("ALTER TABLE pv.clause FORCE ROW LEVEL SECURITY")
    _metrics(*KEPT)
    op.drop_constraint(op.f("clause_ordinal_check"), "clause", schema="pv")
    op.drop_constraint(op.f("clause_once"), "clause", schema="pv")
    op.create_unique_constraint(NAME, "clause", list(KEY), schema="pv")
    for column in OPTIONAL:
        op.alter_column("clause", column, nullable=False, schema="pv")
    op.drop_column("clause", "ordinal", schema="pv")
    op.drop_column("clause", "rule", schema="pv")


def _metrics(*names: str) -> None:
    """Clauses are few: they are looked at here and now."""
    name = op.f("clause_metric_check")
    op.drop_constraint(name, "clause", schema="pv")
    op.create_check_constraint(name, "clause", f"metric IN ({_listed(*names)})", schema="pv")


def _listed(*names: str) -> str:
    return ", ".join(f"'{name}'" for name in names)
