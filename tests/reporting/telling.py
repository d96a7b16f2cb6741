"""Contacts told to a ledger as bare facts: what the reports read, without the desk that usually causes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.core.unit import new_id
from portavoce.ledger.facts import record
from portavoce.reporting.observing.following import catch_up
from tests.minting import Minted


@dataclass(frozen=True, slots=True)
class Contact:
    """When it was opened and, if at all, answered and closed; `by` is the brand's name of the agent."""

    opened: datetime
    answered: datetime | None = None
    by: UUID | None = None
    lob_id: UUID | None = None
    channel: str = "email"
    automatic: bool = False
    closed: datetime | None = None


async def tell(database: Database, brand: Minted, *contacts: Contact) -> list[UUID]:
    """One transaction for all; needs a database that writes facts. Gives the interactions in the order told.

    The reports have read it when this returns.
    """
    found = await record_contacts(database, brand, *contacts)
    await catch_up(database, brand.id)
    return found


async def record_contacts(database: Database, brand: Minted, *contacts: Contact) -> list[UUID]:
    """The same, and the reports lie behind."""
    async with database.begin(Scope.writing(brand.id)) as db:
        return [_tell(db, brand, contact) for contact in contacts]


async def answer(
    database: Database, brand: Minted, interaction: UUID, at: datetime, by: UUID | None = None
) -> None:
    """The reports have read it when this returns."""
    async with database.begin(brand.writing) as db:
        _sent(db, brand.lob_id, interaction, at, by, automatic=False)
    await catch_up(database, brand.id)


def _tell(db: AsyncSession, brand: Minted, contact: Contact) -> UUID:
    interaction, lob = new_id(db), contact.lob_id or brand.lob_id
    record(
        db, "interaction.opened", actor="customer", at=contact.opened, lob_id=lob, interaction_id=interaction,
        to_state="waiting", draws_ticket=True, channel=contact.channel,
    )  # fmt: skip
    record(
        db, "message.received", actor="customer", at=contact.opened, lob_id=lob, interaction_id=interaction,
        channel=contact.channel, automatic=False,
    )  # fmt: skip
    if contact.automatic:
        _sent(db, lob, interaction, contact.opened + timedelta(minutes=1), None, automatic=True)
    if contact.answered:
        _sent(db, lob, interaction, contact.answered, contact.by, automatic=False)
    if contact.closed:
        _closed(db, lob, interaction, contact.closed)
    return interaction


def _sent(
    db: AsyncSession, lob: UUID, interaction: UUID, at: datetime, by: UUID | None, *, automatic: bool
) -> None:
    record(
        db, "message.sent", at=at, lob_id=lob, interaction_id=interaction, brand_agent_id=by,
        from_state="sending", to_state="sent", channel="email", automatic=automatic,
    )  # fmt: skip


def _closed(db: AsyncSession, lob: UUID, interaction: UUID, at: datetime) -> None:
    """After ten minutes of work."""
    for kind, told in (
        ("handling.ended", {"started": at - timedelta(minutes=10)}),
        ("interaction.closed", {"to_state": "closed", "disposition": "solved"}),
    ):
        record(db, kind, at=at, lob_id=lob, interaction_id=interaction, **told)
