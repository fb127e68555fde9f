"""What the tests with rows share."""

from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.world import World, build_world
from tocsin.warn.channels.memory import MemoryChannel


@pytest.fixture(autouse=True)
def _own_store(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has an empty store."""
    monkeypatch.setattr(settings, "TOCSIN_STORE", f"disk://{tmp_path_factory.mktemp('store')}")


@pytest.fixture
def world(db: None) -> World:
    """The cast."""
    return build_world()


@pytest.fixture
def sent() -> Iterator[list[object]]:
    """What the memory channel has sent in this test."""
    MemoryChannel.sent.clear()
    yield list(MemoryChannel.sent)
    MemoryChannel.sent.clear()
