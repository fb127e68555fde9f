"""Measurements that print a table; each is a script, run as `python benchmarks/NAME.py`."""
