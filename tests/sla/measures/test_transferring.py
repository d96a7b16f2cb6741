from uuid import UUID

import pytest

from portavoce.sla.measures.ratios import Ratio
from portavoce.sla.measures.transferring import Manner, Towards, Transfer, transfer_rate

ONE, TWO, THREE, STRANGER = (UUID(int=n) for n in (1, 2, 3, 9))
HANDLED = [ONE, TWO, THREE, ONE]
TRANSFERS = [
    Transfer(ONE, Manner.WARM, Towards.IN_BRAND),
    Transfer(ONE, Manner.COLD, Towards.IN_BRAND),
    Transfer(TWO, Manner.COLD, Towards.IN_BRAND),
    Transfer(THREE, Manner.COLD, Towards.CLIENT_BACK_OFFICE),
    Transfer(STRANGER, Manner.COLD, Towards.IN_BRAND),
]


@pytest.mark.parametrize(
    ("towards", "manner", "part"),
    [
        (Towards.IN_BRAND, None, 2),
        (Towards.IN_BRAND, Manner.WARM, 1),
        (Towards.IN_BRAND, Manner.COLD, 2),
        (Towards.CLIENT_BACK_OFFICE, None, 1),
        (Towards.CLIENT_BACK_OFFICE, Manner.WARM, 0),
    ],
)
def test_a_contact_passed_on_many_times_counts_once(
    towards: Towards, manner: Manner | None, part: int
) -> None:
    assert transfer_rate(HANDLED, TRANSFERS, towards=towards, manner=manner) == Ratio(part, 3)


def test_nothing_handled_is_no_data() -> None:
    assert transfer_rate([], TRANSFERS).value is None
