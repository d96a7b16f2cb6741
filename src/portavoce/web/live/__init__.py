"""Streams of live screens: who is connected, what they may see now, and one rendering for many readers."""
