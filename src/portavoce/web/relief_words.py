"""What the verbs of a relief say, for the translators of both sides."""

from portavoce.web.i18n import N_

SAID = (
    N_("Nobody at the client may decide yet. Ask an administrator to give somebody access."),
    N_("Choose a moment within the last year."),
    N_("Choose a moment that has passed: a relief is proposed for what is over."),
    N_("Choose a moment after the beginning."),
    N_("Choose a moment within 31 days of the beginning."),
    N_("Choose a full quarter of an hour: minutes 00, 15, 30 or 45."),
    N_("Write what happened, so that the client can decide."),
    N_("Write why, so that the provider can answer."),
    N_("Shorten this text to 2000 characters."),
    N_("Shorten this text to 4000 characters."),
    N_("Choose one of the options shown."),
    N_("A contact stands alone: leave line of business and channel open."),
    N_("This relief was accepted, contested or withdrawn meanwhile."),
    N_("The time to decide about this relief is over: by the contract, silence has accepted it."),
    N_("Check the fields below."),
)
