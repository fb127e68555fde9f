"""Engines, loaded once for all tests of this room."""

import pytest

from tocsin.config import ListenConfig
from tocsin.listen import Engines, open_engines


@pytest.fixture(scope="session")
def config() -> ListenConfig:
    return ListenConfig()


@pytest.fixture(scope="session")
def engines(config: ListenConfig) -> Engines:
    """Those of the product."""
    return open_engines(config)


@pytest.fixture(scope="session")
def script() -> Engines:
    """Those that say what they are told, for tests that are not about words."""
    return open_engines(ListenConfig(engine="scripted:Any officer found alone"))
