"""Benchmarks as ratios within one run: absolute times of a shared machine mean little."""
