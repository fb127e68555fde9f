"""Words and doubts of a recording.

In comes a recorder's file in whatever format, whole or damaged. Out goes a `Hearing`: words with
their seconds and confidence, where somebody speaks, plain facts of the signal, and observations for
a person to weigh; never a verdict. It goes wrong when there are no bytes (`EmptyRecording`), no
sound in them (`NotARecording`), too much of it (`TooLong`), when a limit of time or memory is
reached (`OverBudget`), when an engine breaks off (`ListenFailed`) or is not installed
(`EngineMissing`). Silence is no error, and nothing is ever half written: a stage writes nothing.

Public: `hear` does it, with the `Engines` of `open_engines`; `probe` looks at an upload first.
A new engine is one file in `engines/` and one line in its registry.
"""

from tocsin.listen.engine import Engines, Samples, Sound, Track
from tocsin.listen.hearing import Hearing, Indicator, Quality, Speech, Word
from tocsin.listen.listening import decode, hear, hear_sound, open_engines, probe

__all__ = [
    "Engines",
    "Hearing",
    "Indicator",
    "Quality",
    "Samples",
    "Sound",
    "Speech",
    "Track",
    "Word",
    "decode",
    "hear",
    "hear_sound",
    "open_engines",
    "probe",
]
