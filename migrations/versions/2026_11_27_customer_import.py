"""Customers from a file: the import with its mapping and report, and changes of profiles that name it as their source."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_customer_import"
down_revision = "20261127_thread_merges"
branch_labels = None
depends_on = None
STATES = "'uploaded', 'checking', 'checked', 'running', 'done', 'failed', 'discarded'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _import()
    _source()


def _import() -> None:
    op.create_table(
        "customer_import",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "headings", "mapping", "report", "problem")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("rows", "added", "changed", "same", "wrong")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("customer_import_state_check")),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("customer_import_brand_id_fkey")),
        sa.ForeignKeyConstraint(
            ["brand_id", "file_id"],
            ["pv.stored_file.brand_id", "pv.stored_file.id"],
            name=op.f("customer_import_brand_id_file_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("customer_import_pkey")),
        schema="pv",
    )  # fmt: skip
    op.create_index("customer_import_at", "customer_import", ["brand_id", "created_at"], schema="pv")
    for statement in wall("customer_import", "tenant"):
        op.execute(statement)


def _source() -> None:
    """The column is new and empty, so that the key has nothing to look up; every row there is names its author."""
    op.add_column("customer_change", sa.Column("import_id", sa.Uuid(), nullable=True), schema="pv")
    op.alter_column("customer_change", "brand_agent_id", nullable=True, schema="pv")
    for table in ("customer_change", "customer_import"):
        op.execute(f"ALTER TABLE pv.{table} NO FORCE ROW LEVEL SECURITY")
    op.create_foreign_key(
        op.f("customer_change_brand_id_import_id_fkey"),
        "customer_change",
        "customer_import",
        ["brand_id", "import_id"],
        ["brand_id", "id"],
        source_schema="pv",
        referent_schema="pv",
    )
    op.create_check_constraint(
        op.f("customer_change_author_check"),
        "customer_change",
        "(brand_agent_id IS NULL) <> (import_id IS NULL)",
        schema="pv",
    )
    for table in ("customer_change", "customer_import"):
        op.execute(f"ALTER TABLE pv.{table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    """What an import changed stays; that it was an import is forgotten."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_constraint(op.f("customer_change_author_check"), "customer_change", schema="pv")
    op.execute("ALTER TABLE pv.customer_change NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM pv.customer_change WHERE brand_agent_id IS NULL")
    op.execute("ALTER TABLE pv.customer_change FORCE ROW LEVEL SECURITY")
    op.drop_column("customer_change", "import_id", schema="pv")
    op.alter_column("customer_change", "brand_agent_id", nullable=False, schema="pv")
    op.drop_table("customer_import", schema="pv")
