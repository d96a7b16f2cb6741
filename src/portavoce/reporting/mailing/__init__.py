"""Reports that go to people by themselves: when they are due, who still may have them, what the provider says to them."""
