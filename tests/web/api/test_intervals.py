"""A day in steps, in the fields of the feed's format."""

from __future__ import annotations

import pytest

from tests.web.api.conftest import Program


@pytest.mark.parametrize(("asked", "steps"), [("", 96), ("?minutes=15", 96), ("?minutes=30", 48)])
async def test_a_day_is_told_in_the_steps_asked_for(program: Program, asked: str, steps: int) -> None:
    told = (await program.get(f"/intervals/2026-03-02{asked}")).json()
    assert (told["head"]["intervals"], told["head"]["restatement"]) == (steps, 0)
    contacts = [row for row in told["rows"] if row["measure"] == "contact"]
    assert len(contacts) == steps
    assert [(row["starts_at"], row["units"]) for row in contacts if row["units"]] == [
        ("2026-03-02T12:00:00Z", 2)
    ]
    assert {row["n"] for row in told["rows"]} == {told["head"]["n"]}


@pytest.mark.parametrize("minutes", ["0", "60", "-15", "15.0", "x", "١٥"])
async def test_other_steps_do_not_exist(program: Program, minutes: str) -> None:
    assert (await program.get(f"/intervals/2026-03-02?minutes={minutes}")).status_code == 404


async def test_a_day_on_which_nothing_came_has_no_rows(program: Program) -> None:
    told = (await program.get("/intervals/2026-03-08")).json()
    assert told["rows"] == []
    assert told["head"]["intervals"] == 96
