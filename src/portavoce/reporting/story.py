"""One contact with all its facts, as the ledger told at one of its states."""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.reporting.book import read_contacts
from portavoce.reporting.contacts import Contact
from portavoce.reporting.errors import NoReport
from portavoce.reporting.facts import Anchor, Evidence, evidence_of
from portavoce.reporting.month import lob_names
from portavoce.reporting.terms import read_terms


class Story(msgspec.Struct, frozen=True):
    """`sound` tells whether every hash shown is that of the stored bytes."""

    contact: Contact
    facts: list[Evidence]

    @property
    def sound(self) -> bool:
        return all(evidence.sound for evidence in self.facts)


async def read_story(db: AsyncSession, interaction_id: UUID, zone: str, anchor: Anchor) -> Story:
    """Five queries; NoReport when the brand in scope never opened such a contact."""
    facts = await evidence_of(db, interaction_id, anchor.n)
    told = [evidence.told for evidence in facts]
    _, contacts = read_contacts(told, await read_terms(db), await lob_names(db), zone, anchor.at)
    if interaction_id not in contacts:
        raise NoReport("This page does not exist.")
    return Story(contacts[interaction_id], facts)
