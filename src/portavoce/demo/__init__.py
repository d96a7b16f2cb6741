"""The demo provider: its cast, sixty days of history written by the real verbs, and customers who keep writing."""
