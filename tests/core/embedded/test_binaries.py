from __future__ import annotations

import dataclasses
import shutil
import subprocess
from pathlib import Path

import pytest

from portavoce.core.embedded import binaries
from portavoce.core.embedded.account import Account
from portavoce.core.embedded.binaries import NoBinary, postgres_programs, redis_program
from portavoce.core.embedded.place import Place, place_of


@pytest.fixture
def unreachable(home: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """The place of an account that may run nothing where it is, as with an environment in a private home."""
    monkeypatch.setattr(Account, "can_run", lambda self, program: False)
    return place_of(home)


def test_programs_out_of_reach_are_copied_once_beside_the_data(unreachable: Place) -> None:
    programs = postgres_programs(unreachable)
    assert unreachable.base in programs.parents
    inode = (programs / "postgres").stat().st_ino
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True)
    assert said.stdout.startswith("postgres (PostgreSQL) 18")
    assert (postgres_programs(unreachable) / "postgres").stat().st_ino == inode


def test_a_half_copy_is_not_taken_for_a_whole_one(unreachable: Place) -> None:
    programs = redis_program(unreachable)
    programs.parent.rename(programs.parent.with_name(programs.parent.name + ".draft"))
    programs.parent.with_name(programs.parent.name + ".draft").joinpath("redis-server").unlink()
    assert redis_program(unreachable).exists()


def test_redis_of_the_path_goes_before_that_of_the_wheel(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = place_of(home)
    monkeypatch.setattr(shutil, "which", lambda name: "/bin/cat" if name == "valkey-server" else None)
    assert redis_program(place) == Path("/bin/cat")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert redis_program(dataclasses.replace(place)).name == "redis-server"


def test_a_missing_wheel_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoBinary, match="run make again"):
        binaries._package("no_such_wheel")
