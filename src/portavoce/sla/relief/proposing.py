"""Propose a relief: what happened, when and where, in words for the client, who is told by mail that it waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit
from portavoce.brands.models import Brand, LineOfBusiness
from portavoce.contracts.models import ContractVersion
from portavoce.contracts.queries import version_in_force
from portavoce.core.unit import new_id, now, written_brand
from portavoce.identity.granting import holders
from portavoce.identity.mails import House, send_relief
from portavoce.ledger.facts import record
from portavoce.sla.measures.intervals import interval_of
from portavoce.sla.relief.causes import Cause
from portavoce.sla.relief.errors import BadRelief
from portavoce.sla.relief.models import ReliefEvent
from portavoce.sla.relief.told import PROPOSED
from portavoce.sla.writing import CHANNELS

APPROVER = "client_approver"
PROVIDER = "supervisor"
"""What a fact calls whoever proposes or withdraws: a person of the provider, of whom it knows no id."""
OLDEST, LONGEST = timedelta(days=366), timedelta(days=31)
MINUTES = 15
"""A window begins and ends on a quarter of an hour, as the intervals do that the client can add up."""
MOST_WORDS = 4_000
FULL_QUARTER = "Choose a full quarter of an hour: minutes 00, 15, 30 or 45."
NOBODY = "Nobody at the client may decide yet. Ask an administrator to give somebody access."


class Wish(NamedTuple):
    """Nothing of it is judged yet. A contact stands alone; a line of business and a channel narrow each other."""

    cause: Cause
    starts_at: datetime
    ends_at: datetime
    evidence: str
    lob_id: UUID | None = None
    channel: str | None = None
    interaction_id: UUID | None = None


async def propose(db: AsyncSession, house: House | None, wish: Wish, *, by: UUID) -> ReliefEvent:
    """BadRelief with a sentence by field. What silence means is read once, of the contract version in force now."""
    people = await holders(db, APPROVER, written_brand(db))
    if not people:
        raise BadRelief(NOBODY)
    await _check(db, wish)
    event = ReliefEvent(
        brand_id=written_brand(db),
        id=new_id(db),
        proposed_at=now(db),
        proposed_by=by,
        due_at=await _silence_ends(db),
        **wish._replace(evidence=wish.evidence.strip())._asdict(),
    )
    db.add(event)
    await db.flush()
    cause = audit(db, PROVIDER, "relief.proposed", "relief_event", event.id)
    record(
        db, PROPOSED, actor=PROVIDER, lob_id=event.lob_id, interaction_id=event.interaction_id, cause_id=cause,
        event=event.id, cause=event.cause, starts=event.starts_at, ends=event.ends_at, channel=event.channel,
        due=event.due_at,
    )  # fmt: skip
    if house is not None:
        slug = (await db.get_one(Brand, event.brand_id)).slug
        for person in people:
            send_relief(db, house, person, f"/portal/{slug}/relief/{event.id}")
    return event


async def _silence_ends(db: AsyncSession) -> datetime | None:
    """So many days of 24 hours from now."""
    at = now(db)
    version_id = await version_in_force(db, at)
    query = select(ContractVersion.relief_silence_days).where(ContractVersion.id == version_id)
    days = (await db.scalars(query)).one()
    return None if days is None else at + timedelta(days=days)


async def _check(db: AsyncSession, wish: Wish) -> None:
    errors: dict[str, str] = {}
    at = now(db)
    if not at - OLDEST <= wish.starts_at <= at:
        errors["starts"] = "Choose a moment within the last year."
    elif not _is_quarter(wish.starts_at):
        errors["starts"] = FULL_QUARTER
    if wish.ends_at > at:
        errors["until"] = "Choose a moment that has passed: a relief is proposed for what is over."
    elif wish.ends_at <= wish.starts_at:
        errors["until"] = "Choose a moment after the beginning."
    elif wish.ends_at - wish.starts_at > LONGEST:
        errors["until"] = "Choose a moment within 31 days of the beginning."
    elif not _is_quarter(wish.ends_at):
        errors["until"] = FULL_QUARTER
    if not wish.evidence.strip():
        errors["evidence"] = "Write what happened, so that the client can decide."
    elif len(wish.evidence) > MOST_WORDS:
        errors["evidence"] = "Shorten this text to 4000 characters."
    if wish.channel is not None and wish.channel not in CHANNELS:
        errors["channel"] = "Choose one of the options shown."
    if wish.interaction_id is not None and (wish.lob_id or wish.channel):
        errors["ticket"] = "A contact stands alone: leave line of business and channel open."
    if wish.lob_id is not None and await _unknown(db, wish.lob_id):
        errors["lob_id"] = "Choose one of the options shown."
    if errors:
        raise BadRelief("Check the fields below.", **errors)


def _is_quarter(at: datetime) -> bool:
    return interval_of(at, MINUTES) == at


async def _unknown(db: AsyncSession, lob_id: UUID) -> bool:
    return await db.scalar(select(LineOfBusiness.id).where(LineOfBusiness.id == lob_id)) is None
