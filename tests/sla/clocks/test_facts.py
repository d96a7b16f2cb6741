import pytest

from portavoce.sla.clocks.facts import in_order, is_reply, is_word
from tests.sla.clocks.stories import at, story


def test_facts_are_read_by_business_time_and_of_one_instant_by_number() -> None:
    told = story(("opened", at(4)), ("customer", at(4)), ("agent", at(3)))
    assert [fact.n for fact in in_order(reversed(told))] == [3, 1, 2]
    assert in_order([*told, *told]) == in_order(told)


@pytest.mark.parametrize(
    ("word", "reply", "customers"),
    [("agent", True, False), ("robot", False, False), ("customer", False, True), ("machine", False, False)],
)
def test_only_people_answer_and_only_people_ask(word: str, reply: bool, customers: bool) -> None:
    (said,) = story((word, at(4)))
    assert (is_reply(said), is_word(said)) == (reply, customers)
