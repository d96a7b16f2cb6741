"""An administrator writes the next version of a contract, clause by clause, and publishes it."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy import select

from portavoce.audit.models import HouseAudit
from portavoce.contracts.reading import ClauseRow, DraftRow, draft_clauses, draft_row, versions
from portavoce.core.scope import HOUSE, Scope
from tests.web.admin.conftest import Added
from tests.web.browsing import Browser, Site


async def drafted(the_site: Site, brand: Added) -> list[ClauseRow]:
    async with the_site.database.begin(Scope.reading({brand.id})) as db:
        return await draft_clauses(db)


async def terms(the_site: Site, brand: Added) -> DraftRow | None:
    async with the_site.database.begin(Scope.reading({brand.id})) as db:
        return await draft_row(db)


async def numbers(the_site: Site, brand: Added) -> list[int]:
    async with the_site.database.begin(Scope.reading({brand.id})) as db:
        return [each.number for each in await versions(db)]


def here(brand: Added) -> str:
    return f"/admin/b/{brand.slug}/contract"


def says(html: str) -> list[str]:
    """The sentences of clauses on a page."""
    return re.findall(r'<p class="clause-says">(.*?)</p>', html)


async def test_what_is_promised_is_read_as_a_sentence(sara: Browser, aurora: Added) -> None:
    page = (await sara.get(here(aurora))).text
    sentence = "90% of first replies by email within 4 hours of opening hours"
    assert says(page) == [sentence, sentence]
    assert "Write the next version" in page


async def test_a_draft_is_begun_priced_and_discarded_with_a_trace(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    await sara.get(here(aurora))
    begun = await sara.post(f"{here(aurora)}/draft")
    assert (begun.status_code, begun.headers["location"]) == (303, f"{here(aurora)}#draft")
    page = (await sara.get(here(aurora))).text
    assert "begun by Sara Longo" in page
    priced = {"fee": "1800,50", "credit_cap": "10", "bonus_cap": "", "relief_silence": "10"}
    assert (await sara.post(f"{here(aurora)}/draft/terms", priced)).status_code == 303
    found = await terms(the_site, aurora)
    assert found is not None
    assert (found.fee_cents, found.credit_cap_bp, found.bonus_cap_bp) == (180_050, 1_000, None)
    assert found.relief_silence_days == 10
    assert 'value="1800.50"' in (await sara.get(here(aurora))).text
    for wrong in ("1.800,00", "-1", "9" * 40, "abc"):
        refused = await sara.post(f"{here(aurora)}/draft/terms", {"fee": wrong})
        assert (refused.status_code, 'id="f-fee-err"' in refused.text) == (422, True), wrong
    over = await sara.post(f"{here(aurora)}/draft/terms", {"fee": "1", "credit_cap": "101"})
    assert (over.status_code, 'id="f-credit_cap-err"' in over.text) == (422, True)
    never = await sara.post(f"{here(aurora)}/draft/terms", {"fee": "1", "relief_silence": "0"})
    assert (never.status_code, 'id="f-relief_silence-err"' in never.text) == (422, True)
    assert (await sara.post(f"{here(aurora)}/draft/removal")).status_code == 303
    assert await terms(the_site, aurora) is None
    gone = await sara.post(f"{here(aurora)}/draft/removal")
    assert gone.status_code == 409
    async with the_site.database.begin(HOUSE) as db:
        query = select(HouseAudit.action).where(HouseAudit.subject_id == aurora.id)
        acts = set(await db.scalars(query))
    assert {"contract.drafted", "contract.draft_discarded"} <= acts


async def test_another_brands_contract_is_not_there(
    the_site: Site, sara: Browser, admin: Browser, aurora: Added, bosco: Added
) -> None:
    await admin.get(here(bosco))
    await admin.post(f"{here(bosco)}/draft")
    (foreign,) = await drafted(the_site, bosco)
    assert (await sara.get(here(bosco))).status_code == 404
    await sara.get(here(aurora))
    await sara.post(f"{here(aurora)}/draft")
    place = f"{here(aurora)}/clauses/{foreign.id}"
    assert (await sara.get(place)).status_code == 404
    assert (await sara.post(place, {})).status_code == 404
    assert (await sara.post(f"{place}/removal")).status_code == 404
    assert [each.id for each in await drafted(the_site, bosco)] == [foreign.id]


async def lob_of(the_site: Site, brand: Added) -> UUID:
    return (await drafted(the_site, brand))[0].lob_id
