"""A customer who comes back about the same: told on the earlier contact, by real verbs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import select

from portavoce.conversations import claiming, closing
from portavoce.conversations.choices import REASON
from portavoce.conversations.defining import add_choice
from portavoce.conversations.reasons import choose_reason
from portavoce.reporting.models import Observation
from portavoce.reporting.observing.following import catch_up
from portavoce.reporting.observing.rebuilding import fingerprint, rebuild
from portavoce.reporting.observing.recontacts import Contact, is_same
from portavoce.reporting.reconciling import report_faults
from portavoce.sla.metrics import Metric
from portavoce.sla.rules import Rule, share_goal
from tests.floor import GINA, Floor, data
from tests.reporting.observing.gauged import measure

UGO = "ugo@customer.example"


@pytest_asyncio.fixture
async def asked(floor: Floor) -> Floor:
    """Aurora promises solutions at the first contact and knows two reasons."""
    await measure(floor, Metric.FIRST_CONTACT_RESOLUTION, Rule(goal=share_goal(8_000)))
    for label in ("Pacco", "Altro"):
        await floor.do(add_choice, floor.aurora.lob_id, kind=REASON, label=label, parent_id=None, by="admin")
    return floor


async def one(floor: Floor, reason: str, *, sender: str = GINA, channel: str = "email") -> UUID:
    """A contact from its opening to its end."""
    contact = (await floor.write_in(sender=sender, channel=channel)).interaction_id
    await floor.do(claiming.claim, contact, by=floor.anna)
    if reason:
        await floor.do(choose_reason, contact, reason, by=floor.anna)
    await floor.do(closing.close, contact, "solved", by=floor.anna)
    floor.later(hours=1)
    return contact


async def states(floor: Floor) -> dict[UUID, str]:
    """Of each contact, as the reports have it now."""
    await catch_up(floor.database, floor.aurora.id)
    async with floor.database.begin(floor.aurora.reading) as db:
        query = select(Observation.interaction_id, Observation.state).where(
            Observation.measure == Metric.FIRST_CONTACT_RESOLUTION, Observation.until_n.is_(None)
        )
        return {row.interaction_id: row.state for row in await db.execute(query)}


async def told(floor: Floor) -> list[tuple[str, UUID | None, str]]:
    return [
        (fact.kind, fact.interaction_id, data(fact)["by"])
        for fact in await floor.facts()
        if fact.kind.startswith("interaction.recontact")
    ]


async def test_who_comes_back_about_the_same_on_another_channel_was_not_helped_the_first_time(
    asked: Floor,
) -> None:
    first = await one(asked, "pacco")
    assert await states(asked) == {first: "met"}
    second = await one(asked, "pacco", channel="chat")
    assert (await states(asked))[first] == "late"
    assert await told(asked) == [("interaction.recontacted", first, str(second))]
    async with asked.database.begin(asked.aurora.reading) as db:
        assert await report_faults(db) == []


@pytest.mark.parametrize(("reason", "sender"), [("altro", GINA), ("pacco", UGO), ("", GINA)])
async def test_another_reason_another_customer_or_no_word_of_it_say_nothing(
    asked: Floor, reason: str, sender: str
) -> None:
    first = await one(asked, "pacco")
    await one(asked, reason, sender=sender)
    assert (await states(asked))[first] == "met"
    assert await told(asked) == []


async def test_a_reason_put_right_withdraws_what_was_told_and_once_only(asked: Floor) -> None:
    first = await one(asked, "pacco")
    second = (await asked.write_in()).interaction_id
    await asked.do(claiming.claim, second, by=asked.anna)
    for reason, state in (("pacco", "late"), ("altro", "met"), ("pacco", "late")):
        await asked.do(choose_reason, second, reason, by=asked.anna)
        await states(asked)
        assert (await states(asked))[first] == state
    kinds = [kind.removeprefix("interaction.recontact") for kind, *_ in await told(asked)]
    assert kinds == ["ed", "_withdrawn", "ed"]


async def test_made_anew_nothing_is_told_twice_and_all_comes_out_the_same(asked: Floor) -> None:
    for _ in range(3):
        await one(asked, "pacco")
    await states(asked)
    before = await told(asked)
    async with asked.database.begin(asked.aurora.reading) as db:
        printed = await fingerprint(db)
    await rebuild(asked.database, asked.aurora.id, size=2)
    assert await told(asked) == before
    async with asked.database.begin(asked.aurora.reading) as db:
        assert await fingerprint(db) == printed


async def test_where_no_contract_measures_it_nothing_is_told(floor: Floor) -> None:
    await floor.do(add_choice, floor.aurora.lob_id, kind=REASON, label="Pacco", parent_id=None, by="admin")
    for _ in range(2):
        await one(floor, "pacco")
    await catch_up(floor.database, floor.aurora.id)
    assert await told(floor) == []


def test_a_contact_that_follows_another_is_about_the_same_whatever_its_reason() -> None:
    def contact(number: int, reason: int | None, follows: int | None = None) -> Contact:
        moment = datetime(2026, 3, number, 12)  # noqa: DTZ001 -- only their order matters
        why, after = (UUID(int=each) if each else None for each in (reason, follows))
        return Contact(UUID(int=number), UUID(int=50), UUID(int=60), why, after, moment, None)

    assert is_same(contact(1, None), contact(2, None, follows=1))
    assert is_same(contact(1, 7), contact(2, 8, follows=1))
    assert is_same(contact(1, 7), contact(2, 7))
    assert not is_same(contact(1, None), contact(2, None))
    assert not is_same(contact(1, 7), contact(3, 8, follows=2))
