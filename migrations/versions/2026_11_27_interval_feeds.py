"""Interval feeds: which files tell a day of a brand in quarters and halves of an hour, and which one replaced which."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_interval_feeds"
down_revision = "20261127_api_tokens"
branch_labels = None
depends_on = None

ONCE = ("brand_id", "day", "minutes", "format", "restatement")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "interval_feed",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("restatement", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("format IN ('csv', 'jsonl')", name=op.f("interval_feed_format_check")),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("interval_feed_brand_id_fkey")),
        sa.ForeignKeyConstraint(
            ["brand_id", "file_id"],
            ["pv.stored_file.brand_id", "pv.stored_file.id"],
            name=op.f("interval_feed_brand_id_file_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("interval_feed_pkey")),
        sa.UniqueConstraint(*ONCE, name=op.f("interval_feed_once")),
        schema="pv",
    )
    for statement in wall("interval_feed", "tenant", in_reports=True):
        op.execute(statement)


def downgrade() -> None:
    """The files stay until the sweep finds that no row names them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("interval_feed", schema="pv")
