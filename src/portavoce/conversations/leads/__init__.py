"""Leads: sales opportunities that come up in a contact, passed to the client's own people, who say what became of them."""
