"""Acts on several contacts of Aurora, begun as the page does and carried out as a worker does."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.brands.adding import add_line
from portavoce.conversations.bulk.carrying import carry_on
from portavoce.conversations.bulk.judging import Wish
from portavoce.conversations.bulk.models import BulkStep
from portavoce.conversations.bulk.planning import plan
from portavoce.conversations.bulk.starting import begin, begin_undoing
from portavoce.conversations.models import Disposition
from portavoce.core.unit import new_id
from tests.floor import Floor


async def begun(
    floor: Floor, contacts: Sequence[UUID], wish: Wish, *, by: BrandAgent | None = None,
    supervising: bool = False, action_id: UUID | None = None,
) -> UUID:  # fmt: skip
    """Written down, and nothing done yet. Anna's, unless told otherwise."""
    agent, known_as = by or floor.anna, action_id or uuid4()

    async def write(db: AsyncSession) -> UUID:
        made = await plan(db, contacts, by=agent, supervising=supervising)
        return (await begin(db, known_as, made, wish, by=agent, supervising=supervising)).id

    return await floor.do(write)


async def carried(floor: Floor, action_id: UUID) -> dict[UUID, tuple[str, str]]:
    """State and why of each contact, after all that can be done was done."""
    await carry_on(floor.database, floor.aurora.id, action_id)
    return await steps(floor, action_id)


async def acted(
    floor: Floor, contacts: Sequence[UUID], wish: Wish, *, by: BrandAgent | None = None,
    supervising: bool = False,
) -> UUID:  # fmt: skip
    action_id = await begun(floor, contacts, wish, by=by, supervising=supervising)
    await carried(floor, action_id)
    return action_id


async def undone(
    floor: Floor, action_id: UUID, *, by: BrandAgent | None = None
) -> dict[UUID, tuple[str, str]]:
    await floor.do(begin_undoing, action_id, by=by or floor.anna)
    return await carried(floor, action_id)


async def steps(floor: Floor, action_id: UUID) -> dict[UUID, tuple[str, str]]:
    """In order."""
    rows = [each for each in await floor.rows(BulkStep) if each.action_id == action_id]
    rows.sort(key=lambda each: each.position)
    return {each.interaction_id: (each.state, each.why) for each in rows}


async def returns(floor: Floor) -> UUID:
    """A second line of business of Aurora, with an outcome and a reason of its own."""

    async def add(db: AsyncSession) -> UUID:
        line, _queue = add_line(db, "Resi", "it")
        await db.flush()
        for kind, code in (("outcome", "returned"), ("reason", "broken")):
            db.add(Disposition(id=new_id(db), lob_id=line.id, kind=kind, code=code, label=code, position=0))
        return line.id

    return await floor.do(add)


async def reasoned(floor: Floor) -> None:
    """Aurora's first line offers two reasons."""

    async def add(db: AsyncSession) -> None:
        for at, code in enumerate(("leak", "late")):
            db.add(
                Disposition(
                    id=new_id(db),
                    lob_id=floor.aurora.lob_id,
                    kind="reason",
                    code=code,
                    label=code,
                    position=at,
                )
            )

    await floor.do(add)


async def place(floor: Floor, contact: UUID) -> tuple[object, ...]:
    """Everything that says where a contact stands."""
    row, work = await floor.contact(contact), await floor.work(contact)
    kept = ("lob_id", "queue_id", "queued_at", "due_at", "ahead_since", "wakes_at", "state")
    return (
        row.state,
        row.brand_agent_id,
        row.reason_id,
        row.closed_at,
        *(getattr(work, name) for name in kept),
    )
