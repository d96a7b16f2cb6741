"""Complaints: a contact that is one has a code for the customer and a day of the law."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_complaints"
down_revision = "20261127_promises"
branch_labels = None
depends_on = None

OWNED = ("customer", "interaction", "brand_agent", "message")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "complaint",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(f"{table}_id", sa.Uuid(), nullable=False) for table in OWNED),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["brand_id", f"{table}_id"],
                [f"pv.{table}.brand_id", f"pv.{table}.id"],
                name=op.f(f"complaint_brand_id_{table}_id_fkey"),
            )
            for table in OWNED
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("complaint_pkey")),
        sa.UniqueConstraint("brand_id", "code", name=op.f("complaint_brand_id_code_key")),
        sa.UniqueConstraint("brand_id", "interaction_id", name=op.f("complaint_brand_id_interaction_id_key")),
        schema="pv",
    )
    op.create_index("complaint_customer", "complaint", ["brand_id", "customer_id", "opened_at"], schema="pv")
    for statement in wall("complaint", "tenant"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("complaint", schema="pv")
