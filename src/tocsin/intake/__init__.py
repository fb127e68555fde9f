"""Intake: a call arrives."""
