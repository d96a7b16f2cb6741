"""Small pure things every module may use: clock, ids, canonical text. Imports nothing of the house."""
