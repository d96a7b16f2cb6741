"""A month as whole numbers and exact fractions: what the page says."""

from __future__ import annotations

from tests.database import NOON
from tests.reporting.reading import report
from tests.web.api.conftest import DAY, Program
from tests.web.portal.browsing import sign_in


async def test_a_month_says_of_each_commitment_what_it_was_taken_of(program: Program) -> None:
    told = (await program.get("/months/2026-03")).json()
    assert (told["brand"], told["month"], told["zone"]) == (program.aurora.slug, "2026-03", "Europe/Rome")
    assert (told["starts_at"], told["ends_at"]) == ("2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z")
    assert (told["received"], told["answered"]) == (4, 3)
    [clause] = told["commitments"]
    assert (clause["metric"], clause["channel"], clause["statistic"]) == (
        "first_response", "email", "share_within",
    )  # fmt: skip
    assert (clause["part"], clause["whole"], clause["running"]) == (2, 3, 1)
    assert clause["value"] == {"numerator": 2, "denominator": 3}
    assert clause["target"] == {"numerator": 9, "denominator": 10}
    assert clause["verdict"] == "provisional"


async def test_the_numbers_are_those_of_the_page_at_the_same_fact(program: Program) -> None:
    told = (await program.get("/months/2026-03")).json()
    whole = await report(program.database, program.aurora)
    assert told["ledger"]["n"] == whole.anchor.n
    assert told["ledger"]["hash"] == whole.anchor.hash.hex()
    carla = await sign_in(program.database, program.client, program.aurora)
    page = (await carla.get(f"/portal/{program.aurora.slug}/2026-03")).text
    assert whole.anchor.hash.hex() in page
    [clause] = told["commitments"]
    assert clause["part"] == whole.count("within")
    assert clause["whole"] == whole.count("decided")


async def test_a_month_without_anything_decided_has_no_value_and_no_zero(program: Program) -> None:
    program.clock.move_to(NOON + 30 * DAY)
    told = (await program.get("/months/2026-04")).json()
    assert told["received"] == 0
    assert [(each["value"], each["verdict"]) for each in told["commitments"]] == [(None, "no_data")]
