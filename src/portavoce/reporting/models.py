"""What is computed from a brand's ledger and kept: one row a measured unit, and sums of them. All of it can be made anew."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, Tenant, TenantRow, of_brand, one_of, owned

GRAINS = ("interval", "hour", "day", "month")


class ReportHead(Tenant, Base):
    """How far the brand's ledger is read: its facts up to `n`, the last of which was recorded `at`, by which `rules`."""

    __tablename__ = "report_head"
    in_reports = True
    n: Mapped[int]
    at: Mapped[datetime]
    rules: Mapped[int] = mapped_column(server_default="1")
    __table_args__ = (of_brand(),)


class Observation(Tenant, Base):
    """One unit of one measure as the ledger told it from fact `from_n` on, until fact `until_n` told otherwise.

    `at` is the instant that it is counted in; `due_at` says whether an open one is late.
    `n` is the fact that ended it. Without a clause `clause_id` is NO_CLAUSE.
    """

    __tablename__ = "observation"
    in_reports = True
    interaction_id: Mapped[UUID] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(primary_key=True)
    clause_id: Mapped[UUID] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    from_n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until_n: Mapped[int | None]
    at: Mapped[datetime]
    lob_id: Mapped[UUID]
    channel: Mapped[str]
    code: Mapped[str]
    brand_agent_id: Mapped[UUID | None]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    warn_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    state: Mapped[str]
    used_s: Mapped[int]
    with_client_s: Mapped[int]
    n: Mapped[int | None]
    __table_args__ = (
        of_brand(),
        one_of("state", "open", "met", "late", "let_go", "counted"),
        Index("observation_at", "brand_id", "measure", "at"),
        Index(
            "observation_open", "brand_id", "due_at",
            postgresql_where=text("state = 'open' AND until_n IS NULL"),
        ),
        Index(
            "observation_warns", "brand_id", "warn_at",
            postgresql_where=text("state = 'open' AND until_n IS NULL"),
        ),
    )  # fmt: skip


class ClockAlarm(Tenant, Base):
    """Raised once for a cycle of a clause's clock, and never changed: `warned` before it was due, `breached` after.

    `at` is the instant that was reached, `standing` the state that the contact was in then. Whatever happens later to the
    figures, the alarm was raised.
    """

    __tablename__ = "clock_alarm"
    append_only = True
    in_reports = True
    interaction_id: Mapped[UUID] = mapped_column(primary_key=True)
    clause_id: Mapped[UUID] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    due_at: Mapped[datetime]
    standing: Mapped[str]
    raised_at: Mapped[datetime]
    __table_args__ = (
        of_brand(),
        owned("clause_id", "clause"),
        one_of("kind", "warned", "breached"),
        Index("clock_alarm_at", "brand_id", "kind", "at"),
    )


class Reconciliation(TenantRow, Base):
    """One night's comparison of the brand's reports with its facts, up to fact `n`; its client reads it. `night` is a day
    in UTC.
    """

    __tablename__ = "reconciliation"
    in_reports = True
    night: Mapped[str]
    at: Mapped[datetime]
    n: Mapped[int]
    faults: Mapped[int]
    detail: Mapped[str]
    __table_args__ = (of_brand(), UniqueConstraint("brand_id", "night"))


class ReportIssue(Tenant, Base):
    """A month that was final: its figures as the ledger told them up to fact `n`, with clocks read `at`. A further number is
    a restatement; none is ever changed.
    """

    __tablename__ = "report_issue"
    append_only = True
    in_reports = True
    month: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int]
    at: Mapped[datetime]
    figures: Mapped[str]
    __table_args__ = (of_brand(),)


class Tally(Tenant, Base):
    """Sums of the present observations over a stretch of the brand's time that begins at `starts_at`.

    `ended` of `units` have an end; `met`, `late` and `let_go` are decided and add up with the open ones to the units of
    a clause. By person only over days and months, else `brand_agent_id` is NOBODY.
    """

    __tablename__ = "tally"
    in_reports = True
    grain: Mapped[str] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(primary_key=True)
    clause_id: Mapped[UUID] = mapped_column(primary_key=True)
    lob_id: Mapped[UUID] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    brand_agent_id: Mapped[UUID] = mapped_column(primary_key=True)
    units: Mapped[int]
    ended: Mapped[int]
    met: Mapped[int]
    late: Mapped[int]
    let_go: Mapped[int]
    used_s: Mapped[int]
    with_client_s: Mapped[int]
    __table_args__ = (of_brand(), one_of("grain", *GRAINS))


class IntervalFeed(TenantRow, Base):
    """A file that tells a day of the brand's zone by intervals, up to fact `n`. What late facts change is told in a file of
    the next `restatement`; the earlier ones stay as they were. `digest` is of what was counted.
    """

    __tablename__ = "interval_feed"
    in_reports = True
    day: Mapped[str]
    minutes: Mapped[int]
    format: Mapped[str]
    restatement: Mapped[int]
    n: Mapped[int]
    as_of: Mapped[datetime]
    rows: Mapped[int]
    digest: Mapped[str]
    file_id: Mapped[UUID]
    __table_args__ = (
        of_brand(),
        owned("file_id", "stored_file"),
        one_of("format", "csv", "jsonl"),
        UniqueConstraint("brand_id", "day", "minutes", "format", "restatement", name="interval_feed_once"),
    )
