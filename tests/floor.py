"""Two brands at work without mail: contacts arrive by the verb itself, answers stay in the house."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest
from sqlalchemy import inspect, select

from portavoce.agents.choosing import choose_state
from portavoce.agents.models import AgentSlot, BrandAgent
from portavoce.conversations import claiming, closing
from portavoce.conversations.events import MessageQueued
from portavoce.conversations.models import Conversation, Interaction, Message, WorkItem
from portavoce.conversations.receiving import Inbound, receive
from portavoce.core.db import Database, Reactions
from portavoce.core.scope import HOUSE
from portavoce.core.unit import Poke
from portavoce.customers.finding import find_or_create
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.models import LedgerEvent
from portavoce.wiring import LAST_WRITERS, reactions
from tests.molds import Mold
from tests.world import KEYS, Cast, World, WorldAgent, WorldBrand

T = TypeVar("T")
WITHOUT_MAIL: Reactions = {
    event: [react for react in reacting if not react.__module__.startswith("portavoce.channels.")]
    for event, reacting in reactions(KEYS).items()
    if event is not MessageQueued
}
GINA = "gina.verdi@customer.example"
PERSONAL = ("gina", "verdi", "customer.example", "perde acqua", "aiuto", "anna", "bruno")
"""What no fact may say about the people of these tests, in lower case."""


@dataclass(frozen=True, slots=True)
class Floor:
    """`pokes` collects what was published after commits. Verbs run at Aurora unless told otherwise."""

    world: World
    clock: SteppedClock
    pokes: list[Poke] = field(default_factory=list)

    @property
    def database(self) -> Database:
        return self.world.database

    @property
    def aurora(self) -> WorldBrand:
        return self.world.aurora

    @property
    def anna(self) -> BrandAgent:
        return self.world.anna.at(self.aurora)

    @property
    def pair(self) -> list[tuple[BrandAgent, WorldAgent]]:
        """Anna and Bruno, as Aurora knows them and as the house does."""
        return [(self.anna, self.world.anna), (self.bruno, self.world.bruno)]

    @property
    def bruno(self) -> BrandAgent:
        return self.world.bruno.at(self.aurora)

    async def do(
        self, verb: Callable[..., Awaitable[T]], *args: Any, at: WorldBrand | None = None, **options: Any
    ) -> T:
        """One verb as one unit of work."""
        brand = at or self.aurora
        return await self.database.run(brand.writing, lambda db: verb(db, *args, **options))

    async def write_in(
        self,
        *,
        at: WorldBrand | None = None,
        sender: str = GINA,
        thread: UUID | None = None,
        automatic: bool = False,
        channel: str = "email",
    ) -> Message:
        """A customer's message: of a new thread, or of the conversation `thread`."""
        brand = at or self.aurora

        async def arrive(db: Any) -> Message:
            known = await db.get_one(Conversation, (brand.id, thread)) if thread else None
            inbound = Inbound(
                channel=channel, lob_id=brand.lob_id, automatic=automatic, conversation=known,
                customer=await find_or_create(db, "email", sender, "Gina Verdi", "it"), author="Gina Verdi",
                subject="Aiuto", body="La macchina perde acqua.",
            )  # fmt: skip
            return await receive(db, inbound)

        return await self.database.run(brand.writing, arrive)

    async def waiting(self, at: WorldBrand | None = None) -> UUID:
        """A new contact nobody holds."""
        return (await self.write_in(at=at)).interaction_id

    async def held(self, by: WorldAgent | None = None, *, at: WorldBrand | None = None) -> UUID:
        """A new contact in Anna's hands, or another's."""
        brand = at or self.aurora
        interaction_id = await self.waiting(brand)
        await self.do(claiming.claim, interaction_id, by=(by or self.world.anna).at(brand), at=brand)
        return interaction_id

    async def closed(self) -> UUID:
        interaction_id = await self.held()
        await self.do(closing.close, interaction_id, "solved", by=self.anna)
        return interaction_id

    async def contact(self, interaction_id: UUID, at: WorldBrand | None = None) -> Interaction:
        return await self.get(Interaction, interaction_id, at)

    async def work(self, interaction_id: UUID, at: WorldBrand | None = None) -> WorkItem:
        return await self.get(WorkItem, interaction_id, at)

    async def get(self, kind: type[T], row_id: UUID, at: WorldBrand | None = None) -> T:
        brand = at or self.aurora
        async with self.database.begin(brand.reading) as db:
            return await db.get_one(kind, (brand.id, row_id))

    async def rows(self, kind: type[T], at: WorldBrand | None = None) -> list[T]:
        """All the brand has of a kind, in order of their keys."""
        key = [column.name for column in inspect(kind).primary_key]
        async with self.database.begin((at or self.aurora).reading) as db:
            return list(
                (await db.scalars(select(kind).order_by(*(getattr(kind, name) for name in key)))).all()
            )

    async def slot(self, agent: WorldAgent | None = None) -> AgentSlot:
        async with self.database.begin(HOUSE) as db:
            return await db.get_one(AgentSlot, (agent or self.world.anna).agent_id)

    async def choose(self, chosen: str, aux: str | None = None, *, agent: WorldAgent | None = None) -> None:
        agent_id = (agent or self.world.anna).agent_id
        await self.database.run(HOUSE, lambda db: choose_state(db, agent_id, chosen, aux))

    async def facts(self, after: int = 0, at: WorldBrand | None = None) -> list[LedgerEvent]:
        async with self.database.begin((at or self.aurora).reading) as db:
            query = select(LedgerEvent).where(LedgerEvent.n > after).order_by(LedgerEvent.n)
            return list((await db.scalars(query)).all())

    async def told(self, after: int) -> list[str]:
        """Kinds of the facts since number `after`."""
        return [fact.kind for fact in await self.facts(after)]

    async def last_n(self) -> int:
        return (await self.facts())[-1].n

    def later(self, **by: float) -> None:
        self.clock.advance(timedelta(**by))


def data(fact: LedgerEvent) -> dict[str, Any]:
    """What only the body of a fact says."""
    found: dict[str, Any] = json.loads(fact.body)["data"]
    return found


async def at_once(*verbs: Awaitable[T]) -> list[T | BaseException]:
    return await asyncio.gather(*verbs, return_exceptions=True)


def failures(results: Sequence[object], *expected: type[BaseException]) -> list[object]:
    """What went wrong in a way that nobody expected."""
    return [each for each in results if isinstance(each, BaseException) and not isinstance(each, expected)]


@pytest.fixture
def floor(
    make_database: Callable[..., Database], clock: SteppedClock, world_mold: Mold[Cast], tmp_path: Path
) -> Floor:
    pokes: list[Poke] = []

    async def publish(sent: Sequence[Poke]) -> None:
        pokes.extend(sent)

    database = make_database(reactions=WITHOUT_MAIL, last_writers=LAST_WRITERS, publish=publish)
    return Floor(World.of(world_mold.cast(), database, tmp_path / "files"), clock, pokes)
