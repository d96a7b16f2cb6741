"""One clause a page: only what its measure needs, mistakes beside the field, and what is saved comes back as it was typed."""

from __future__ import annotations

from uuid import UUID, uuid4

from portavoce.sla.rules import read_rule
from portavoce.sla.schemes import PerBreach, PerDay, Steps, Tiers
from portavoce.sla.shapes import SHAPES
from tests.web.admin.conftest import Added
from tests.web.admin.test_contract import drafted, here, lob_of, says
from tests.web.browsing import Browser, Site

SOLVED = {
    "metric": "resolution", "statistic": "share_within", "channel": "email", "calendar": "", "goal": "80",
    "threshold": "2", "threshold_unit": "day", "warn": "80", "pauses": "pending", "returns": "resume",
    "steps_size": "1", "steps_percent": "0,5", "breach_amount": "5,00", "tolerated": "3", "day_permille": "0,3",
    "bonus_tiers": "5-10: 1\r\n10-: 2",
}  # fmt: skip


MISTAKES: list[tuple[dict[str, str], str]] = [
    ({"goal": "0"}, "goal"),
    ({"goal": "100,1"}, "goal"),
    ({"goal": "9" * 5_000}, "goal"),
    ({"goal": "NaN"}, "goal"),
    ({"goal": "8\x000"}, "goal"),
    ({"threshold": ""}, "threshold"),
    ({"threshold_unit": "century"}, "threshold"),
    ({"warn": "0"}, "warn"),
    ({"pauses": "asleep"}, "pauses"),
    ({"returns": "never"}, "returns"),
    ({"calendar": str(uuid4())}, "calendar"),
    ({"lob_id": str(uuid4())}, "lob_id"),
    ({"channel": "telepathy"}, "channel"),
    ({"interval": "900"}, "interval_share"),
    ({"interval": "60", "interval_share": "90"}, "interval"),
    ({"steps_size": ""}, "steps_size"),
    ({"tiers": "0-1: 1\n2-: 3", "steps_size": "", "steps_percent": ""}, "tiers"),
    ({"tiers": "0-1: 1\n1-: 3"}, "tiers"),
    ({"tiers": "0-1: 1," * 60}, "tiers"),
    ({"tolerated": "9" * 5_000}, "tolerated"),
    ({"weight": "1e5"}, "weight"),
    ({"nature": "GIFT"}, "nature"),
]


async def begin(the_site: Site, sara: Browser, aurora: Added) -> UUID:
    await sara.get(here(aurora))
    await sara.post(f"{here(aurora)}/draft")
    return await lob_of(the_site, aurora)


async def test_a_clause_is_added_changed_and_taken_away(the_site: Site, sara: Browser, aurora: Added) -> None:
    lob = await begin(the_site, sara, aurora)
    form = f"{here(aurora)}/clauses/new?metric=resolution&statistic=share_within"
    page = (await sara.get(form)).text
    for offered in (
        'name="pauses"',
        f'<option value="{lob}"',
        '<option value="phone"',
        ">Opening hours</option>",
    ):
        assert offered in page, offered
    added = await sara.post(f"{here(aurora)}/clauses", {**SOLVED, "lob_id": str(lob)})
    assert (added.status_code, added.headers["location"]) == (303, f"{here(aurora)}?saved=clause#draft")
    row = (await drafted(the_site, aurora))[1]
    assert (row.metric, row.target_s, row.share_bp, row.calendar_id) == ("resolution", 172_800, 8_000, None)
    scheme = read_rule(row.rule, row.share_bp).scheme
    assert [type(each) for each in scheme.malus] == [Steps, PerBreach, PerDay]
    assert isinstance(scheme.bonus[0], Tiers)
    said = says((await sara.get(here(aurora))).text)[2]
    assert said == (
        "80% of contacts solved by email within 2 days, day and night; each full point below costs 0.5%; "
        "€5.00 for each late contact after 3; 0.3‰ of the fee for each day of default; "
        "it earns 1% from 5 points above on, 2% from 10 points above on"
    )
    place = f"{here(aurora)}/clauses/{row.id}"
    again = (await sara.get(place)).text
    for typed in (
        'value="80"',
        'value="0.5"',
        'value="5.00"',
        "5-10: 1\n10-: 2</textarea>",
        'value="pending" checked',
    ):
        assert typed in again, typed
    assert (await sara.post(place, {**SOLVED, "lob_id": str(lob), "goal": "85"})).status_code == 303
    assert (await drafted(the_site, aurora))[1].share_bp == 8_500
    assert (await sara.post(f"{place}/removal")).status_code == 303
    assert [each.metric for each in await drafted(the_site, aurora)] == ["first_response"]


async def test_a_mistake_stands_beside_its_field_and_nothing_is_stored(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    lob = str(await begin(the_site, sara, aurora))
    for typed, field in MISTAKES:
        answer = await sara.post(f"{here(aurora)}/clauses", {**SOLVED, "lob_id": lob, **typed})
        assert (answer.status_code, f'id="f-{field}-err"' in answer.text) == (422, True), typed
    unasked = await sara.post(f"{here(aurora)}/clauses", {**SOLVED, "lob_id": lob, "variant": "SL_OFFERED"})
    assert (unasked.status_code, "err-summary" in unasked.text) == (422, True)
    assert [each.metric for each in await drafted(the_site, aurora)] == ["first_response"]


async def test_each_measure_asks_only_for_what_it_needs(the_site: Site, sara: Browser, aurora: Added) -> None:
    await begin(the_site, sara, aurora)
    choice = (await sara.get(f"{here(aurora)}/clauses/new")).text
    for metric, shape in SHAPES.items():
        for way in shape.statistics:
            place = f"/clauses/new?metric={metric}&amp;statistic={way}"
            assert place in choice
            form = (await sara.get(here(aurora) + place.replace("&amp;", "&"))).text
            asked = {name for name in ("threshold", "variant", "rank", "calendar", "short_s", "ivr_s", "pauses") if f'name="{name}"' in form}  # fmt: skip
            wanted = {
                "threshold": shape.threshold, "variant": bool(shape.variants), "rank": way == "percentile",
                "calendar": shape.clock, "short_s": shape.short, "ivr_s": shape.ivr, "pauses": shape.pauses,
            }  # fmt: skip
            assert asked == {name for name, needed in wanted.items() if needed}, metric


async def test_without_a_draft_or_a_measure_nothing_can_be_added(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    assert "There is no draft" in (await sara.get(f"{here(aurora)}/clauses/new")).text
    lob = str(uuid4())
    lost = await sara.post(f"{here(aurora)}/clauses", {**SOLVED, "metric": "back_office", "lob_id": lob})
    assert (lost.status_code, "What does the clause promise?" in lost.text) == (422, True)
    await begin(the_site, sara, aurora)
    own = str(await lob_of(the_site, aurora))
    await sara.post(f"{here(aurora)}/draft/removal")
    late = await sara.post(f"{here(aurora)}/clauses", {**SOLVED, "lob_id": own})
    assert late.status_code == 409
