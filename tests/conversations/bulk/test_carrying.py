"""An act survives whoever carries it: each contact once, in a transaction of its own, and the rest by the next."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.bulk import carrying
from portavoce.conversations.bulk.carrying import FAILED, STOPPED, carry_on, deliver, give_up
from portavoce.conversations.bulk.doing import do_step
from portavoce.conversations.bulk.judging import Wish
from portavoce.conversations.bulk.models import BulkAction, BulkStep
from portavoce.conversations.bulk.starting import begin_undoing
from portavoce.core.delivering import Job
from portavoce.core.models import Outbox
from tests.consistency import contradictions
from tests.conversations.bulk.acting import acted, begun, carried, steps, undone
from tests.database import NOON
from tests.floor import Floor, at_once, failures

LATER = Wish("aside", until=NOON + timedelta(days=1))


class Killed(BaseException):
    """As kill -9: nothing of the program runs any more."""


async def test_killed_in_between_the_rest_is_done_by_the_next_and_nothing_twice(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts = [await floor.waiting() for _ in range(6)]
    action = await begun(floor, contacts, LATER)
    assert [each.topic for each in await floor.rows(Outbox)] == ["bulk"]
    real, count = do_step, 0

    async def cut_off(db: AsyncSession, act: BulkAction, step: BulkStep, by: object) -> None:
        nonlocal count
        count += 1
        await real(db, act, step, by)  # type: ignore[arg-type]  # -- what it was called with
        if count == 3:
            raise Killed

    monkeypatch.setattr(carrying, "do_step", cut_off)
    with pytest.raises(Killed):
        await deliver(floor.database, Job(floor.aurora.id, action))
    assert [state for state, _ in (await steps(floor, action)).values()] == ["done"] * 2 + ["planned"] * 4
    assert await contradictions(floor) == []
    await deliver(floor.database, Job(floor.aurora.id, action))
    assert [state for state, _ in (await steps(floor, action)).values()] == ["done"] * 6
    told = [fact.kind for fact in await floor.facts()]
    assert told.count("interaction.snoozed") == 6
    assert await contradictions(floor) == []


async def test_two_who_carry_it_at_once_do_each_contact_once(floor: Floor) -> None:
    contacts = [await floor.waiting() for _ in range(8)]
    action = await begun(floor, contacts, LATER)
    carriers = [carry_on(floor.database, floor.aurora.id, action) for _ in range(3)]
    assert failures(await at_once(*carriers)) == []
    assert {state for state, _ in (await steps(floor, action)).values()} == {"done"}
    assert [fact.kind for fact in await floor.facts()].count("interaction.snoozed") == 8


async def test_undone_while_it_runs_what_was_not_done_will_not_be(floor: Floor) -> None:
    contacts = [await floor.waiting() for _ in range(3)]
    action = await begun(floor, contacts, LATER)
    assert await undone(floor, action) == dict.fromkeys(contacts, ("left_out", STOPPED))
    assert {(await floor.contact(each)).state for each in contacts} == {"waiting"}


async def test_undone_by_one_and_carried_by_another_at_once_nothing_stays_done(floor: Floor) -> None:
    contacts = [await floor.waiting() for _ in range(8)]
    action = await begun(floor, contacts, LATER)
    forth = asyncio.create_task(carry_on(floor.database, floor.aurora.id, action))
    await floor.do(begin_undoing, action, by=floor.anna)
    await asyncio.gather(forth, carry_on(floor.database, floor.aurora.id, action))
    assert {state for state, _ in (await carried(floor, action)).values()} <= {"undone", "left_out"}
    assert {(await floor.contact(each)).state for each in contacts} == {"waiting"}
    assert await contradictions(floor) == []


async def test_one_contact_that_fails_as_nobody_expected_keeps_no_other_waiting(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts = [await floor.waiting() for _ in range(3)]
    action = await begun(floor, contacts, LATER)
    real = do_step

    async def broken(db: AsyncSession, act: BulkAction, step: BulkStep, by: object) -> None:
        await real(db, act, step, by)  # type: ignore[arg-type]  # -- what it was called with
        if step.interaction_id == contacts[1]:
            raise ZeroDivisionError

    monkeypatch.setattr(carrying, "do_step", broken)
    assert await carried(floor, action) == {
        contacts[0]: ("done", ""),
        contacts[1]: ("left_out", FAILED),
        contacts[2]: ("done", ""),
    }
    assert (await floor.contact(contacts[1])).state == "waiting"


async def test_given_up_what_is_left_says_so(floor: Floor) -> None:
    contact = await floor.waiting()
    action = await begun(floor, [contact], LATER)
    await give_up(floor.database, Job(floor.aurora.id, action), "cut off at every try")
    assert await steps(floor, action) == {contact: ("left_out", FAILED)}
    await carry_on(floor.database, floor.aurora.id, action)
    assert (await floor.contact(contact)).state == "waiting"
    done = await acted(floor, [contact], LATER)
    await floor.do(begin_undoing, done, by=floor.anna)
    await give_up(floor.database, Job(floor.aurora.id, done), "cut off at every try")
    assert await steps(floor, done) == {contact: ("kept", FAILED)}


async def test_an_act_of_another_brand_is_not_there(floor: Floor) -> None:
    contact = await floor.waiting()
    action = await begun(floor, [contact], LATER)
    await carry_on(floor.database, floor.world.bosco.id, action)
    await carry_on(floor.database, floor.aurora.id, uuid4())
    assert await steps(floor, action) == {contact: ("planned", "")}
