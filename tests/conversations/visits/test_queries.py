"""Visits as the timeline shows them: one statement, of one brand."""

from __future__ import annotations

from datetime import timedelta

from portavoce.conversations.history_queries import NEWEST, earlier_contacts
from portavoce.conversations.models import Conversation
from portavoce.conversations.visits.queries import number_of, visits_among
from tests.conversations.conftest import counted
from tests.conversations.visits.standing import NOTE, clerk_of, stand
from tests.floor import Floor


async def test_an_entry_has_shop_clerk_note_outcome_and_number(floor: Floor) -> None:
    at = await stand(floor)
    visit = await at.visit(by_mail=True, email="gina@customer.example")
    async with floor.database.begin(floor.aurora.reading) as db:
        [entry] = await visits_among(db, [visit.message_id])
    assert (entry.shop, entry.place, entry.alias, entry.note) == ("Aurora Duomo", "Milano", "Pina", NOTE)
    assert (entry.outcome, entry.ticket, entry.goes_on_in) == ("Solved", 1, visit.continued_id)
    assert not entry.later


async def test_what_was_sent_later_says_so(floor: Floor) -> None:
    at = await stand(floor)
    floor.later(days=4)
    for ago, later in ((timedelta(minutes=15), False), (timedelta(minutes=16), True)):
        visit = await at.visit(occurred_at=floor.clock.now() - ago)
        async with floor.database.begin(floor.aurora.reading) as db:
            [entry] = await visits_among(db, [visit.message_id])
        assert entry.later is later


async def test_many_visits_take_one_statement_and_none_takes_none(floor: Floor) -> None:
    at = await stand(floor)
    messages = [(await at.visit()).message_id for _ in range(3)]
    counts = []
    for asked in ([], messages[:1], messages):
        async with floor.database.begin(floor.aurora.reading) as db:
            with counted(floor.database) as statements:
                assert len(await visits_among(db, asked)) == len(asked)
        counts.append(len(statements))
    assert counts == [0, 1, 1]


async def test_another_brand_has_none_of_them(floor: Floor) -> None:
    at = await stand(floor)
    visit = await at.visit()
    async with floor.database.begin(floor.world.bosco.reading) as db:
        assert await visits_among(db, [visit.message_id]) == ()


async def test_a_visit_stands_among_the_earlier_contacts_with_clerk_and_note(floor: Floor) -> None:
    at = await stand(floor)
    visit, later = await at.visit(note="x" * 400), await at.visit()
    thread = await floor.get(Conversation, (await at.contact(later)).conversation_id)
    async with floor.database.begin(floor.aurora.reading) as db:
        [past], more = await earlier_contacts(db, thread.customer_id, thread.id, NEWEST.earlier)
    assert (past.interaction_id, past.channel, past.subject, more) == (
        visit.interaction_id, "visit", "Aurora Duomo, Milano", False,
    )  # fmt: skip
    assert past.visited == f"Pina: {'x' * 280}"


async def test_the_number_is_its_clerks_to_know(floor: Floor) -> None:
    at = await stand(floor)
    visit = await at.visit()
    other, _ = await clerk_of(floor, floor.aurora, "Rino Banco")
    async with floor.database.begin(floor.aurora.reading) as db:
        assert await number_of(db, visit.id, by=at.clerk) == 1
        assert await number_of(db, visit.id, by=other) is None
