"""Notes that mention a colleague."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_mentions"
down_revision = "20261127_cases"
branch_labels = None
depends_on = None

OWNED = ("interaction", "message", "brand_agent")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "mention",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(f"{table}_id", sa.Uuid(), nullable=False) for table in OWNED),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                ["brand_id", f"{table}_id"],
                [f"pv.{table}.brand_id", f"pv.{table}.id"],
                name=op.f(f"mention_brand_id_{table}_id_fkey"),
            )
            for table in OWNED
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("mention_pkey")),
        sa.UniqueConstraint(
            "brand_id",
            "message_id",
            "brand_agent_id",
            name=op.f("mention_brand_id_message_id_brand_agent_id_key"),
        ),
        schema="pv",
    )
    op.create_index(
        "mention_unseen",
        "mention",
        ["brand_id", "brand_agent_id"],
        schema="pv",
        postgresql_where=sa.text("seen_at IS NULL"),
    )
    for statement in wall("mention", "tenant"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("mention", schema="pv")
