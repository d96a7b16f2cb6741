"""A provider at work while everything around it fails: a seeded plan of faults, and the auditor at intervals."""
