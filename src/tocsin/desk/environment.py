"""Readers of the environment that fail loudly, and the paths that follow from it."""

import os
import secrets
from pathlib import Path

from platformdirs import user_data_path

from tocsin.errors import SetupError


def read_text(name: str, default: str) -> str:
    """The value of a setting, or of the file that `NAME_FILE` names."""
    file = os.environ.get(f"{name}_FILE")
    if file is None:
        return os.environ.get(name, default)
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SetupError(
            f"{name}_FILE names {file}, which cannot be read ({error.strerror}).",
            way_out="Correct the path, or let the service's user read it.",
        ) from error


def read_number(name: str, default: int, *, least: int = 0) -> int:
    """A setting that is a whole number of at least `least`."""
    text = read_text(name, str(default))
    if not text.isdecimal() or int(text) < least:
        raise SetupError(
            f"{name} is {text!r}.", way_out=f"Set it to a whole number, {least} or more."
        )
    return int(text)


def home() -> Path:
    """The folder of this installation: `TOCSIN_HOME`, or `tocsin` in the user's data folder."""
    named = os.environ.get("TOCSIN_HOME")
    return Path(named).expanduser().resolve() if named else user_data_path("tocsin")


def secret(name: str) -> str:
    """The setting, or a random secret that is made once and kept in the home, for its owner."""
    given = read_text(name, "")
    if given:
        return given
    folder = home() / "keys"
    file = folder / name.removeprefix("TOCSIN_").lower()
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        # Written aside and linked: of two processes that start at once, the first one's stays.
        draft = folder / f".{file.name}-{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text(encoding="ascii")
