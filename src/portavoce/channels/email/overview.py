"""The whole house's mail in a few numbers, brand by brand within each one's wall: for who looks from the command line."""

from __future__ import annotations

from dataclasses import dataclass, field

from portavoce.brands.resolving import all_brand_ids
from portavoce.channels.email.dead_letters import dead_counts, house_dead_count
from portavoce.channels.email.health import health_of
from portavoce.core.db import DISPATCH, Database
from portavoce.core.scope import HOUSE, Scope


@dataclass(slots=True)
class Overview:
    """`failing` names addresses."""

    addresses: int = 0
    quiet: int = 0
    failing: list[str] = field(default_factory=list)
    undelivered: int = 0


async def look_over(database: Database) -> Overview:
    found = Overview()
    async with database.begin(HOUSE, role=DISPATCH) as db:
        brands = await all_brand_ids(db)
    async with database.begin(HOUSE) as db:
        found.undelivered = await house_dead_count(db)
    for brand_id in brands:
        async with database.begin(Scope.reading({brand_id})) as db:
            found.undelivered += sum((await dead_counts(db)).values())
            health = await health_of(db)
        found.addresses += len(health)
        found.quiet += sum(each.state == "quiet" for each in health)
        found.failing += [each.address for each in health if each.state == "failing"]
    return found
