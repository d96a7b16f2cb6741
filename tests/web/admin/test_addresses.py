"""The addresses of one brand: who adds them, and which are refused."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.web.admin.conftest import Added
from tests.web.browsing import Browser, Site


@pytest.mark.parametrize("page", ["addresses", "quarantine"])
async def test_a_brand_of_others_does_not_exist(
    the_site: Site, sara: Browser, bosco: Added, page: str
) -> None:
    hidden, nothing = [await sara.get(f"/admin/b/{slug}/{page}") for slug in (bosco.slug, "nowhere")]
    assert hidden.status_code == nothing.status_code == 404
    assert hidden.text == nothing.text


async def test_an_address_is_added_and_nobody_else_gets_it(
    admin: Browser, aurora: Added, bosco: Added
) -> None:
    address = f"aiuto.{uuid4().hex[:8]}@aurora.example"
    for brand, status in ((aurora, 303), (bosco, 422)):
        here = f"/admin/b/{brand.slug}/addresses"
        page = await admin.get(here)
        line = page.text.partition('name="lob_id"')[2].partition('<option value="')[2].partition('"')[0]
        body = {"address": address.upper(), "lob_id": line, "display_name": brand.name, "signature": "Ciao"}
        answer = await admin.post(here, body)
        assert answer.status_code == status
    assert "This address is already in use. Choose another one." in answer.text
    assert address in (await admin.get(f"/admin/b/{aurora.slug}/addresses")).text
    assert f">{address}<" not in (await admin.get(f"/admin/b/{bosco.slug}/addresses")).text


@pytest.mark.parametrize(
    "address", ["niente", "a b@aurora.example", "aiuto+tag@aurora.example", "a@@b.example"]
)
async def test_what_is_no_address_of_ours_is_refused(admin: Browser, aurora: Added, address: str) -> None:
    here = f"/admin/b/{aurora.slug}/addresses"
    page = await admin.get(here)
    line = page.text.partition('name="lob_id"')[2].partition('<option value="')[2].partition('"')[0]
    answer = await admin.post(here, {"address": address, "lob_id": line, "display_name": "Aurora"})
    assert answer.status_code == 422
    assert "No address yet" in answer.text


async def test_a_line_of_business_of_another_brand_is_refused(
    admin: Browser, aurora: Added, bosco: Added
) -> None:
    page = await admin.get(f"/admin/b/{bosco.slug}/addresses")
    line = page.text.partition('name="lob_id"')[2].partition('<option value="')[2].partition('"')[0]
    body = {"address": f"{uuid4().hex}@aurora.example", "lob_id": line, "display_name": "Aurora"}
    answer = await admin.fill(f"/admin/b/{aurora.slug}/addresses", body)
    assert answer.status_code == 422
