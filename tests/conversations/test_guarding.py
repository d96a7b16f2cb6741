"""The guard decides where answers are written, whoever asks; and how often it is wrong is measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import event

from portavoce.brands.judging import Known, judge
from portavoce.brands.plain import squeezed
from portavoce.brands.signals import ADDED, add_by_hand
from portavoce.brands.traces import ADDRESS, DOMAIN, WORD, key_of, signature_keys, traces
from portavoce.conversations import claiming, replying
from portavoce.conversations.errors import BadReason, NamesAnother, NotHeld
from portavoce.conversations.guarding import Excuse, examine
from portavoce.core.db import APP
from portavoce.core.scope import Scope
from portavoce.demo import cast
from portavoce.reporting.guard import GOAL
from tests.conversations.ordinary import answers
from tests.depth import scaled
from tests.world import World, letter


async def held(world: World) -> UUID:
    """A contact of Aurora in Anna's hands."""
    await world.receive(world.aurora, letter(world.aurora.address))
    contact = (await world.contacts(world.aurora))[-1].id
    by = world.anna.at(world.aurora)
    await world.database.run(world.aurora.writing, lambda db: claiming.claim(db, contact, by=by))
    return contact


async def reply(world: World, contact: UUID, text: str, **options: Any) -> None:
    by = world.anna.at(world.aurora)
    await world.database.run(
        world.aurora.writing, lambda db: replying.reply(db, contact, text, by=by, **options)
    )


async def test_no_way_to_answer_goes_past_the_guard(world: World) -> None:
    """Without anybody who looked before: in the scope of the one brand nobody is named, and nothing leaves."""
    contact = await held(world)
    with pytest.raises(NamesAnother):
        await reply(world, contact, f"Scriva a {world.bosco.address}")
    assert [each.direction for each in await world.messages(world.aurora)] == ["in"]


async def test_findings_of_another_text_do_not_count(world: World) -> None:
    contact = await held(world)
    async with world.database.begin(Scope.reading([world.aurora.id])) as db:
        harmless = await examine(db, world.aurora.id, contact, "Tutto bene.")
    with pytest.raises(NamesAnother):
        await reply(world, contact, f"Scriva a {world.bosco.address}", findings=harmless)


async def test_the_guard_is_asked_last(world: World) -> None:
    """Who may not answer anyway learns nothing from it."""
    await world.receive(world.aurora, letter(world.aurora.address))
    contact = (await world.contacts(world.aurora))[-1].id
    with pytest.raises(NotHeld):
        await reply(world, contact, f"Scriva a {world.bosco.address}")


async def test_a_reason_is_one_of_three(world: World) -> None:
    contact, keys = await held(world), frozenset({f"address {world.bosco.address}"})
    with pytest.raises(BadReason):
        await reply(world, contact, f"Scriva a {world.bosco.address}", excuse=Excuse("because", keys))
    await reply(world, contact, f"Scriva a {world.bosco.address}", excuse=Excuse("quotation", keys))


async def test_brands_in_scope_are_named_and_no_others(world: World) -> None:
    contact, text = await held(world), f"Scriva a {world.bosco.address}"
    for scope, named in (
        (world.aurora.reading, None),
        (Scope.reading([world.aurora.id, world.bosco.id]), world.bosco.id),
    ):
        async with world.database.begin(scope) as db:
            [hit] = (await examine(db, world.aurora.id, contact, text)).blocking
            assert hit.brand_id == named


async def test_a_customers_own_address_is_theirs(world: World) -> None:
    contact = await held(world)
    await reply(world, contact, "Le scriviamo a gina@customer.example, come chiede.")


QUESTIONS = {"": 1, "Arriva domani.": 2, "Scriva a {bosco}": 4, "Scriva a x@ignoto.it": 4}


