"""Leads: sales opportunities passed to the client, whose own people take them."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_leads"
down_revision = "20261127_states_approved"
branch_labels = None
depends_on = None

ROLES = "'agent', 'supervisor', 'admin', 'client_viewer', 'client_approver', 'client_back_office'"
OWNED = ("customer", "interaction", "brand_agent")
CHECKS = {
    "state": "state IN ('open', 'taken', 'won', 'lost', 'unreachable')",
    "taking": "(state = 'open') = (taken_at IS NULL)",
    "taker": "(taken_at IS NULL) = (taken_by IS NULL)",
    "ending": "(state IN ('open', 'taken')) = (ended_at IS NULL)",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _roles(f"{ROLES}, 'client_lead_taker'")
    moment, key = sa.DateTime(timezone=True), sa.Uuid()
    op.create_table(
        "lead",
        sa.Column("brand_id", key, nullable=False),
        sa.Column("id", key, nullable=False),
        *(sa.Column(f"{table}_id", key, nullable=False) for table in OWNED),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("with_phone", sa.Boolean(), nullable=False),
        sa.Column("with_email", sa.Boolean(), nullable=False),
        sa.Column("form_key", key, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("passed_at", moment, nullable=False),
        sa.Column("taken_by", key, nullable=True),
        sa.Column("taken_at", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"lead_{name}_check")) for name, rule in CHECKS.items()),
        sa.ForeignKeyConstraint(["taken_by"], ["pv.person.id"], name=op.f("lead_taken_by_fkey")),
        *(
            sa.ForeignKeyConstraint(
                ["brand_id", f"{table}_id"],
                [f"pv.{table}.brand_id", f"pv.{table}.id"],
                name=op.f(f"lead_brand_id_{table}_id_fkey"),
            )
            for table in OWNED
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("lead_pkey")),
        sa.UniqueConstraint(
            "brand_id", "interaction_id", "form_key", name=op.f("lead_brand_id_interaction_id_form_key_key")
        ),
        schema="pv",
    )
    op.create_index("lead_state", "lead", ["brand_id", "state", "passed_at"], schema="pv")
    op.create_index("lead_customer", "lead", ["brand_id", "customer_id", "passed_at"], schema="pv")
    for statement in wall("lead", "tenant"):
        op.execute(statement)


def downgrade() -> None:
    """Who could only take leads may do nothing any more."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("lead", schema="pv")
    op.execute("ALTER TABLE pv.access_grant NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM pv.access_grant WHERE role = 'client_lead_taker'")
    op.execute("ALTER TABLE pv.access_grant FORCE ROW LEVEL SECURITY")
    _roles(ROLES)


def _roles(known: str) -> None:
    """Grants are few: they are looked at here and now."""
    name = op.f("access_grant_role_check")
    op.drop_constraint(name, "access_grant", schema="pv")
    op.create_check_constraint(name, "access_grant", f"role IN ({known})", schema="pv")
