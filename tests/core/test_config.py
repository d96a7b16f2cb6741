from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from portavoce.core.config import Settings, load_settings


def test_without_an_environment_everything_is_embedded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings({})
    assert (settings.database_url, settings.redis_url) == ("", "")
    assert settings.home == tmp_path / ".portavoce"
    assert settings.secrets_dir == tmp_path / ".portavoce" / "secrets"
    assert settings.files_dir == tmp_path / ".portavoce" / "files"


def test_values_take_the_shape_of_their_field() -> None:
    settings = load_settings(
        {"PORTAVOCE_HOME": "/srv/portavoce", "PORTAVOCE_WEB_PORT": "81", "PORTAVOCE_PROVIDER_NAME": "Voxa"}
    )
    assert (settings.home, settings.web_port, settings.provider_name) == (Path("/srv/portavoce"), 81, "Voxa")


def test_blank_values_are_as_good_as_missing() -> None:
    assert load_settings({"PORTAVOCE_WEB_PORT": " "}).web_port == Settings().web_port


@pytest.mark.parametrize(("name", "value"), [("WEB_PORT", "eighty"), ("MAX_MAIL_BYTES", "25 MB")])
def test_a_value_of_the_wrong_shape_is_named(name: str, value: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=name.lower()):
        load_settings({f"PORTAVOCE_{name}": value})


def test_foreign_variables_are_ignored() -> None:
    assert load_settings({"PORTAVOCE_NOTHING": "1", "WEB_PORT": "1"}).web_port == Settings().web_port


def test_the_base_url_is_the_public_one_if_there_is_one() -> None:
    assert load_settings({"PORTAVOCE_WEB_PORT": "81"}).base_url == "http://127.0.0.1:81"
    assert load_settings({"PORTAVOCE_PUBLIC_URL": "https://desk.example"}).base_url == "https://desk.example"
