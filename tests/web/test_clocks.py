from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from jinja2 import Environment

from tests.database import NOON

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("left", "state", "said"),
    [
        (HOUR, "ok", "due in 1 hour"),
        (HOUR / 4, "warn", "due in 15 minutes"),
        (-HOUR, "bad", "overdue by 1 hour"),
    ],
)
def test_a_clock_says_its_state_in_words_and_carries_what_the_browser_counts_on_with(
    environment: Environment, left: timedelta, state: str, said: str
) -> None:
    shown = environment.from_string("{{ sla(due, total, now) }}").render(
        due=NOON + left, total=2 * HOUR, now=NOON
    )
    assert f'class="sla" data-state="{state}"' in shown
    assert f'data-due-at="{int((NOON + left).timestamp() * 1000)}" data-total="7200"' in shown
    assert said in shown
    assert "triangle-alert" in shown


def test_the_one_of_the_open_contact_is_a_pill(environment: Environment) -> None:
    shown = environment.from_string("{{ sla(now, 60, now, pill=True) }}").render(now=NOON)
    assert 'class="sla sla--pill"' in shown


def test_rows_are_written_with_their_clocks_in_between(environment: Environment) -> None:
    shown = environment.from_string(
        "{% macro b(item, current, prefix) %}<li id='{{ prefix }}-{{ item.name }}'>{{ current }} {% endmacro %}"
        "{% macro a(item, current, prefix) %}</li>{% endmacro %}{{ clocked(b, a, items, now, True, 'my') }}"
    ).render(items=[Row("<x>", NOON + HOUR), Row("y", None)], now=NOON)
    assert shown.startswith("<li id='my-&lt;x&gt;'>True <span class=\"sla\"")
    assert shown.endswith("</li><li id='my-y'>True </li>")


class Row(NamedTuple):
    name: str
    due_at: datetime | None
    total: timedelta = HOUR