@pytest.mark.parametrize("text", QUESTIONS)
async def test_the_number_of_questions_depends_on_the_text_alone(world: World, text: str) -> None:
    contact, seen = await held(world), list[str]()

    def hear(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "SELECT" in statement and "SET LOCAL" not in statement:
            seen.append(statement)

    engine = world.database.engine(APP).sync_engine
    async with world.database.begin(world.aurora.reading) as db:
        event.listen(engine, "before_cursor_execute", hear)
        await examine(db, world.aurora.id, contact, text.format(bosco=world.bosco.address))
        event.remove(engine, "before_cursor_execute", hear)
    assert len(seen) == QUESTIONS[text]


async def test_a_fact_of_the_guard_holds_no_word_of_the_text_and_no_other_brand(
    world: World, superuser: psycopg.Connection[Any]
) -> None:
    contact, keys = await held(world), frozenset({f"address {world.bosco.address}"})
    await reply(
        world, contact, f"Scriva a {world.bosco.address}", excuse=Excuse("quotation", keys), form_key=uuid4()
    )
    query = "SELECT body FROM pv.ledger_event WHERE brand_id = %s AND kind LIKE 'guard.%%'"
    [(body,)] = superuser.execute(query, [world.aurora.id]).fetchall()
    assert '"kinds":["address"]' in body
    assert not any(word in body for word in ("Scriva", "bosco", str(world.bosco.id)))


async def test_two_brands_of_one_client_are_two_brands(world: World) -> None:
    contact = await held(world)
    async with world.database.begin(world.bosco.writing) as db:
        await add_by_hand(db, ADDED, "phone", "011 5550123")
    async with world.database.begin(Scope.reading([world.aurora.id, world.bosco.id])) as db:
        [hit] = (await examine(db, world.aurora.id, contact, "Il codice 011.55.50.123")).blocking
    assert hit.brand_id == world.bosco.id


def marks_of_the_demo() -> dict[str, list[Known]]:
    """What each brand of the demo knows: its own marks as its own, all others' as named, as for Giulia."""
    brands = {team.slug: uuid4() for team in cast.TEAMS}
    marks: list[tuple[str, str]] = []
    for team in cast.TEAMS:
        keys = [key_of(WORD, team.name, "IT")]
        for box in team.boxes:
            keys += [key_of(ADDRESS, box.address, "IT"), key_of(DOMAIN, box.address.partition("@")[2], "IT")]
            keys += signature_keys(box.signature, team.name)
            keys += [each.keys[0] for each in traces(box.signature, "IT") if each.outside]
        marks += [(team.slug, key) for key in keys if key]
    return {
        slug: [Known(key, brands[owner], "name" if owner == slug else None) for owner, key in marks]
        for slug in brands
    }


def alarms(count: int, spoil: Callable[[str, str], str] = lambda _slug, text: text) -> Counter[str]:
    """How many of so many ordinary answers are held back, by what was found."""
    known, names = marks_of_the_demo(), {team.slug: squeezed(team.name) for team in cast.TEAMS}
    found: Counter[str] = Counter()
    for slug, text in answers(count):
        hits = judge(traces(spoil(slug, text), "IT"), known[slug], uuid4(), {names[slug]})
        found.update(
            {hit.kind for hit in hits if hit.blocks} | ({"any"} if any(h.blocks for h in hits) else set())
        )
    return found


def test_of_a_thousand_ordinary_answers_one_at_most_is_held_back(
    record_property: Callable[[str, object], None],
) -> None:
    count = scaled(1_500, deep=40_000)
    found = alarms(count)
    record_property("false alarms per 1,000", found["any"] * 1_000 / count)
    assert found["any"] * 1_000 <= GOAL * count, found


def test_the_same_answers_signed_by_another_brand_are_all_held_back() -> None:
    """The corpus can fail: a guard that sees nothing would have passed above."""
    other = {team.slug: cast.TEAMS[n - 1].boxes[0] for n, team in enumerate(cast.TEAMS)}
    signed = alarms(200, lambda slug, text: f"{text}\n{other[slug].signature}")
    addressed = alarms(200, lambda slug, text: f"{text} Scriva a {other[slug].address}.")
    assert (signed["any"], addressed["any"]) == (200, 200)
