"""What an operator sees and bounds: limits per brand, used quotas, test mails, given-up rows, removal by age."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261126_operations"
down_revision = "20261121_first_voice"
branch_labels = None
depends_on = None

STATES = "state IN ('pending', 'handed', 'done', 'dead', 'given_up')"
RETENTION = (
    "DROP POLICY IF EXISTS denial_delete_retention ON pv.denial",
    "CREATE POLICY denial_delete_retention ON pv.denial AS PERMISSIVE FOR DELETE TO portavoce_app"
    " USING (at < (now() - '30 days'::interval))",
    "GRANT DELETE ON pv.denial TO portavoce_app",
)
"""Of the list of exceptions in `core.walls`: a database of today has it already, one of the first release not."""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _limits()
    _checks()
    _runs()
    _outboxes()
    op.alter_column("inbound_event", "file_id", nullable=True, schema="pv")
    op.create_index(
        "inbound_event_raw",
        "inbound_event",
        ["brand_id", "received_at"],
        schema="pv",
        postgresql_where=sa.text("file_id IS NOT NULL"),
    )
    op.create_index(
        "inbound_event_file",
        "inbound_event",
        ["brand_id", "file_id"],
        schema="pv",
        postgresql_where=sa.text("file_id IS NOT NULL"),
    )
    for table in ("mail", "attachment"):
        op.create_index(f"{table}_file", table, ["brand_id", "file_id"], schema="pv")
    for statement in (*RETENTION, *_walls()):
        op.execute(statement)


def _walls() -> list[str]:
    tenant = [
        line for name in ("brand_limit", "quota_window", "mailbox_check") for line in wall(name, "tenant")
    ]
    return [*tenant, *wall("retention_run", "ops")]


def _limits() -> None:
    op.create_table(
        "brand_limit",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("brand_limit_brand_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", "name", name=op.f("brand_limit_pkey")),
        schema="pv",
    )
    op.create_table(
        "quota_window",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("quota_window_brand_id_fkey")),
        sa.PrimaryKeyConstraint("brand_id", "name", "window_start", name=op.f("quota_window_pkey")),
        schema="pv",
    )


def _checks() -> None:
    op.create_table(
        "mailbox_check",
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mailbox_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'arrived', 'failed')", name=op.f("mailbox_check_state_check")
        ),
        sa.ForeignKeyConstraint(
            ["brand_id", "mailbox_id"],
            ["pv.mailbox.brand_id", "pv.mailbox.id"],
            name=op.f("mailbox_check_brand_id_mailbox_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("mailbox_check_pkey")),
        schema="pv",
    )
    op.create_index(
        "mailbox_check_latest", "mailbox_check", ["brand_id", "mailbox_id", "asked_at"], schema="pv"
    )


def _runs() -> None:
    op.create_table(
        "retention_run",
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("due_at", name=op.f("retention_run_pkey")),
        schema="pv",
    )


def _outboxes() -> None:
    for table in ("outbox", "house_outbox"):
        op.drop_constraint(f"{table}_state_check", table, schema="pv")
        op.create_check_constraint(op.f(f"{table}_state_check"), table, STATES, schema="pv")
    op.create_index(
        "outbox_dead",
        "outbox",
        ["brand_id", "created_at"],
        schema="pv",
        postgresql_where=sa.text("state = 'dead'"),
    )
    op.create_index(
        "outbox_ended",
        "outbox",
        ["brand_id", "done_at"],
        schema="pv",
        postgresql_where=sa.text("state IN ('done', 'given_up')"),
    )


def downgrade() -> None:
    raise NotImplementedError("a mail whose raw file was removed has no place in the older schema")
