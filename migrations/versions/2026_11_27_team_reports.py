"""Parts of the files that supervisors ask for, one a brand."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_team_reports"
down_revision = "20261127_client_task"
branch_labels = None
depends_on = None

GROUPINGS = "'agent', 'team', 'brand', 'queue', 'outcome', 'reason'"
CHECKS = {"grouping": f"grouping IN ({GROUPINGS})", "state": "state IN ('waiting', 'ready', 'failed')"}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _parts()


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("report_part", schema="pv")


def _parts() -> None:
    key, text = sa.Uuid(), sa.Text()
    op.create_table(
        "report_part",
        *(sa.Column(name, key, nullable=False) for name in ("brand_id", "id", "export_id", "person_id")),
        *(sa.Column(name, text, nullable=False) for name in ("grouping", "first_month", "last_month")),
        sa.Column("parts", sa.BigInteger(), nullable=False),
        sa.Column("state", text, nullable=False),
        sa.Column("file_id", key, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"report_part_{name}_check")) for name, rule in CHECKS.items()),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("report_part_brand_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["pv.person.id"], name=op.f("report_part_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["brand_id", "file_id"],
            ["pv.stored_file.brand_id", "pv.stored_file.id"],
            name=op.f("report_part_brand_id_file_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("report_part_pkey")),
        sa.UniqueConstraint("brand_id", "export_id", name=op.f("report_part_brand_id_export_id_key")),
        schema="pv",
    )
    columns = ["brand_id", "person_id", "created_at"]
    op.create_index("report_part_person", "report_part", columns, schema="pv")
    for statement in wall("report_part", "tenant"):
        op.execute(statement)
