"""Visits to a brand's shops: contacts that a shop clerk of the client writes down at the counter, closed as they come."""
