import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.kit.addresses import BadAddress, mail_address, mail_domain


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        (" Gina.Rossi@Posta.Example ", "gina.rossi@posta.example"),
        ("gina+bollette@posta.example", "gina+bollette@posta.example"),
        ("info@Caffè.example", "info@xn--caff-8oa.example"),
        ("info@XN--CAFF-8OA.example", "info@xn--caff-8oa.example"),
        ("post@straße.example", "post@xn--strae-oqa.example"),
        ("PERCHE\u0301@posta.example", "perché@posta.example"),
        ("gina@posta.example.", "gina@posta.example"),
        ("gina@mail_2.example", "gina@mail_2.example"),
    ],
)
def test_an_address_has_one_spelling(written: str, stored: str) -> None:
    assert mail_address(written) == stored


@pytest.mark.parametrize(
    "value",
    [
        "",
        "gina",
        "@posta.example",
        "gina@",
        "gina rossi@posta.example",
        "gina\x00@posta.example",
        "gina\r\nBcc: x@posta.example",
        "\ud800@posta.example",
        "gina@-posta.example",
        "gina@posta..example",
        '"a@b"@posta.example',
        "g" * 65 + "@posta.example",
        "gina@[127.0.0.1]",
        "gina@\u200d.example",
        "gina@" + "posta." * 50 + "example",
    ],
    ids=repr,
)
def test_what_is_no_address_is_refused(value: str) -> None:
    with pytest.raises(BadAddress):
        mail_address(value)


@given(st.text())
def test_no_text_is_a_crash_and_a_spelling_is_its_own_spelling(value: str) -> None:
    for shape in (value, f"{value}@posta.example", f"gina@{value}"):
        try:
            stored = mail_address(shape)
        except BadAddress:
            continue
        assert mail_address(stored) == stored


def test_a_domain_without_a_label_is_refused() -> None:
    with pytest.raises(BadAddress):
        mail_domain("")
