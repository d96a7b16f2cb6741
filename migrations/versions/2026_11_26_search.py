"""Search: one entry per message, note and customer, its words led by its brand; `pv.search()` asks one brand.

Entries of what was written before are made here, brand by brand. What the release before writes while its processes are
being replaced gets its entry from the engine's round of missing entries.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from portavoce.core.walls import definer_function, wall
from portavoce.search.vectors import vector

revision = "20261126_search"
down_revision = "20261126_customer_merge"
branch_labels = None
depends_on = None

SIGNATURE = "search(brand uuid, question tsquery, kinds text[], at_most bigint)"
RETURNS = "TABLE (kind text, subject_id uuid, at timestamptz, rank real)"
SEARCH = """
SELECT e.kind, e.subject_id, e.at, ts_rank(e.words, $2) AS rank FROM pv.search_entry e
 WHERE e.brand_id = $1 AND $1 = ANY (pv.read_scope()) AND e.words @@ $2 AND e.kind = ANY ($3)
 ORDER BY rank DESC, e.at DESC, e.subject_id LIMIT least($4, 200)
"""
BATCH = 500
MESSAGES = """
SELECT id, direction, at, subject, body FROM pv.message WHERE brand_id = :brand AND id > :after ORDER BY id LIMIT :batch
"""
CUSTOMERS = """
SELECT c.id, c.created_at, c.name, array_agg(i.value) FILTER (WHERE i.value IS NOT NULL) AS identities
  FROM pv.customer c LEFT JOIN pv.customer_identity i ON i.brand_id = c.brand_id AND i.customer_id = c.id
 WHERE c.brand_id = :brand AND c.id > :after GROUP BY c.brand_id, c.id ORDER BY c.id LIMIT :batch
"""
ENTER = """
INSERT INTO pv.search_entry (brand_id, kind, subject_id, at, words)
VALUES (:brand, :kind, :subject, :at, CAST(:words AS tsvector))
"""
FIRST = UUID(int=0)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "search_entry",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.CheckConstraint("kind IN ('message', 'note', 'customer')", name=op.f("search_entry_kind_check")),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("search_entry_brand_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", "kind", "subject_id", name=op.f("search_entry_pkey")),
        schema="pv",
    )
    for statement in wall("search_entry", "tenant"):
        op.execute(statement)
    _fill()
    # Without the list of pending entries: every search of every brand would read through it.
    op.create_index(
        "search_entry_words",
        "search_entry",
        ["words"],
        unique=False,
        schema="pv",
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
    for statement in definer_function(SIGNATURE, RETURNS, SEARCH, ("portavoce_app",)):
        op.execute(statement)


def _fill() -> None:
    connection = op.get_bind()
    connection.execute(sa.text("SET LOCAL ROLE portavoce_definer"))
    brands = connection.execute(sa.text("SELECT b FROM pv.brand_ids() AS b")).scalars().all()
    connection.execute(sa.text("SET LOCAL ROLE portavoce_owner"))
    for brand in brands:
        for name in ("app.brand_ids", "app.brand_id"):
            connection.execute(sa.text(f"SET LOCAL {name} = '{UUID(str(brand))}'"))
        _enter(connection, brand, MESSAGES, _of_message)
        _enter(connection, brand, CUSTOMERS, _of_customer)
    for name in ("app.brand_ids", "app.brand_id"):
        connection.execute(sa.text(f"SET LOCAL {name} = ''"))


def _enter(connection: Any, brand: UUID, query: str, entry: Callable[[UUID, Any], dict[str, Any]]) -> None:
    after = FIRST
    while rows := connection.execute(sa.text(query), {"brand": brand, "after": after, "batch": BATCH}).all():
        connection.execute(sa.text(ENTER), [entry(brand, row) for row in rows])
        after = rows[-1].id


def _of_message(brand: UUID, row: Any) -> dict[str, Any]:
    kind = "note" if row.direction == "note" else "message"
    words = vector(brand, [row.subject], [row.body])
    return {"brand": brand, "kind": kind, "subject": row.id, "at": row.at, "words": words}


def _of_customer(brand: UUID, row: Any) -> dict[str, Any]:
    identities = row.identities or []
    words = vector(brand, [row.name, *identities], numbers=identities)
    return {"brand": brand, "kind": "customer", "subject": row.id, "at": row.created_at, "words": words}


def downgrade() -> None:
    op.execute("DROP FUNCTION pv.search(uuid, tsquery, text[], bigint)")
    op.drop_table("search_entry", schema="pv")
