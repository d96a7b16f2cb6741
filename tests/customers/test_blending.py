"""What a merged profile adds, and what its undoing takes away again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portavoce.customers.attributes import NEEDS
from portavoce.customers.blending import given_back, taken_over

CODES = st.lists(st.sampled_from(NEEDS), unique=True).map(lambda codes: ",".join(codes))
TEXTS = st.text(alphabet="ab \n", max_size=6).map(str.strip)
PROFILES = st.fixed_dictionaries({"needs": CODES, "note": TEXTS, "preferred_channel": TEXTS, "x": TEXTS})


def after(held: dict[str, str], changes: dict[str, tuple[str, str]]) -> dict[str, str]:
    return {**held, **{name: value for name, (_, value) in changes.items()}}


def test_blanks_are_filled_needs_add_up_and_both_notes_stay() -> None:
    held = {"needs": "more_time", "note": "Mia", "preferred_channel": "", "x": "uno"}
    other = {"needs": "no_calls", "note": "Sua", "preferred_channel": "phone", "x": "due", "y": "solo sua"}
    assert after(held, taken_over(held, other)) == {
        "needs": "more_time,no_calls", "note": "Mia\n\nSua", "preferred_channel": "phone", "x": "uno",
    }  # fmt: skip


@given(PROFILES, PROFILES)
def test_undone_at_once_nothing_is_left_of_it(held: dict[str, str], other: dict[str, str]) -> None:
    changes = taken_over(held, other)
    now = after(held, changes)
    assert after(now, given_back(now, changes)) == held


def test_what_was_written_since_stays() -> None:
    held = {"needs": "", "note": "Mia", "preferred_channel": "", "x": ""}
    other = {"needs": "no_calls", "note": "Sua", "preferred_channel": "phone", "x": "due"}
    changes = taken_over(held, other)
    now = {
        "needs": "no_calls,more_time",
        "note": "Mia\n\nSua\n\nNuova",
        "preferred_channel": "email",
        "x": "tre",
    }
    assert after(now, given_back(now, changes)) == {
        "needs": "more_time", "note": "Mia\n\nNuova", "preferred_channel": "email", "x": "tre",
    }  # fmt: skip
