"""May read: policies look for a row's brand in the text of the scope instead of reading all its ids out of it again.

For somebody who works forty brands that was most of what a page cost, row after row.
"""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import MAY_READ

revision = "20261127_may_read"
down_revision = "20261127_leads"
branch_labels = None
depends_on = None

FORMS = {
    f"COALESCE(({column} = ANY (pv.read_scope())), false)": f"COALESCE(pv.may_read({column}), false)"
    for column in ("brand_id", "id")
}
POLICIES = sa.text(
    "SELECT tablename, policyname, qual FROM pg_policies WHERE schemaname = 'pv' AND qual = ANY (:forms) ORDER BY 1, 2"
)


def upgrade() -> None:
    for statement in MAY_READ:
        op.execute(statement)
    _say(FORMS)


def downgrade() -> None:
    _say({found: read for read, found in FORMS.items()})


def _say(forms: dict[str, str]) -> None:
    """A policy at a time, each in a transaction of its own: no statement waits behind more than one table."""
    policies = op.get_bind().execute(POLICIES, {"forms": list(forms)}).all()
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '5s'")
        for table, policy, using in policies:
            op.execute(f"ALTER POLICY {policy} ON pv.{table} USING ({forms[using]})")
