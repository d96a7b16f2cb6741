"""FT-21: one brand is flooded, nine are not: nothing is lost, memory stays, and the nine do not wait for the one."""

from __future__ import annotations

import asyncio
import smtplib
import threading
from collections import Counter
from itertools import count
from uuid import UUID

from sqlalchemy import func, select

from portavoce.channels.email.models import InboundEvent
from portavoce.core.scope import Scope
from tests.depth import scaled
from tests.faults.memory import MEGABYTE, forget_peak, peak, resident
from tests.faults.site import Site
from tests.web.desk.house import DeskBrand, make_brand
from tests.world import letter

FLOOD = scaled(120, deep=10_000)
SENDERS = 12
TRICKLE = scaled(1, deep=20)
OTHERS = 9


class Flood:
    """Twelve relays that hand over as fast as they are answered; `taken` are those told 250."""

    def __init__(self, port: int, address: str) -> None:
        self.port, self.address = port, address
        self.numbers = count()
        self.answers: Counter[int] = Counter()
        self.lock = threading.Lock()

    async def begun(self) -> bool:
        return self.answers.total() >= SENDERS

    def relay(self) -> None:
        with smtplib.SMTP("127.0.0.1", self.port, timeout=300) as client:
            while (number := next(self.numbers)) < FLOOD:
                code = hand_over(client, self.address, f"piena {number}")
                with self.lock:
                    self.answers[code] += 1


def hand_over(client: smtplib.SMTP, address: str, text: str) -> int:
    client.ehlo_or_helo_if_needed()
    client.mail("gina@customer.example")
    code, _ = client.rcpt(address)
    if code == 250:
        code, _ = client.data(letter(address, text))
    else:
        client.rset()
    return code


def trickle(port: int, brands: list[DeskBrand], flood: Flood) -> list[tuple[int, int]]:
    """Each mail's answer, and how many of the flood were answered meanwhile."""
    found = []
    with smtplib.SMTP("127.0.0.1", port, timeout=300) as client:
        for _ in range(TRICKLE):
            for brand in brands:
                before = flood.answers.total()
                code = hand_over(client, brand.address, "goccia")
                found.append((code, flood.answers.total() - before))
    return found


async def test_a_flood_of_one_brand_loses_nothing_and_nine_others_are_served_in_turn(site: Site) -> None:
    database, aurora = site.world.database, site.world.aurora
    brands = [await make_brand(database, site.world.elena) for _ in range(OTHERS)]
    engine = await site.start("engine")
    assert await site.send(letter(aurora.address, "prima"), aurora) == 250
    forget_peak(engine.pid)
    before = resident(engine.pid)
    flood = Flood(site.settings.smtp_port, aurora.address)
    relays = [asyncio.create_task(asyncio.to_thread(flood.relay)) for _ in range(SENDERS)]
    await site.until(flood.begun)
    served = await asyncio.to_thread(trickle, site.settings.smtp_port, brands, flood)
    await asyncio.gather(*relays)
    assert {code for code, _ in served} == {250}
    # Each of the nine waits for what was under way, never for the flood.
    assert sum(passed for _, passed in served) / len(served) <= 3 * SENDERS
    # A quota may put some of the flood off (4xx): what was told 250 is there, what was not is not.
    assert {code for code in flood.answers if code != 250} <= {421, 450, 451, 452}
    assert await stored(site, aurora.id) == 1 + flood.answers[250]
    assert [await stored(site, brand.id) for brand in brands] == [TRICKLE] * OTHERS
    assert peak(engine.pid) - before <= 150 * MEGABYTE
    assert await site.faults() == []


async def stored(site: Site, brand_id: UUID) -> int:
    async with site.world.database.begin(Scope.reading([brand_id])) as db:
        return (await db.execute(select(func.count(InboundEvent.id)))).scalar_one()
