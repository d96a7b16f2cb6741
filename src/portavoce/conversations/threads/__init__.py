"""One matter in two threads of a customer: put together into one contact, and parted again. Two matters in one thread:
split into a contact of their own, and brought back.
"""
