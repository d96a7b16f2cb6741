"""A brand's measured service for everybody to read, if its client wishes so: off until then."""
