"""Boards: what the pages show, asked of the record in few questions and given as frozen values.

Nothing here writes. The number of questions does not grow with the number of rows shown.
"""
