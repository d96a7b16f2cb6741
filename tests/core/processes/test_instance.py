from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portavoce.core.processes.instance import AlreadyRunning, only_instance

HOLD = """
import sys, time
from pathlib import Path
from portavoce.core.processes.instance import only_instance
with only_instance(Path(sys.argv[1]), note="http://127.0.0.1:8000"):
    print("held", flush=True)
    time.sleep(60)
"""


def holder(home: Path) -> subprocess.Popen[str]:
    env = {**os.environ, "PYTHONPATH": "src"}
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)], stdout=subprocess.PIPE, text=True, env=env
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_second_is_told_who_runs_and_how_to_stop_it(tmp_path: Path) -> None:
    with holder(tmp_path) as first:
        with pytest.raises(AlreadyRunning) as refused, only_instance(tmp_path):
            pass
        first.kill()
    assert f"at http://127.0.0.1:8000 (process {first.pid})" in str(refused.value)
    assert f"kill {first.pid}" in str(refused.value)


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    with holder(tmp_path) as first:
        first.kill()
    with only_instance(tmp_path):
        assert (tmp_path / "supervisor.lock").read_text() == str(os.getpid())


def test_another_home_is_free(tmp_path: Path) -> None:
    with only_instance(tmp_path / "one"), only_instance(tmp_path / "two"):
        assert (tmp_path / "two" / "supervisor.lock").read_text() == str(os.getpid())
