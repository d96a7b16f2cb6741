from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from portavoce.core.embedded import account
from portavoce.core.embedded.account import NoAccount, account_for

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives its work to another account")


def test_an_ordinary_user_runs_the_servers_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1)
    found = account_for(tmp_path)
    assert found.uid == 1
    assert found.credentials == {}


@as_root
def test_root_gives_the_servers_to_who_owns_the_data(tmp_path: Path) -> None:
    os.chown(tmp_path, 1, 1)
    assert account_for(tmp_path).uid == 1


@as_root
def test_root_never_runs_them_itself(tmp_path: Path) -> None:
    found = account_for(tmp_path / "none")
    assert found.uid != 0
    assert found.credentials == {"user": found.uid, "group": found.gid, "extra_groups": []}


@as_root
def test_without_useradd_an_account_every_system_has_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "OWN_NAME", "portavoce-not-there")
    monkeypatch.setattr(shutil, "which", lambda name, path: None)
    assert account_for(tmp_path / "none").name in account.FALLBACK_NAMES
    monkeypatch.setattr(account, "FALLBACK_NAMES", ())
    with pytest.raises(NoAccount, match="useradd --system"):
        account_for(tmp_path / "none")


@as_root
def test_the_account_is_made_when_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for useradd, so that the test leaves no account behind."""
    made = tmp_path / "made"
    useradd = tmp_path / "useradd"
    useradd.write_text(f'#!/bin/sh\necho "$@" > {made}\n')
    useradd.chmod(0o755)
    monkeypatch.setattr(account, "OWN_NAME", "portavoce-not-there")
    monkeypatch.setattr(shutil, "which", lambda name, path: str(useradd))
    account_for(tmp_path / "none")
    assert "--system" in made.read_text()
    assert made.read_text().split()[-1] == "portavoce-not-there"


@as_root
def test_a_user_id_without_a_name_is_refused_with_a_remedy(tmp_path: Path) -> None:
    os.chown(tmp_path, 54_321, 54_321)
    with pytest.raises(NoAccount, match="user id 54321 has no name"):
        account_for(tmp_path)


@as_root
def test_what_the_account_may_do_is_tried_for_real(tmp_path: Path) -> None:
    found = account_for(tmp_path / "none")
    assert not found.can_enter(tmp_path)
    assert found.can_enter(Path("/"))
    assert found.can_run(Path("/bin/cat"))
    assert not found.can_run(tmp_path / "none")
