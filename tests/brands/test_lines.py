"""How a line of business works, as its administrators set it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from portavoce.audit.models import AuditEntry
from portavoce.brands.errors import BadLine, NoLine
from portavoce.brands.lines import LineSettings, set_line
from portavoce.brands.models import LineOfBusiness
from tests.floor import Floor

WISHED = LineSettings(work_mode="free", reason_required=True, acw_mode="timed", acw_s=45)


async def kept(floor: Floor) -> LineSettings:
    async with floor.database.begin(floor.aurora.reading) as db:
        columns = [getattr(LineOfBusiness, name) for name in LineSettings._fields]
        return LineSettings(*(await db.execute(select(*columns))).one())


async def test_a_line_is_born_giving_out_work_asking_nothing_and_with_no_time_after(floor: Floor) -> None:
    assert await kept(floor) == LineSettings("assisted", False, "off", 120)


async def test_what_is_set_is_kept_and_written_down(floor: Floor) -> None:
    await floor.do(set_line, floor.aurora.lob_id, WISHED, by="admin")
    assert await kept(floor) == WISHED
    entry = (await floor.rows(AuditEntry))[-1]
    assert (entry.action, entry.subject_id) == ("line.changed", floor.aurora.lob_id)


@pytest.mark.parametrize(
    "wrong", [{"work_mode": "push"}, {"acw_mode": "always"}, {"acw_s": 9}, {"acw_s": 901}]
)
async def test_what_no_line_can_be_is_refused(floor: Floor, wrong: dict[str, object]) -> None:
    with pytest.raises(BadLine):
        await floor.do(set_line, floor.aurora.lob_id, WISHED._replace(**wrong), by="admin")  # type: ignore[arg-type]  # -- wrong on purpose
    assert (await kept(floor)).work_mode == "assisted"


async def test_another_brands_line_is_not_there(floor: Floor) -> None:
    for missing in (floor.world.bosco.lob_id, uuid4()):
        with pytest.raises(NoLine):
            await floor.do(set_line, missing, WISHED, by="admin")
