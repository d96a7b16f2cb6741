"""The visible reply ends where the quotation begins, and nothing is ever lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.channels.email.quoting import fold

REPLIES = {
    "it_gmail": "Il giorno mar 17 nov 2026 alle ore 10:12 Aurora <care@aurora.example> ha scritto:\n\n> prima",
    "it_apple": "Il 17/11/2026 10:12, Aurora ha scritto:\n> prima",
    "it_gmail_wrapped": "Il giorno mar 17 nov 2026 alle ore 10:12 Aurora Servizio Clienti <\ncare@aurora.example> ha scritto:\n\n> prima",
    "it_outlook": "Da: Aurora <care@aurora.example>\nInviato: martedì 17 novembre 2026 10:12\nA: Gina\nOggetto: Aiuto\n\nprima",
    "it_outlook_old": "-----Messaggio originale-----\nDa: Aurora\n\nprima",
    "it_outlook_line": "________________________________\nDa: Aurora\nInviato: oggi\nA: Gina\n\nprima",
    "de_gmail": "Am Di., 17. Nov. 2026 um 10:12 Uhr schrieb Aurora <care@aurora.example>:\n\n> vorher",
    "de_outlook": "Von: Aurora\nGesendet: Dienstag, 17. November 2026 10:12\nAn: Gina\nBetreff: Hilfe\n\nvorher",
    "de_original": "-----Ursprüngliche Nachricht-----\nVon: Aurora\n\nvorher",
    "fr_gmail": "Le mar. 17 nov. 2026 à 10:12, Aurora <care@aurora.example> a écrit :\n\n> avant",
    "fr_outlook": "De : Aurora\nEnvoyé : mardi 17 novembre 2026 10:12\nÀ : Gina\nObjet : Aide\n\navant",
    "es_gmail": "El mar, 17 nov 2026 a las 10:12, Aurora (<care@aurora.example>) escribió:\n\n> antes",
    "es_outlook": "De: Aurora\nEnviado el: martes, 17 de noviembre de 2026 10:12\nPara: Gina\nAsunto: Ayuda\n\nantes",
    "en_gmail": "On Tue, Nov 17, 2026 at 10:12 AM Aurora <care@aurora.example> wrote:\n\n> before",
    "en_apple": "On 17 Nov 2026, at 10:12, Aurora <care@aurora.example> wrote:\n> before",
    "en_outlook": "From: Aurora\nSent: Tuesday, November 17, 2026 10:12 AM\nTo: Gina\nSubject: Help\n\nbefore",
    "en_original": "-----Original Message-----\nFrom: Aurora\n\nbefore",
    "bare_quote": "> before\n> and more\n",
}


@pytest.mark.parametrize("quotation", REPLIES.values(), ids=list(REPLIES))
def test_what_programs_quote_is_folded(quotation: str) -> None:
    folded = fold(f"Grazie mille!\n\nGina\n\n{quotation}")
    assert folded.visible.strip() == "Grazie mille!\n\nGina"
    assert folded.quoted == quotation


@pytest.mark.parametrize(
    "device",
    [
        "Inviato da iPhone",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Sent from my iPhone",
    ],
)
def test_a_phones_own_line_goes_with_the_quotation(device: str) -> None:
    folded = fold(f"Ok\n\n{device}\n\n{REPLIES['it_apple']}")
    assert folded.visible.strip() == "Ok"
    assert fold(f"Ok\n\n{device}").visible.strip() == "Ok"


@pytest.mark.parametrize(
    "text",
    [
        "just words",
        "",
        "Il giorno dopo ho scritto: niente risposta.\nAspetto.",
        "On Monday I wrote:\nplease call me",
        "From: what I see, the parcel is lost.",
        "Inviato da iPhone",
        REPLIES["it_apple"],
        "Il 17/11/2026 Aurora ha scritto:\n> quando?\nDomani.\n> dove?\nA casa.",
        "> quando?\nDomani.",
    ],
)
def test_words_of_the_customer_are_never_folded(text: str) -> None:
    assert fold(text).visible == text


@given(
    st.lists(
        st.sampled_from([*REPLIES.values(), "words", "", "> q", "Inviato da iPhone", "\x0b", "  "]),
        max_size=8,
    )
)
def test_nothing_is_lost(pieces: list[str]) -> None:
    text = "\n".join(pieces)
    folded = fold(text)
    assert folded.visible + folded.quoted == text
    assert folded.visible.strip() or not text.strip()


@pytest.mark.parametrize(
    "unit", ["On ", "Il giorno ", "Le ", "> ", ">", "_", "From: a\n", "On x\n", " \n", "Da: a\nA: b\n"]
)
def test_hostile_repetition_is_folded_without_end_of_patience(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    folded = fold(text)
    assert folded.visible + folded.quoted == text
