"""A brand's snippets: kept, refused, found for a contact, counted."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portavoce.audit.models import AuditEntry
from portavoce.knowledge import snippets as kept
from portavoce.knowledge.errors import BadSnippet, NoSnippet
from portavoce.knowledge.snippets import Draft, SnippetRow, remove, save, use
from tests.floor import Floor
from tests.world import WorldBrand

HELLO = {"it": "Buongiorno {{customer_name}}, sono {{agent_alias}}.", "en": "Hello {{customer_name}}."}
VALUES = {"customer_name": "Gina", "agent_alias": "Anna"}


def draft(**changes: Any) -> Draft:
    return Draft(**{"name": "Saluto", "shortcut": "ciao", "texts": HELLO, **changes})


async def listed(floor: Floor, at: WorldBrand | None = None) -> list[SnippetRow]:
    async with floor.database.begin((at or floor.aurora).reading) as db:
        return await kept.snippets(db)


async def used(
    floor: Floor, snippet_id: UUID, *languages: str, at: WorldBrand | None = None, lob: UUID | None = None
) -> str:
    brand = at or floor.aurora
    return await floor.do(use, snippet_id, lob or brand.lob_id, "email", VALUES, *languages, at=brand)


async def test_a_snippet_is_inserted_in_the_customers_language_and_counted(floor: Floor) -> None:
    one = await floor.do(save, draft())
    assert await used(floor, one, "en") == "Hello Gina."
    assert await used(floor, one, "it") == "Buongiorno Gina, sono Anna."
    assert [(row.name, row.used) for row in await listed(floor)] == [("Saluto", 2)]


async def test_a_language_nobody_wrote_falls_back_to_the_one_there_is(floor: Floor) -> None:
    one = await floor.do(save, draft(texts={"it": "", "en": "Hello."}))
    assert await used(floor, one, "it") == "Hello."
    assert await used(floor, one, "de", "it") == "Hello."


async def test_another_brands_snippet_does_not_exist(floor: Floor) -> None:
    theirs = await floor.do(save, draft(), at=floor.world.bosco)
    assert await listed(floor) == []
    with pytest.raises(NoSnippet):
        await used(floor, theirs, "it")
    with pytest.raises(NoSnippet):
        await floor.do(remove, theirs)
    with pytest.raises(NoSnippet):
        await floor.do(save, draft(), snippet_id=theirs)
    assert [row.used for row in await listed(floor, floor.world.bosco)] == [0]


async def test_it_serves_its_line_of_business_and_its_channel_only(floor: Floor) -> None:
    everywhere = await floor.do(save, draft(name="Ovunque", shortcut="a"))
    here = await floor.do(save, draft(name="Qui", shortcut="b", lob_id=floor.aurora.lob_id, channel="email"))
    chat = await floor.do(save, draft(name="Chat", shortcut="c", channel="chat"))
    async with floor.database.begin(floor.aurora.reading) as db:
        assert [row.id for row in await kept.snippets_for(db, floor.aurora.lob_id, "email")] == [
            everywhere,
            here,
        ]
        assert [row.id for row in await kept.snippets_for(db, uuid4(), "chat")] == [chat, everywhere]
    with pytest.raises(NoSnippet):
        await used(floor, chat, "it")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"shortcut": "Ciao"}, "shortcut"), ({"shortcut": "a b"}, "shortcut"), ({"shortcut": "/a"}, "shortcut"),
        ({"texts": {"it": "", "en": ""}}, "text_it"), ({"texts": {"it": "Ciao {{nome}}"}}, "text_it"),
        ({"texts": {"it": "Ciao", "en": "{{ 7*7 }}"}}, "text_en"), ({"texts": {"it": "a" * 5_001}}, "text_it"),
        ({"lob_id": UUID(int=1)}, "lob_id"),
    ],
)  # fmt: skip
async def test_what_cannot_be_kept_is_refused_and_names_its_field(
    floor: Floor, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadSnippet) as refused:
        await floor.do(save, draft(**changes))
    assert field in refused.value.fields
    assert await listed(floor) == []


async def test_a_shortcut_is_one_snippets_in_a_brand_and_may_be_kept(floor: Floor) -> None:
    one = await floor.do(save, draft())
    with pytest.raises(BadSnippet):
        await floor.do(save, draft(name="Altro"))
    await floor.do(save, draft(), at=floor.world.bosco)
    assert await floor.do(save, draft(name="Nuovo", texts={"it": "Ehi"}), snippet_id=one) == one
    assert [(row.name, row.texts) for row in await listed(floor)] == [("Nuovo", {"it": "Ehi"})]


async def test_a_removed_snippet_is_gone_and_that_is_written_down(floor: Floor) -> None:
    one = await floor.do(save, draft())
    await floor.do(remove, one)
    assert await listed(floor) == []
    async with floor.database.begin(floor.aurora.reading) as db:
        actions = (await db.scalars(select(AuditEntry.action).where(AuditEntry.subject == "snippet"))).all()
    assert sorted(actions) == ["snippet.removed", "snippet.saved"]
