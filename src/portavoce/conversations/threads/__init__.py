"""One matter in two threads of a customer: put together into one contact, and parted again."""
