"""The reference data that some tests read: never part of the project, skipped where absent."""

import os
from pathlib import Path

import pytest

_DEFAULT = Path(__file__).parents[2] / "shared" / "data"

REFERENCE = Path(os.environ.get("TOCSIN_REFERENCE_DATA", _DEFAULT))
"""Folder of the reference data; the setting TOCSIN_REFERENCE_DATA names another."""


def needs(*parts: str) -> pytest.MarkDecorator:
    """Skip the test where the reference data, or this part of it, is not on the machine."""
    place = REFERENCE.joinpath(*parts)
    return pytest.mark.skipif(
        not place.exists(), reason=f"needs the reference data {'/'.join(parts)}"
    )
