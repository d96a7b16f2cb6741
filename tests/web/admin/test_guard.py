"""The page on which a brand's administrator says what marks the brand and what is no mistake there."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from sqlalchemy import select

from portavoce.audit.models import AuditEntry
from portavoce.brands.signals import signals
from portavoce.core.scope import Scope
from tests.web.admin.conftest import Added
from tests.web.browsing import Browser, Site


async def kept(the_site: Site, brand: Added) -> list[tuple[str, str]]:
    async with the_site.database.begin(Scope.reading({brand.id})) as db:
        return [(row.origin, row.key) for row in await signals(db) if row.origin in ("added", "allowed")]


async def test_marks_and_exceptions_are_added_removed_and_written_down(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    here = f"/admin/b/{aurora.slug}/guard"
    saved = await sara.fill(here, {"origin": "added", "kind": "phone", "value": "800 123 456"})
    assert (saved.status_code, saved.headers["location"]) == (303, here)
    await sara.fill(here, {"origin": "allowed", "kind": "domain", "value": "https://www.corriere.it/x"})
    assert await kept(the_site, aurora) == [
        ("added", "phone +39800123456"),
        ("allowed", "domain corriere.it"),
    ]
    page = (await sara.get(here)).text
    removals = re.findall(r'action="([^"]+/removal)"', page)
    assert len(removals) == 2
    for url in removals:
        assert (await sara.post(url, {})).status_code == 303
    assert await kept(the_site, aurora) == []
    async with the_site.database.begin(Scope.reading({aurora.id})) as db:
        query = select(AuditEntry.action).where(AuditEntry.subject == "brand_signal").order_by(AuditEntry.id)
        acts = list(await db.scalars(query))
    assert acts == ["signal.added", "signal.allowed", "signal.removed", "signal.removed"]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"origin": "added", "kind": "domain", "value": "x"}, "Write a domain, for example shop.example."),
        ({"origin": "added", "kind": "domain", "value": "gmail.com"}, "Everybody has this mail host."),
        ({"origin": "name", "kind": "word", "value": "Bosco"}, "Choose one of the options shown."),
        ({"origin": "added", "kind": "word", "value": ""}, "Fill in this field."),
    ],
)
async def test_what_can_be_no_mark_is_refused_with_advice(
    the_site: Site, sara: Browser, aurora: Added, form: dict[str, str], said: str
) -> None:
    refused = await sara.fill(f"/admin/b/{aurora.slug}/guard", form)
    assert refused.status_code == 422
    assert said in refused.text
    assert await kept(the_site, aurora) == []


async def test_what_is_not_there_cannot_be_removed(sara: Browser, aurora: Added) -> None:
    await sara.get(f"/admin/b/{aurora.slug}/guard")
    gone = await sara.post(f"/admin/b/{aurora.slug}/guard/{uuid4()}/removal", {})
    assert gone.status_code == 404


async def test_a_hostile_entry_is_text(sara: Browser, aurora: Added) -> None:
    here = f"/admin/b/{aurora.slug}/guard"
    await sara.fill(here, {"origin": "added", "kind": "word", "value": "<script>alert(1)</script>"})
    page = (await sara.get(here)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
