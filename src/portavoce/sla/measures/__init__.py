"""The calculators of reference/metrics.md: values in, exact numbers out; no database, no clock, no float."""
