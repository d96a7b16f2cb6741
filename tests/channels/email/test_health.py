"""What a brand's addresses say of themselves, and in which order troubles are named."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from portavoce.channels.email.checking import Check
from portavoce.channels.email.health import Health, Outgoing, health_of, judged
from portavoce.conversations.delivery import mark_failed, mark_sent
from portavoce.kit.clock import SteppedClock
from tests.database import NOON
from tests.world import World, WorldBrand, letter

LATELY, LONG_AGO = NOON - timedelta(minutes=5), NOON - timedelta(days=8)


def check(state: str) -> Check:
    return Check(None, state, NOON, None, None)  # type: ignore[arg-type]  # -- the address does not matter


@pytest.mark.parametrize(
    ("received", "outgoing", "tested", "verdict"),
    [
        (LATELY, Outgoing(), None, ("ok", "")),
        (LATELY, Outgoing(), check("arrived"), ("ok", "")),
        (None, Outgoing(), None, ("quiet", "silence")),
        (LONG_AGO, Outgoing(), check("arrived"), ("quiet", "silence")),
        (LONG_AGO, Outgoing(failures=1), None, ("failing", "failures")),
        (LATELY, Outgoing(waiting=1, oldest_waiting=LATELY), None, ("ok", "")),
        (LATELY, Outgoing(failures=1, oldest_waiting=LONG_AGO), None, ("failing", "waiting")),
        (LATELY, Outgoing(oldest_waiting=LONG_AGO), check("failed"), ("failing", "check")),
    ],
)
def test_what_fails_now_comes_before_what_failed_and_that_before_silence(
    received: datetime | None, outgoing: Outgoing, tested: Check | None, verdict: tuple[str, str]
) -> None:
    assert judged(last_received=received, outgoing=outgoing, check=tested, at=NOON) == verdict


async def seen(world: World, brand: WorldBrand) -> Health:
    async with world.database.begin(brand.reading) as db:
        [found] = await health_of(db)
    return found


async def test_an_address_counts_its_own_mails_and_no_others(world: World, clock: SteppedClock) -> None:
    aurora, bosco = world.aurora, world.bosco
    answers = [await world.answered(aurora) for _ in range(3)]
    clock.advance(timedelta(minutes=1))
    async with world.database.begin(aurora.writing) as db:
        await mark_failed(db, await db.get_one(type(answers[0]), (aurora.id, answers[0].id)), "refused")
        await mark_sent(db, await db.get_one(type(answers[1]), (aurora.id, answers[1].id)))
    await world.receive(aurora, b"")
    found = await seen(world, aurora)
    assert (found.address, found.last_received, found.quarantined) == (aurora.address, clock.now(), 1)
    assert found.outgoing == Outgoing(clock.now(), 1, 1, NOON)
    assert (found.state, found.because) == ("failing", "failures")
    assert (await seen(world, bosco)).state == "quiet"
    clock.advance(timedelta(days=1))
    await world.receive(aurora, letter(aurora.address))
    assert (await seen(world, aurora)).because == "waiting"
