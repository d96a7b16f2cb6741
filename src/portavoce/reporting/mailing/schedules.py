"""Which reports leave when and to whom; only to people who may see the brand's reports in the portal."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit, audit_house
from portavoce.calendars.turns import Rhythm
from portavoce.core.unit import new_id, now, written_brand
from portavoce.identity.granting import grants_of, holders
from portavoce.identity.models import Person
from portavoce.reporting.errors import BadSchedule, NoReport
from portavoce.reporting.layouts import layouts_of
from portavoce.reporting.mailing.models import ReportLayout, ReportMailing, ReportRecipient, ReportSchedule

READERS = frozenset({"client_viewer", "client_approver"})
"""Who may see a brand's reports in the portal, and so may be sent them."""
FORMATS = ("pdf", "xlsx", "csv")
MOST = 20
BY = "portal"
LATEST = 30


class Wish(NamedTuple):
    """What a schedule is to be: `minute` of the brand's day."""

    rhythm: Rhythm
    minute: int
    formats: Sequence[str]
    language: str
    people: Collection[UUID]
    layout_id: UUID | None = None


class ScheduleRow(NamedTuple):
    id: UUID
    rhythm: str
    minute: int
    formats: list[str]
    language: str
    people: list[str]
    layout: str | None


class MailingRow(NamedTuple):
    period: str
    person: str
    state: str
    reason: str
    n: int | None
    due_at: datetime
    left_at: datetime | None


async def readers_of(db: AsyncSession, brand_id: UUID) -> list[Person]:
    """By name, everybody who may be sent the brand's reports now."""
    found = [person for role in sorted(READERS) for person in await holders(db, role, brand_id)]
    return sorted(dict.fromkeys(found), key=lambda person: (person.name, person.id))


async def may_read(db: AsyncSession, person: Person, brand_id: UUID) -> bool:
    """As PostgreSQL has it now."""
    grants = await grants_of(db, [person.id])
    has_grant = any(grant.brand_id == brand_id and grant.role in READERS for grant in grants)
    return has_grant and person.disabled_at is None


async def make_schedule(db: AsyncSession, wish: Wish, *, person_id: UUID) -> UUID:
    """From its next turn on. BadSchedule says which field is wrong; people whom nobody may send reports are as unknown as
    any.
    """
    known = {person.id for person in await readers_of(db, written_brand(db))}
    if not wish.people or not set(wish.people) <= known:
        raise BadSchedule("Choose who gets the report.", recipient="unknown")
    if not wish.formats or not set(wish.formats) <= set(FORMATS):
        raise BadSchedule("Choose one of the options shown.", formats="unknown")
    if wish.layout_id is not None and wish.layout_id not in {each.id for each in await layouts_of(db)}:
        raise BadSchedule("Choose one of the options shown.", layout_id="unknown")
    standing = select(func.count(ReportSchedule.id)).where(ReportSchedule.ended_at.is_(None))
    if (await db.scalar(standing) or 0) >= MOST:
        raise BadSchedule("A brand has 20 schedules at most. End one first.", rhythm="many")
    schedule = ReportSchedule(
        id=new_id(db),
        rhythm=wish.rhythm,
        formats=",".join(each for each in FORMATS if each in wish.formats),
        language=wish.language,
        minute=wish.minute,
        layout_id=wish.layout_id,
        person_id=person_id,
        made_at=now(db),
    )
    db.add(schedule)
    await db.flush()
    db.add_all(
        ReportRecipient(schedule_id=schedule.id, person_id=each, chosen_at=now(db))
        for each in set(wish.people)
    )
    audit(db, BY, "report_schedule.made", "report_schedule", schedule.id, rhythm=wish.rhythm)
    audit_house(db, person_id, "report_schedule.made", "report_schedule", schedule.id)
    return schedule.id


async def end_schedule(db: AsyncSession, schedule_id: UUID, *, person_id: UUID) -> None:
    """What waits to leave does not leave any more; again changes nothing."""
    query = select(ReportSchedule).where(ReportSchedule.id == schedule_id)
    schedule = (await db.scalars(query)).one_or_none()
    if schedule is None:
        raise NoReport("This page does not exist.")
    if schedule.ended_at is None:
        schedule.ended_at = now(db)
        audit(db, BY, "report_schedule.ended", "report_schedule", schedule.id)
        audit_house(db, person_id, "report_schedule.ended", "report_schedule", schedule.id)


async def schedules_of(db: AsyncSession) -> list[ScheduleRow]:
    """Those of the one brand in scope that have not ended, the newest first; with the names of who gets them."""
    query = (
        select(ReportSchedule, ReportLayout.name, func.array_agg(Person.name))
        .join(
            ReportRecipient,
            (ReportRecipient.brand_id == ReportSchedule.brand_id)
            & (ReportRecipient.schedule_id == ReportSchedule.id),
        )
        .join(Person, Person.id == ReportRecipient.person_id)
        .outerjoin(
            ReportLayout,
            (ReportLayout.brand_id == ReportSchedule.brand_id)
            & (ReportLayout.id == ReportSchedule.layout_id),
        )
        .where(ReportSchedule.ended_at.is_(None))
        .group_by(ReportSchedule.brand_id, ReportSchedule.id, ReportLayout.name)
        .order_by(ReportSchedule.made_at.desc(), ReportSchedule.id)
    )
    return [
        ScheduleRow(
            row.id, row.rhythm, row.minute, row.formats.split(","), row.language, sorted(names), layout
        )
        for row, layout, names in await db.execute(query)
    ]


async def latest_mailings(db: AsyncSession) -> list[MailingRow]:
    """Of the one brand in scope, the newest first."""
    query = (
        select(
            ReportMailing.period,
            Person.name,
            ReportMailing.state,
            ReportMailing.reason,
            ReportMailing.n,
            ReportMailing.due_at,
            ReportMailing.left_at,
        )
        .join(Person, Person.id == ReportMailing.person_id)
        .order_by(ReportMailing.due_at.desc(), Person.name, ReportMailing.id)
        .limit(LATEST)
    )
    return [MailingRow(*row) for row in await db.execute(query)]
