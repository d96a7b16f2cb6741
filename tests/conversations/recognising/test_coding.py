"""A code proves that somebody reads a known address: six digits, ten minutes, five tries, once, and few of them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from portavoce.audit.models import AuditEntry
from portavoce.conversations.errors import HeldByOther, NoInteraction
from portavoce.conversations.recognising.coding import (
    ENDED,
    EXPIRED,
    IN_A_DAY,
    OF_A_CONTACT,
    OF_A_CUSTOMER,
    TRIES,
    UNREADABLE,
    send_code,
)
from portavoce.conversations.recognising.errors import BadCode, CannotLink, NoAddress, TooManyCodes
from portavoce.conversations.recognising.linking import link_by_evidence
from portavoce.conversations.recognising.models import CustomerCode, CustomerLink
from portavoce.customers.errors import NoCustomer
from portavoce.customers.identifying import add_identity
from portavoce.customers.merging import merge
from tests.conversations.recognising.strangers import (
    Stranger,
    enter,
    identity,
    known,
    met,
    owner,
    right,
    sent,
    stranger,
    taken,
    wrong,
)
from tests.floor import Floor, at_once, failures


async def states(floor: Floor) -> list[str]:
    return [each.state for each in await floor.rows(CustomerCode)]


async def test_the_right_code_links_the_contact_and_says_that_it_is_proved(floor: Floor) -> None:
    who = await stranger(floor)
    code = await sent(floor, who)
    entered = await enter(floor, who, code, f" {right(code)[:3]} {right(code)[3:]} ")
    assert entered.link is not None
    assert (entered.link.confidence, entered.link.evidence, entered.link.code_id) == (
        "verified",
        "code",
        code.id,
    )
    assert await owner(floor, who.thread) == who.gina
    assert await states(floor) == ["used"]


async def test_no_row_keeps_the_code_and_facts_say_ids_and_codes_only(floor: Floor) -> None:
    who = await stranger(floor)
    after = await floor.last_n()
    code = await sent(floor, who)
    await enter(floor, who, code, wrong(code))
    await enter(floor, who, code, right(code))
    told = [fact for fact in await floor.facts(after) if fact.kind.startswith("customer.")]
    assert [fact.kind for fact in told] == [
        "customer.code_sent", "customer.code_wrong", "customer.merged", "customer.linked",
    ]  # fmt: skip
    noted = [each.action for each in await floor.rows(AuditEntry)]
    assert noted[-3:] == ["customer.code_sent", "customer.code_wrong", "customer.linked"]
    [row] = await floor.rows(CustomerCode)
    kept = [str(value) for value in vars(row).values()] + [fact.body for fact in told]
    kept += [each.detail for each in await floor.rows(AuditEntry)]
    for secret in (right(code), wrong(code)):
        assert not [each for each in kept if secret in each]
    for word in ("gina", "studio.example", "338555"):
        assert not [fact for fact in told if word in fact.body.lower()]


async def test_five_wrong_tries_and_the_right_one_comes_too_late(floor: Floor) -> None:
    who = await stranger(floor)
    code = await sent(floor, who)
    left = [(await enter(floor, who, code, wrong(code))).left for _ in range(TRIES)]
    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(BadCode, match=ENDED["worn"]):
        await enter(floor, who, code, right(code))
    assert await owner(floor, who.thread) == who.customer


async def test_tries_at_the_same_time_are_counted_one_by_one(floor: Floor) -> None:
    who = await stranger(floor)
    code = await sent(floor, who)
    done = await at_once(*(enter(floor, who, code, wrong(code)) for _ in range(TRIES + 3)))
    assert failures(done, BadCode) == []
    assert len([each for each in done if isinstance(each, BadCode)]) == 3
    [row] = await floor.rows(CustomerCode)
    assert (row.tries, row.state) == (TRIES, "worn")


@pytest.mark.deep
async def test_the_right_code_typed_twice_at_once_links_once(floor: Floor) -> None:
    who = await stranger(floor)
    code = await sent(floor, who)
    done = await at_once(*(enter(floor, who, code, right(code)) for _ in range(2)))
    assert failures(done, BadCode, CannotLink) == []
    assert len(await floor.rows(CustomerLink)) == 1
    with pytest.raises(BadCode, match=ENDED["used"]):
        await enter(floor, who, code, right(code))


async def test_it_is_good_for_ten_minutes_and_until_the_next_one(floor: Floor) -> None:
    who = await stranger(floor)
    old = await sent(floor, who)
    floor.later(minutes=10)
    with pytest.raises(BadCode, match=EXPIRED):
        await enter(floor, who, old, right(old))
    first = await sent(floor, who)
    second = await sent(floor, who)
    with pytest.raises(BadCode, match=ENDED["replaced"]):
        await enter(floor, who, first, right(first))
    floor.later(minutes=9, seconds=59)
    assert (await enter(floor, who, second, right(second))).link is not None


@pytest.mark.deep
@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦"])
async def test_what_is_no_code_costs_no_try(floor: Floor, typed: str) -> None:
    who = await stranger(floor)
    code = await sent(floor, who)
    with pytest.raises(BadCode, match=UNREADABLE):
        await enter(floor, who, code, typed)
    assert [each.tries for each in await floor.rows(CustomerCode)] == [0]


async def test_a_contact_and_a_customer_have_few_codes_and_which_was_met_is_not_said(floor: Floor) -> None:
    who = await stranger(floor)
    for _ in range(OF_A_CONTACT):
        await sent(floor, who)
    with pytest.raises(TooManyCodes) as of_the_contact:
        await sent(floor, who)
    contact, customer, thread = await met(floor, "+393385550999")
    other = Stranger(contact, customer, who.gina, who.address, thread)
    with pytest.raises(TooManyCodes) as of_the_customer:
        await sent(floor, other)
    assert of_the_contact.value.message == of_the_customer.value.message
    floor.later(hours=1, seconds=1)
    for _ in range(IN_A_DAY - OF_A_CONTACT):
        await sent(floor, other)
    floor.later(hours=1, seconds=1)
    with pytest.raises(TooManyCodes):
        await sent(floor, other)


@pytest.mark.deep
async def test_a_contact_has_few_codes_whoever_they_are_for(floor: Floor) -> None:
    """Somebody who tries one name after the other reaches an end too."""
    who = await stranger(floor)
    others = [await known(floor, f"gina{n}@studio.example") for n in range(OF_A_CONTACT + 1)]
    floor.later(minutes=1)
    contact, _, _ = await met(floor, "+393385550999")
    for customer, address in others[:-1]:
        await floor.do(send_code, contact, customer, address, by=floor.anna)
    with pytest.raises(TooManyCodes):
        await floor.do(send_code, contact, *others[-1], by=floor.anna)
    assert (await sent(floor, who)).state == "waiting"


@pytest.mark.deep
async def test_contacts_that_ask_for_one_customer_at_once_share_what_that_customer_has(floor: Floor) -> None:
    who = await stranger(floor)
    contacts = [(await met(floor, f"+39338555099{n}"))[0] for n in range(OF_A_CUSTOMER + 2)]
    asked = (floor.do(send_code, each, who.gina, who.address, by=floor.anna) for each in contacts)
    done = await at_once(*asked)
    assert failures(done, TooManyCodes) == []
    assert len(await floor.rows(CustomerCode)) == OF_A_CUSTOMER


async def test_only_who_holds_the_contact_sends_and_types(floor: Floor) -> None:
    who = await stranger(floor)
    code = await sent(floor, who)
    with pytest.raises(HeldByOther):
        await floor.do(send_code, who.contact, who.gina, who.address, by=floor.bruno)
    with pytest.raises(HeldByOther):
        await enter(floor, who, code, right(code), by=floor.bruno)
    assert [(each.tries, each.state) for each in await floor.rows(CustomerCode)] == [(0, "waiting")]


async def test_a_code_is_good_at_its_own_contact_only(floor: Floor) -> None:
    who = await stranger(floor)
    code = await sent(floor, who)
    contact, customer, thread = await met(floor, "+393385550999")
    with pytest.raises(NoInteraction):
        await enter(floor, Stranger(contact, customer, who.gina, who.address, thread), code, right(code))


async def test_an_address_added_while_the_caller_waits_proves_nothing(floor: Floor) -> None:
    """A caller who has their own address written into a profile first is sent no code there."""
    who = await stranger(floor)
    floor.later(minutes=1)
    await floor.do(add_identity, who.gina, "email", "ladro@posta.example", by=floor.anna)
    address = await identity(floor, "ladro@posta.example")
    with pytest.raises(NoAddress):
        await floor.do(send_code, who.contact, who.gina, address, by=floor.anna)


async def test_an_address_that_came_by_words_alone_proves_nothing_for_the_next_link(floor: Floor) -> None:
    """Linked by evidence, or merged by hand, and then used for a code: a word would have become a proof."""
    gina, _ = await known(floor)
    ladro, address = await known(floor, "ladro@posta.example")
    altro, other = await known(floor, "altro@posta.example")
    floor.later(minutes=1)
    first = await taken(floor, ladro)
    await floor.do(link_by_evidence, first, gina, "recognised", by=floor.anna)
    await floor.do(merge, gina, altro, by=floor.anna)
    floor.later(minutes=1)
    contact, _, _ = await met(floor)
    for each in (address, other):
        with pytest.raises(NoAddress):
            await floor.do(send_code, contact, gina, each, by=floor.anna)


async def test_who_is_not_of_this_brand_does_not_exist(floor: Floor) -> None:
    """SEC-01, SEC-11: the same answer for a customer of Bosco's, for one nobody has, and nothing is sent."""
    who = await stranger(floor)
    theirs, address = await known(floor, "gina@studio.example", at=floor.world.bosco)
    for customer, where in ((theirs, address), (uuid4(), uuid4()), (theirs, who.address)):
        with pytest.raises(NoCustomer):
            await floor.do(send_code, who.contact, customer, where, by=floor.anna)
    with pytest.raises(NoAddress):
        await floor.do(send_code, who.contact, who.gina, address, by=floor.anna)
    assert await floor.rows(CustomerCode) == []


@pytest.mark.deep
async def test_a_customer_who_was_merged_meanwhile_is_looked_for_again(floor: Floor) -> None:
    who = await stranger(floor)
    other, _ = await known(floor, "nuova@studio.example")
    code = await sent(floor, who)
    await floor.do(merge, other, who.gina, by=floor.anna)
    with pytest.raises(CannotLink):
        await enter(floor, who, code, right(code))
    with pytest.raises(CannotLink):
        await sent(floor, who)
