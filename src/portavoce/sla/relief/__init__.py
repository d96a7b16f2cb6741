"""What kept the provider from its promises: proposed by the provider, decided by the client, told as facts."""
