from __future__ import annotations

import os
from pathlib import Path

import pytest

from portavoce.core.embedded import place
from portavoce.core.embedded.account import Account
from portavoce.core.embedded.place import BadPlace, place_of, tag_of
from portavoce.core.embedded.removal import remove_data
from portavoce.core.processes.instance import AlreadyRunning, only_instance


def test_a_home_has_one_tag_by_whatever_path(home: Path) -> None:
    home.mkdir()
    link = home.parent / "link"
    link.symlink_to(home)
    assert tag_of(link) == tag_of(home)
    assert tag_of(home / "other") != tag_of(home)


def test_socket_paths_stay_short_below_a_deep_home(home: Path) -> None:
    found = place_of(home / ("deep" * 20) / ("deeper" * 20))
    assert len(os.fsencode(found.sockets / ".s.PGSQL.65535")) < 100
    assert found.sockets.stat().st_mode & 0o777 == 0o700
    remove_data(found.home)


def test_without_run_the_sockets_go_to_tmp(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: str(path) == "/tmp" and may(path, mode))
    assert place_of(home).sockets == Path("/tmp", f"portavoce-{os.geteuid()}-{tag_of(home)}")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(BadPlace, match="no folder for sockets"):
        place_of(home)
    monkeypatch.setattr(os, "access", may)
    Path("/tmp", f"portavoce-{os.geteuid()}-{tag_of(home)}").rmdir()


def test_a_socket_folder_that_a_stranger_prepared_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = home.parent / "prepared"
    prepared.mkdir()
    monkeypatch.setattr(place, "_socket_candidates", lambda tag: [prepared])
    stranger = os.geteuid() + 54_321
    monkeypatch.setattr(os, "geteuid", lambda: stranger)
    monkeypatch.setattr(place, "account_for", lambda data: Account("anna", stranger, stranger))
    with pytest.raises(BadPlace, match="belongs to someone else"):
        place_of(home)


def test_a_link_is_no_folder_of_ours(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = home.parent / "link"
    link.symlink_to(home.parent)
    monkeypatch.setattr(place, "_socket_candidates", lambda tag: [link])
    with pytest.raises(BadPlace, match="is not a folder"):
        place_of(home)


def test_removal_takes_our_files_and_leaves_those_of_others(home: Path) -> None:
    sockets = place_of(home).sockets
    (home / "letter.txt").write_text("not ours")
    (home / "files").mkdir()
    remove_data(home)
    assert [path.name for path in home.iterdir()] == ["letter.txt"]
    assert not sockets.exists()
    (home / "letter.txt").unlink()
    remove_data(home)
    assert not home.exists()
    remove_data(home)
    assert not home.exists()


def test_removal_waits_for_nobody_who_runs(home: Path) -> None:
    place_of(home)
    with only_instance(home), pytest.raises(AlreadyRunning):
        remove_data(home)
    assert home.exists()
