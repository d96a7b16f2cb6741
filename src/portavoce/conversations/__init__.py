"""Owns conversations, interactions, messages and work items: the thread, and the unit that is handled and priced."""
