"""What a line of business asks of a contact's end."""

from __future__ import annotations

from uuid import uuid4

import pytest

from portavoce.brands.lines import LineSettings, set_line
from portavoce.conversations.choices import OUTCOME, REASON
from portavoce.conversations.defining import add_choice
from portavoce.conversations.errors import NoChoice
from portavoce.conversations.line_rules import line_of_choice, line_rules
from tests.conversations.conftest import counted
from tests.floor import Floor


async def test_a_line_with_a_tree_takes_as_many_statements_as_one_without(floor: Floor) -> None:
    lob, counts = floor.aurora.lob_id, []
    for more in (0, 4):
        for number in range(more):
            kind = OUTCOME if number % 2 else REASON
            await floor.do(add_choice, lob, kind=kind, label=f"N {number}", by="admin")
        with counted(floor.database) as statements:
            async with floor.database.begin(floor.aurora.reading) as db:
                rules = await line_rules(db, lob)
        counts.append(len(statements))
    assert counts == [1, 1]
    assert (len(rules.outcomes), len(rules.reasons)) == (8, 2)


async def test_it_says_how_its_line_works(floor: Floor) -> None:
    wished = LineSettings("free", True, "timed", 45)
    await floor.do(set_line, floor.aurora.lob_id, wished, by="admin")
    async with floor.database.begin(floor.aurora.reading) as db:
        rules = await line_rules(db, floor.aurora.lob_id)
    assert rules[:3] == (True, "timed", 45)


async def test_a_choice_belongs_to_one_line_of_one_brand(floor: Floor) -> None:
    bosco = floor.world.bosco
    theirs = await floor.do(add_choice, bosco.lob_id, kind=REASON, label="x", by="admin", at=bosco)
    assert await floor.do(line_of_choice, theirs, at=bosco) == bosco.lob_id
    for missing in (theirs, uuid4()):
        with pytest.raises(NoChoice):
            await floor.do(line_of_choice, missing)
