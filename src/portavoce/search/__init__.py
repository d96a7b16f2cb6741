"""Owns the index of words: what may be found, by whichever module enters it, one brand at a time."""
