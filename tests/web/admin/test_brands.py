"""Clients and brands: who may add them, what a form with mistakes says, and what the lists show to whom."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from tests.web.admin.conftest import Added
from tests.web.browsing import Browser

ZONE = "Write the name of a time zone, for example Europe/Rome."


def form(client: object, **changes: str) -> dict[str, object]:
    look = {"accent": "#0E7C57", "shape": "leaf", "monogram": "v", "voice": "Calda e breve", "language": "it"}
    slug = f"velia-{uuid4().hex[:8]}"
    return {"client_id": str(client), "name": "Velia", "slug": slug, "zone": "Europe/Rome", **look, **changes}


async def test_a_brand_is_added_and_its_maker_administers_it(admin: Browser, aurora: Added) -> None:
    wanted = form(aurora.client_id)
    answer = await admin.fill("/admin/brands/new", wanted, to="/admin/brands")
    assert answer.headers["location"] == f"/admin/b/{wanted['slug']}/addresses"
    page = await admin.get(answer.headers["location"])
    assert page.status_code == 200
    assert "09:00 – 18:00" in page.text
    assert str(wanted["slug"]) in (await admin.get("/admin/brands")).text
    assert f'[data-brand="{wanted["slug"]}"]' in (await admin.get("/brands.css")).text


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("slug", "Velia Moda", "Use small letters, digits and hyphens, for example nordcaffe."),
        ("slug", "-velia", "Use small letters, digits and hyphens, for example nordcaffe."),
        ("accent", "rosso", "Write a colour as #rrggbb, for example #B5471B."),
        ("shape", "star", "Choose one of the options shown."),
        ("zone", "Europe/Atlantis", ZONE),
        ("zone", "../etc/passwd", ZONE),
        ("monogram", "VEL", "Write from 1 to 2 characters."),
        ("place", "IT-XX", "Choose one of the options shown."),
        ("client_id", str(UUID(int=7)), "This client does not exist."),
        ("name", "", "Fill in this field."),
    ],
)
async def test_a_brand_with_a_mistake_is_not_added(
    admin: Browser, aurora: Added, field: str, value: str, message: str
) -> None:
    wanted = form(aurora.client_id, **{field: value})
    answer = await admin.fill("/admin/brands/new", wanted, to="/admin/brands")
    assert answer.status_code == 422
    assert message in answer.text
    assert "Calda e breve" in answer.text


async def test_a_short_name_of_any_brand_is_taken(admin: Browser, aurora: Added) -> None:
    answer = await admin.fill(
        "/admin/brands/new", form(aurora.client_id, slug=aurora.slug), to="/admin/brands"
    )
    assert answer.status_code == 422
    assert "This short name is already in use. Choose another one." in answer.text


async def test_an_administrator_of_one_brand_sees_that_brand_alone(
    sara: Browser, aurora: Added, bosco: Added
) -> None:
    for page in ("/admin", "/admin/brands"):
        text = (await sara.get(page)).text
        assert aurora.slug in text
        assert bosco.slug not in text
        assert "Bosco" not in text
    assert (await sara.get(f"/admin/b/{aurora.slug}/addresses")).status_code == 200
