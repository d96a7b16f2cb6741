"""Report layouts: which parts of its month a client wants to see, and in which order; a schedule may send one."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_report_layouts"
down_revision = "20261127_report_mail"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "report_layout",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("brand_id", "id")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "sections", "promises")),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("report_layout_brand_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("report_layout_pkey")),
        schema="pv",
    )
    for statement in wall("report_layout", "tenant", in_reports=True):
        op.execute(statement)
    op.add_column("report_schedule", sa.Column("layout_id", sa.Uuid(), nullable=True), schema="pv")
    _refer()


def _refer() -> None:
    """The column is new, so that no row has to be looked up."""
    tables = ("report_schedule", "report_layout")
    for each in tables:
        op.execute(f"ALTER TABLE pv.{each} NO FORCE ROW LEVEL SECURITY")
    op.create_foreign_key(
        op.f("report_schedule_brand_id_layout_id_fkey"), "report_schedule", "report_layout",
        ["brand_id", "layout_id"], ["brand_id", "id"], source_schema="pv", referent_schema="pv",
    )  # fmt: skip
    for each in tables:
        op.execute(f"ALTER TABLE pv.{each} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    """Every schedule sends the whole month again."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE pv.report_schedule NO FORCE ROW LEVEL SECURITY")
    op.drop_column("report_schedule", "layout_id", schema="pv")
    op.execute("ALTER TABLE pv.report_schedule FORCE ROW LEVEL SECURITY")
    op.drop_table("report_layout", schema="pv")
