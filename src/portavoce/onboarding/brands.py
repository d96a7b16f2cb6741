"""Add a client and a brand with everything it is born with, in one transaction of the new brand's own scope."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.aliases import agent_of, alias_for
from portavoce.audit.auditing import audit, audit_house
from portavoce.brands.adding import BrandLook, add_brand_row, add_client, add_line
from portavoce.brands.models import Client, LineOfBusiness
from portavoce.calendars.documents import Document
from portavoce.calendars.errors import BadCalendar
from portavoce.calendars.founding import add_calendar
from portavoce.calendars.hours import Weekly
from portavoce.calendars.public_days import is_place, resolved
from portavoce.calendars.publishing import first_day
from portavoce.contracts.founding import FirstResponsePromise, add_first_response, found_contract
from portavoce.conversations.models import Disposition
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE, Scope
from portavoce.core.unit import new_id, now
from portavoce.identity.granting import grant
from portavoce.kit.ids import uuid7
from portavoce.ledger.facts import record
from portavoce.ledger.heads import begin_chain

OFFICE_HOURS = Weekly(dict.fromkeys(range(5), ((9 * 60, 18 * 60),)))
FIRST_TARGET = timedelta(hours=4)
FIRST_SHARE_BP = 9_000
OUTCOMES = (
    ("solved", "Solved"),
    ("informed", "Information given"),
    ("complaint", "Complaint opened"),
    ("forwarded", "Passed to the client"),
    ("callback", "To be called back"),
    ("spam", "Not for us"),
)


async def add_paying_client(database: Database, *, name: str, legal_name: str, by: UUID) -> UUID:
    async with database.begin(HOUSE) as db:
        client: Client = add_client(db, name, legal_name)
        await db.flush()
        audit_house(db, by, "client.added", "client", client.id, name=name)
        return client.id


async def add_brand(
    database: Database,
    *,
    client_id: UUID,
    look: BrandLook,
    by: UUID,
    weekly: Weekly = OFFICE_HOURS,
    target: timedelta = FIRST_TARGET,
    share_bp: int = FIRST_SHARE_BP,
    outcomes: Sequence[tuple[str, str]] = OUTCOMES,
    place: str = "",
) -> UUID:
    """Mint the brand's id and scope; write brand, creator's grant, contract 1, calendar, line, queue, outcomes, chain head.

    `place`: of the public holidays, a country's code or that of a part of it like `IT-TO`; BadCalendar if unknown.
    """
    brand_id = uuid7(database.clock)
    async with database.begin(Scope.writing(brand_id)) as db:
        await add_brand_row(db, client_id, look)
        begin_chain(db, brand_id)
        await grant(db, by, "admin", brand_id=brand_id, by=by)
        line, _queue = add_line(db, "Customer care", look.language)
        await db.flush()
        version = found_contract(db, client_id, look.name, now(db))
        holidays = await asyncio.to_thread(_holidays, weekly, look.zone, place, now(db))
        calendar = add_calendar(
            db, "Opening hours", weekly, look.zone, now(db), document=holidays, published_by=by
        )
        await db.flush()
        promise = FirstResponsePromise(
            lob_id=line.id, channel="email", target=target, share_bp=share_bp, calendar_id=calendar.id
        )
        add_first_response(db, version.id, promise)
        _add_outcomes(db, line, outcomes)
        await _alias_creator(db, by)
        cause = audit(db, "admin", "brand.added", "brand", brand_id)
        record(db, "brand.added", actor="admin", lob_id=line.id, cause_id=cause)
    return brand_id


def _holidays(weekly: Weekly, zone: str, place: str, at: datetime) -> Document | None:
    """The opening hours with the holidays of the place; None if there are none to keep."""
    country, _, subdivision = place.partition("-")
    if not is_place(country, subdivision):
        raise BadCalendar("Choose one of the options shown.", place=place)
    document = Document(zone=zone, weekly=weekly, country=country, subdivision=subdivision)
    return resolved(document, first_day(document, at)) if country else None


def _add_outcomes(db: AsyncSession, line: LineOfBusiness, outcomes: Sequence[tuple[str, str]]) -> None:
    for position, (code, label) in enumerate(outcomes):
        db.add(Disposition(id=new_id(db), lob_id=line.id, code=code, label=label, position=position))


async def _alias_creator(db: AsyncSession, person_id: UUID) -> None:
    agent = await agent_of(db, person_id)
    if agent is not None:
        await alias_for(db, agent.agent_id, agent.display_name)
