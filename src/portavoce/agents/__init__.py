"""Owns agents, their slots and their one timeline of states; holds no customer data."""
