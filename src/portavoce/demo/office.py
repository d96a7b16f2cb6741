"""What the clients' offices did: one of them shows its service to everybody."""

from __future__ import annotations

from portavoce.core.scope import Scope
from portavoce.demo import cast
from portavoce.demo.founding import Founded
from portavoce.demo.simulation import Ground
from portavoce.reporting.open_service.switching import switch_on


async def show_service(ground: Ground, founded: Founded) -> None:
    async with ground.database.begin(Scope.writing(founded.brands[cast.TEAMS[0].slug])) as db:
        await switch_on(db)
