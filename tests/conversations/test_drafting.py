"""What is being written is kept for its writer, and gone when it became a message."""

from __future__ import annotations

from uuid import uuid4

import pytest

from portavoce.conversations.drafting import LONGEST, drafts_of, keep_draft
from portavoce.conversations.errors import EmptyText, NoInteraction
from portavoce.conversations.models import Draft
from portavoce.conversations.replying import note, reply
from tests.floor import Floor, at_once


async def kept(floor: Floor, interaction: object) -> dict[str, str]:
    return await floor.do(drafts_of, interaction, floor.anna.agent_id)


async def test_the_last_text_of_each_kind_is_kept_for_its_writer_alone(floor: Floor) -> None:
    interaction = await floor.held()
    for text in ("Buon", "Buongiorno"):
        await floor.do(keep_draft, interaction, "reply", text, by=floor.anna)
    await floor.do(keep_draft, interaction, "note", "Ha fretta", by=floor.anna)
    await floor.do(keep_draft, interaction, "reply", "Salve", by=floor.bruno)
    assert await kept(floor, interaction) == {"reply": "Buongiorno", "note": "Ha fretta"}
    assert await floor.do(drafts_of, interaction, floor.bruno.agent_id) == {"reply": "Salve"}
    assert await floor.do(drafts_of, interaction, None) == {}


async def test_a_blank_text_leaves_none(floor: Floor) -> None:
    interaction = await floor.held()
    for text in ("Buongiorno", "  \n"):
        await floor.do(keep_draft, interaction, "reply", text, by=floor.anna)
    assert await floor.rows(Draft) == []


@pytest.mark.parametrize(("verb", "kind", "left"), [(reply, "reply", "note"), (note, "note", "reply")])
async def test_what_became_a_message_is_no_draft_any_more(
    floor: Floor, verb: object, kind: str, left: str
) -> None:
    interaction = await floor.held()
    for each in ("reply", "note"):
        await floor.do(keep_draft, interaction, each, "Testo", by=floor.anna)
    await floor.do(verb, interaction, "Testo", by=floor.anna)  # type: ignore[arg-type] # -- either verb
    assert await kept(floor, interaction) == {left: "Testo"}


async def test_a_save_that_comes_after_its_form_was_sent_keeps_nothing(floor: Floor) -> None:
    interaction, key = await floor.held(), uuid4()
    await floor.do(reply, interaction, "Testo", by=floor.anna, form_key=key)
    await floor.do(keep_draft, interaction, "reply", "Tes", by=floor.anna, form_key=key)
    assert await kept(floor, interaction) == {}
    await floor.do(keep_draft, interaction, "reply", "Ancora", by=floor.anna, form_key=uuid4())
    assert await kept(floor, interaction) == {"reply": "Ancora"}


async def test_saves_at_once_are_one_draft(floor: Floor) -> None:
    interaction = await floor.held()
    await at_once(
        *(floor.do(keep_draft, interaction, "reply", f"Testo {n}", by=floor.anna) for n in range(8))
    )
    assert len(await floor.rows(Draft)) == 1


async def test_no_contact_no_such_kind_and_too_much_are_refused(floor: Floor) -> None:
    interaction = await floor.held()
    for place, kind in ((uuid4(), "reply"), (interaction, "poem")):
        with pytest.raises(NoInteraction):
            await floor.do(keep_draft, place, kind, "Testo", by=floor.anna)
    with pytest.raises(EmptyText):
        await floor.do(keep_draft, interaction, "reply", "x" * (LONGEST + 1), by=floor.anna)
    assert await floor.rows(Draft) == []
