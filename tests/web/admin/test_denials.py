"""The page of what was refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from portavoce.audit.auditing import deny
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE
from portavoce.web.admin.denials import REASONS, SHOWN
from tests.database import Installation
from tests.web.admin.conftest import Added, add
from tests.web.browsing import Browser, Site, site

HERE = "/admin/denials"


@pytest.fixture(autouse=True)
def nothing_was_refused_before(superuser: psycopg.Connection[Any]) -> None:
    """Other tests of the session are refused at other times of their own clocks."""
    superuser.execute("DELETE FROM pv.denial")


async def test_who_what_when_why_and_from_where(the_site: Site, admin: Browser, aurora: Added) -> None:
    anna = await the_site.person("agent", brand=aurora.id, name="Anna Riva")
    async with the_site.browser("198.51.100.77") as hers:
        await hers.sign_in(anna.email, "una frase sbagliata")
        await hers.sign_in(anna.email)
        await hers.get(f"/admin/b/{aurora.slug}/addresses")
    page = await admin.get(HERE)
    top = page.text.partition("<tbody>")[2].partition("</tr>")[0]
    for said in (
        "Anna Riva",
        "GET /admin/b/{brand}/addresses",
        "Not theirs to see",
        "198.51.100.77",
        "Aurora",
    ):
        assert said in top
    assert "Wrong password or unknown address" in page.text


async def test_a_brand_is_not_named_to_who_does_not_administer_it(the_site: Site, admin: Browser) -> None:
    other = await the_site.person("admin", name="Dino Fabbri")
    hidden = await add(the_site, "Celata", other.id)
    anna = await the_site.person(name="Anna Curiosa")
    async with the_site.browser() as hers:
        await hers.sign_in(anna.email)
        await hers.get(f"/portal/{hidden.slug}")
    page = await admin.get(HERE)
    assert "Anna Curiosa" in page.text
    assert "celata" not in page.text.lower()


async def test_older_ones_are_on_further_pages_and_none_is_shown_twice(
    the_site: Site, admin: Browser
) -> None:
    async with the_site.database.begin(HOUSE) as db:
        for number in range(SHOWN + 3):
            deny(db, None, f"probe {number:03}", "not granted")
    first = await admin.get(HERE)
    older = re.search(rf'href="({HERE}\?before=[^"]+)"', first.text)
    assert older is not None
    second = await admin.get(older[1])
    seen = [set(re.findall(r"probe \d+", page.text)) for page in (first, second)]
    assert len(seen[0]) == SHOWN
    assert not seen[0] & seen[1]
    assert {"probe 000", "probe 001", "probe 002"} <= seen[1]
    assert f'rel="first" href="{HERE}"' in second.text


async def test_before_the_first_one_the_page_says_what_would_stand_here(
    empty_database: Installation, make_database: Callable[..., Database], tmp_path: Path
) -> None:
    database = Database(empty_database.urls, make_database().clock)
    fresh = site(database, tmp_path)
    elena = await fresh.person("admin")
    async with fresh.browser() as one:
        await one.sign_in(elena.email)
        page = await one.get(HERE)
    await database.close()
    assert "Nothing was refused" in page.text


async def test_only_for_administrators_of_the_house(sara: Browser) -> None:
    assert (await sara.get(HERE)).status_code == 404
    assert 'href="/admin/denials"' not in (await sara.get("/admin")).text


@pytest.mark.parametrize("before", ["x", "1 OR 1=1", "00000000-0000-7000-8000-000000000000"])
async def test_any_place_to_start_from_is_a_page_or_a_clear_refusal(admin: Browser, before: str) -> None:
    assert (await admin.get(HERE, params={"before": before})).status_code in (200, 400)


def test_every_reason_the_code_knows_has_words(reasons: set[str]) -> None:
    assert reasons <= set(REASONS)


@pytest.fixture
def reasons() -> set[str]:
    """What the code writes down as a reason: the literal third argument of `deny`, and those of `denials`."""
    source = Path(__file__).parents[3] / "src" / "portavoce"
    found = set()
    for path in source.rglob("*.py"):
        text = path.read_text()
        found |= set(re.findall(r'deny\(db, [^"]*"[^"]+", "([^"]+)"', text))
        found |= set(re.findall(r'deny\(db, [^"]*limit\.name, "([^"]+)"', text))
    return found | set(re.findall(r'return "([a-z ]+)"', (source / "web" / "denials.py").read_text()))
