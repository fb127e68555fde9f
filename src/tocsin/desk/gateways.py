"""The settings of the channels: what the environment says, and a file of JSON over it.

A channel takes texts alone; numbers and templates of the file become texts here. A name that ends
in `_file` names a file that holds the value: use it for secrets.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from tocsin.errors import SetupError

LARGEST = 256 * 1024
"""Characters of the settings."""

WAY_OUT = (
    "Correct TOCSIN_CHANNELS, or the file that TOCSIN_CHANNELS_FILE names; see docs/channels.md."
)


def read_channels(text: str, *, over: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """The settings of each channel: those of the text over the others.

    Raises:
        SetupError: names what does not fit.
    """
    found = {name: dict(settings) for name, settings in over.items()}
    for name, settings in _checked(text).items():
        found.setdefault(name, {}).update(
            _entry(f"{name}.{key}", key, value) for key, value in settings.items()
        )
    return found


def _checked(text: str) -> dict[str, dict[str, Any]]:
    if not text.strip():
        return {}
    if len(text) > LARGEST:
        raise SetupError("The settings of the channels are too long.", way_out=WAY_OUT)
    try:
        found: dict[str, dict[str, Any]] = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SetupError(
            f"The settings of the channels are no JSON: {error}.", way_out=WAY_OUT
        ) from error
    fault = best_match(_schema().iter_errors(found))
    if fault is not None:
        place = ".".join(str(part) for part in fault.absolute_path) or "the whole"
        # The message of the fault may quote a value, and a value may be a secret.
        known = fault.schema.get("properties", {}) if isinstance(fault.schema, dict) else {}
        unknown = set(fault.instance) - set(known) if isinstance(fault.instance, dict) else ()
        names = f": {', '.join(sorted(unknown))[:200]}" if unknown else ""
        raise SetupError(
            f"In the settings of the channels, {place} does not fit ({fault.validator}{names}).",
            way_out=WAY_OUT,
        )
    return found


def _entry(place: str, key: str, value: Any) -> tuple[str, str]:
    if key.endswith("_file"):
        return key.removesuffix("_file"), _content(place, value)
    return key, value if isinstance(value, str) else json.dumps(value)


def _content(place: str, name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise SetupError(
            f"{place} names {name}, which cannot be read.", way_out="Correct the path."
        ) from error


@cache
def _schema() -> Draft202012Validator:
    text = files("tocsin.desk").joinpath("channels.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))
