"""A provider in which Bosco is the foreign brand: both brands full of rows that carry their brand's canary, and
everybody who must not see Bosco signed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from portavoce.conversations.recognising.keys import CodeKeys
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.identity import people
from portavoce.identity.granting import grant
from portavoce.identity.sessions import open_session
from portavoce.onboarding.people import add_person
from tests.isolation.filling import canary_of, fill
from tests.isolation.naming import Somebody, client_of, names_of
from tests.web.browsing import Site, site
from tests.world import HOUSE_NAME, World, WorldBrand, build_world

ROLES = {
    "supervisor": "supervisor",
    "viewer": "client_viewer",
    "approver": "client_approver",
    "back office": "client_back_office",
    "lead taker": "client_lead_taker",
    "shop clerk": "client_shop_clerk",
    "keeper": "admin",
}
"""People of Aurora alone, beside Bruno who is its agent."""


@dataclass(frozen=True, slots=True)
class Provider:
    """`names`: by brand, what an address or a form can name of it. `people`: by what they are; `…of bosco` may see it."""

    world: World
    site: Site
    people: Mapping[str, Somebody]
    names: Mapping[UUID, dict[str, str]]

    @property
    def aurora(self) -> dict[str, str]:
        return self.names[self.world.aurora.id]

    @property
    def bosco(self) -> dict[str, str]:
        return self.names[self.world.bosco.id]

    def canary(self, brand: WorldBrand) -> str:
        return canary_of(brand)

    def other(self, brand: WorldBrand) -> WorldBrand:
        return self.world.bosco if brand.id == self.world.aurora.id else self.world.aurora

    def digits(self, brand: WorldBrand) -> str:
        """Of the code that was sent."""
        keys: CodeKeys = self.site.app.state.code_keys
        return keys.code_of(brand.id, UUID(self.names[brand.id]["code"]))

    def traces(self, brand: WorldBrand) -> list[str]:
        """Whatever tells of a brand."""
        told = {key: value for key, value in self.names[brand.id].items() if key not in ("person", "client")}
        return [canary_of(brand), f"Il team {brand.slug.partition('-')[0].title()}", *told.values()]


async def build_provider(database: Database, home: Path) -> Provider:
    the_site = site(database, home)
    world = await build_world(database, the_site.settings.files_dir)
    everybody = await _people(world)
    names = {}
    for brand in (world.aurora, world.bosco):
        await fill(world, brand)
        names[brand.id] = await names_of(world, brand, everybody)
    return Provider(world, the_site, everybody, names)


async def _people(world: World) -> dict[str, Somebody]:
    """Named by what they are to Aurora; the `… of bosco` are the ones who may see Bosco."""
    database, mark = world.database, uuid4().hex[:8]
    made = {"agent": world.bruno.person_id, "agent of both": world.anna.person_id, "elena": world.elena}
    async with database.begin(HOUSE) as db:
        for name in ("house admin", "nobody"):
            one = await people.add_person(
                db, name=name.title(), email=f"{name.replace(' ', '')}.{mark}@voxa.example", locale="en",
                client_id=None, by=None,
            )  # fmt: skip
            made[name] = one.id
        await grant(db, made["house admin"], "admin")
    bosco = await client_of(world, world.bosco)
    wanted: list[tuple[str, str, WorldBrand, UUID | None]]
    wanted = [(name, role, world.aurora, world.client) for name, role in ROLES.items()]
    wanted += [("viewer of bosco", "client_viewer", world.bosco, bosco), ("keeper of bosco", "admin", world.bosco, None), ("back office of bosco", "client_back_office", world.bosco, bosco), ("approver of bosco", "client_approver", world.bosco, bosco), ("lead taker of bosco", "client_lead_taker", world.bosco, bosco), ("shop clerk of bosco", "client_shop_clerk", world.bosco, bosco)]  # fmt: skip
    for name, role, brand, client in wanted:
        made[name] = await add_person(
            database, HOUSE_NAME, name=name.title(), email=f"{name.replace(' ', '')}.{mark}@{brand.slug}.example",
            locale="en", client_id=client if role.startswith("client") else None, role=role, brands=[brand.id],
            by=world.elena,
        )  # fmt: skip
    async with database.begin(HOUSE) as db:
        return {name: Somebody(one, open_session(db, one, "127.0.0.1")) for name, one in made.items()}
