"""Where a thread goes on."""

from __future__ import annotations

from uuid import UUID

from portavoce.conversations.models import Conversation
from portavoce.conversations.threads.merging import merge_contacts
from portavoce.conversations.threads.parting import part_contacts
from portavoce.conversations.threads.queries import has_taken_in, merged_now, surviving
from tests.conversations.threads.twice import answered, thread_of, twice
from tests.floor import Floor


async def goes_on(floor: Floor, thread: UUID) -> UUID:
    async with floor.database.begin(floor.aurora.reading) as db:
        return (await surviving(db, await db.get_one(Conversation, (floor.aurora.id, thread)))).id


async def test_a_thread_goes_on_in_itself_until_it_is_merged_and_again_when_it_is_parted(
    floor: Floor,
) -> None:
    first, second = await twice(floor)
    old, new = await thread_of(floor, first), await thread_of(floor, second)
    assert [await goes_on(floor, each) for each in (old, new)] == [old, new]
    await floor.do(merge_contacts, first, second, by=floor.anna)
    assert [await goes_on(floor, each) for each in (old, new)] == [old, old]
    assert [await floor.do(has_taken_in, each) for each in (old, new)] == [True, False]
    merge = await floor.do(merged_now, second)
    assert merge is not None
    assert merge.kept_id == first
    assert await floor.do(merged_now, first) is None
    await floor.do(part_contacts, second, by=floor.anna)
    assert [await goes_on(floor, each) for each in (old, new)] == [old, new]
    assert await floor.do(has_taken_in, old) is False


async def test_an_unanswered_contact_takes_in_one_after_the_other(floor: Floor) -> None:
    first, second = await twice(floor)
    third = (await floor.write_in()).interaction_id
    for other in (second, third):
        await floor.do(merge_contacts, first, other, by=floor.anna)
    old = await thread_of(floor, first)
    assert {await goes_on(floor, await thread_of(floor, each)) for each in (first, second, third)} == {old}
    await answered(floor, first)
