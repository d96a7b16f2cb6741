"""One contact with all its facts and every clock that ran for it, as the ledger told at one of its states."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.reporting.contacts import Result
from portavoce.reporting.contract import read_contract, terms_of
from portavoce.reporting.errors import NoReport
from portavoce.reporting.facts import Anchor, Evidence, evidence_of
from portavoce.reporting.month import lob_names
from portavoce.sla.clocks.cycles import Cycle, cycles
from portavoce.sla.clocks.lives import read_life
from portavoce.sla.rules import Clause


class Applied(msgspec.Struct, frozen=True):
    """A clause, and how one cycle of its clock ran."""

    clause: Clause
    cycle: Cycle

    @property
    def result(self) -> Result:
        return Result(self.cycle.state)


class Story(msgspec.Struct, frozen=True):
    """`sound` tells whether every hash shown is that of the stored bytes."""

    interaction_id: UUID
    ticket: int | None
    opened_at: datetime
    lob: str
    channel: str
    applied: list[Applied]
    facts: list[Evidence]

    @property
    def sound(self) -> bool:
        return all(evidence.sound for evidence in self.facts)

    @property
    def result(self) -> Result:
        """Of the first clock; there is one wherever anything was promised."""
        return self.applied[0].result if self.applied else Result.NO_CLAUSE


async def read_story(db: AsyncSession, interaction_id: UUID, anchor: Anchor) -> Story:
    """Five queries; NoReport when the brand in scope never opened such a contact."""
    facts = await evidence_of(db, interaction_id, anchor.n)
    life = read_life([evidence.told.fact for evidence in facts], anchor.at)
    if life is None:
        raise NoReport("This page does not exist.")
    contract, lobs = await read_contract(db), await lob_names(db)
    clauses = {clause.id: clause for version in contract for clause in version.clauses}
    opening = life.opening
    return Story(
        interaction_id=interaction_id,
        ticket=next((each.told.ticket for each in facts if each.told.ticket), None),
        opened_at=opening.at,
        lob=lobs.get(opening.lob_id, "") if opening.lob_id else "",
        channel=str(opening.body.get("channel", "")),
        applied=[
            Applied(clauses[cycle.clause_id], cycle) for cycle in cycles(life, terms_of(contract), anchor.at)
        ],
        facts=facts,
    )
