"""Takes the text of a call; gives a `Statement`: whose threat, how put, in which words.

`read` takes what was heard, transcribed or typed, and the center's own names. It gives the speech
act, an additive score with its evidence, two levels, spans with character offsets (and seconds,
where the words have times), and what was not said. It describes words; whether they are to be
believed is for a person. What can go wrong: `BadText`, for text over the limit or no text at all.

`parse_line` and `to_json` are the lines of JSON that texts come in as and readings go out as.
"""

from tocsin.read.gazetteer import Gazetteer, Place, PlaceKind
from tocsin.read.lines import Line, parse_line, to_json
from tocsin.read.reading import LARGEST, read
from tocsin.read.statement import (
    Evidence,
    Field,
    Form,
    Kind,
    Level,
    Span,
    SpeechAct,
    Statement,
)

__all__ = [
    "LARGEST",
    "Evidence",
    "Field",
    "Form",
    "Gazetteer",
    "Kind",
    "Level",
    "Line",
    "Place",
    "PlaceKind",
    "Span",
    "SpeechAct",
    "Statement",
    "parse_line",
    "read",
    "to_json",
]
