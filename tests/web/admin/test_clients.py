"""The paying companies."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.web.browsing import Browser


async def test_a_client_is_added_and_listed(admin: Browser) -> None:
    name = f"Aa {uuid4().hex[:6]}"
    answer = await admin.fill("/admin/clients", {"name": name, "legal_name": f"{name} S.r.l."})
    assert answer.status_code == 303
    assert f"{name} S.r.l." in (await admin.get("/admin/clients")).text


@pytest.mark.parametrize(
    "form", [{}, {"name": "V", "legal_name": "Velia"}, {"name": "x" * 121, "legal_name": "Velia"}]
)
async def test_a_client_with_a_mistake_is_not_added(admin: Browser, form: dict[str, str]) -> None:
    before = (await admin.get("/admin/clients")).text.count("<tr>")
    assert (await admin.post("/admin/clients", form)).status_code == 422
    assert (await admin.get("/admin/clients")).text.count("<tr>") == before
