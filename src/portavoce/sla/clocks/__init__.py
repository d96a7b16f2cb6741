"""Clocks by replay: the facts of one contact and the terms in force give its cycles; nothing else is asked, nothing ticks."""
