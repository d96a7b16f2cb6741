"""Report issues: a month that is final is named by a number, and what changes it later is a further one."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_report_issues"
down_revision = "20261127_report_layouts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "report_issue",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("report_issue_brand_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", "month", "number", name=op.f("report_issue_pkey")),
        schema="pv",
    )
    for statement in wall("report_issue", "tenant", append_only=True, in_reports=True):
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("report_issue", schema="pv")
