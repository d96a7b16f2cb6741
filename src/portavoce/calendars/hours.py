"""Opening hours of a week as a pattern of wall-clock minutes; `timeline` turns patterns into instants."""

from __future__ import annotations

import msgspec

from portavoce.kit.canonical import dumps

Stretches = tuple[tuple[int, int], ...]
"""What is open of one day, in minutes from midnight, end excluded, 1440 for 24:00."""

MINUTES_A_DAY = 24 * 60


def check(stretches: Stretches) -> None:
    """ValueError if one is empty or outside the day, or begins before the one before it ends."""
    reached = 0
    for first, past in stretches:
        if not reached <= first < past <= MINUTES_A_DAY:
            raise ValueError(f"{first}-{past} is out of order, out of the day or empty")
        reached = past


def _whole(stretches: Stretches) -> bool:
    return sum([past - first for first, past in stretches]) == MINUTES_A_DAY


class Weekly(msgspec.Struct, frozen=True):
    """Weekday (0 is Monday) to what is open of it; what is left out is closed. ValueError as `check`.

    Its JSON form is `{"days":{"0":[[540,1080]]}}`.
    """

    days: dict[int, Stretches]

    def __post_init__(self) -> None:
        for weekday, stretches in self.days.items():
            if not 0 <= weekday <= 6:
                raise ValueError(f"no weekday {weekday}")
            check(stretches)

    @property
    def always_open(self) -> bool:
        return all(_whole(self.days.get(weekday, ())) for weekday in range(7))

    @property
    def never_open(self) -> bool:
        return not any(self.days.values())


ALWAYS = Weekly(dict.fromkeys(range(7), ((0, MINUTES_A_DAY),)))


def read(text: str) -> Weekly:
    """A pattern from its JSON text; msgspec.ValidationError (a ValueError) if it is none."""
    return msgspec.json.decode(text, type=Weekly)


def write(weekly: Weekly) -> str:
    """The JSON text of a pattern: what a calendar version stores. Equal patterns give equal text."""
    return dumps({"days": {str(weekday): stretches for weekday, stretches in weekly.days.items()}})
