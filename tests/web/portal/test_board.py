"""The page, the workbook and the paper of a month are made of one reading, with and without what reliefs excuse."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from portavoce.core.paths import frontend_dir
from portavoce.core.unit import now
from portavoce.reporting.facts import Anchor, last_fact
from portavoce.reporting.observing.following import catch_up
from portavoce.web.i18n import load_words
from portavoce.web.portal.board import read_board
from portavoce.web.portal.reading import Reading, read_faces
from tests.database import NOON
from tests.reporting.reading import MARCH, reading
from tests.sla.relief.relieving import accepted, person_with, wish
from tests.web.portal.conftest import House

WORDS = load_words(frontend_dir() / "locale")["en"]
DAY = timedelta(days=1)


async def test_both_readings_of_a_month_stand_side_by_side(house: House) -> None:
    rosa = await person_with(house.database, house.aurora, "client_approver")
    await accepted(house.database, house.aurora, rosa, wish(NOON + DAY, NOON + DAY + timedelta(hours=1)))
    await catch_up(house.database, house.aurora.id)
    async with reading(house.database, house.aurora) as db:
        (face,) = await read_faces(db, [house.aurora.id])
        anchor = Anchor(*await last_fact(db, face.id), now(db))
        board = await read_board(db, Reading(face, anchor, MARCH, MARCH), MARCH, WORDS)
    (tile,) = board.sheet.tiles
    assert tile.adjusted == board.adjusted.of(tile.standing)
    assert [each.value for each in (tile.standing, board.adjusted.of(tile.standing))] == [
        Fraction(3, 5),
        Fraction(2, 3),
    ]
    assert (tile.relieved, board.sheet.is_adjusted, len(board.relief.windows)) == (2, True, 1)
    assert board.adjusted.report.count("late") == board.report.count("late") - 1
