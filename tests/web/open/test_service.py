"""The page for everybody: no cookie, no other brand, and no trace of a page that is off."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import httpx
import msgspec
import pytest
import pytest_asyncio

from portavoce.brands.accent import accent
from portavoce.brands.models import Brand
from portavoce.core.db import APP, Database
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.writing import write_facts
from portavoce.reporting.open_service.switching import switch_off, switch_on
from portavoce.web.templating import Templates
from tests.database import NOON
from tests.minting import Minted, mint_agent, mint_brand
from tests.reporting.reading import counting
from tests.reporting.telling import Contact, tell
from tests.web.portal.browsing import browsing

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def ledger(make_database: Callable[..., Database], clock: SteppedClock) -> Database:
    return make_database(last_writers=(write_facts,))


@pytest_asyncio.fixture
async def aurora(ledger: Database, clock: SteppedClock) -> Minted:
    """Two contacts in March, one in time; it is April."""
    brand = await mint_brand(ledger, "Aurora")
    async with ledger.begin(brand.writing) as db:
        (await db.get_one(Brand, brand.id)).tokens = msgspec.json.encode(accent("#0E7C57")).decode()
    _, anna = await mint_agent(ledger, brand)
    clock.move_to(NOON + 31 * DAY)
    await tell(ledger, brand, Contact(NOON, NOON + HOUR, anna), Contact(NOON + DAY, NOON + 3 * DAY, anna))
    return brand


@pytest_asyncio.fixture
async def visitor(ledger: Database, tmp_path: Path, templates: Templates) -> AsyncIterator[httpx.AsyncClient]:
    async with browsing(ledger, tmp_path) as client:
        yield client


async def address(ledger: Database, brand: Minted) -> str:
    return f"/open/service/{(await ledger.run(brand.writing, switch_on)).token}"


async def test_everybody_reads_what_was_measured(
    ledger: Database, aurora: Minted, visitor: httpx.AsyncClient
) -> None:
    bosco = await mint_brand(ledger, "Bosco")
    page = await visitor.get(await address(ledger, aurora), params={"language": "en"})
    assert page.status_code == 200
    assert re.search(r'data-l="Numerator" class="num">1<', page.text)
    assert re.search(r'data-l="Denominator" class="num">2<', page.text)
    assert "50%" in page.text
    assert "Final" in page.text
    for hidden in (bosco.slug, str(bosco.id), str(aurora.id), "90", "Operator", "<script", "csrf"):
        assert hidden not in page.text


async def test_the_language_is_that_of_the_address_and_else_the_brands(
    ledger: Database, aurora: Minted, visitor: httpx.AsyncClient
) -> None:
    here = await address(ledger, aurora)
    asked = {"Accept-Language": "en", "Cookie": "lang=en; theme=dark; portavoce=x"}
    plain, italian, english, odd = [
        await visitor.get(f"{here}{query}", headers=asked)
        for query in ("", "?language=it", "?language=en", "?language=xx")
    ]
    assert plain.content == italian.content == odd.content
    assert "Servizio misurato" in plain.text
    assert "Measured service" in english.text
    assert "data-theme" not in plain.text


async def test_any_cache_may_keep_it_and_nobody_is_marked(
    ledger: Database, aurora: Minted, visitor: httpx.AsyncClient
) -> None:
    here = await address(ledger, aurora)
    for url in (here, f"{here}/brand.css"):
        answer = await visitor.get(url)
        assert answer.headers["cache-control"] == "public, max-age=300"
        assert "set-cookie" not in answer.headers
        assert "vary" not in answer.headers
        again = await visitor.get(url, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert (await visitor.head(url)).status_code == 200


async def test_its_colours_are_those_of_the_one_brand(
    ledger: Database, aurora: Minted, visitor: httpx.AsyncClient
) -> None:
    colours = await visitor.get(f"{await address(ledger, aurora)}/brand.css")
    assert colours.headers["content-type"].startswith("text/css")
    assert colours.text.startswith(f'[data-brand="{aurora.slug}"]{{--brand-')
    assert colours.text.count("data-brand") == 1


@pytest.mark.parametrize("rest", ["", "/brand.css"])
async def test_a_page_that_is_off_is_one_that_never_was(
    ledger: Database, aurora: Minted, visitor: httpx.AsyncClient, rest: str
) -> None:
    here = await address(ledger, aurora)
    await ledger.run(aurora.writing, switch_off)
    wrong = ["0" * 32, "x", "a" * 400, "%00", here.rpartition("/")[2].upper(), aurora.slug, str(aurora.id)]
    answers = [await visitor.get(f"/open/service/{token}{rest}") for token in wrong]
    answers.append(await visitor.get(f"{here}{rest}"))
    of_each = ("date", "x-request-id")
    told = {
        (
            each.status_code,
            each.content,
            tuple(sorted(pair for pair in each.headers.items() if pair[0] not in of_each)),
        )
        for each in answers
    }
    assert len(told) == 1
    assert answers[-1].status_code == 404


async def test_it_is_read_as_report_in_few_queries(
    ledger: Database, aurora: Minted, visitor: httpx.AsyncClient
) -> None:
    here = await address(ledger, aurora)
    await visitor.get(here)
    with counting(ledger) as as_report, counting(ledger, APP) as as_app:
        await visitor.get(here)
    assert (len(as_report), len(as_app)) == (13, 1)
