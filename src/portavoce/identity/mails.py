"""What the house writes to people, in their language: plain text, one link, no client's name."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.outbox import enqueue_house_mail
from portavoce.identity.models import Person


class House(NamedTuple):
    """Who writes: the provider's name and where its Portavoce is reached, without a slash at the end."""

    provider: str
    base_url: str


class Words(NamedTuple):
    subject: str
    body: str


INVITATION = {
    "it": Words(
        "Il tuo accesso a Portavoce di {provider}",
        "Ciao {name},\n\n{provider} ti ha aperto un accesso a Portavoce. Scegli la tua password qui:\n\n{link}\n\n"
        "Il link vale 72 ore e si può usare una volta sola. Se non aspettavi questo messaggio, ignoralo.\n",
    ),
    "en": Words(
        "Your access to Portavoce of {provider}",
        "Hello {name},\n\n{provider} has opened an access to Portavoce for you. Choose your password here:\n\n{link}\n\n"
        "The link is good for 72 hours and for one use. If you did not expect this message, ignore it.\n",
    ),
}
RESET = {
    "it": Words(
        "Una nuova password per Portavoce",
        "Ciao {name},\n\nqualcuno, forse tu, ha chiesto una nuova password per questo indirizzo. Sceglila qui:\n\n{link}\n\n"
        "Il link vale un'ora e si può usare una volta sola. Se non sei stato tu, ignora questo messaggio: nulla cambia.\n",
    ),
    "en": Words(
        "A new password for Portavoce",
        "Hello {name},\n\nsomebody, perhaps you, asked for a new password for this address. Choose it here:\n\n{link}\n\n"
        "The link is good for one hour and for one use. If it was not you, ignore this message: nothing changes.\n",
    ),
}
CHANGED = {
    "it": Words(
        "La tua password di Portavoce è cambiata",
        "Ciao {name},\n\nla password del tuo accesso è appena stata cambiata e ogni sessione aperta è finita.\n"
        "Se non sei stato tu, chiedi subito una nuova password qui:\n\n{link}\n",
    ),
    "en": Words(
        "Your Portavoce password was changed",
        "Hello {name},\n\nthe password of your access has just been changed and every open session has ended.\n"
        "If it was not you, ask for a new password at once here:\n\n{link}\n",
    ),
}

MOVED = {
    "it": Words(
        "L'indirizzo del tuo accesso a Portavoce è cambiato",
        "Ciao {name},\n\nun amministratore di {provider} ha cambiato l'indirizzo con cui accedi a Portavoce.\n"
        "Ogni sessione aperta è finita. Se non ti risulta, avvisa subito il tuo amministratore.\n",
    ),
    "en": Words(
        "The address of your Portavoce access was changed",
        "Hello {name},\n\nan administrator of {provider} has changed the address you sign in to Portavoce with.\n"
        "Every open session has ended. If you did not expect this, tell your administrator at once.\n",
    ),
}
QUESTION = {
    "it": Words(
        "Una domanda aspetta la tua risposta",
        "Ciao {name},\n\nun operatore di {provider} ha una domanda per voi. Leggila e rispondi qui:\n\n{link}\n",
    ),
    "en": Words(
        "A question waits for your answer",
        "Hello {name},\n\nan agent of {provider} has a question for you. Read it and answer here:\n\n{link}\n",
    ),
}
APPROVAL = {
    "it": Words(
        "Una risposta aspetta la tua approvazione",
        "Ciao {name},\n\nun operatore di {provider} ha scritto una risposta che parte solo dopo la vostra approvazione. "
        "Leggila qui:\n\n{link}\n",
    ),
    "en": Words(
        "A reply waits for your approval",
        "Hello {name},\n\nan agent of {provider} has written a reply that leaves only once you have approved it. "
        "Read it here:\n\n{link}\n",
    ),
}
RELIEF = {
    "it": Words(
        "Un evento di esonero aspetta la tua decisione",
        "Ciao {name},\n\n{provider} propone di tenere conto di un evento nei livelli di servizio. Leggilo, accettalo o "
        "contestalo qui:\n\n{link}\n",
    ),
    "en": Words(
        "A relief event waits for your decision",
        "Hello {name},\n\n{provider} proposes to take account of an event in the service levels. Read it, accept or "
        "contest it here:\n\n{link}\n",
    ),
}
LEAD = {
    "it": Words(
        "Un cliente è interessato",
        "Ciao {name},\n\nun operatore di {provider} vi ha passato un lead. Leggilo e prendilo qui:\n\n{link}\n",
    ),
    "en": Words(
        "A customer is interested",
        "Hello {name},\n\nan agent of {provider} has passed you a lead. Read it and take it here:\n\n{link}\n",
    ),
}


COMPLAINT = {
    "it": Words(
        "Reclamo {code}",
        "Ciao {name},\n\nè stato aperto un reclamo con il codice {code}. Va chiuso entro {due}.\n\n{link}\n",
    ),
    "en": Words(
        "Complaint {code}",
        "Hello {name},\n\na complaint was opened with the code {code}. It is due by {due}.\n\n{link}\n",
    ),
}


def send_invitation(db: AsyncSession, house: House, person: Person, token: str) -> None:
    _send(db, house, person, INVITATION, f"/invitation/{token}")


def send_reset(db: AsyncSession, house: House, person: Person, token: str) -> None:
    _send(db, house, person, RESET, f"/password-reset/{token}")


def send_changed(db: AsyncSession, house: House, person: Person) -> None:
    _send(db, house, person, CHANGED, "/password-reset")


def send_moved(db: AsyncSession, house: House, person: Person, recipient: str) -> None:
    """The notice goes to the old and to the new address, and names neither to the other."""
    _send(db, house, person, MOVED, "", recipient)


def send_question(db: AsyncSession, house: House, person: Person, path: str) -> None:
    """Where the question is read, behind a sign-in; neither the customer nor a word of it goes by mail."""
    _send(db, house, person, QUESTION, path)


def send_approval(db: AsyncSession, house: House, person: Person, path: str) -> None:
    """Where the reply is read, behind a sign-in; neither the customer nor a word of it goes by mail."""
    _send(db, house, person, APPROVAL, path)


def send_relief(db: AsyncSession, house: House, person: Person, path: str) -> None:
    """Where the event is read and decided about, behind a sign-in; nothing of it goes by mail."""
    _send(db, house, person, RELIEF, path)


def send_lead(db: AsyncSession, house: House, person: Person, path: str) -> None:
    """Where the lead is read, behind a sign-in; neither the customer nor a word of it goes by mail."""
    _send(db, house, person, LEAD, path)


def send_complaint(db: AsyncSession, house: House, person: Person, path: str, *, code: str, due: str) -> None:
    """To who answers for the brand; neither its name nor the customer's is in it."""
    _send(db, house, person, COMPLAINT, path, code=code, due=due)


def _send(
    db: AsyncSession, house: House, person: Person, words: dict[str, Words], path: str, recipient: str = "",
    **more: str,
) -> None:  # fmt: skip
    values = {
        **more,
        "provider": house.provider,
        "name": " ".join(person.name.split()),
        "link": f"{house.base_url.rstrip('/')}{path}",
    }
    text = words[person.locale]
    enqueue_house_mail(
        db, recipient or person.email, text.subject.format(**values), text.body.format(**values)
    )
