"""Promises at the desk: written down in a dialog, shown beside the customer, among what was said, and in one's own list."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portavoce.conversations.aftercare import Promise
from tests.web.desk.conftest import Desk, url
from tests.web.desk.taking import take


def ahead(desk: Desk, **by: float) -> str:
    at = desk.database.clock.now() + timedelta(**by)
    return f"{at.astimezone(ZoneInfo('Europe/Rome')):%Y-%m-%dT%H:%M}"


async def made(desk: Desk) -> tuple[UUID, UUID]:
    """The contact and the promise."""
    interaction = await take(desk, desk.aurora, desk.anna)
    given = {"kind": "callback", "text": "Richiamo per la garanzia", "due": ahead(desk, days=1)}
    answer = await desk.post(url(desk.aurora, interaction, "/promises"), desk.anna, given)
    assert answer.status_code == 200
    assert "close-dialog" in answer.headers["hx-trigger"]
    assert "Richiamo per la garanzia" in answer.text
    async with desk.database.begin(desk.aurora.writing) as db:
        return interaction, (await db.scalars(select(Promise.id))).one()


async def test_it_is_shown_beside_the_customer_in_the_thread_and_in_the_list_of_who_made_it(
    desk: Desk,
) -> None:
    interaction, promise = await made(desk)
    page = (await desk.get(url(desk.aurora, interaction), desk.anna)).text
    assert (f'id="pr-{promise}"' in page, f'id="vow-{promise}"' in page, 'id="queue-owed"' in page) == (
        True,
        True,
        True,
    )
    other = (await desk.get(url(desk.aurora, interaction), desk.bruno)).text
    assert (f'id="pr-{promise}"' in other, 'id="queue-owed"' in other) == (True, False)


async def test_a_colleague_keeps_it_and_it_leaves_the_list(desk: Desk) -> None:
    interaction, promise = await made(desk)
    address = f"/b/{desk.aurora.slug}/promises/{promise}/settlement"
    answer = await desk.post(address, desk.bruno, {"state": "kept"})
    assert 'data-state="kept"' in answer.text
    assert "Bruno" in answer.text
    page = (await desk.get(url(desk.aurora, interaction), desk.anna)).text
    assert 'id="queue-owed"' not in page
    moved = await desk.post(address, desk.bruno, {"state": "open"}, htmx=False)
    assert (moved.status_code, moved.headers["location"]) == (303, url(desk.aurora, interaction))
    assert (await desk.post(address, desk.bruno, {"state": "broken"})).status_code == 422


async def test_what_is_missing_is_said_in_the_dialog(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    address = url(desk.aurora, interaction, "/promises")
    for given, field in (
        ({"kind": "promise", "text": "Sconto"}, "due"),
        ({"kind": "promise", "text": "Sconto", "due": ahead(desk, days=-1)}, "due"),
        ({"kind": "promise", "text": "", "due": ahead(desk, days=1)}, "text"),
        ({"kind": "gift", "text": "Sconto", "due": ahead(desk, days=1)}, "kind"),
    ):
        answer = await desk.post(address, desk.anna, given)
        assert answer.status_code == 422, given
        assert f'id="f-{field}-err"' in answer.text, given
        assert answer.headers["hx-retarget"] == "#promise-form"
