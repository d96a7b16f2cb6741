"""A draft follows its writer to every browser."""

from __future__ import annotations

from tests.web.desk.conftest import Desk, url
from tests.web.desk.taking import take


async def test_what_was_typed_is_there_again_on_the_page_the_piece_and_after_taking_it_back(
    desk: Desk,
) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    here = url(desk.aurora, interaction)
    for kind, text in (("reply", "Buongiorno <Gina>"), ("note", "Ha fretta")):
        assert (await desk.put(f"{here}/drafts/{kind}", desk.anna, {"text": text})).status_code == 204
    for htmx in (True, False):
        page = await desk.get(here, desk.anna, htmx=htmx)
        assert ">Buongiorno &lt;Gina&gt;</textarea>" in page.text
        assert ">Ha fretta</textarea>" in page.text
    await desk.post(f"{here}/release", desk.anna)
    assert "Ha fretta" not in (await desk.get(here, desk.anna)).text
    assert ">Ha fretta</textarea>" in (await desk.post(f"{here}/claim", desk.anna)).text


async def test_a_colleague_sees_nothing_of_it(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    here = url(desk.aurora, interaction)
    await desk.put(f"{here}/drafts/reply", desk.anna, {"text": "Non ancora"})
    await desk.post(f"{here}/release", desk.anna)
    taken = await desk.post(f"{here}/claim", desk.bruno)
    assert "<textarea" in taken.text
    assert "Non ancora" not in taken.text


async def test_too_much_and_another_kind_are_refused(desk: Desk) -> None:
    interaction = await take(desk, desk.aurora, desk.anna)
    here = url(desk.aurora, interaction)
    assert (await desk.put(f"{here}/drafts/poem", desk.anna, {"text": "x"})).status_code == 404
    assert (await desk.put(f"{here}/drafts/reply", desk.anna, {"text": "x" * 20_001})).status_code == 422
