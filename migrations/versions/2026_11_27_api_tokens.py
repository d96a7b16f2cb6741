"""API tokens: what a client's own programs show to read their brand's figures. The secret's hash is an endpoint's value."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_api_tokens"
down_revision = "20261127_relief"
branch_labels = None
depends_on = None

TOKEN_KIND = "api_token"  # noqa: S105 -- a kind of address, and no secret


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _kinds("'email', 'api_token'")
    op.create_table(
        "api_token",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("api_token_brand_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("api_token_pkey")),
        sa.UniqueConstraint("brand_id", "endpoint_id", name=op.f("api_token_brand_id_endpoint_id_key")),
        schema="pv",
    )
    for statement in wall("api_token", "tenant"):
        op.execute(statement)


def downgrade() -> None:
    """Every token stops working."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("api_token", schema="pv")
    op.execute("ALTER TABLE pv.endpoint NO FORCE ROW LEVEL SECURITY")
    op.execute(sa.text("DELETE FROM pv.endpoint WHERE kind = :kind").bindparams(kind=TOKEN_KIND))
    op.execute("ALTER TABLE pv.endpoint FORCE ROW LEVEL SECURITY")
    _kinds("'email'")


def _kinds(known: str) -> None:
    """Endpoints are few: they are looked at here and now."""
    name = op.f("endpoint_kind_check")
    op.drop_constraint(name, "endpoint", schema="pv")
    op.create_check_constraint(name, "endpoint", f"kind IN ({known})", schema="pv")
