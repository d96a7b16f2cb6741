"""What `calendars.publishing` says to administrators, named here so that the translations know it."""

from portavoce.web.i18n import N_

SAID = (
    N_("Write at least one stretch of open hours."),
    N_("Two exceptions are about the same day. Put them on one line."),
    N_("Choose a day after today, or leave it blank to begin at once."),
    N_("Choose a day within two years."),
    N_("An exception lies before the day on which this begins. Take it out."),
    N_("A calendar has 200 exceptions at most."),
    N_("A calendar has 20 patron saints at most."),
    N_("Write the name of each patron saint, in up to 80 characters."),
    N_("This brand has a calendar of this name already."),
    N_("A brand has 40 calendars at most."),
    N_("Fill in this field."),
    N_("Shorten this text to 80 characters."),
    N_("Choose one of the options shown."),
)
