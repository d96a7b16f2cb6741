"""Owns the append-only facts of brands and of agents and the hash chains that bind them; facts are written last."""
