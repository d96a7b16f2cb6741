"""Visits to a brand's shops, which the client's own people write down at the counter."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_visits"
down_revision = "20261127_may_read"
branch_labels = None
depends_on = None

ROLES = "'agent', 'supervisor', 'admin', 'client_viewer', 'client_approver', 'client_back_office', 'client_lead_taker'"
TABLES = ("shop", "shop_clerk", "visit")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _roles(f"{ROLES}, 'client_shop_clerk'")
    _shops()
    _clerks()
    _visits()
    for table in TABLES:
        for statement in wall(table, "tenant"):
            op.execute(statement)


def downgrade() -> None:
    """Who only stood at a counter may do nothing any more; the contacts that visits were stay."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table, schema="pv")
    op.execute("ALTER TABLE pv.access_grant NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM pv.access_grant WHERE role = 'client_shop_clerk'")
    op.execute("ALTER TABLE pv.access_grant FORCE ROW LEVEL SECURITY")
    _roles(ROLES)


def _shops() -> None:
    op.create_table(
        "shop",
        *_keys("lob_id"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        _moment("created_at"),
        _moment("retired_at", nullable=True),
        _owned("shop", "lob_id", "line_of_business"),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("shop_pkey")),
        schema="pv",
    )
    standing = {"unique": True, "schema": "pv", "postgresql_where": sa.text("retired_at IS NULL")}
    op.create_index("shop_name", "shop", ["brand_id", "name", "place"], **standing)


def _clerks() -> None:
    op.create_table(
        "shop_clerk",
        *_keys("shop_id", "brand_agent_id"),
        _moment("given_at"),
        _moment("chosen_at", nullable=True),
        _moment("ended_at", nullable=True),
        _owned("shop_clerk", "shop_id", "shop"),
        _owned("shop_clerk", "brand_agent_id", "brand_agent"),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("shop_clerk_pkey")),
        schema="pv",
    )
    given = {"unique": True, "schema": "pv", "postgresql_where": sa.text("ended_at IS NULL")}
    op.create_index("shop_clerk_once", "shop_clerk", ["brand_id", "brand_agent_id", "shop_id"], **given)


def _visits() -> None:
    op.create_table(
        "visit",
        *_keys("interaction_id", "shop_id", "brand_agent_id", "message_id", "form_key"),
        _moment("occurred_at"),
        _moment("received_at"),
        sa.Column("continued_id", sa.Uuid(), nullable=True),
        sa.Column("answer_to", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(continued_id IS NULL) = (answer_to IS NULL)", name=op.f("visit_continuing_check")
        ),
        *(
            _owned("visit", column, table)
            for column, table in (
                ("interaction_id", "interaction"),
                ("shop_id", "shop"),
                ("brand_agent_id", "brand_agent"),
                ("message_id", "message"),
                ("continued_id", "interaction"),
            )
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("visit_pkey")),
        *(
            sa.UniqueConstraint("brand_id", *columns, name=op.f(f"visit_brand_id_{'_'.join(columns)}_key"))
            for columns in (("interaction_id",), ("message_id",), ("brand_agent_id", "form_key"))
        ),
        schema="pv",
    )
    continued = {"unique": True, "schema": "pv", "postgresql_where": sa.text("continued_id IS NOT NULL")}
    op.create_index("visit_continued", "visit", ["brand_id", "continued_id"], **continued)
    op.create_index("visit_shop", "visit", ["brand_id", "shop_id", "occurred_at"], schema="pv")


def _keys(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Uuid(), nullable=False) for name in ("brand_id", "id", *names)]


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _owned(table: str, column: str, owner: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["brand_id", column],
        [f"pv.{owner}.brand_id", f"pv.{owner}.id"],
        name=op.f(f"{table}_brand_id_{column}_fkey"),
    )


def _roles(known: str) -> None:
    """Grants are few: they are looked at here and now."""
    name = op.f("access_grant_role_check")
    op.drop_constraint(name, "access_grant", schema="pv")
    op.create_check_constraint(name, "access_grant", f"role IN ({known})", schema="pv")
