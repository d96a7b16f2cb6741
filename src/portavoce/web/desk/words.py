"""Sentences of the domain that agents read, and the names every brand is born with, for the translators."""

from portavoce.web.i18n import N_

REFUSALS = (
    N_("This contact does not exist."),
    N_("This message does not exist."),
    N_("This contact is closed. Reopen it to write."),
    N_("Take this contact first."),
    N_("A colleague holds this contact."),
    N_("This contact was closed meanwhile."),
    N_("This contact is open already."),
    N_("A later contact of this conversation is open. Answer there."),
    N_("This message is on its way or has arrived."),
    N_("This message was sent a second time already. Ask the customer before a third."),
    N_("Write the message first."),
    N_("An earlier text of this form was saved already. Look at it, then send this one too."),
    N_("You are not available. Set your state to Available, then take the contact."),
    N_("You already hold as much work as you may. Finish or release a contact first."),
    N_("This contact is open again. Finish it anew."),
    N_("Only who closed this contact can correct it, within half an hour."),
    N_("Others were faster. Ask again."),
    N_("An earlier answer of this conversation has not left yet."),
    N_("The server that sends our mail cannot be reached."),
    N_("The connection dropped at the end: it may or may not have arrived."),
    N_("The system was restored from a backup: it may or may not have arrived."),
    N_("The text names something outside this brand. Correct it, or say why it is right."),
    N_("Choose one of the reasons shown."),
)
OUTCOMES = (
    N_("Solved"),
    N_("Information given"),
    N_("Complaint opened"),
    N_("Passed to the client"),
    N_("To be called back"),
    N_("Not for us"),
)
SERVICE = N_("Customer care")
