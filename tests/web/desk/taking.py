"""Short ways to the states that tests begin with."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.claiming import claim
from portavoce.conversations.closing import close
from tests.web.desk.conftest import Desk
from tests.web.desk.house import DeskBrand, Worker, arrive


async def alias(db: AsyncSession, worker: Worker, brand: DeskBrand) -> BrandAgent:
    """How the brand knows the worker."""
    return await db.get_one(BrandAgent, (brand.id, worker.aliases[brand.id]))


async def take(desk: Desk, brand: DeskBrand, worker: Worker, body: str = "Dov'è il mio pacco?") -> UUID:
    """A contact that came in and is in the worker's hands."""
    interaction, _ = await arrive(desk.database, brand, body)
    async with desk.database.begin(brand.writing) as db:
        await claim(db, interaction, by=await alias(db, worker, brand))
    return interaction


async def finish(desk: Desk, brand: DeskBrand, worker: Worker) -> UUID:
    """A contact that was closed."""
    interaction = await take(desk, brand, worker)
    async with desk.database.begin(brand.writing) as db:
        await close(db, interaction, "solved", by=await alias(db, worker, brand))
    return interaction
