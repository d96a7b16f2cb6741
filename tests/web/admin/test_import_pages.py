"""The screens of imports: a bounded number of statements, a bar that is real, and a report a page at a time."""

from __future__ import annotations

from uuid import UUID

from portavoce.core.progress import Progress, Step
from portavoce.core.scope import Scope
from portavoce.customers.importing.models import CustomerImport
from tests.web.admin.conftest import Added
from tests.web.admin.test_customer_imports import look_through, upload
from tests.web.browsing import Browser, Site


async def test_a_report_takes_the_same_statements_however_long_and_comes_a_page_at_a_time(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    counts = []
    for size in (2, 130):
        content = "Mail\n" + "".join(f"c{size}.{n}@posta.example\n" for n in range(size))
        url = await upload(sara, aurora, content.encode())
        await look_through(the_site, sara, aurora, url, ["email"])
        with the_site.counting() as statements:
            page = (await sara.get(url)).text
        counts.append(len(statements))
    assert counts == [10, 10]
    assert ("1 to 100 of 130" in page, "number=2" in page) == (True, True)
    second = (await sara.get(f"{url}?what=new&number=2")).text
    assert ("101 to 130 of 130" in second, "number=3" in second) == (True, False)


async def test_the_bar_shows_how_far_it_is_while_it_runs(
    the_site: Site, sara: Browser, aurora: Added, broker: str
) -> None:
    url = await upload(sara, aurora)
    import_id = UUID(url.rpartition("/")[2])
    async with the_site.database.begin(Scope.writing(aurora.id)) as db:
        (await db.get_one(CustomerImport, (aurora.id, import_id))).state = "running"
    the_site.app.state.progress = worker = Progress(broker)
    for step, words in (
        (Step("checking", 500, 9_000), "Looks once more whether all is as it was: 500 of 9,000 lines."),
        (Step("writing", 1_500, 9_000), "1,500 of 9,000 lines"),
    ):
        await worker.tell(aurora.id, import_id, step)
        for page in (await sara.get(url), await sara.get(f"{url}/state")):
            assert words in page.text
            assert f'max="9000" value="{step.done}"' in page.text
            assert 'hx-trigger="load delay:1s"' in page.text
    await worker.close()
