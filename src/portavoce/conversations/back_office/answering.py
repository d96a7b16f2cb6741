"""The client's answer: a note of the contact, which goes back to who asked, or to the head of the queue."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.agents.timeline import lock_slot
from portavoce.conversations.back_office.errors import NotOpen
from portavoce.conversations.back_office.models import ClientRequest
from portavoce.conversations.back_office.queries import contact_of, open_request
from portavoce.conversations.models import WITH_CLIENT, Interaction, WorkItem
from portavoce.conversations.queries import work_and_interaction
from portavoce.conversations.replying import CLIENT, leave_note
from portavoce.conversations.transferring import put_first, put_in_hands, show
from portavoce.core.unit import now, written_brand
from portavoce.identity.models import Person
from portavoce.ledger.facts import record


async def answer(db: AsyncSession, request_id: UUID, text: str, *, person_id: UUID) -> ClientRequest:
    """By a person of the client, whom the thread knows by first name and role. NotOpen when somebody was faster.

    A contact that came back meanwhile, since its customer wrote or it was closed, stays where it is.
    """
    interaction_id, asker_id = await contact_of(db, request_id)
    asker = await db.get_one(BrandAgent, (written_brand(db), asker_id))
    slot = await lock_slot(db, asker.agent_id)
    work, interaction = await work_and_interaction(db, interaction_id)
    request = await open_request(db, interaction_id)
    if request is None or request.id != request_id:
        raise NotOpen("This question was answered or taken back meanwhile.")
    person = await db.get_one(Person, person_id)
    note = await leave_note(db, interaction, text, author=name_of(person), by=None)
    at = now(db)
    request.state, request.ended_at, request.answered_by, request.answer = "answered", at, person_id, text
    record(
        db,
        "back_office.answered",
        actor=CLIENT,
        at=at,
        lob_id=interaction.lob_id,
        interaction_id=interaction_id,
        request=request_id,
        asked=request.asked_at,
        due=request.due_at,
        met=None if request.due_at is None else at <= request.due_at,
        message=note.id,
    )
    if interaction.state == WITH_CLIENT:
        taken = await put_in_hands(db, slot, work, interaction, asker)
        if not taken:
            put_first(db, work, interaction)
        _came_back(db, work, interaction, asker)
    show(db, interaction, *await _who_looks(db, interaction, asker))
    return request


def name_of(person: Person) -> str:
    """As agents know somebody of the client; the same in every language."""
    return f"{person.name.split()[0]}, back office"


def _came_back(db: AsyncSession, work: WorkItem, interaction: Interaction, asker: BrandAgent) -> None:
    record(
        db,
        "interaction.returned",
        actor=CLIENT,
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=asker.id,
        from_state=WITH_CLIENT,
        to_state=work.state,
    )


async def _who_looks(db: AsyncSession, interaction: Interaction, asker: BrandAgent) -> list[BrandAgent]:
    """Who asked, and who holds the contact by now."""
    if interaction.brand_agent_id in (None, asker.id):
        return [asker]
    return [asker, await db.get_one(BrandAgent, (interaction.brand_id, interaction.brand_agent_id))]
