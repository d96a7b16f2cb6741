from __future__ import annotations

from portavoce.web.remembering import once


def test_the_same_values_are_rendered_once_and_others_anew() -> None:
    made: list[object] = []

    def macro(*values: object) -> str:
        made.append(values)
        return f"<b>{values}</b>"

    assert once(macro, "a", 1) == once(macro, "a", 1) == "<b>('a', 1)</b>"
    assert once(macro, "a", 2) == "<b>('a', 2)</b>"
    assert made == [("a", 1), ("a", 2)]


def test_values_that_only_seem_the_same_are_not_taken_for_each_other() -> None:
    assert once(repr, True) == "True"
    assert once(repr, 1) == "1"


def test_what_has_no_hash_is_rendered_each_time() -> None:
    made: list[object] = []

    def macro(values: list[int]) -> str:
        made.append(values)
        return str(values)

    assert once(macro, [1]) == once(macro, [1]) == "[1]"
    assert len(made) == 2
