"""Only the agent who holds a contact may work on it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from portavoce.conversations.claiming import release
from portavoce.conversations.closing import close
from portavoce.conversations.errors import AlreadyClosed, HeldByOther, NotHeld
from portavoce.conversations.handling import focus
from portavoce.conversations.replying import reply
from tests.floor import Floor

Verb = Callable[..., Awaitable[Any]]
VERBS: list[tuple[Verb, tuple[str, ...]]] = [
    (release, ()),
    (close, ("solved",)),
    (focus, ()),
    (reply, ("Buongiorno.",)),
]


@pytest.mark.parametrize(("verb", "words"), VERBS, ids=lambda each: getattr(each, "__name__", ""))
@pytest.mark.parametrize("state", ["waiting", "held", "closed"])
async def test_no_verb_of_the_holder_is_for_anybody_else(
    floor: Floor, verb: Verb, words: tuple[str, ...], state: str
) -> None:
    refusal = {"waiting": NotHeld, "held": HeldByOther, "closed": AlreadyClosed}[state]
    interaction_id: UUID = await getattr(floor, state)()
    before = await floor.last_n(), len(floor.pokes)
    with pytest.raises(refusal):
        await floor.do(verb, interaction_id, *words, by=floor.bruno)
    assert (await floor.last_n(), len(floor.pokes)) == before


@pytest.mark.parametrize(("verb", "words"), VERBS, ids=lambda each: getattr(each, "__name__", ""))
async def test_the_holder_may(floor: Floor, verb: Verb, words: tuple[str, ...]) -> None:
    interaction_id = await floor.held()
    before = await floor.last_n()
    await floor.do(verb, interaction_id, *words, by=floor.anna)
    assert await floor.last_n() > before
