"""Drafts: what is typed on a contact is kept on the server, for each writer."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_drafts"
down_revision = "20261127_message_states"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "draft",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("brand_agent_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('reply', 'note')", name=op.f("draft_kind_check")),
        sa.ForeignKeyConstraint(
            ["brand_id", "interaction_id"],
            ["pv.interaction.brand_id", "pv.interaction.id"],
            name=op.f("draft_brand_id_interaction_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "brand_agent_id"],
            ["pv.brand_agent.brand_id", "pv.brand_agent.id"],
            name=op.f("draft_brand_id_brand_agent_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("draft_pkey")),
        sa.UniqueConstraint(
            "brand_id",
            "interaction_id",
            "brand_agent_id",
            "kind",
            name=op.f("draft_brand_id_interaction_id_brand_agent_id_kind_key"),
        ),
        schema="pv",
    )
    for statement in wall("draft", "tenant"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("draft", schema="pv")
