"""Hears recordings in a process of its own, so that pages and messages never wait for it."""
