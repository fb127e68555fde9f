"""The listening engines, each found by its registered name and imported at its first use.

One line adds an engine: its name and where its factory lives. A factory takes the `ListenConfig`
and an argument, the text after the colon in a name such as `scripted:Shots fired`, and returns the
engine. No engine is imported here, or by another engine, so a missing runtime costs nothing until
its engine is asked for.
"""

from importlib import import_module
from typing import Any

from tocsin.config import ListenConfig
from tocsin.errors import EngineMissing

DECODERS = {
    "pyav": "tocsin.listen.engines.pyav:PyavDecoder",
}
DETECTORS = {
    "silero": "tocsin.listen.engines.silero:SileroDetector",
    "scripted": "tocsin.listen.engines.scripted:ScriptedDetector",
}
RECOGNISERS = {
    "moonshine": "tocsin.listen.engines.moonshine:Moonshine",
    "scripted": "tocsin.listen.engines.scripted:ScriptedRecogniser",
}
ALIGNERS = {
    "sphinx": "tocsin.listen.engines.sphinx:SphinxAligner",
    "scripted": "tocsin.listen.engines.scripted:ScriptedAligner",
}


def open_engine(registry: dict[str, str], name: str, config: ListenConfig) -> Any:
    """The engine of that name, made for this configuration.

    Args:
        registry: one of the tables above.
        name: a registered name, and after a colon what the engine itself is told.
        config: limits of the stage.

    Raises:
        EngineMissing: nothing is registered under the name, or a package or file of it is not here.
    """
    key, _, argument = name.partition(":")
    if key not in registry:
        raise EngineMissing(
            f"There is no listening engine called {key!r}.",
            way_out=f"Choose one of: {', '.join(sorted(registry))}.",
        )
    module, _, factory = registry[key].partition(":")
    try:
        made = getattr(import_module(module), factory)
    except ImportError as missing:
        raise EngineMissing(
            f"The listening engine {key!r} needs the package {missing.name!r}, which is not here.",
            way_out="Install Tocsin's locked requirements again, or choose another engine.",
        ) from missing
    return made(config, argument)
