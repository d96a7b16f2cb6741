"""Elena administers the house and two brands; Sara administers Aurora only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import pytest_asyncio

from portavoce.brands.adding import BrandLook
from portavoce.identity.models import Person
from portavoce.kit.ids import uuid7
from portavoce.onboarding.brands import add_brand, add_paying_client
from tests.web.browsing import Browser, Site


@dataclass(frozen=True, slots=True)
class Added:
    """A brand as the product makes it."""

    id: UUID
    client_id: UUID
    slug: str
    name: str


async def add(the_site: Site, name: str, by: UUID) -> Added:
    slug = f"{name.lower()}-{uuid7(the_site.database.clock).hex[-8:]}"
    client = await add_paying_client(
        the_site.database, name=f"{name} spa", legal_name=f"{name} S.p.A.", by=by
    )
    look = BrandLook(
        slug=slug,
        name=name,
        accent="#B5471B",
        shape="circle",
        monogram=name[0],
        voice="",
        language="it",
        zone="Europe/Rome",
    )
    brand = await add_brand(the_site.database, client_id=client, look=look, by=by)
    return Added(brand, client, slug, name)


@pytest_asyncio.fixture
async def elena(the_site: Site) -> Person:
    return await the_site.person("admin", name="Elena Costa")


@pytest_asyncio.fixture
async def aurora(the_site: Site, elena: Person) -> Added:
    return await add(the_site, "Aurora", elena.id)


@pytest_asyncio.fixture
async def bosco(the_site: Site, elena: Person) -> Added:
    return await add(the_site, "Bosco", elena.id)


@pytest_asyncio.fixture
async def admin(the_site: Site, elena: Person) -> AsyncIterator[Browser]:
    """Elena's browser."""
    async with the_site.browser() as one:
        await one.sign_in(elena.email)
        yield one


@pytest_asyncio.fixture
async def sara(the_site: Site, aurora: Added) -> AsyncIterator[Browser]:
    """The browser of an administrator of Aurora alone."""
    person = await the_site.person("admin", brand=aurora.id, name="Sara Longo")
    async with the_site.browser() as one:
        await one.sign_in(person.email)
        yield one
