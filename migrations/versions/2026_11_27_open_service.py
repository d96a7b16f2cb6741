"""Open service: a brand's measured service under an address of its own, found like every other before a scope exists."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_open_service"
down_revision = "20261127_reasons_in_reports"
branch_labels = None
depends_on = None

KINDS = "'email', 'api_token'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _kinds(f"{KINDS}, 'service'")
    op.create_table(
        "open_service",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("open_service_brand_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", name=op.f("open_service_pkey")),
        schema="pv",
    )
    for statement in wall("open_service", "tenant", in_reports=True):
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("open_service", schema="pv")
    op.execute("ALTER TABLE pv.endpoint NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM pv.endpoint WHERE kind = 'service'")
    op.execute("ALTER TABLE pv.endpoint FORCE ROW LEVEL SECURITY")
    _kinds(KINDS)


def _kinds(known: str) -> None:
    """Addresses are few: they are looked at here and now."""
    name = op.f("endpoint_kind_check")
    op.drop_constraint(name, "endpoint", schema="pv")
    op.create_check_constraint(name, "endpoint", f"kind IN ({known})", schema="pv")
