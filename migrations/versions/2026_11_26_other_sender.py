"""Other sender: a message that came by a thread's token from somebody who is not the thread's customer says so."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_other_sender"
down_revision = "20261126_second_tries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "message",
        sa.Column("other_sender", sa.Boolean(), nullable=False, server_default=sa.false()),
        schema="pv",
    )


def downgrade() -> None:
    op.drop_column("message", "other_sender", schema="pv")
