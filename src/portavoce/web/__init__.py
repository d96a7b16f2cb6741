"""The only place that knows HTTP: one closed router per audience, and what they all share."""
