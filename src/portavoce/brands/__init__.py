"""Owns clients, brands, lines of business and the endpoints by which a message finds its brand."""
