"""Intake: a call arrives.

Comes in: a recording, what the network and the call taker knew of the call (JSON), a typed note;
from a page, over HTTP, or from a watched folder. Goes out: `CallFacts`, with the caller's number
understood, and `Arrival`s of the sources. What can go wrong: call data that does not fit the schema
or cannot be true (`BadCallData`), a folder that cannot be read (`SetupError`).
"""

from tocsin.intake.facts import LARGEST, CallFacts, Location, facts_as_json, parse_facts
from tocsin.intake.names import plain_name, plain_text
from tocsin.intake.number import CallerNumber, recognise_number
from tocsin.intake.source import Arrival, Source, open_source

__all__ = [
    "LARGEST",
    "Arrival",
    "CallFacts",
    "CallerNumber",
    "Location",
    "Source",
    "facts_as_json",
    "open_source",
    "parse_facts",
    "plain_name",
    "plain_text",
    "recognise_number",
]
