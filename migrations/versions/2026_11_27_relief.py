"""Relief events, and what silence about one means by each version of a contract."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_relief"
down_revision = "20261127_unit_rules"
branch_labels = None
depends_on = None

CONTRACTS = ("contract_version", "contract_draft")
SILENCE = "relief_silence_days"
CHECKS = {
    "cause": (
        "cause IN ('client_system_down', 'client_information_late', 'client_change_unannounced', "
        "'volume_over_forecast', 'force_majeure', 'provider_fault')"
    ),
    "state": "state IN ('proposed', 'accepted', 'contested', 'withdrawn')",
    "decided_side": "decided_side IN ('client', 'silence', 'provider')",
    "window": "starts_at <= ends_at",
    "decision": "(state = 'proposed') = (decided_at IS NULL)",
    "side": "(decided_at IS NULL) = (decided_side IS NULL)",
    "scope": "interaction_id IS NULL OR (lob_id IS NULL AND channel IS NULL)",
}


def upgrade() -> None:
    """The release before writes no silence: without a number of days it decides nothing."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in CONTRACTS:
        op.add_column(table, sa.Column(SILENCE, sa.BigInteger(), nullable=True), schema="pv")
        rule = op.f(f"{table}_relief_silence_check")
        op.create_check_constraint(rule, table, f"{SILENCE} BETWEEN 1 AND 366", schema="pv")
    _events()


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("relief_event", schema="pv")
    for table in CONTRACTS:
        op.drop_constraint(op.f(f"{table}_relief_silence_check"), table, schema="pv")
        op.drop_column(table, SILENCE, schema="pv")


def _events() -> None:
    moment, key, text = sa.DateTime(timezone=True), sa.Uuid(), sa.Text()
    owners = {"lob_id": "line_of_business", "interaction_id": "interaction"}
    op.create_table(
        "relief_event",
        sa.Column("brand_id", key, nullable=False),
        sa.Column("id", key, nullable=False),
        sa.Column("cause", text, nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("lob_id", key, nullable=True),
        sa.Column("channel", text, nullable=True),
        sa.Column("interaction_id", key, nullable=True),
        sa.Column("evidence", text, nullable=False),
        sa.Column("state", text, nullable=False),
        sa.Column("proposed_at", moment, nullable=False),
        sa.Column("proposed_by", key, nullable=False),
        sa.Column("due_at", moment, nullable=True),
        sa.Column("decided_at", moment, nullable=True),
        sa.Column("decided_side", text, nullable=True),
        sa.Column("decided_by", key, nullable=True),
        sa.Column("reason", text, nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"relief_event_{name}_check")) for name, rule in CHECKS.items()),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("relief_event_brand_id_fkey")),
        *(
            sa.ForeignKeyConstraint([column], ["pv.person.id"], name=op.f(f"relief_event_{column}_fkey"))
            for column in ("proposed_by", "decided_by")
        ),
        *(
            sa.ForeignKeyConstraint(
                ["brand_id", column],
                [f"pv.{table}.brand_id", f"pv.{table}.id"],
                name=op.f(f"relief_event_brand_id_{column}_fkey"),
            )
            for column, table in owners.items()
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("relief_event_pkey")),
        schema="pv",
    )
    undecided = sa.text("state = 'proposed' AND due_at IS NOT NULL")
    op.create_index(
        "relief_event_due", "relief_event", ["brand_id", "due_at"], schema="pv", postgresql_where=undecided
    )
    op.create_index("relief_event_starts", "relief_event", ["brand_id", "starts_at"], schema="pv")
    for statement in wall("relief_event", "tenant", in_reports=True):
        op.execute(statement)
