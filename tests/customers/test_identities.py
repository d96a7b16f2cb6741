import pytest

from portavoce.customers.errors import UnusableIdentity
from portavoce.customers.identities import normalise


def test_two_spellings_of_one_mailbox_are_one_identity() -> None:
    assert normalise("email", "Gina@Posta.Example") == normalise("email", " gina@posta.example. ")


def test_a_tag_makes_another_identity() -> None:
    assert normalise("email", "gina+a@posta.example") != normalise("email", "gina@posta.example")


@pytest.mark.parametrize(
    ("channel", "value"), [("email", "gina"), ("email", ""), ("pigeon", "gina@posta.example")]
)
def test_what_names_nobody_is_refused(channel: str, value: str) -> None:
    with pytest.raises(UnusableIdentity):
        normalise(channel, value)
