"""Which reports go to whom and when, what has left, and what the provider says about a period."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portavoce.core.tables import Base, Tenant, TenantRow, of_brand, one_of, owned

WAITING, LEAVING, SENT = "waiting", "leaving", "sent"
UNCERTAIN, REFUSED, FAILED = "uncertain", "refused", "failed"


class ReportLayout(TenantRow, Base):
    """What of a month is shown, in which order: `sections` comma-separated, `promises` a line each, none for all."""

    __tablename__ = "report_layout"
    in_reports = True
    name: Mapped[str]
    sections: Mapped[str]
    promises: Mapped[str]
    person_id: Mapped[UUID]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (of_brand(),)


class ReportSchedule(TenantRow, Base):
    """`minute` of the brand's day on which it leaves; `formats` are comma-separated. Never changed: another is made, and
    this one ended.
    """

    __tablename__ = "report_schedule"
    rhythm: Mapped[str]
    formats: Mapped[str]
    language: Mapped[str]
    minute: Mapped[int]
    person_id: Mapped[UUID]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    layout_id: Mapped[UUID | None]
    __table_args__ = (
        of_brand(),
        owned("layout_id", "report_layout"),
        one_of("rhythm", "daily", "weekly", "monthly"),
        one_of("language", "it", "en"),
    )


class ReportRecipient(Tenant, Base):
    """Who is to get it, as far as they may see the brand's reports when it leaves."""

    __tablename__ = "report_recipient"
    schedule_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    chosen_at: Mapped[datetime]
    __table_args__ = (owned("schedule_id", "report_schedule"),)


class ReportMailing(TenantRow, Base):
    """One report of one period to one person, once. At the first try it is fixed of which fact (`n`) and instant it tells.

    `leaving` is written before the mail is handed over: who finds it so cannot know whether it was, and it is `uncertain`.
    """

    __tablename__ = "report_mailing"
    schedule_id: Mapped[UUID]
    person_id: Mapped[UUID]
    period: Mapped[str]
    state: Mapped[str] = mapped_column(default=WAITING)
    reason: Mapped[str] = mapped_column(default="")
    n: Mapped[int | None]
    as_of: Mapped[datetime | None]
    due_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    __table_args__ = (
        owned("schedule_id", "report_schedule"),
        one_of("state", WAITING, LEAVING, SENT, UNCERTAIN, REFUSED, FAILED),
        UniqueConstraint("brand_id", "schedule_id", "period", "person_id", name="report_mailing_once"),
    )


class ReportCommentary(TenantRow, Base):
    """What the provider says about a period, which belongs to `month`."""

    __tablename__ = "report_commentary"
    in_reports = True
    period: Mapped[str]
    month: Mapped[str]
    text: Mapped[str]
    person_id: Mapped[UUID]
    written_at: Mapped[datetime]
    __table_args__ = (of_brand(), UniqueConstraint("brand_id", "period"))
