"""The month to take away: spreadsheet, paper and evidence say what the page says."""

from __future__ import annotations

import re

import pytest

from portavoce.brands.limits import set_limit
from portavoce.brands.models import Brand
from portavoce.core.db import Database
from portavoce.reporting.recomputing import recompute
from portavoce.web.pdf import pdf_of
from tests.minting import Minted
from tests.web.portal.browsing import Visit
from tests.web.portal.conftest import House

NAMES = ["report.xlsx", "report.pdf", "evidence.jsonl"]


async def rename(database: Database, brand: Minted, name: str) -> None:
    async with database.begin(brand.writing) as db:
        (await db.get_one(Brand, brand.id)).name = name


async def test_the_paper_is_a_pdf_of_the_month(house: House, carla: Visit) -> None:
    found = await carla.get(f"/portal/{house.aurora.slug}/2026-03/report.pdf")
    assert found.headers["content-type"] == "application/pdf"
    assert found.content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", found.content)) <= 2


@pytest.mark.parametrize(
    "asked",
    [
        '<img src="file:///etc/passwd">',
        '<img src="http://127.0.0.1:1/x">',
        '<link rel="stylesheet" href="file:///etc/hostname">',
        "<style>@import url(file:///etc/passwd);</style>",
        '<link rel="attachment" href="file:///etc/passwd">',
        '<object data="file:///etc/passwd"></object>',
    ],
)
def test_paper_fetches_nothing_whatever_its_text_asks_for(
    asked: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """SEC-57. It is refused before anything is opened, and left out."""
    opened = list[object]()
    monkeypatch.setattr("urllib.request.OpenerDirector.open", lambda _self, url, **_: opened.append(url))
    with caplog.at_level("ERROR", logger="weasyprint"):
        content = pdf_of(f"<p>x</p>{asked}")
    assert content.startswith(b"%PDF-")
    assert "URI uses disallowed protocol" in caplog.text
    assert opened == []
    assert b"EmbeddedFile" not in content


async def test_a_brands_name_is_text_on_paper_too(house: House, carla: Visit) -> None:
    await rename(house.database, house.aurora, '<img src="file:///etc/passwd">')
    found = await carla.get(f"/portal/{house.aurora.slug}/2026-03/report.pdf")
    assert found.status_code == 200
    assert b"/Subtype /Image" not in found.content


async def test_the_evidence_computes_itself_again(house: House, carla: Visit) -> None:
    found = await carla.get(f"/portal/{house.aurora.slug}/2026-03/evidence.jsonl")
    computed = recompute(found.content.splitlines(keepends=True))
    assert (computed.differences, computed.figures) == ([], 1)
    assert house.bosco.slug not in found.text
    assert str(house.bosco.id) not in found.text


@pytest.mark.parametrize("name", NAMES)
async def test_nobody_elses_month_can_be_taken_away(house: House, carla: Visit, name: str) -> None:
    assert (await carla.get(f"/portal/{house.bosco.slug}/2026-03/{name}")).status_code == 404
    assert (await carla.get(f"/portal/{house.aurora.slug}/2026-02/{name}")).status_code == 404


@pytest.mark.parametrize("name", NAMES)
async def test_each_of_them_counts_as_an_export(house: House, carla: Visit, name: str) -> None:
    async with house.database.begin(house.aurora.writing) as db:
        await set_limit(db, "exports_hour", 1, by="admin")
    answers = [await carla.get(f"/portal/{house.aurora.slug}/2026-03/{name}") for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 429]
