"""Drafts of a contract's next version; fee, caps and who published belong to a version."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_contract_drafts"
down_revision = "20261127_calendar_documents"
branch_labels = None
depends_on = None

METRICS = (
    "first_response", "next_response", "every_response", "resolution", "service_level", "speed_of_answer",
    "abandonment", "accessibility", "handle_time", "first_contact_resolution", "satisfaction", "quality",
    "adherence", "backlog", "back_office", "approval",
)  # fmt: skip
MONEY = {"fee": "fee_cents >= 0", "credit_cap": "credit_cap_bp >= 0", "bonus_cap": "bonus_cap_bp >= 0"}
PUBLISHED = "contract_version_published_by_fkey"


def upgrade() -> None:
    """The release before writes none of the new columns: the defaults are theirs."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    fee = sa.Column("fee_cents", sa.BigInteger(), nullable=False, server_default="0")
    op.add_column("contract_version", fee, schema="pv")
    for name in ("credit_cap_bp", "bonus_cap_bp"):
        op.add_column("contract_version", sa.Column(name, sa.BigInteger(), nullable=True), schema="pv")
    at = sa.Column("published_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("contract_version", at, schema="pv")
    op.add_column("contract_version", sa.Column("published_by", sa.Uuid(), nullable=True), schema="pv")
    op.create_foreign_key(
        op.f(PUBLISHED),
        "contract_version",
        "person",
        ["published_by"],
        ["id"],
        source_schema="pv",
        referent_schema="pv",
    )
    for name, rule in MONEY.items():
        constraint = op.f(f"contract_version_{name}_check")
        op.create_check_constraint(constraint, "contract_version", rule, schema="pv")
    _contract_draft()
    _clause_draft()
    for table in ("contract_draft", "clause_draft"):
        for statement in wall(table, "tenant"):
            op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("clause_draft", schema="pv")
    op.drop_table("contract_draft", schema="pv")
    for name in MONEY:
        op.drop_constraint(op.f(f"contract_version_{name}_check"), "contract_version", schema="pv")
    op.drop_constraint(op.f(PUBLISHED), "contract_version", schema="pv")
    for name in ("published_by", "published_at", "bonus_cap_bp", "credit_cap_bp", "fee_cents"):
        op.drop_column("contract_version", name, schema="pv")


def _contract_draft() -> None:
    op.create_table(
        "contract_draft",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("fee_cents", sa.BigInteger(), nullable=False),
        sa.Column("credit_cap_bp", sa.BigInteger(), nullable=True),
        sa.Column("bonus_cap_bp", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        *(
            sa.CheckConstraint(rule, name=op.f(f"contract_draft_{name}_check"))
            for name, rule in MONEY.items()
        ),
        _owned("contract_draft", "contract_id", "contract"),
        sa.ForeignKeyConstraint(["opened_by"], ["pv.person.id"], name=op.f("contract_draft_opened_by_fkey")),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("contract_draft_pkey")),
        sa.UniqueConstraint("brand_id", "contract_id", name=op.f("contract_draft_brand_id_contract_id_key")),
        schema="pv",
    )


def _clause_draft() -> None:
    listed = ", ".join(f"'{name}'" for name in METRICS)
    checks = {
        "metric": f"metric IN ({listed})",
        "ordinal": "ordinal > 0",
        "target": "target_s > 0",
        "share": "share_bp BETWEEN 1 AND 10000",
    }
    owners = {
        "draft_id": "contract_draft",
        "copied_from": "clause",
        "lob_id": "line_of_business",
        "calendar_id": "calendar",
    }
    op.create_table(
        "clause_draft",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("copied_from", sa.Uuid(), nullable=True),
        sa.Column("lob_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("target_s", sa.BigInteger(), nullable=True),
        sa.Column("share_bp", sa.BigInteger(), nullable=True),
        sa.Column("calendar_id", sa.Uuid(), nullable=True),
        sa.Column("reopen_window_s", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"clause_draft_{name}_check")) for name, rule in checks.items()),
        *(_owned("clause_draft", column, table) for column, table in owners.items()),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("clause_draft_pkey")),
        schema="pv",
    )


def _owned(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["brand_id", column],
        [f"pv.{other}.brand_id", f"pv.{other}.id"],
        name=op.f(f"{table}_brand_id_{column}_fkey"),
    )
