"""What marks a text as one brand's, and the question whether a text carries another brand's marks."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import definer_function, wall

revision = "20261126_brand_signals"
down_revision = "20261126_other_sender"
branch_labels = None
depends_on = None

AMONG = """
SELECT DISTINCT s.key, CASE WHEN s.brand_id = ANY (pv.read_scope()) THEN s.brand_id END,
       CASE WHEN s.brand_id = $1 THEN s.origin END
  FROM pv.brand_signal s
 WHERE s.key = ANY ($2) AND $1 = ANY (pv.read_scope())
   AND (s.brand_id = $1 OR s.origin NOT IN ('allowed', 'used'))
"""
SIGNATURE = "signals_among(own uuid, keys text[])"
RETURNS = "TABLE (key text, brand_id uuid, origin text)"
ORIGINS = "origin IN ('name', 'address', 'signature', 'added', 'allowed', 'used')"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "brand_signal",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(ORIGINS, name=op.f("brand_signal_origin_check")),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("brand_signal_brand_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("brand_signal_pkey")),
        sa.UniqueConstraint("brand_id", "key", "origin", name=op.f("brand_signal_brand_id_key_origin_key")),
        schema="pv",
    )
    op.create_index("brand_signal_key", "brand_signal", ["key"], schema="pv")
    for statement in wall("brand_signal", "tenant"):
        op.execute(statement)
    for statement in definer_function(SIGNATURE, RETURNS, AMONG, ("portavoce_app",)):
        op.execute(statement)


def downgrade() -> None:
    op.execute(f"DROP FUNCTION pv.{SIGNATURE}")
    op.drop_table("brand_signal", schema="pv")
