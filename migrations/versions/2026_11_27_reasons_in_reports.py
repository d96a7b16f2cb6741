"""Reports call contact reasons by their names: clients read the trees of choices of their own brand."""

from alembic import op

revision = "20261127_reasons_in_reports"
down_revision = "20261127_report_issues"
branch_labels = None
depends_on = None

READERS = "portavoce_app, portavoce_owner"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"ALTER POLICY disposition_select ON pv.disposition TO portavoce_report, {READERS}")
    op.execute("GRANT SELECT ON pv.disposition TO portavoce_report")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("REVOKE SELECT ON pv.disposition FROM portavoce_report")
    op.execute(f"ALTER POLICY disposition_select ON pv.disposition TO {READERS}")
