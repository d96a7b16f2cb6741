"""The main job on real input: two brands, mails by SMTP, one agent who answers each as that brand, two portals."""

from __future__ import annotations

import csv
import re
from email.message import EmailMessage

from playwright.async_api import Browser, Page, expect

from tests.journeys.founding import AURORA, BOSCO, BRANDS, PEOPLE, Name, found, let_leave_at_once, sign_in
from tests.journeys.seeing import visit, waiting
from tests.journeys.town import Town, customers_mail

GINA, UGO = "gina.verdi@posta.example", "ugo.neri@posta.example"
PIXEL = '<img src="http://spia.example/p.gif" width="1" height="1" alt="">'
SCRIPT = "<script>top.document.title = 'preso'</script>"
ANSWERS = {
    AURORA: "Buongiorno Gina, perché la perdita si fermi basta cambiare la guarnizione: è già in viaggio.",
    BOSCO: "Buongiorno Ugo, la bolletta è stata ricalcolata: più tardi arriva quella giusta.",
}


def ginas_mail() -> EmailMessage:
    """Text, HTML with a spy and a script, and an attachment."""
    mail = customers_mail(
        AURORA.address, "Buongiorno, la macchina perde acqua: è già la seconda volta!",
        sender=f"Gina Verdi <{GINA}>", subject="Perdita d'acqua – ordine n° 12",
    )  # fmt: skip
    mail.add_alternative(f"<p>La macchina <b>perde acqua</b></p>{PIXEL}{SCRIPT}", subtype="html")
    mail.add_attachment(
        b"%PDF-1.4 ricevuta", maintype="application", subtype="pdf", filename="ricevuta è.pdf"
    )
    return mail


def ugos_mail() -> EmailMessage:
    return customers_mail(
        BOSCO.address, "Salve, la bolletta di ottobre è il doppio del solito. Perché?",
        sender=f"Ugo Neri <{UGO}>", subject="Bolletta sbagliata",
    )  # fmt: skip


async def answer(page: Page, customer: str, brand: Name) -> None:
    """Open the waiting contact, take it, answer as its brand, conclude with an outcome."""
    await waiting(page, customer).locator("a").click()
    await page.click("#takebar button")
    await expect(page.locator("#composer-reply h3")).to_contain_text(brand.name)
    await page.fill("#draft", ANSWERS[brand])
    await page.click("#send")
    await expect(page.locator(".msg.out .sent[data-state=sent]")).to_have_count(1)
    await page.click("[data-open=wrapup]")
    await page.check("#wrapup [value=solved]")
    await page.click("#wrapup .btn--brand")
    await expect(page.locator(".toast").last).to_contain_text(brand.name)


def check_answer(mail: EmailMessage, raw: bytes, asked: EmailMessage, brand: Name) -> None:
    other = next(each for each in BRANDS if each is not brand)
    [sender] = mail["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (brand.name, brand.address)
    assert mail["In-Reply-To"] == asked["Message-ID"]
    assert mail["References"] == asked["Message-ID"]
    assert mail["Subject"] == f"Re: {asked['Subject']}"
    token = mail["Message-ID"].strip("<>").rpartition("@")[0].rpartition(".")[0]
    assert re.fullmatch(r"1\.a\.[a-z2-7]+\.[a-z2-7]{26}\.[a-z2-7]+", token)
    assert mail["Reply-To"].addresses[0].addr_spec == brand.address.replace("@", f"+{token}@")
    assert mail.get_content().replace("\r\n", "\n") == f"{ANSWERS[brand]}\n\n-- \n{brand.signature}\n"
    for mark in (other.name, other.slug, other.signature):
        assert mark.lower().encode() not in raw.lower()


async def read_portal(page: Page, brand: Name, other: Name, contacts: int) -> None:
    """Her figures, each opened; the list and the CSV hold the same contacts; the other brand does not exist."""
    await page.goto("/portal")
    await expect(page.locator(".brandlock")).to_contain_text(brand.name)
    await expect(page.get_by_text(other.name)).to_have_count(0)
    for figure in ("received", "answered", "within"):
        link = page.locator(f".kpis a[href*='/{figure}?']").first
        assert (await link.inner_text()).strip() == str(contacts), figure
    for figure in ("received", "answered"):
        await page.locator(f".kpis .v a[href*='/{figure}?']").click()
        await expect(page.locator("tbody tr")).to_have_count(contacts)
        numbers = await page.locator("tbody th").all_inner_texts()
        async with page.expect_download() as awaited:
            await page.click("a[download]")
        text = (await (await awaited.value).path()).read_text(encoding="utf-8-sig")
        rows = list(csv.reader(text.splitlines(), delimiter=";"))
        assert [re.sub(r"\D", "", number) for number in numbers] == [row[0] for row in rows[1:]]
        await page.go_back()
    answer = await page.goto(f"/portal/{other.slug}")
    assert answer is not None
    assert answer.status == 404


async def test_two_brands_are_answered_each_in_its_voice_and_seen_by_its_client_alone(
    town: Town, browser: Browser
) -> None:
    await found(town, browser)
    await let_leave_at_once(town)
    asked = {AURORA: ginas_mail(), BOSCO: ugos_mail()}
    for mail in asked.values():
        assert await town.post(mail) == 250
    async with visit(browser, town.url) as page:
        await sign_in(page, PEOPLE["anna"][1])
        await expect(page).to_have_url(f"{town.url}/desk")
        await page.click("#presence-btn")
        await page.click("#presence button[value=ready]")
        await expect(page.locator("#presence-btn")).to_contain_text("Disponibile")
        for brand, customer in ((AURORA, "Gina Verdi"), (BOSCO, "Ugo Neri")):
            await expect(waiting(page, customer).locator(f".bt[data-brand={brand.slug}]")).to_be_visible()
        await waiting(page, "Gina Verdi").locator("a").click()
        await expect(page.locator(".files")).to_contain_text("ricevuta è.pdf")
        await page.click("details:has(iframe) summary")
        await expect(page.frame_locator("iframe").locator("b")).to_have_text("perde acqua")
        await expect(page).not_to_have_title("preso")
        await answer(page, "Gina Verdi", AURORA)
        await answer(page, "Ugo Neri", BOSCO)
        for brand, customer in ((AURORA, GINA), (BOSCO, UGO)):
            sent = await town.mail_to(customer)
            check_answer(sent, town.sunk(customer)[0].raw, asked[brand], brand)
        reply = await town.mail_to(GINA)
        thanks = customers_mail(
            str(reply["Reply-To"]), "Grazie! Quando arriva?", sender=f"Gina Verdi <{GINA}>",
            subject=str(reply["Subject"]), In_Reply_To=str(reply["Message-ID"]),
            References=f"{reply['References']} {reply['Message-ID']}",
        )  # fmt: skip
        assert await town.post(thanks) == 250
        await waiting(page, "Gina Verdi").locator("a").click()
        await expect(page.locator("#chat .msg")).to_have_count(3)
        await expect(page.locator("#chat .msg").last).to_contain_text("Grazie! Quando arriva?")
        await expect(page.locator("#conv-head")).to_contain_text("n. 1")
    for name, brand, other in (("carla", AURORA, BOSCO), ("dora", BOSCO, AURORA)):
        async with visit(browser, town.url) as page:
            await sign_in(page, PEOPLE[name][1])
            await read_portal(page, brand, other, 1)
    assert {len(town.sunk(customer)) for customer in (GINA, UGO)} == {1}
