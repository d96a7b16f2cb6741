"""Sentences of the domain about a customer's profile, for the translators."""

from portavoce.web.i18n import N_

PROFILES = (
    N_("This customer does not exist."),
    N_("Somebody changed this profile meanwhile. Look at what is new, then save again."),
    N_("Check the fields below."),
    N_("Fill in this field."),
    N_("Choose one of the options shown."),
    N_("Shorten this text to 200 characters."),
    N_("Shorten this text to 500 characters."),
    N_("Shorten this text to 4000 characters."),
    N_("Write a number, for example 12 or 12.5."),
    N_("Write a shorter number."),
    N_("Write a date as year, month and day, for example 2026-11-30."),
    N_("Write where the customer said so: a consent without a source does not count."),
    N_("Check this address or number: nobody could be reached there."),
    N_("Another customer of this brand has it already."),
    N_("Saved."),
    N_("This is the same customer."),
    N_("This customer was merged meanwhile. Look at the profile again."),
    N_("This merge was undone already."),
    N_("This customer was merged into another one since. Undo that first."),
)
