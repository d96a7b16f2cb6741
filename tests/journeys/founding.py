"""Opening a provider through its own screens: Elena adds clients, brands, addresses and people, who choose passwords."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from playwright.async_api import Browser, Page, expect

from portavoce.brands.limits import set_limit
from portavoce.conversations.leaving import UNDO
from portavoce.core.scope import Scope
from tests.journeys.seeing import fill, send, visit
from tests.journeys.town import Town

PASSWORD = "una frase lunga e tranquilla"
ELENA = "elena.neri@voxa.example"


@dataclass(frozen=True)
class Name:
    """A brand as the administrator writes it down."""

    name: str
    slug: str
    shape: str
    accent: str

    @property
    def address(self) -> str:
        return f"assistenza@{self.slug}.example"

    @property
    def signature(self) -> str:
        return f"Il servizio clienti di {self.name}"


AURORA = Name("Aurora Caffè", "aurora", "circle", "#b5471b")
BOSCO = Name("Bosco Energia", "bosco", "leaf", "#0e7c57")
BRANDS = (AURORA, BOSCO)
PEOPLE = {
    "anna": ("Anna Rossi", "anna@voxa.example", "agent", BRANDS),
    "carla": ("Carla Longo", "carla@aurora-spa.example", "client_viewer", (AURORA,)),
    "dora": ("Dora Serra", "dora@bosco-srl.example", "client_viewer", (BOSCO,)),
}


async def accept(town: Town, page: Page, email: str) -> None:
    """From the mail's link to being signed in."""
    await page.goto(await town.link_to(email))
    await page.fill("#f-password", PASSWORD)
    async with page.expect_navigation():
        await page.click("main .btn--primary")


async def sign_in(page: Page, email: str) -> None:
    await page.goto("/sign-in")
    await page.fill("#f-email", email)
    await page.fill("#f-password", PASSWORD)
    async with page.expect_navigation():
        await page.click("main .btn--primary")


async def found(town: Town, browser: Browser) -> None:
    """Everybody has a password in the end."""
    await town.invite_admin(ELENA, "Elena Neri")
    async with visit(browser, town.url) as page:
        await accept(town, page, ELENA)
        await expect(page).to_have_url(f"{town.url}/admin")
        for brand in BRANDS:
            await add_brand(page, brand)
        for name, email, role, brands in PEOPLE.values():
            await add_person(page, name, email, role, brands)
    for _, email, _, _ in PEOPLE.values():
        async with visit(browser, town.url) as page:
            await accept(town, page, email)


async def let_leave_at_once(town: Town) -> None:
    """Nobody waits for the seconds in which an answer may be taken back."""
    with psycopg.connect(town.installation.superuser_dsn) as superuser:
        brands = superuser.execute(
            "SELECT id FROM pv.brand WHERE slug = ANY (%s)", [[b.slug for b in BRANDS]]
        )
        ids = [row[0] for row in brands]
    for brand_id in ids:
        async with town.database.begin(Scope.writing(brand_id)) as db:
            await set_limit(db, UNDO, 0, by="test")


async def add_brand(page: Page, brand: Name) -> None:
    """With a client of its own and one address."""
    await page.goto("/admin/clients")
    await fill(page, name=f"{brand.name} Cliente", legal_name=f"{brand.name} S.p.A.")
    await send(page)
    await page.goto("/admin/brands/new")
    await fill(
        page, client_id=f"{brand.name} Cliente", name=brand.name, slug=brand.slug, monogram=brand.name[0],
        accent=brand.accent, shape=brand.shape, voice="dai del tu, caldo e breve",
    )  # fmt: skip
    await send(page)
    await fill(page, address=brand.address, display_name=brand.name, signature=brand.signature)
    await send(page)
    await expect(page.locator("table")).to_contain_text(brand.address)


async def add_person(page: Page, name: str, email: str, role: str, brands: tuple[Name, ...]) -> None:
    await page.goto("/admin/people/new")
    await fill(page, name=name, email=email, role=role)
    if role.startswith("client"):
        await page.select_option("[name=client_id]", label=f"{brands[0].name} Cliente")
    for brand in brands:
        await page.locator("label.check", has_text=brand.name).locator("input").check()
    await send(page)
    await expect(page.locator("h1")).to_have_text(name)
