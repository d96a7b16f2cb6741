"""Reports by mail: who gets which brand's report when, what has left, and what the provider says about a period."""

import sqlalchemy as sa
from alembic import op

from portavoce.core.walls import wall

revision = "20261127_report_mail"
down_revision = "20261127_interval_feeds"
branch_labels = None
depends_on = None

TABLES = ("report_schedule", "report_recipient", "report_mailing", "report_commentary")
RHYTHMS = "'daily', 'weekly', 'monthly'"
STATES = "'waiting', 'leaving', 'sent', 'uncertain', 'refused', 'failed'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "report_schedule",
        *_ids("brand_id", "id"),
        *_texts("rhythm", "formats", "language"),
        _number("minute"),
        *_ids("person_id"),
        _moment("made_at"),
        _moment("ended_at", nullable=True),
        sa.CheckConstraint(f"rhythm IN ({RHYTHMS})", name=op.f("report_schedule_rhythm_check")),
        sa.CheckConstraint("language IN ('it', 'en')", name=op.f("report_schedule_language_check")),
        _of_brand("report_schedule"),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("report_schedule_pkey")),
        schema="pv",
    )
    op.create_table(
        "report_recipient",
        *_ids("brand_id", "schedule_id", "person_id"),
        _moment("chosen_at"),
        _of_schedule("report_recipient"),
        sa.PrimaryKeyConstraint("brand_id", "schedule_id", "person_id", name=op.f("report_recipient_pkey")),
        schema="pv",
    )
    _mailings()
    op.create_table(
        "report_commentary",
        *_ids("brand_id", "id"),
        *_texts("period", "month", "text"),
        *_ids("person_id"),
        _moment("written_at"),
        _of_brand("report_commentary"),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("report_commentary_pkey")),
        sa.UniqueConstraint("brand_id", "period", name=op.f("report_commentary_brand_id_period_key")),
        schema="pv",
    )
    for table in TABLES:
        for statement in wall(table, "tenant", in_reports=table == "report_commentary"):
            op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table, schema="pv")


def _mailings() -> None:
    op.create_table(
        "report_mailing",
        *_ids("brand_id", "id", "schedule_id", "person_id"),
        *_texts("period", "state", "reason"),
        _number("n", nullable=True),
        _moment("as_of", nullable=True),
        _moment("due_at"),
        _moment("left_at", nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("report_mailing_state_check")),
        _of_schedule("report_mailing"),
        sa.PrimaryKeyConstraint("brand_id", "id", name=op.f("report_mailing_pkey")),
        sa.UniqueConstraint(
            "brand_id", "schedule_id", "period", "person_id", name=op.f("report_mailing_once")
        ),
        schema="pv",
    )


def _ids(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Uuid(), nullable=False) for name in names]


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of_brand(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["brand_id"], ["pv.brand.id"], name=op.f(f"{table}_brand_id_fkey"))


def _of_schedule(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["brand_id", "schedule_id"],
        ["pv.report_schedule.brand_id", "pv.report_schedule.id"],
        name=op.f(f"{table}_brand_id_schedule_id_fkey"),
    )
