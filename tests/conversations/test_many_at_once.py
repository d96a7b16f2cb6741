"""Many people on the same few contacts: nobody is kept waiting for ever, and no contact is lost."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from portavoce.agents.choosing import choose_state
from portavoce.conversations.back_office.asking import ask_client, recall
from portavoce.conversations.claiming import claim, release
from portavoce.conversations.closing import close
from portavoce.conversations.handling import end_idle_segments, focus
from portavoce.conversations.models import Interaction
from portavoce.conversations.reopening import reopen
from portavoce.conversations.replying import note, reply
from portavoce.conversations.transferring import hand_to_colleague
from portavoce.core.errors import Problem
from portavoce.core.scope import HOUSE
from tests.consistency import contradictions
from tests.conversations.back_office.asked import olga
from tests.floor import Floor, at_once, failures
from tests.world import HOUSE_NAME, WorldAgent, WorldBrand

Act = Callable[[], Awaitable[object]]
SEQUENCES = 80
TURNS = 2


class Crowd:
    """Runs verbs as single units that nobody retries: a deadlock would show."""

    def __init__(self, floor: Floor, seed: int) -> None:
        self.floor = floor
        self.dice = random.Random(seed)
        self.contacts: dict[UUID, list[tuple[UUID, UUID]]] = {}

    async def prepare(self, each: int) -> None:
        for brand in (self.floor.aurora, self.floor.world.bosco):
            made = [await self.floor.write_in(at=brand) for _ in range(each)]
            await olga(self.floor, brand)
            self.contacts[brand.id] = [(message.interaction_id, message.conversation_id) for message in made]

    async def sequence(self) -> None:
        """One person's few steps on one contact, as another's steps cross them."""
        agent = self.dice.choice([self.floor.world.anna, self.floor.world.bruno])
        brands = [self.floor.aurora, self.floor.world.bosco]
        brand = self.dice.choice([each for each in brands if each.id in agent.known_as])
        contact, thread = self.dice.choice(self.contacts[brand.id])
        for _ in range(TURNS):
            try:
                await self.turn(agent, brand, contact, thread)
            except Problem:
                continue

    async def turn(self, agent: WorldAgent, brand: WorldBrand, contact: UUID, thread: UUID) -> None:
        by, people = agent.at(brand), (self.floor.world.anna, self.floor.world.bruno)
        other = people[agent is people[0]]
        verbs: list[tuple[Callable[..., Awaitable[Any]], tuple[Any, ...], dict[str, Any]]] = [
            (claim, (contact,), {"by": by}),
            (claim, (contact,), {"by": by}),
            (release, (contact,), {"by": by}),
            (close, (contact, "solved"), {"by": by}),
            (reopen, (contact,), {"by": by}),
            (focus, (contact,), {"by": by}),
            (reply, (contact, "Buongiorno!"), {"by": by}),
            (note, (contact, "Nota."), {"by": by}),
            (end_idle_segments, (), {}),
            (hand_to_colleague, (contact, other.known_as.get(brand.id, by).id, "Tuo"), {"by": by}),
            (hand_to_colleague, (contact, other.known_as.get(brand.id, by).id, "Tuo"), {"by": by}),
            (ask_client, (HOUSE_NAME, contact, "È in garanzia?"), {"shared": "", "by": by}),
            (recall, (contact,), {"by": by}),
        ]
        pick = self.dice.randrange(len(verbs) + 2)
        if pick == len(verbs):
            await self.floor.write_in(at=brand, thread=thread)
        elif pick == len(verbs) + 1:
            async with self.floor.database.begin(HOUSE) as db:
                await choose_state(db, agent.agent_id, "ready")
        else:
            verb, values, options = verbs[pick]
            async with self.floor.database.begin(brand.writing) as db:
                await verb(db, *values, **options)


async def test_eighty_crossing_sequences_neither_deadlock_nor_lose_work(floor: Floor) -> None:
    crowd = Crowd(floor, seed=2)
    await crowd.prepare(4)
    results = await at_once(*(crowd.sequence() for _ in range(SEQUENCES)))
    assert not failures(results)
    assert await contradictions(floor) == []
    assert len(await floor.rows(Interaction)) == 4


async def test_forty_claims_of_ten_contacts_by_two_people_make_ten(floor: Floor) -> None:
    contacts = [await floor.waiting() for _ in range(10)]
    results = await at_once(
        *(floor.do(claim, contact, by=by) for contact in contacts for by, _ in floor.pair * 2)
    )
    assert not failures(results, Problem)
    taken = [each.interaction_id for each in await floor.facts() if each.kind == "interaction.assigned"]
    assert len(taken) == len(contacts)
    assert set(taken) == set(contacts)
    assert await contradictions(floor) == []
