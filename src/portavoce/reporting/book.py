"""Facts and terms of a brand put together: from a clock to the contact that is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from portavoce.reporting.contacts import Contact
from portavoce.reporting.facts import Told
from portavoce.reporting.months import day_of, week_of
from portavoce.reporting.terms import Promise
from portavoce.sla.first_response import OPENED, FirstResponse, Terms, clause_of, clocks, is_reply


class Book(msgspec.Struct, frozen=True):
    """What was told, by interaction; of replies at one instant the first told counts."""

    openings: Mapping[UUID, Told]
    replies: Mapping[tuple[UUID, datetime | None], Told]
    terms: Sequence[Terms]
    lobs: Mapping[UUID, str]
    zone: str

    def contact(self, row: FirstResponse) -> Contact:
        opening = self.openings[row.interaction_id]
        answer = self.replies.get((row.interaction_id, row.answered_at))
        promise = clause_of(opening.fact, self.terms)
        assert opening.fact.lob_id is not None, "an opening names its line of business"
        return Contact(
            interaction_id=row.interaction_id,
            ticket=opening.ticket,
            opened_at=row.opened_at,
            week=week_of(row.opened_at, self.zone),
            weekday=day_of(row.opened_at, self.zone).weekday(),
            answered_at=row.answered_at,
            due_at=row.due_at,
            state=row.state,
            lob_id=opening.fact.lob_id,
            lob=self.lobs.get(opening.fact.lob_id, ""),
            channel=str(opening.fact.body.get("channel", "")),
            promise=promise if isinstance(promise, Promise) else None,
            brand_agent_id=answer.brand_agent_id if answer else None,
        )


def read_contacts(
    told: Sequence[Told], terms: Sequence[Terms], lobs: Mapping[UUID, str], zone: str, as_of: datetime
) -> tuple[list[FirstResponse], dict[UUID, Contact]]:
    """The clock of every interaction opened among the facts, in order of opening, and its contact."""
    rows = clocks([each.fact for each in told], terms, as_of)
    book = Book(
        openings={each.fact.interaction_id: each for each in told if each.fact.kind == OPENED},
        replies={
            (each.fact.interaction_id, each.fact.at): each for each in reversed(told) if is_reply(each.fact)
        },
        terms=terms,
        lobs=lobs,
        zone=zone,
    )
    return rows, {row.interaction_id: book.contact(row) for row in rows}
