"""Whatever two agents and a few customers do, in any order: the verbs do what a model of three states foretells."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, update

from portavoce.agents.errors import NoCapacity, NotAvailable
from portavoce.agents.models import AgentSlot
from portavoce.conversations.claiming import claim, release
from portavoce.conversations.closing import close
from portavoce.conversations.errors import AlreadyClosed, HeldByOther, NotClosed, NotHeld
from portavoce.conversations.handling import focus
from portavoce.conversations.models import Interaction
from portavoce.conversations.reopening import reopen
from portavoce.conversations.replying import reply
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.kit.clock import SteppedClock
from portavoce.wiring import LAST_WRITERS
from tests.consistency import contradictions
from tests.database import NOON, Installation
from tests.floor import WITHOUT_MAIL, Floor
from tests.world import build_world

T = TypeVar("T")
CAP = 2
WINDOW = timedelta(days=7)
AGENTS = st.sampled_from(["anna", "bruno"])
ANY = st.integers(0, 1_000)


@dataclass
class Contact:
    """What the model knows of an interaction."""

    id: UUID
    thread: UUID
    state: str = "waiting"
    holder: str | None = None
    closed_at: datetime | None = None


@dataclass
class Person:
    """`last`: what they chose last."""

    last: str = "ready"
    held: int = 0

    @property
    def state(self) -> str:
        return "working" if self.held else self.last


@dataclass
class Model:
    contacts: list[Contact] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=lambda: {"anna": Person(), "bruno": Person()})

    def latest(self, thread: UUID) -> Contact:
        return [each for each in self.contacts if each.thread == thread][-1]

    def let_go(self, contact: Contact, state: str) -> None:
        assert contact.holder is not None
        self.people[contact.holder].held -= 1
        contact.state, contact.holder = state, None


class Life(RuleBasedStateMachine):
    """Each rule foretells by the model, acts by the verb, and compares."""

    loop: asyncio.AbstractEventLoop
    database: Database
    files: Path

    def __init__(self) -> None:
        super().__init__()
        self.clock = SteppedClock(NOON)
        self.model = Model()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(coroutine)

    @initialize()
    def open_the_floor(self) -> None:
        self.database.clock = self.clock
        self.floor = Floor(self.run(build_world(self.database, self.files)), self.clock)
        self.run(self.narrow_slots())

    async def narrow_slots(self) -> None:
        ids = [self.floor.world.anna.agent_id, self.floor.world.bruno.agent_id]
        async with self.database.begin(HOUSE) as db:
            await db.execute(update(AgentSlot).where(AgentSlot.agent_id.in_(ids)).values(cap=CAP))

    def teardown(self) -> None:
        assert self.run(contradictions(self.floor)) == []

    def act(
        self, verb: Any, contact: Contact, *words: str, who: str, refusal: type[Exception] | None
    ) -> None:
        by = {"anna": self.floor.anna, "bruno": self.floor.bruno}[who]
        doing = self.floor.do(verb, contact.id, *words, by=by)
        if refusal is None:
            self.run(doing)
            return
        with pytest.raises(refusal):
            self.run(doing)

    def pick(self, number: int) -> Contact:
        return self.model.contacts[number % len(self.model.contacts)]

    def not_mine(self, contact: Contact, who: str) -> type[Exception] | None:
        if contact.state == "closed":
            return AlreadyClosed
        if contact.holder is None:
            return NotHeld
        return None if contact.holder == who else HeldByOther

    @rule()
    def a_customer_writes(self) -> None:
        message = self.run(self.floor.write_in())
        self.model.contacts.append(Contact(message.interaction_id, message.conversation_id))

    @precondition(lambda self: self.model.contacts)
    @rule(number=ANY, automatic=st.booleans())
    def a_customer_writes_again(self, number: int, automatic: bool) -> None:
        last = self.model.latest(self.pick(number).thread)
        message = self.run(self.floor.write_in(thread=last.thread, automatic=automatic))
        if last.state == "closed" and not automatic:
            assert last.closed_at is not None
            if self.clock.now() - last.closed_at <= WINDOW:
                last.state = "waiting"
            else:
                last = Contact(message.interaction_id, last.thread)
                self.model.contacts.append(last)
        assert message.interaction_id == last.id

    @precondition(lambda self: self.model.contacts)
    @rule(number=ANY, who=AGENTS)
    def claim(self, number: int, who: str) -> None:
        """Of what is theirs already it changes nothing, whatever state they are in."""
        contact, person = self.pick(number), self.model.people[who]
        if contact.holder == who:
            self.act(claim, contact, who=who, refusal=None)
            return
        refusal: type[Exception] | None = None
        if person.last in ("offline", "aux"):
            refusal = NotAvailable
        elif person.held == CAP:
            refusal = NoCapacity
        elif contact.state != "waiting":
            refusal = AlreadyClosed if contact.state == "closed" else HeldByOther
        self.act(claim, contact, who=who, refusal=refusal)
        if refusal is None:
            contact.state, contact.holder = "assigned", who
            person.held += 1

    @precondition(lambda self: self.model.contacts)
    @rule(number=ANY, who=AGENTS)
    def release(self, number: int, who: str) -> None:
        contact = self.pick(number)
        refusal = self.not_mine(contact, who)
        self.act(release, contact, who=who, refusal=refusal)
        if refusal is None:
            self.model.let_go(contact, "waiting")

    @precondition(lambda self: self.model.contacts)
    @rule(number=ANY, who=AGENTS)
    def close(self, number: int, who: str) -> None:
        contact = self.pick(number)
        refusal = self.not_mine(contact, who)
        self.act(close, contact, "solved", who=who, refusal=refusal)
        if refusal is None:
            self.model.let_go(contact, "closed")
            contact.closed_at = self.clock.now()

    @precondition(lambda self: self.model.contacts)
    @rule(number=ANY, who=AGENTS)
    def reopen(self, number: int, who: str) -> None:
        contact = self.pick(number)
        succeeded = self.model.latest(contact.thread).state != "closed"
        refusal = NotClosed if contact.state != "closed" or succeeded else None
        self.act(reopen, contact, who=who, refusal=refusal)
        if refusal is None:
            contact.state = "waiting"

    @precondition(lambda self: self.model.contacts)
    @rule(number=ANY, who=AGENTS)
    def write_or_look(self, number: int, who: str) -> None:
        contact = self.pick(number)
        refusal = self.not_mine(contact, who)
        self.act(reply, contact, "Buongiorno!", who=who, refusal=refusal)
        self.act(focus, contact, who=who, refusal=refusal)

    @rule(who=AGENTS, chosen=st.sampled_from(["ready", "ready", "acw", "aux", "offline"]))
    def choose(self, who: str, chosen: str) -> None:
        agent = {"anna": self.floor.world.anna, "bruno": self.floor.world.bruno}[who]
        self.run(self.floor.choose(chosen, "meal" if chosen == "aux" else None, agent=agent))
        self.model.people[who].last = chosen

    @rule(minutes=st.sampled_from([1, 7, 60 * 24, 60 * 24 * 8]))
    def time_passes(self, minutes: int) -> None:
        self.floor.later(minutes=minutes)

    @invariant()
    def the_house_agrees_with_the_model(self) -> None:
        self.run(self.compare())

    async def compare(self) -> None:
        async with self.database.begin(self.floor.aurora.reading) as db:
            stored = {each.id: each for each in await db.scalars(select(Interaction))}
            slots = {
                who: await db.get_one(AgentSlot, agent.agent_id)
                for who, agent in (("anna", self.floor.world.anna), ("bruno", self.floor.world.bruno))
            }
        known = {"anna": self.floor.anna.id, "bruno": self.floor.bruno.id, None: None}
        assert stored.keys() == {each.id for each in self.model.contacts}
        for each in self.model.contacts:
            assert stored[each.id].state == each.state
            if each.state != "closed":
                assert stored[each.id].brand_agent_id == known[each.holder]
        for who, person in self.model.people.items():
            assert (slots[who].used, slots[who].state) == (person.held, person.state)


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


@pytest.fixture
def own_database(installation: Installation, loop: asyncio.AbstractEventLoop) -> Iterator[Database]:
    """Connections of this loop: the session's belong to another."""
    made = Database(
        installation.urls, SteppedClock(NOON), reactions=WITHOUT_MAIL, last_writers=LAST_WRITERS,
        engine_options={"pool_size": 1},
    )  # fmt: skip
    yield made
    loop.run_until_complete(made.close())


def test_any_life_goes_as_foretold(
    loop: asyncio.AbstractEventLoop, own_database: Database, tmp_path: Path
) -> None:
    Life.loop, Life.database, Life.files = loop, own_database, tmp_path
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=6,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
