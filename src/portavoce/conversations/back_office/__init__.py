"""Questions to the client's back office: asked by the agent who holds a contact, answered by the client's own people."""
