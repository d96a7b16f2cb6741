"""Facts by kind: reports look for those of a kind in a month, or count them; nobody looks for any kind by its instant.

The ledger is written all day: the one index takes the other's place without keeping a writer waiting.
"""

from alembic import op

revision = "20261127_facts_by_kind"
down_revision = "20261127_contract_drafts"
branch_labels = None
depends_on = None

OLD = ("ledger_event_at", "(brand_id, at)")
NEW = ("ledger_event_kind", "(brand_id, kind, at) INCLUDE (brand_agent_id, n)")


def upgrade() -> None:
    _exchange(OLD, NEW)


def downgrade() -> None:
    _exchange(NEW, OLD)


def _exchange(gone: tuple[str, str], come: tuple[str, str]) -> None:
    """Whoever was stopped half-way begins again. It may wait for a long reading, a backup say, while nobody waits for it."""
    name, columns = come
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '900s'")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS pv.{name}")
        op.execute(f"CREATE INDEX CONCURRENTLY {name} ON pv.ledger_event {columns}")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS pv.{gone[0]}")
        op.execute("RESET lock_timeout")
