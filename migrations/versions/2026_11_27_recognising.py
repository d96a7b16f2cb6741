"""Who is this: one-time codes, links with their confidence, removed identities, and pairs that are not one person."""

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_recognising"
down_revision = "20261127_customer_import"
branch_labels = None
depends_on = None

TABLES = ("customer_code", "customer_link", "customer_removal", "customer_apart")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _codes()
    _links()
    _removals()
    _apart()
    op.create_index("customer_move_row", "customer_move", ["brand_id", "row_id"], schema="pv")
    for table in TABLES:
        for statement in wall(table, "tenant", append_only=table == "customer_link"):
            op.execute(statement)


def downgrade() -> None:
    op.drop_index("customer_move_row", "customer_move", schema="pv")
    for table in ("customer_link", "customer_code", "customer_removal", "customer_apart"):
        op.drop_table(table, schema="pv")


def _codes() -> None:
    owned = {"interaction_id": "interaction", "customer_id": "customer", "brand_agent_id": "brand_agent"}
    _table(
        "customer_code",
        owned,
        sa.Column("sent_to", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'used', 'worn', 'replaced')", name=op.f("customer_code_state_check")
        ),
    )
    for name, column in (
        ("customer_code_contact", "interaction_id"),
        ("customer_code_customer", "customer_id"),
    ):
        op.create_index(name, "customer_code", ["brand_id", column, "at"], schema="pv")


def _links() -> None:
    _table(
        "customer_link",
        {"merge_id": "customer_merge", "interaction_id": "interaction"},
        sa.Column("confidence", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("code_id", sa.Uuid(), nullable=True),
        _key("customer_link", "code_id", "customer_code"),
        sa.CheckConstraint(
            "confidence IN ('stated', 'verified')", name=op.f("customer_link_confidence_check")
        ),
        sa.CheckConstraint(
            "evidence IN ('order', 'birth_or_address', 'recognised', 'other', 'code')",
            name=op.f("customer_link_evidence_check"),
        ),
        sa.CheckConstraint(
            "(confidence = 'verified') = (evidence = 'code')", name=op.f("customer_link_proof_check")
        ),
        sa.CheckConstraint(
            "(evidence = 'code') = (code_id IS NOT NULL)", name=op.f("customer_link_code_check")
        ),
        sa.CheckConstraint("evidence <> 'other' OR words <> ''", name=op.f("customer_link_words_check")),
        sa.UniqueConstraint("brand_id", "merge_id", name=op.f("customer_link_brand_id_merge_id_key")),
    )


def _removals() -> None:
    _table(
        "customer_removal",
        {"customer_id": "customer", "brand_agent_id": "brand_agent"},
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("channel", "value", "shown")),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index(
        "customer_removal_customer", "customer_removal", ["brand_id", "customer_id", "at"], schema="pv"
    )


def _apart() -> None:
    _table(
        "customer_apart",
        {"one_id": "customer", "other_id": "customer", "brand_agent_id": "brand_agent"},
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index(
        "customer_apart_standing",
        "customer_apart",
        ["brand_id", "one_id", "other_id"],
        unique=True,
        schema="pv",
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_index("customer_apart_other", "customer_apart", ["brand_id", "other_id"], schema="pv")


def _table(name: str, owned: Mapping[str, str], *parts: sa.Column | sa.Constraint) -> None:
    op.create_table(
        name,
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(column, sa.Uuid(), nullable=False) for column in owned),
        *parts,
        *(_key(name, column, table) for column, table in owned.items()),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f(f"{name}_pkey")),
        schema="pv",
    )


def _key(name: str, column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["brand_id", column],
        [f"pv.{table}.brand_id", f"pv.{table}.id"],
        name=op.f(f"{name}_brand_id_{column}_fkey"),
    )
