"""A note that names a colleague is in their list until they have looked."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.conversations.aftercare import Mention
from portavoce.conversations.errors import NoMention
from portavoce.conversations.mentioning import look_at, named_in
from portavoce.conversations.promise_queries import MENTIONED, owed_by
from portavoce.conversations.promising import promise
from portavoce.conversations.replying import note
from portavoce.core.scope import Scope
from portavoce.core.unit import Poke
from tests.conversations.test_promising import TOMORROW
from tests.floor import Floor
from tests.world import WorldAgent, WorldBrand

ANNA, ANNA_ROSSI, UGO = UUID(int=1), UUID(int=2), UUID(int=3)
ALIASES = {"Anna": ANNA, "Anna R.": ANNA_ROSSI, "Ugo D'Elia": UGO}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Anna guarda", {ANNA}),
        ("Chiedo a @anna r. e a @UGO D'ELIA", {ANNA_ROSSI, UGO}),
        ("(@Anna)", {ANNA}),
        ("@Annalisa lo sa", set()),
        ("Scrivi ad anna@Anna", set()),
        ("Anna lo sa", set()),
        ("@", set()),
        ("", set()),
    ],
)
def test_whoever_follows_an_at_sign_that_begins_a_word_is_named(text: str, named: set[UUID]) -> None:
    assert named_in(text, ALIASES) == named


@given(st.text(), st.dictionaries(st.text(min_size=1), st.uuids(), max_size=4))
def test_whatever_is_written_only_those_who_are_there_are_named(text: str, aliases: dict[str, UUID]) -> None:
    assert named_in(text, aliases) <= set(aliases.values())
    assert named_in("".join(text.split("@")), aliases) == set()


async def list_of(floor: Floor, agent: WorldAgent, *brands: WorldBrand) -> list[tuple[str, str, str]]:
    ids = [brand.id for brand in brands or (floor.aurora,)]
    async with floor.database.begin(Scope.reading(ids)) as db:
        return [(row.kind, row.author, row.wording) for row in await owed_by(db, agent.agent_id)]


async def noted(floor: Floor, text: str) -> UUID:
    contact = await floor.waiting()
    floor.pokes.clear()
    await floor.do(note, contact, text, by=floor.anna)
    return contact


async def test_a_colleague_has_the_note_in_their_list_and_their_screens_are_told(floor: Floor) -> None:
    text = f"@{floor.bruno.alias} puoi guardare?"
    contact = await noted(floor, text)
    assert await list_of(floor, floor.world.bruno) == [(MENTIONED, floor.anna.alias, text)]
    assert Poke("person", None, floor.world.bruno.agent_id) in floor.pokes
    assert [mention.interaction_id for mention in await floor.rows(Mention)] == [contact]


async def test_looked_at_it_is_off_the_list_once_for_all(floor: Floor) -> None:
    await noted(floor, f"@{floor.bruno.alias} guarda")
    [mention] = await floor.rows(Mention)
    floor.pokes.clear()
    for _ in range(2):
        await floor.do(look_at, mention.id, by=floor.bruno)
    assert floor.pokes.count(Poke("person", None, floor.world.bruno.agent_id)) == 1
    assert await list_of(floor, floor.world.bruno) == []


async def test_nobody_else_looks_in_ones_stead(floor: Floor) -> None:
    await noted(floor, f"@{floor.bruno.alias} guarda")
    [mention] = await floor.rows(Mention)
    for other in (mention.id, uuid4()):
        with pytest.raises(NoMention):
            await floor.do(look_at, other, by=floor.anna)
    assert len(await list_of(floor, floor.world.bruno)) == 1


async def test_the_same_form_twice_a_name_twice_and_oneself_make_no_more_of_it(floor: Floor) -> None:
    contact, key = await floor.waiting(), uuid4()
    text = f"@{floor.bruno.alias} e @{floor.bruno.alias}, io sono @{floor.anna.alias}"
    for _ in range(2):
        await floor.do(note, contact, text, by=floor.anna, form_key=key)
    assert [row.brand_agent_id for row in await floor.rows(Mention)] == [floor.bruno.id]


async def test_who_does_not_speak_for_the_brand_is_not_told(floor: Floor) -> None:
    bosco = floor.world.bosco
    contact = await floor.waiting(bosco)
    anna = floor.world.anna.at(bosco)
    await floor.do(note, contact, f"@{floor.bruno.alias} guarda", by=anna, at=bosco)
    assert await floor.rows(Mention, at=bosco) == []
    assert await list_of(floor, floor.world.bruno, floor.aurora, bosco) == []


async def test_promises_and_mentions_are_one_list_read_in_one_statement(floor: Floor) -> None:
    contact = await noted(floor, f"@{floor.bruno.alias} guarda")
    await floor.do(note, contact, f"@{floor.anna.alias} fatto", by=floor.bruno)
    await floor.do(promise, await floor.held(), "callback", "Richiamo", TOMORROW, by=floor.anna)
    assert [kind for kind, _, _ in await list_of(floor, floor.world.anna)] == [MENTIONED, "callback"]
