"""Ask the client's back office about a contact, and take the question back.

Until the answer nobody works on the contact and its agent's hands are free. What was promised to the customer goes on;
the client has a clock of its own. The customer's next message brings the contact back to the queue, and the question
stays open.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.capacity import take_units
from portavoce.agents.models import BrandAgent
from portavoce.agents.timeline import lock_slot
from portavoce.brands.models import Brand
from portavoce.conversations.back_office.errors import NobodyThere, NotOpen, OpenAlready
from portavoce.conversations.back_office.events import ClientAsked
from portavoce.conversations.back_office.models import ClientRequest
from portavoce.conversations.back_office.queries import open_request
from portavoce.conversations.errors import EmptyText
from portavoce.conversations.events import InteractionClosed
from portavoce.conversations.holding import held_by
from portavoce.conversations.models import WITH_CLIENT, Interaction
from portavoce.conversations.queries import work_and_interaction
from portavoce.conversations.transferring import leave_hands, show
from portavoce.core.unit import emit, new_id, now, written_brand
from portavoce.identity.granting import holders
from portavoce.identity.mails import House, send_question
from portavoce.ledger.facts import Fact, record

ROLE = "client_back_office"
NOBODY = "Nobody at the client may answer yet. Ask an administrator to give somebody access."


async def ask_client(
    db: AsyncSession, house: House, interaction_id: UUID, question: str, *, shared: str, by: BrandAgent
) -> ClientRequest:
    """By who holds the contact; told by mail without a word of it, only where to read it."""
    if not question.strip():
        raise EmptyText("Write the message first.", text="empty")
    slot = await lock_slot(db, by.agent_id)
    work, interaction = await leave_hands(db, interaction_id, slot, by)
    if await open_request(db, interaction_id):
        raise OpenAlready("The client has a question about this contact already. Take it back first.")
    work.state = interaction.state = WITH_CLIENT
    request = ClientRequest(
        brand_id=written_brand(db),
        id=new_id(db),
        interaction_id=interaction_id,
        brand_agent_id=by.id,
        question=question,
        shared=shared,
        asked_at=now(db),
    )
    told: dict[str, object] = {}
    await emit(db, ClientAsked(request, interaction, told))
    db.add(request)
    _moved(db, interaction, by, "interaction.transferred", "assigned").data["target"] = "client"
    _told(db, interaction, by, "back_office.asked", request).data.update(told)
    await _tell(db, house, request)
    show(db, interaction, by)
    return request


async def recall(db: AsyncSession, interaction_id: UUID, *, by: BrandAgent) -> Interaction:
    """Any agent of the brand, who then holds the contact; of one in a colleague's hands only its holder. NotOpen."""
    slot = await lock_slot(db, by.agent_id)
    work, interaction = await work_and_interaction(db, interaction_id)
    request = await open_request(db, interaction_id)
    if request is None:
        raise NotOpen("The client has answered, or the question was taken back meanwhile.")
    if interaction.state == "assigned":
        held_by(interaction, by)
    request.state, request.ended_at = "recalled", now(db)
    _told(db, interaction, by, "back_office.recalled", request)
    if interaction.state == WITH_CLIENT:
        take_units(db, slot, work.units)
        work.state = interaction.state = "assigned"
        keeper, interaction.brand_agent_id = interaction.brand_agent_id, by.id
        _moved(db, interaction, by, "interaction.assigned", WITH_CLIENT)
        show(db, interaction, by, await db.get_one(BrandAgent, (interaction.brand_id, keeper)))
    else:
        show(db, interaction, by)
    return interaction


async def need_no_answer(db: AsyncSession, event: InteractionClosed) -> None:
    """Nobody at the client goes on with a question about a contact that was closed meanwhile."""
    request = await open_request(db, event.interaction_id)
    if request is None:
        return
    _, interaction = await work_and_interaction(db, event.interaction_id)
    closed_by = await db.get_one(BrandAgent, (interaction.brand_id, interaction.brand_agent_id))
    request.state, request.ended_at = "recalled", event.at
    _told(db, interaction, closed_by, "back_office.recalled", request)


async def _tell(db: AsyncSession, house: House, request: ClientRequest) -> None:
    people = await holders(db, ROLE, request.brand_id)
    if not people:
        raise NobodyThere(NOBODY)
    slug = (await db.get_one(Brand, request.brand_id)).slug
    for person in people:
        send_question(db, house, person, f"/portal/{slug}/requests/{request.id}")


def _moved(db: AsyncSession, interaction: Interaction, by: BrandAgent, kind: str, before: str) -> Fact:
    return record(
        db,
        kind,
        actor=str(by.id),
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=by.id,
        from_state=before,
        to_state=interaction.state,
    )


def _told(
    db: AsyncSession, interaction: Interaction, by: BrandAgent, kind: str, request: ClientRequest
) -> Fact:
    return record(
        db,
        kind,
        actor=str(by.id),
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=by.id,
        request=request.id,
        due=request.due_at,
    )
