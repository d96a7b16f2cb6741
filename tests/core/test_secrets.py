from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from portavoce.core.secrets import passwords, secret


def test_a_key_is_made_once_and_stays(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    assert len(secret(folder, "cookies", size=48)) == 48
    assert secret(folder, "cookies") == secret(folder, "cookies")
    assert secret(folder, "cookies") != secret(folder, "threads")


def test_only_the_owner_may_read_a_key(tmp_path: Path) -> None:
    secret(tmp_path / "secrets", "cookies")
    passwords(tmp_path / "secrets", ("portavoce_app",))
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*") if path.suffix != ".lock"
    }
    assert modes.pop("secrets") == 0o700
    assert set(modes.values()) == {0o600}


def test_no_draft_is_left_beside_a_key(tmp_path: Path) -> None:
    secret(tmp_path, "cookies")
    passwords(tmp_path, ("portavoce_app",))
    assert {path.name for path in tmp_path.iterdir() if path.suffix != ".lock"} == {"cookies", "roles.json"}


def test_names_that_differ_after_the_dot_are_different_keys(tmp_path: Path) -> None:
    assert secret(tmp_path, "thread.new") != secret(tmp_path, "thread.old")


def test_many_at_once_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(lambda _: secret(tmp_path, "cookies"), range(200)))
    assert len(found) == 1


def test_known_passwords_stay_when_a_role_is_added(tmp_path: Path) -> None:
    before = passwords(tmp_path, ("portavoce_app", "portavoce_report"))
    after = passwords(tmp_path, ("portavoce_app", "portavoce_router"))
    assert after["portavoce_app"] == before["portavoce_app"]
    assert after["portavoce_router"] not in before.values()
    assert passwords(tmp_path, ("portavoce_report",)) == {"portavoce_report": before["portavoce_report"]}


def test_many_at_once_get_the_same_passwords(tmp_path: Path) -> None:
    names = tuple(f"portavoce_{n}" for n in range(8))
    with ThreadPoolExecutor(16) as pool:
        given = list(pool.map(lambda n: passwords(tmp_path, (names[n % 8],)), range(64)))
    final = passwords(tmp_path, names)
    assert all(final[name] == value for one in given for name, value in one.items())
