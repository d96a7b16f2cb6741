"""The e-mail channel. The files here know nothing of the database: what needs it is an injected callable."""
