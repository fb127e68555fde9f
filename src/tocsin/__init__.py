"""Tocsin: from a threatening emergency call to every officer warned, with the evidence intact."""

__version__ = "0.3.0"
