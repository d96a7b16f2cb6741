"""A version of a calendar is a whole document, published by somebody at an instant.

What was there was known from when it held; so is what the release before still writes.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_calendar_documents"
down_revision = "20261127_sla_clauses"
branch_labels = None
depends_on = None

TABLE = "calendar_version"
ONE_AT_ONCE = ["brand_id", "calendar_id", "valid_from"]


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for column in (
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
    ):
        op.add_column(TABLE, column, schema="pv")
    op.execute(f"ALTER TABLE pv.{TABLE} NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE pv.calendar_version SET published_at = valid_from")
    op.create_foreign_key(
        op.f(f"{TABLE}_published_by_fkey"),
        TABLE,
        "person",
        ["published_by"],
        ["id"],
        source_schema="pv",
        referent_schema="pv",
    )
    op.execute(f"ALTER TABLE pv.{TABLE} FORCE ROW LEVEL SECURITY")
    _unique([*ONE_AT_ONCE, "published_at"], instead_of=ONE_AT_ONCE, postgresql_nulls_not_distinct=True)


def downgrade() -> None:
    """Every day is like its weekday again; of versions that begin at once the last stays."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"ALTER TABLE pv.{TABLE} NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "DELETE FROM pv.calendar_version AS gone USING pv.calendar_version AS later"
        " WHERE (gone.brand_id, gone.calendar_id, gone.valid_from)"
        " = (later.brand_id, later.calendar_id, later.valid_from) AND gone.published_at < later.published_at"
    )
    op.execute(f"ALTER TABLE pv.{TABLE} FORCE ROW LEVEL SECURITY")
    _unique(ONE_AT_ONCE, instead_of=[*ONE_AT_ONCE, "published_at"])
    for column in ("published_by", "published_at", "document"):
        op.drop_column(TABLE, column, schema="pv")


def _unique(columns: list[str], *, instead_of: list[str], **options: bool) -> None:
    op.drop_constraint(op.f(f"{TABLE}_{'_'.join(instead_of)}_key"), TABLE, schema="pv")
    op.create_unique_constraint(
        op.f(f"{TABLE}_{'_'.join(columns)}_key"), TABLE, columns, schema="pv", **options
    )
