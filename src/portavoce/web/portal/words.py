"""What the verbs of a visit and of what goes to the client by itself say, for the translators."""

from portavoce.web.i18n import N_

SAID = (
    N_("This shop does not exist."),
    N_("This shop is retired."),
    N_("This person does not exist."),
    N_("This shop is there already."),
    N_("A brand has 500 shops at most."),
    N_("Shorten this text to 80 characters."),
    N_("Shorten this text to 200 characters."),
    N_("Shorten this text to 2000 characters."),
    N_("This moment is still to come."),
    N_("A visit can be recorded within 72 hours."),
    N_("Nothing was agreed with this brand at that moment yet."),
    N_("Write what the visit was about."),
    N_("Write the name of the customer."),
    N_("Write a telephone number or a mail address, or record a visitor without a name."),
    N_("Write the address to which the answer goes."),
    N_("No mail address of this customer is known. Write the one to which the answer goes."),
    N_("No mail address of this customer is known. Add one to the profile first."),
    N_("This brand has no mail address to write from. Ask an administrator to add one."),
    N_("Record who the customer is first."),
    N_("Look the customer up again."),
    N_("A visit to a shop is over. Write to the customer by mail instead."),
)

SAID_OF_DATA = (
    N_("Show a valid API token as a bearer token."),
    N_("This token does not exist."),
    N_("A brand has 20 tokens at most. Take one back first."),
    N_("A brand has 20 layouts at most. Remove one first."),
    N_("A brand has 20 schedules at most. End one first."),
    N_("This person may not see the brand's reports any more."),
    N_("The schedule was ended before it left."),
)
