"""The register of causes: the closed list of what both sides may call the reason of a breach."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """Source: reference/commercial.md §5, metrics.md §6 for what a client owes (systems, information, notice, forecast)."""

    CLIENT_SYSTEM_DOWN = "client_system_down"
    CLIENT_INFORMATION_LATE = "client_information_late"
    CLIENT_CHANGE_UNANNOUNCED = "client_change_unannounced"
    VOLUME_OVER_FORECAST = "volume_over_forecast"
    FORCE_MAJEURE = "force_majeure"
    PROVIDER_FAULT = "provider_fault"

    @property
    def relieves(self) -> bool:
        """The provider's own fault names a breach and excuses none."""
        return self is not Cause.PROVIDER_FAULT
