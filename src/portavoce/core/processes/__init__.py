"""What `make run` needs to keep several programs running: start, log, restart, stop, one instance per home."""
