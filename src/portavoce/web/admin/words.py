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
IMPORTS = (
    N_("This is no CSV file. Save the spreadsheet as CSV, then choose that file."),
    N_("The text of line %(line)s is not UTF-8. Save the file again as CSV UTF-8."),
    N_("This file is larger than 5 MB. Split it into smaller ones."),
    N_("This file is empty. Its first line names the columns, each further line is a customer."),
    N_("This file has more than 60 columns. Leave out what is not needed."),
    N_("This file has more than 10,000 customers. Split it into smaller ones."),
    N_("This file has headings only. Each further line is a customer."),
    N_("The quotation marks of line %(line)s do not match. Look for one that is not closed."),
    N_("A cell of line %(line)s is too long. Shorten it, or look for a quotation mark that is not closed."),
    N_(
        "Line %(line)s has %(cells)s cells, the headings are %(width)s. "
        "Put text that contains the separator between quotation marks."
    ),
    N_("This brand's room for files is full. Ask for more under Limits."),
    N_("Ten imports are open already. Bring them in or put them away first."),
    N_("Choose a field for each column again."),
    N_("A field was chosen for two columns. Leave one of them out."),
    N_("Choose a column that tells who it is: identifier, mail or telephone."),
    N_("This import does not exist."),
    N_("This import is under way. Wait for its end."),
    N_("This import has ended. Upload the file again."),
    N_("Only a file without any mistake can be brought in."),
    N_("This file says nothing new. There is nothing to bring in."),
    N_("Somebody changed one of these customers meanwhile. Look at what is new, then bring it in."),
    N_("The file is not there any more. Upload it again."),
    N_("This could not be done. Nothing was brought in. Try again."),
)
CELLS = (
    N_("No customer of this brand has this identifier. Leave it empty for somebody new."),
    N_("This customer was merged into another one. Leave the identifier empty."),
    N_("This is no mail address. Write it as name@domain.example."),
    N_("This is no telephone number. Write it with its country, for example +39 02 1234567."),
    N_("Fill in an identifier, a mail address or a telephone number: nobody could be found again without."),
    N_("Another customer of this brand has it. Take it out, or merge the two first."),
    N_("These addresses belong to different customers. Leave those of one, or merge the two first."),
    N_("Line %(line)s is about the same customer. Keep one of the two."),
    N_("Write it, en, de, fr or es."),
    N_("Write email, phone, sms or whatsapp."),
    N_("Write morning, midday, afternoon or evening."),
    N_(
        "Write codes with a comma between them: "
        "no_calls, more_time, plain_words, large_print, screen_reader, someone_speaks."
    ),
    N_("Write yes or no."),
    N_("Write one of the options of this attribute."),
)
