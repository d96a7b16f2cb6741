"""The brand answers while an agent writes; a contact goes on by phone and comes back: by keyboard alone, over real mail."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from playwright.async_api import Browser, Page, expect

from portavoce.conversations.models import Conversation
from portavoce.customers.identifying import add_identity
from tests.journeys.meeting import at_the_desk
from tests.journeys.seeing import visit
from tests.journeys.test_looks import faults
from tests.journeys.town import MAIL_SERVER, Town, customers_mail
from tests.world import World, letter

pytestmark = pytest.mark.deep
FIRST = "<una@customer.example>"
GINA = "Gina Verdi <gina@customer.example>"


def of_the_brand(world: World, text: str) -> EmailMessage:
    """Laura of Aurora answers Gina out of her own mailbox, and Aurora's address reads along."""
    domain = f"{world.aurora.slug}.example"
    return customers_mail(
        GINA, text, sender=f"Laura Conti <laura@{domain}>", subject="Re: Aiuto", Cc=world.aurora.address,
        In_Reply_To=FIRST, Authentication_Results=f"{MAIL_SERVER}; dmarc=pass header.from={domain}",
    )  # fmt: skip


async def in_hand(town: Town, page: Page, world: World) -> str:
    """Gina's contact, taken by F2, with the hand in the text."""
    await world.receive(world.aurora, letter(world.aurora.address, message_id=FIRST))
    [contact] = await world.contacts(world.aurora)
    await page.locator(f"#qi-{contact.id} a").click()
    await expect(page.locator("#takebar")).to_be_visible()
    await page.keyboard.press("F2")
    await expect(page.locator("#draft")).to_be_visible()
    await page.keyboard.press("Alt+r")
    await expect(page.locator("#draft")).to_be_focused()
    return str(contact.id)


async def test_who_writes_reads_the_brands_own_answer_first_and_is_asked_once(
    town: Town, browser: Browser, peopled: World
) -> None:
    found: list[str] = []
    async with at_the_desk(town, browser, peopled.anna) as page:
        await in_hand(town, page, peopled)
        await page.keyboard.type("Buongiorno Gina")
        await town.post_until_taken(of_the_brand(peopled, "Le mandiamo un tecnico."))
        await expect(page.locator("#chat .msg.native")).to_contain_text("Le mandiamo un tecnico.")
        await expect(page.locator("#foot [role=status]").first).to_contain_text("Il brand ha risposto")
        await expect(page.locator("#queue-mine li")).to_contain_text("Ha risposto il brand")
        await expect(page.locator("#draft")).to_be_focused()
        await expect(page.locator("#draft")).to_have_value("Buongiorno Gina")
        found += await faults(page, "answered natively")
        async with page.expect_response("**/drafts/reply"):
            await page.keyboard.press("Control+Enter")
            await expect(page.locator("#problem-reply")).to_be_visible()
        await expect(page.locator("#draft")).to_have_value("Buongiorno Gina")
        await expect(page.locator("#draft")).to_be_focused()
        await expect(page.locator("#chat .msg.out")).to_have_count(0)
        found += await faults(page, "asked")
        await page.reload()
        await expect(page.locator("#draft")).to_have_value("Buongiorno Gina")
        await page.locator("#draft").press("Control+Enter")
        await expect(page.locator("#chat .msg.out")).to_have_count(1)
        await page.locator("#draft").press_sequentially("Un'altra cosa")
        await town.post_until_taken(of_the_brand(peopled, "Il tecnico viene alle nove."))
        await expect(page.locator("#chat .msg.native")).to_have_count(2)
        await _noted(page)
        await page.locator("#draft").press("Control+Enter")
        await page.locator("#problem-reply [data-discard]").press("Enter")
        await expect(page.locator("#draft")).to_have_value("")
        await expect(page.locator("#draft")).to_be_focused()
        await expect(page.locator("#problem-reply")).to_have_count(0)
    assert not found, "\n".join(found)


async def _noted(page: Page) -> None:
    """A note is saved meanwhile: the form of the reply is a new one, and its text the one that was typed before."""
    await page.keyboard.press("Alt+n")
    await page.locator("#draft").fill("Una nota")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#chat .msg.note")).to_have_count(1)
    await page.keyboard.press("Alt+r")
    await expect(page.locator("#draft")).to_have_value("Un'altra cosa")


async def test_a_contact_goes_on_by_phone_and_comes_back_by_keyboard_alone(
    town: Town, browser: Browser, peopled: World
) -> None:
    found: list[str] = []
    async with at_the_desk(town, browser, peopled.anna) as page:
        await in_hand(town, page, peopled)
        await _goes_on(page)
        await expect(page.locator("#channel-form")).to_contain_text("Non si conosce nessun numero")
        found += await faults(page, "no way")
        await page.keyboard.press("Escape")
        async with peopled.database.begin(peopled.aurora.writing) as db:
            [contact] = await peopled.contacts(peopled.aurora)
            thread = await db.get_one(Conversation, (peopled.aurora.id, contact.conversation_id))
            await add_identity(
                db, thread.customer_id, "phone", "+393385550142", by=peopled.anna.at(peopled.aurora)
            )
        await _goes_on(page)
        await expect(page.locator("#channel-form [name=channel]")).to_be_focused()
        found += await faults(page, "a way")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#composer-reply [name=reached]")).to_have_count(2)
        await expect(page.locator("#draft")).to_be_focused()
        await page.locator("#number button").press("Enter")
        await expect(page.locator("#tel")).to_have_text("+393385550142")
        found += await faults(page, "by phone")
        await page.locator("#composer-reply [value=no]").press("Space")
        await page.locator("#draft").press("Control+Enter")
        await expect(page.locator("#chat .msg.note")).to_contain_text("Il cliente non ha risposto")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#problem-reply")).to_be_visible()
        await page.locator("#composer-reply [value=yes]").press("Space")
        await page.locator("#draft").fill("Il tecnico viene domani.")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#chat .msg.out [data-state=called]")).to_have_count(1)
        found += await faults(page, "called")
        await _goes_on(page)
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#composer-reply [data-keep]")).to_have_count(1)
    assert not found, "\n".join(found)


async def _goes_on(page: Page) -> None:
    """The dialog, by the palette, once it holds its form."""
    await page.keyboard.press("Control+k")
    await page.keyboard.type("altro canale")
    await expect(page.locator("#palette [role=option]").first).to_contain_text("altro canale")
    await page.keyboard.press("Enter")
    await expect(page.locator("#channel-form")).to_be_visible()


async def test_who_gets_a_contact_while_looking_at_it_works_on_it_at_once(
    town: Town, browser: Browser, peopled: World
) -> None:
    """Its handling begins with the next key, and not with the next page."""
    await peopled.receive(peopled.aurora, letter(peopled.aurora.address))
    [contact] = await peopled.contacts(peopled.aurora)
    here = f"/b/{peopled.aurora.slug}/interactions/{contact.id}"
    cookie = await town.cookie_of(peopled.anna.person_id)
    async with visit(browser, town.url, cookie) as looking, visit(browser, town.url, cookie) as taking:
        await looking.goto(here)
        await expect(looking.locator("#takebar")).to_be_visible()
        await taking.goto(here)
        await taking.click("#takebar button")
        await expect(looking.locator("#draft")).to_be_visible()
        async with looking.expect_request(f"**{here}/focus"):
            await looking.locator("#draft").press("a")
