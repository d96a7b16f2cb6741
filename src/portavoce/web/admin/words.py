"""What domains say to administrators, named here so that the translations know it."""

from portavoce.web.i18n import N_

SAID = (
    N_("an unexpected error on our side"),
    N_("cut off at every try"),
    N_("Our listener does not answer. Is the engine running?"),
    N_("It was taken and did not arrive."),
    N_("Write a number within the bounds shown."),
    N_("This address does not exist."),
    N_("This entry does not exist."),
    N_("This is on the list already."),
    N_("Everybody has this mail host. Write the whole address."),
    N_("Write a domain, for example shop.example."),
    N_("Write a telephone number, for example +39 02 1234567."),
    N_("Write a line of at least six letters."),
    N_("Write a name of at least three letters."),
    N_("This message may have arrived. Say that it may go out a second time, or give it up."),
    N_("This message went out another way meanwhile. Give this one up."),
    N_("This one does not wait for anybody any more."),
)
ATTRIBUTES = (
    N_("Use up to 40 small letters, digits and underscores, a letter first."),
    N_("This brand has an attribute with this key already."),
    N_("A brand has 40 attributes at most."),
    N_("Write from 1 to 80 characters."),
    N_("Write from 2 to 50 different options, one a line."),
    N_("Shorten each option to 80 characters."),
)
CHOICES = (
    N_("Write from 1 to 40 characters."),
    N_("This list has a choice of this name already."),
    N_("A list has 15 choices at most. Retire one, or begin a list below another choice."),
    N_("This list has 15 choices already. Retire another one first."),
    N_("One outcome has to stay, or nobody could close a contact."),
)
