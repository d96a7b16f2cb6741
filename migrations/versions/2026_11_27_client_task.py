"""Client task: what the client owes the provider, until when, and what came of it."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_client_task"
down_revision = "20261127_open_service"
branch_labels = None
depends_on = None

CHECKS = {
    "kind": "kind IN ('forecast', 'product_news', 'change_notice', 'access', 'data', 'approval', 'other')",
    "state": "state IN ('open', 'done', 'withdrawn')",
    "ending": "(state = 'open') = (ended_at IS NULL)",
    "answer": "answer IS NULL OR state = 'done'",
}
PEOPLE = ("asked_by", "ended_by")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    moment, key, text = sa.DateTime(timezone=True), sa.Uuid(), sa.Text()
    op.create_table(
        "client_task",
        sa.Column("brand_id", key, nullable=False),
        sa.Column("id", key, nullable=False),
        sa.Column("kind", text, nullable=False),
        sa.Column("wording", text, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("asked_by", key, nullable=True),
        sa.Column("state", text, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("ended_by", key, nullable=True),
        sa.Column("answer", text, nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"client_task_{name}_check")) for name, rule in CHECKS.items()),
        sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f("client_task_brand_id_fkey")),
        *(
            sa.ForeignKeyConstraint([column], ["pv.person.id"], name=op.f(f"client_task_{column}_fkey"))
            for column in PEOPLE
        ),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("client_task_pkey")),
        schema="pv",
    )
    op.create_index("client_task_state", "client_task", ["brand_id", "state", "due_at"], schema="pv")
    for statement in wall("client_task", "tenant", in_reports=True):
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("client_task", schema="pv")
