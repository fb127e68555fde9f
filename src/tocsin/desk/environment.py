"""Readers of the environment that fail loudly, and the paths that follow from it."""

import os
import re
import secrets
from datetime import time, timedelta
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


def read_flag(name: str, default: bool) -> bool:
    """A setting that is `yes` or `no`."""
    text = read_text(name, "yes" if default else "no").lower()
    if text not in {"yes", "no"}:
        raise SetupError(f"{name} is {text!r}.", way_out="Set it to yes or no.")
    return text == "yes"


def read_goal(name: str, default: int) -> timedelta | None:
    """A setting in seconds within which a drill should do something; 0 sets no time."""
    seconds = read_number(name, default)
    return timedelta(seconds=seconds) if seconds else None


def read_time(name: str, default: str) -> time:
    """A setting that is a time of the day, such as `06:00`."""
    text = read_text(name, default)
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise SetupError(
            f"{name} is {text!r}.", way_out="Set it to hours and minutes, as in 06:00."
        )
    return time.fromisoformat(text)


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
