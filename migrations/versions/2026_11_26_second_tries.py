"""Second tries: a form sent twice is one message, clocks may differ by minutes, who is gone is seen to be gone."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261126_second_tries"
down_revision = "20261126_outbox_strikes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("message", sa.Column("form_key", sa.Uuid(), nullable=True), schema="pv")
    op.create_index(
        "message_form",
        "message",
        ["brand_id", "conversation_id", "form_key"],
        unique=True,
        schema="pv",
        postgresql_where=sa.text("form_key IS NOT NULL"),
    )
    op.drop_constraint(op.f("agent_state_not_future_check"), "agent_state", schema="pv")
    op.create_check_constraint(
        op.f("agent_state_not_future_check"),
        "agent_state",
        "since <= recorded_at + interval '5 minutes'",
        schema="pv",
    )
    op.create_table(
        "agent_sign",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["pv.agent.agent_id"], name=op.f("agent_sign_agent_id_fkey")),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("agent_sign_pkey")),
        schema="pv",
    )
    for statement in wall("agent_sign", "agent"):
        op.execute(statement)
    # Who holds contacts now and is gone already would never be missed otherwise.
    op.execute(
        "INSERT INTO pv.agent_sign (agent_id, seen_at) SELECT agent_id, now() FROM pv.agent_slot WHERE used > 0"
    )
    op.execute("GRANT SELECT (created_at) ON pv.outbox, pv.house_outbox TO portavoce_dispatch")


def downgrade() -> None:
    op.execute("REVOKE SELECT (created_at) ON pv.outbox, pv.house_outbox FROM portavoce_dispatch")
    op.drop_table("agent_sign", schema="pv")
    op.drop_constraint(op.f("agent_state_not_future_check"), "agent_state", schema="pv")
    op.create_check_constraint(
        op.f("agent_state_not_future_check"),
        "agent_state",
        "since <= recorded_at + interval '1 minute'",
        schema="pv",
        postgresql_not_valid=True,
    )
    op.drop_index("message_form", "message", schema="pv")
    op.drop_column("message", "form_key", schema="pv")
