"""Two desks in step. That both fill a database is seen in `test_loading`."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from portavoce.core.config import Settings
from portavoce.demo.founding import Founded
from portavoce.demo.seeding import DeskFailed, _answer, _run_desks
from portavoce.demo.simulation import Plan
from tests.database import NOON


def test_a_desk_that_ended_is_noticed() -> None:
    ours, theirs = multiprocessing.Pipe()
    theirs.close()
    with pytest.raises(DeskFailed):
        _answer(ours)
    ours.close()


def test_desks_that_cannot_begin_end_the_loading(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    nowhere = Settings(home=tmp_path, database_url="postgresql://127.0.0.1:1/nothing")
    with pytest.raises(DeskFailed, match=r"exit codes \[1, 1\]"):
        _run_desks(nowhere, Plan(NOON, days=1, contacts=4), Founded({}, {}, {}), lambda _day, _contacts: None)
    assert "OperationalError" in capfd.readouterr().err
