"""Owns what a client may recompute: a month's figures, their contacts and the evidence of one, from facts only."""
