"""A brand's name and addresses become marks by which a text can be told to be its."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.events import BrandNamed, EndpointWritten
from portavoce.brands.phones import region_of
from portavoce.brands.signals import ADDRESS_OF, NAME, learn
from portavoce.brands.traces import ADDRESS, DOMAIN, WORD, key_of


async def learn_name(db: AsyncSession, event: BrandNamed) -> None:
    await learn(db, NAME, [(key_of(WORD, event.name, region_of(event.zone)), event.name)])


async def learn_endpoint(db: AsyncSession, event: EndpointWritten) -> None:
    """A mail address marks itself and its domain."""
    if event.kind == "email":
        domain = event.value.rpartition("@")[2]
        signals = [(key_of(ADDRESS, event.value, ""), event.value), (key_of(DOMAIN, domain, ""), domain)]
        await learn(db, ADDRESS_OF, signals)
