"""Walls counted once: policies say the same in a form by which the planner does not count a brand's rows a second time.

A statement of ours names its brand already. To the planner the policy's comparison was one more condition that few rows
meet: it expected one row where there are hundreds, and joined two brands' queues from the wrong side.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_walls_counted_once"
down_revision = "20261127_states_aside"
branch_labels = None
depends_on = None

SCOPES = ("= ANY (pv.read_scope())", "= pv.write_scope()")
FORMS = {
    f"({column} {scope})": f"COALESCE(({column} {scope}), false)"
    for column in ("brand_id", "id")
    for scope in SCOPES
}
POLICIES = sa.text(
    "SELECT tablename, policyname, qual, with_check FROM pg_policies WHERE schemaname = 'pv' ORDER BY 1, 2"
)


def upgrade() -> None:
    _say(FORMS)


def downgrade() -> None:
    _say({once: twice for twice, once in FORMS.items()})


def _say(forms: dict[str, str]) -> None:
    """A policy at a time, each in a transaction of its own: no statement waits behind more than one table."""
    policies = op.get_bind().execute(POLICIES).all()
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '5s'")
        for table, policy, using, check in policies:
            clauses = [
                f"{clause} ({forms[text]})"
                for clause, text in (("USING", using), ("WITH CHECK", check))
                if text in forms
            ]
            if clauses:
                op.execute(f"ALTER POLICY {policy} ON pv.{table} {' '.join(clauses)}")
