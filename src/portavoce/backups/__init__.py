"""Owns copies of a whole installation: database, files and keys, made while it works and restored into an empty one."""
