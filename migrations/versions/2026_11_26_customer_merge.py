"""Customers that are one person: keys by which they are suggested, merges, and what each merge moved.

Keys of customers that are there already are computed as `customers.matching` does, brand by brand.
"""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261126_customer_merge"
down_revision = "20261126_customer_profile"
branch_labels = None
depends_on = None

NAME_KEYS = r"""
UPDATE pv.customer SET name_key = (
  SELECT CASE WHEN count(*) > 1 THEN string_agg(word, ' ' ORDER BY word COLLATE "C") ELSE '' END
    FROM regexp_split_to_table(lower(regexp_replace(normalize(name, NFKD), '[\u0300-\u036f]', '', 'g')), '[\W_]+') word
   WHERE word <> '')
 WHERE brand_id = CAST(:brand AS uuid)
"""
MATCH_KEYS = r"""
UPDATE pv.customer_identity
   SET match_key = CASE channel WHEN 'email' THEN regexp_replace(value, '\+[^@]*@', '@') ELSE right(value, 9) END
 WHERE brand_id = CAST(:brand AS uuid)
"""
SCOPE = "SELECT set_config('app.brand_ids', :brand, true), set_config('app.brand_id', :brand, true)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _columns()
    _merges()
    for statement in (*wall("customer_merge", "tenant"), *wall("customer_move", "tenant", append_only=True)):
        op.execute(statement)
    _change()
    _fill()


def _columns() -> None:
    op.add_column("customer", sa.Column("merged_into", sa.Uuid(), nullable=True), schema="pv")
    for table, name in (("customer", "name_key"), ("customer_identity", "match_key")):
        op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default=""), schema="pv")
    op.execute("ALTER TABLE pv.customer NO FORCE ROW LEVEL SECURITY")
    op.create_foreign_key(
        op.f("customer_brand_id_merged_into_fkey"),
        "customer",
        "customer",
        ["brand_id", "merged_into"],
        ["brand_id", "id"],
        source_schema="pv",
        referent_schema="pv",
    )
    op.execute("ALTER TABLE pv.customer FORCE ROW LEVEL SECURITY")
    for index, table, column, where in (
        ("customer_merged", "customer", "merged_into", "merged_into IS NOT NULL"),
        ("customer_named", "customer", "name_key", "name_key <> ''"),
        ("customer_identity_match", "customer_identity", "match_key", "match_key <> ''"),
    ):
        op.create_index(index, table, ["brand_id", column], schema="pv", postgresql_where=sa.text(where))


def _merges() -> None:
    op.create_table(
        "customer_merge",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survivor_id", sa.Uuid(), nullable=False),
        sa.Column("merged_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("brand_agent_id", sa.Uuid(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        _owned("customer_merge", "survivor_id", "customer"),
        _owned("customer_merge", "merged_id", "customer"),
        _owned("customer_merge", "brand_agent_id", "brand_agent"),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("customer_merge_pkey")),
        schema="pv",
    )
    op.create_index(
        "customer_merge_standing",
        "customer_merge",
        ["brand_id", "merged_id"],
        unique=True,
        schema="pv",
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_index("customer_merge_survivor", "customer_merge", ["brand_id", "survivor_id"], schema="pv")
    op.create_table(
        "customer_move",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("merge_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        _owned("customer_move", "merge_id", "customer_merge"),
        sa.PrimaryKeyConstraint("brand_id", "merge_id", "kind", "row_id", name=op.f("customer_move_pkey")),
        schema="pv",
    )


def _change() -> None:
    op.add_column("customer_change", sa.Column("merge_id", sa.Uuid(), nullable=True), schema="pv")
    for table in ("customer_change", "customer_merge"):
        op.execute(f"ALTER TABLE pv.{table} NO FORCE ROW LEVEL SECURITY")
    op.create_foreign_key(
        op.f("customer_change_brand_id_merge_id_fkey"),
        "customer_change",
        "customer_merge",
        ["brand_id", "merge_id"],
        ["brand_id", "id"],
        source_schema="pv",
        referent_schema="pv",
    )
    for table in ("customer_change", "customer_merge"):
        op.execute(f"ALTER TABLE pv.{table} FORCE ROW LEVEL SECURITY")


def _fill() -> None:
    """The catalogue knows the brands; a brand's own rows are seen only in its scope."""
    connection = op.get_bind()
    op.execute("ALTER TABLE pv.brand NO FORCE ROW LEVEL SECURITY")
    brands = [str(row[0]) for row in connection.execute(sa.text("SELECT id FROM pv.brand"))]
    op.execute("ALTER TABLE pv.brand FORCE ROW LEVEL SECURITY")
    for brand in brands:
        for statement in (SCOPE, NAME_KEYS, MATCH_KEYS):
            connection.execute(sa.text(statement), {"brand": brand})
    connection.execute(sa.text(SCOPE), {"brand": ""})


def _owned(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["brand_id", column],
        [f"pv.{target}.brand_id", f"pv.{target}.id"],
        name=op.f(f"{table}_brand_id_{column}_fkey"),
    )


def downgrade() -> None:
    op.drop_column("customer_change", "merge_id", schema="pv")
    op.drop_table("customer_move", schema="pv")
    op.drop_table("customer_merge", schema="pv")
    op.drop_column("customer", "merged_into", schema="pv")
    op.drop_column("customer", "name_key", schema="pv")
    op.drop_column("customer_identity", "match_key", schema="pv")
