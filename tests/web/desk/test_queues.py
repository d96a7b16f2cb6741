"""All that waits in one brand."""

from __future__ import annotations

from tests.web.desk.conftest import Desk
from tests.web.desk.house import arrive


async def test_it_is_the_brands_own_list_as_the_stream_tells_it(desk: Desk) -> None:
    ours = [(await arrive(desk.database, desk.aurora))[0] for _ in range(2)]
    theirs, _ = await arrive(desk.database, desk.bosco)
    answer = await desk.get(f"/b/{desk.aurora.slug}/queue", desk.anna, htmx=True)
    assert answer.status_code == 200
    assert f'data-brand-queue="{desk.aurora.slug}" data-total="2"' in answer.text
    assert all(f'id="qi-{contact}"' in answer.text for contact in ours)
    assert str(theirs) not in answer.text
    assert "data-snapshot" not in answer.text
