"""Why a backup was not made or not restored, in words for whoever typed the command."""

from __future__ import annotations


class BackupError(Exception):
    """Nothing was kept: what was half written is gone."""


class Unsound(Exception):
    """The backup is not what was written, or not for this code. Nothing was touched."""


class NotEmpty(Exception):
    """The installation holds something; the message says what, and what to do. Nothing was touched."""
