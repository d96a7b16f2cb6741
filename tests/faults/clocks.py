"""Clocks of real processes set wrong: libfaketime between a child and the system. What is monotonic stays true."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

PLACES = ("/usr/lib/*/faketime/libfaketime.so.1", "/usr/lib/faketime/libfaketime.so.1")
LIBRARY = next((str(found) for place in PLACES for found in Path("/").glob(place[1:])), "")


class FalseClock:
    """`environment` makes a child read its wall clock through us; `set` takes effect within the second.

    Only for `steps` the monotonic clock stays true: libfaketime then breaks Python's `time.sleep` (EINVAL), and a
    difference that never changes does not show in what is monotonic.
    """

    def __init__(
        self, folder: Path, name: str, *, by: str = "+0", zone: str = "", steps: bool = False
    ) -> None:
        assert LIBRARY, "libfaketime is missing: run infra/dev/system.sh"
        self._file = folder / f"clock-of-{name}"
        self._zone = zone
        self._steps = steps
        self.set(by)

    def set(self, by: str) -> None:
        """`+120s`, `-1h`: the difference to the true time."""
        draft = self._file.with_suffix(".draft")
        draft.write_text(f"{by}\n")
        draft.replace(self._file)

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            "LD_PRELOAD": LIBRARY,
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1" if self._steps else "0",
            **({"TZ": self._zone} if self._zone else {}),
        }
