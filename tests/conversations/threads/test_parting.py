"""A merge is undone for a moment: both are as they were, and count as they did."""

from __future__ import annotations

import pytest

from portavoce.conversations.claiming import claim, release
from portavoce.conversations.errors import NoInteraction
from portavoce.conversations.replying import reply
from portavoce.conversations.threads.errors import CannotPart
from portavoce.conversations.threads.merging import merge_contacts
from portavoce.conversations.threads.models import ThreadMerge
from portavoce.conversations.threads.parting import LATE, PARTABLE, SENT, part_contacts
from tests.consistency import contradictions
from tests.conversations.bulk.acting import place
from tests.conversations.threads.test_merging import figures
from tests.conversations.threads.twice import thread_of, twice
from tests.floor import Floor


async def test_put_together_they_are_one_case_and_parted_two_again(floor: Floor) -> None:
    first, second = await twice(floor)

    async def cases() -> list[object]:
        return [(await floor.contact(each)).care_case_id for each in (first, second)]

    before = await cases()
    await floor.do(merge_contacts, first, second, by=floor.anna)
    assert await cases() == [before[0], before[0]]
    await floor.do(part_contacts, second, by=floor.anna)
    assert await cases() == before


@pytest.mark.parametrize("hands", ["the older", "the newer", "both"])
async def test_both_are_where_they_were(floor: Floor, hands: str) -> None:
    first, second = await twice(floor)
    if hands != "the older":
        await floor.do(claim, second, by=floor.anna)
    if hands == "the newer":
        await floor.do(release, first, by=floor.anna)
    floor.later(minutes=5)
    one, other = (second, first) if hands == "the newer" else (first, second)
    before, counted = [await place(floor, each) for each in (first, second)], await figures(floor)
    await floor.do(merge_contacts, one, other, by=floor.anna)
    assert await figures(floor) != counted
    merge = await floor.do(part_contacts, second, by=floor.anna)
    assert merge.undone_at is not None
    assert [await place(floor, each) for each in (first, second)] == before
    assert await figures(floor) == counted
    assert await contradictions(floor) == []
    with pytest.raises(NoInteraction):
        await floor.do(part_contacts, second, by=floor.anna)


async def test_mail_goes_to_its_own_thread_again_and_they_may_be_merged_once_more(floor: Floor) -> None:
    first, second = await twice(floor)
    await floor.do(merge_contacts, first, second, by=floor.anna)
    await floor.do(part_contacts, second, by=floor.anna)
    assert (await floor.write_in(thread=await thread_of(floor, second))).interaction_id == second
    await floor.do(merge_contacts, first, second, by=floor.anna)
    assert (await floor.write_in(thread=await thread_of(floor, second))).interaction_id == first
    assert len(await floor.rows(ThreadMerge)) == 2
    assert (await figures(floor))["received"] == 1


async def test_once_an_answer_was_written_they_stay_together(floor: Floor) -> None:
    first, second = await twice(floor)
    await floor.do(merge_contacts, first, second, by=floor.anna)
    await floor.do(reply, first, "Ecco.", by=floor.anna)
    with pytest.raises(CannotPart, match=SENT):
        await floor.do(part_contacts, second, by=floor.anna)
    assert (await floor.contact(second)).state == "closed"


async def test_it_is_for_whoever_did_it_and_for_ten_minutes(floor: Floor) -> None:
    first, second = await twice(floor)
    await floor.do(merge_contacts, first, second, by=floor.anna)
    with pytest.raises(CannotPart, match=LATE):
        await floor.do(part_contacts, second, by=floor.bruno)
    floor.later(seconds=PARTABLE.total_seconds() + 1)
    with pytest.raises(CannotPart, match=LATE):
        await floor.do(part_contacts, second, by=floor.anna)
