"""Settings from the environment, each `PORTAVOCE_…`; the README lists them. Nothing else reads os.environ."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Ports of 0 mean: take a free one, `metrics_port` 0: none. `database_url` and `redis_url` empty mean: embedded."""

    home: Path = Path(".portavoce")
    database_url: str = ""
    redis_url: str = ""
    host: str = "127.0.0.1"
    web_port: int = 8000
    web_processes: int = 1
    smtp_port: int = 2525
    lmtp_port: int = 2424
    sent_port: int = 2526
    public_url: str = ""
    trusted_proxies: str = ""
    provider_name: str = "Voxa Servizi"
    relay_url: str = ""
    relay_ca_file: str = ""
    mail_domain: str = "portavoce.example"
    mail_server: str = ""
    max_mail_bytes: int = 25 * 1024 * 1024
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    metrics_port: int = 0
    probe_at: str = "02:30"

    @property
    def secrets_dir(self) -> Path:
        return self.home / "secrets"

    @property
    def files_dir(self) -> Path:
        return self.home / "files"

    @property
    def sent_dir(self) -> Path:
        """What the local mailbox kept."""
        return self.home / "sent"

    @property
    def base_url(self) -> str:
        return self.public_url or f"http://{self.host}:{self.web_port}"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read every `PORTAVOCE_<FIELD>`; a value of the wrong shape raises msgspec.ValidationError naming the field."""
    environ = os.environ if environ is None else environ
    given = {
        name: environ[key]
        for name in Settings.__struct_fields__
        if (key := f"PORTAVOCE_{name.upper()}") in environ and environ[key].strip()
    }
    settings = msgspec.convert(given, Settings, strict=False, dec_hook=lambda kind, value: kind(value))
    return msgspec.structs.replace(settings, home=settings.home.absolute())
