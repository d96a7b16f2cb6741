from portavoce.sla.clocks.lives import Stay, read_life
from tests.sla.clocks.stories import ANNA, MOMENT, at, story

DAY = [
    ("opened", at(4, 9)), ("customer", at(4, 9)), ("assigned", at(4, 10)), ("agent", at(4, 10, 30)),
    ("pending", at(4, 11)), ("returned", at(5, 9)), ("closed", at(5, 10)), ("reopened", at(6, 9)),
]  # fmt: skip


def test_a_life_is_one_state_after_another_without_a_gap() -> None:
    life = read_life(story(*DAY), at(30))
    assert life is not None
    assert [stay.state for stay in life.stays] == [
        "waiting", "assigned", "pending", "waiting", "closed", "waiting",
    ]  # fmt: skip
    assert [stay.until for stay in life.stays] == [*(stay.since for stay in life.stays[1:]), None]
    assert life.stays_in("pending") == [Stay("pending", at(4, 11), at(5, 9))]
    assert [(turn.ours, turn.brand_agent_id) for turn in life.turns] == [(False, None), (True, ANNA)]
    assert ([end.at for end in life.ends], [each.at for each in life.returns]) == ([at(5, 10)], [at(6, 9)])


def test_nothing_of_later_is_known() -> None:
    life = read_life(story(*DAY), at(5, 10) - MOMENT)
    assert life is not None
    assert (life.ends, life.returns, life.stays[-1].until) == ((), (), None)
    assert read_life(story(*DAY), at(4, 9) - MOMENT) is None


def test_who_began_it_is_told_by_its_opening() -> None:
    ours, theirs = (read_life(story(DAY[0], **said), at(30)) for said in ({"begun_by": "agent"}, {}))
    assert ours is not None
    assert theirs is not None
    assert (ours.is_ours, theirs.is_ours) == (True, False)
