"""What the nightly probe of the walls found: one row per brand and night, shown to its client."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261126_isolation_probe"
down_revision = "20261126_operations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "isolation_probe",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("night", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refused", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("isolation_probe_brand_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("isolation_probe_pkey")),
        sa.UniqueConstraint("brand_id", "night", name=op.f("isolation_probe_brand_id_night_key")),
        schema="pv",
    )
    for statement in wall("isolation_probe", "tenant", in_reports=True):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("isolation_probe", schema="pv")
