"""Owns people, grants, sign-in, sessions and throttling: who someone is and which brands that opens."""
