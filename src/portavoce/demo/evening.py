"""The last hours before the doors open: contacts of every brand that nobody has answered yet, some in hand."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations import claiming, handling, replying
from portavoce.conversations.models import Conversation, Interaction
from portavoce.conversations.moving import move_to_channel
from portavoce.conversations.native_answers import NativeAnswer, take_native
from portavoce.customers.identifying import add_identity
from portavoce.demo import cast, texts
from portavoce.demo.cast import GIULIA, OPERATORS, TEAMS
from portavoce.demo.floor import Event, Floor, Thread
from portavoce.demo.founding import Founded
from portavoce.demo.simulation import Ground, Plan, open_floor
from portavoce.demo.writing import Boxes, Customers

AGES = (1.2, 0.82, 0.6, 0.41, 0.24, 0.07)
"""How long ago the open contacts came, in parts of the brand's target."""
HELD = (
    (GIULIA, "nordcaffe", 0.6),
    (GIULIA, "lumi", 0.41),
    ("aisha.benali@voxa.example", "velia", 0.82),
    ("matteo.gallo@voxa.example", "alpilinea", 0.6),
    ("elena.conti@voxa.example", "lumi", 0.82),
)


async def last_hours(ground: Ground, founded: Founded, plan: Plan) -> Floor:
    """Runs after both desks are done, up to the end."""
    floor, boxes = await open_floor(ground, founded, plan, plan.seed + 100)
    for team in TEAMS:
        for age in AGES:
            instant = plan.end - timedelta(minutes=team.target * age)
            floor.at(max(instant, plan.start), _mail(floor, boxes, team, age))
    await floor.run_until(plan.end)
    return floor


def _mail(floor: Floor, boxes: Boxes, team: cast.Team, age: float) -> Event:
    def wait(thread: Thread, interaction_id: UUID) -> None:
        floor.contacts += 1
        for email, slug, of_age in HELD:
            if (slug, of_age) == (team.slug, age):
                seconds = floor.random.randrange(40, 600)
                floor.at(floor.end - timedelta(seconds=seconds), _take(floor, email, thread, interaction_id))

    return Customers(floor, boxes, wait).first(team)


def _take(floor: Floor, email: str, thread: Thread, interaction_id: UUID) -> Event:
    operator = next(each for each in OPERATORS if each.email == email)
    by = floor.founded.alias(thread.matter.slug, operator)

    async def event() -> None:
        async with floor.database.begin(floor.scope(thread.matter.slug)) as db:
            await claiming.claim(db, interaction_id, by=by)
            await handling.focus(db, interaction_id, by=by)
            if (email, thread.matter.slug) in WITH_A_TWIST:
                await WITH_A_TWIST[email, thread.matter.slug](db, interaction_id, by)
            if email != GIULIA:
                await replying.note(db, interaction_id, texts.note(floor.random, thread.matter), by=by)

    return event


async def _answered_by_the_brand(db: AsyncSession, interaction_id: UUID, by: BrandAgent) -> None:
    """Somebody in the brand's office was faster, and had the brand's address read along."""
    text = "Buongiorno, me ne occupo io: la richiamo entro oggi."
    answer = NativeAnswer(
        conversation=await _thread(db, interaction_id, by), channel="email", key=str(interaction_id),
        author="Laura Conti", body=text,
    )  # fmt: skip
    await take_native(db, answer)


async def _by_phone(db: AsyncSession, interaction_id: UUID, by: BrandAgent) -> None:
    thread = await _thread(db, interaction_id, by)
    await add_identity(db, thread.customer_id, "phone", "+393385550142", by=by)
    await db.flush()
    await move_to_channel(db, interaction_id, "phone", by=by)


async def _thread(db: AsyncSession, interaction_id: UUID, by: BrandAgent) -> Conversation:
    contact = await db.get_one(Interaction, (by.brand_id, interaction_id))
    return await db.get_one(Conversation, (by.brand_id, contact.conversation_id))


WITH_A_TWIST = {(GIULIA, "nordcaffe"): _answered_by_the_brand, (GIULIA, "lumi"): _by_phone}
"""What has happened to a contact beside being taken."""
