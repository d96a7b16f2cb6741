"""What the client owes the provider so that the service can be kept: asked with a due instant, done by the client's people."""
