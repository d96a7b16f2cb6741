"""One act on many contacts of one brand that wait: seen beforehand, done contact by contact, undone as a whole."""
