"""Replies that the client sees before they leave: asked for by an agent or by the rule of a line, decided by its people."""
