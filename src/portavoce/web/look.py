"""What every page needs to know about its reader: theme, density, pace, and the words the scripts say."""

from __future__ import annotations

import json

import msgspec

from portavoce.web.i18n import AnyConnection, Words

THEMES = ("light", "dark")
DENSITIES = ("large",)
PACES = ("double",)


class Look(msgspec.Struct, frozen=True):
    """Attributes of `<html>`; empty means: as the system wishes."""

    theme: str = ""
    density: str = ""
    pace: str = ""


def look_of(connection: AnyConnection) -> Look:
    """From cookies, which the preferences and the theme switch of the page write; other values are ignored."""
    known = {"theme": THEMES, "density": DENSITIES, "pace": PACES}
    chosen = {name: connection.cookies.get(name, "") for name in known}
    return Look(**{name: value for name, value in chosen.items() if value in known[name]})


def script_words(words: Words) -> str:
    """JSON for `<meta name="portavoce-words">`: the sentences the scripts say, in the reader's language."""
    _ = words.gettext
    return json.dumps(
        {
            "lightTheme": _("Light theme"),
            "darkTheme": _("Dark theme"),
            "dueIn": _("due in {time}"),
            "overdueBy": _("overdue by {time}"),
            "quarterLeft": _("A quarter of the time is left: {time}"),
            "oneMinuteLeft": _("One minute left to answer"),
            "breached": _("Time is up"),
            "noClock": _("No time limit is running"),
            "lessThanAMinute": _("less than a minute"),
            "minute": _("1 minute"),
            "minutes": _("{n} minutes"),
            "hour": _("1 hour"),
            "hours": _("{n} hours"),
            "newItem": _("1 new"),
            "newItems": _("{n} new"),
            "selectedOne": _("1 selected"),
            "selectedMany": _("{n} selected"),
            "selectedNone": _("Nothing is selected"),
            "oneBrand": _("Contacts of one brand at a time. Clear the selection to begin with another."),
            "suggestion": _("1 suggestion"),
            "suggestions": _("{n} suggestions"),
            "noSuggestion": _("Nothing found"),
            "backOnline": _("Connected again"),
            "failed": _("The request did not get through. Your text is still here: try again."),
        },
        ensure_ascii=False,
    )
