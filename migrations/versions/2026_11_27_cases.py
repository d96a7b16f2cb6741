"""Cases: every contact belongs to one; those that are there get one a thread, whose id it takes over."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_cases"
down_revision = "20261127_wrap_up"
branch_labels = None
depends_on = None

TABLES = ("customer", "conversation", "care_case", "interaction")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "care_case",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id", "customer_id"],
            ["pv.customer.brand_id", "pv.customer.id"],
            name=op.f("care_case_brand_id_customer_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("care_case_pkey")),
        schema="pv",
    )
    op.create_index("care_case_customer", "care_case", ["brand_id", "customer_id", "opened_at"], schema="pv")
    op.add_column("interaction", sa.Column("care_case_id", sa.Uuid(), nullable=True), schema="pv")
    op.create_index("interaction_case", "interaction", ["brand_id", "care_case_id", "opened_at"], schema="pv")
    for statement in wall("care_case", "tenant"):
        op.execute(statement)
    for table in TABLES:
        op.execute(f"ALTER TABLE pv.{table} NO FORCE ROW LEVEL SECURITY")
    _group_by_thread()
    op.create_foreign_key(
        op.f("interaction_brand_id_care_case_id_fkey"),
        "interaction",
        "care_case",
        ["brand_id", "care_case_id"],
        ["brand_id", "id"],
        source_schema="pv",
        referent_schema="pv",
    )
    for table in TABLES:
        op.execute(f"ALTER TABLE pv.{table} FORCE ROW LEVEL SECURITY")


def _group_by_thread() -> None:
    """Brand by brand. The previous release opens contacts without one until it is replaced: they stay without."""
    connection = op.get_bind()
    for (brand_id,) in connection.execute(sa.text("SELECT id FROM pv.brand ORDER BY id")).all():
        of = {"brand": brand_id}
        connection.execute(
            sa.text(
                "INSERT INTO pv.care_case (brand_id, id, customer_id, subject, opened_at)"
                " SELECT brand_id, id, customer_id, subject, opened_at FROM pv.conversation WHERE brand_id = :brand"
            ),
            of,
        )
        connection.execute(
            sa.text("UPDATE pv.interaction SET care_case_id = conversation_id WHERE brand_id = :brand"), of
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("interaction", "care_case_id", schema="pv")
    op.drop_table("care_case", schema="pv")
