"""Snippets: what a brand's agents may say ready-made, in two languages."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261126_snippets"
down_revision = "20261126_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "snippet",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lob_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("shortcut", sa.Text(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("snippet_brand_id_fkey")),
        sa.ForeignKeyConstraint(
            ["brand_id", "lob_id"],
            ["pv.line_of_business.brand_id", "pv.line_of_business.id"],
            name=op.f("snippet_brand_id_lob_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("snippet_pkey")),
        sa.UniqueConstraint("brand_id", "shortcut", name=op.f("snippet_brand_id_shortcut_key")),
        schema="pv",
    )
    op.create_table(
        "snippet_text",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("snippet_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("language IN ('it', 'en')", name=op.f("snippet_text_language_check")),
        sa.ForeignKeyConstraint(
            ["brand_id", "snippet_id"],
            ["pv.snippet.brand_id", "pv.snippet.id"],
            name=op.f("snippet_text_brand_id_snippet_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("brand_id", "snippet_id", "language", name=op.f("snippet_text_pkey")),
        schema="pv",
    )
    for table in ("snippet", "snippet_text"):
        for statement in wall(table, "tenant"):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("snippet_text", schema="pv")
    op.drop_table("snippet", schema="pv")
