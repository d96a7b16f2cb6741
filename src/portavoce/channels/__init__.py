"""Owns the ways in and out: one package per channel, none knowing another."""
