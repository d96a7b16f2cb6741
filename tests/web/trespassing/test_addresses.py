"""Every GET that names something of a brand is asked, whoever adds it."""

from __future__ import annotations

from uuid import UUID, uuid4

import msgspec
from litestar import Litestar, Router, get
from litestar.params import FromPath, FromQuery

from portavoce.web.routes import endpoints
from portavoce.web.trespassing.addresses import Names, addresses, unknown_inputs
from tests.web.routes_page import another_app, unconnected_app

FULL = Names(
    slug="aurora",
    month="2026-03",
    **{
        name: uuid4()
        for name in (
            "interaction",
            "message",
            "attachment",
            "mail",
            "lob",
            "clause",
            "clause_draft",
            "calendar",
            "customer",
            "attribute",
            "snippet",
            "request",
            "approval",
            "lead",
            "task",
            "action",
            "customer_import",
            "relief",
            "feed",
            "layout",
            "report_export",
        )
    },
)


def shapes(app: Litestar, names: Names) -> set[str]:
    return {address.shape for address in addresses(app, names)}


def test_every_page_of_a_brand_is_among_them() -> None:
    app = unconnected_app()
    of_a_brand = {
        route.path_format
        for route, method, _ in endpoints(app)
        if method == "GET" and "brand" in route.path_parameters
    }
    found = shapes(app, FULL)
    assert of_a_brand <= found
    assert found - of_a_brand == {
        "/desk?closed&brand",
        "/s/reports?brand",
        "/s/reports/exports/{export_id}",
        "/s/reports/exports/{export_id}/state",
        "/s/reports/exports/{export_id}/files/{suffix}",
        "/desk/palette?open&brand",
        "/desk/search?brand",
        "/desk/stream?open&brand&since_message&since_contact",
        "/portal/{brand}/{month}/{figure}?lob",
        "/admin/b/{brand}/wrap-up?lob",
        "/b/{brand}/interactions/{interaction_id}/who?other",
        "/portal/{brand}/{month}/{figure}?clause",
        "/portal/{brand}/{month}?layout",
        "/portal/{brand}/{month}/report.pdf?layout",
        "/portal/{brand}/{month}/report.xlsx?layout",
        "/b/{brand}/interactions/{interaction_id}/older?before_message",
        "/b/{brand}/interactions/{interaction_id}/earlier?before_contact",
    }


def test_every_input_has_a_known_meaning_and_a_planted_one_is_told() -> None:
    app = another_app()
    assert unknown_inputs(app) == []

    @get("/b/{brand:str}/vaults/{vault_id:uuid}")
    async def vault(brand: FromPath[str], vault_id: FromPath[UUID], lob: FromQuery[str] = "") -> str:
        return f"{brand} {vault_id} {lob}"

    app.register(Router("/", route_handlers=[vault]))
    assert unknown_inputs(app) == ["/b/{brand}/vaults/{vault_id}: vault_id"]


def test_rows_a_brand_does_not_have_are_not_asked_for() -> None:
    bare = Names(slug="aurora", month="2026-03")
    assert all("{" not in address.url for address in addresses(unconnected_app(), FULL))
    assert "/b/{brand}/interactions/{interaction_id}" not in shapes(unconnected_app(), bare)
    assert "/portal/{brand}/{month}" in shapes(unconnected_app(), bare)


def test_only_some_addresses_name_more_than_the_brand() -> None:
    children = {address.shape for address in addresses(unconnected_app(), FULL) if address.children}
    assert "/b/{brand}/attachments/{attachment_id}" in children
    assert "/desk?closed&brand" in children
    assert "/portal/{brand}/{month}/{figure}?lob" in children
    assert not {"/portal/{brand}", "/portal/{brand}/{month}", "/admin/b/{brand}/addresses"} & children


def test_a_ghost_has_the_same_shape_and_no_name_in_common() -> None:
    half = msgspec.structs.replace(FULL, mail=None)
    ghost = half.ghost()
    assert len(ghost.slug) == len(half.slug)
    assert (ghost.mail, ghost.month) == (None, half.month)
    named = [
        set(map(str, msgspec.structs.asdict(each).values())) - {"None", "2026-03"} for each in (half, ghost)
    ]
    assert not named[0] & named[1]
    assert shapes(unconnected_app(), half) == shapes(unconnected_app(), ghost)
