"""PostgreSQL and Redis as our own children: found, started, adopted after a crash, and stopped.

A server is recognised by the folder it runs in, never by a pid file alone; everything below `base` is ours.
"""
