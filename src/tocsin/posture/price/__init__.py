"""Price: what an order costs before it is given, by simulation of the center's own calls.

Comes in: a history of calls, a roster, the forms to compare, what is assumed. Goes out: a `Price`
with an interval for every figure and every difference, its assumptions and its cautions; later a
`Comparison` of what was foretold with what came. What can go wrong: too little history, or a file
or a roster that cannot be (`InputError`, `TooLarge`): then nothing is foretold. The evidence for
and against the forms stands beside the price (`evidence`), and decides nothing.
"""

from tocsin.posture.price import queueing
from tocsin.posture.price.assumed import Service, Settings
from tocsin.posture.price.compare import (
    Answered,
    Compared,
    Comparison,
    Fit,
    Observed,
    Paid,
    compare,
    observe,
)
from tocsin.posture.price.evidence import Evidence, Side, evidence
from tocsin.posture.price.figures import KINDS, Kind
from tocsin.posture.price.fleet import Fleet
from tocsin.posture.price.foretell import Figure, FormPrice, Price, price
from tocsin.posture.price.form import (
    AS_NOW,
    BOTH,
    NO_CALLS,
    PAIRS,
    TWO_CARS,
    Calls,
    Form,
    usual_forms,
)
from tocsin.posture.price.history import History, PastCall, history_of
from tocsin.posture.price.interval import Interval
from tocsin.posture.price.keeping import price_as_json, price_from_json
from tocsin.posture.price.reading import Columns, Reading, read_answered, read_history
from tocsin.posture.price.roster import Beat, Roster, even_beat, roster_of
from tocsin.posture.price.staffing import read_roster

__all__ = [
    "AS_NOW",
    "BOTH",
    "KINDS",
    "NO_CALLS",
    "PAIRS",
    "TWO_CARS",
    "Answered",
    "Beat",
    "Calls",
    "Columns",
    "Compared",
    "Comparison",
    "Evidence",
    "Figure",
    "Fit",
    "Fleet",
    "Form",
    "FormPrice",
    "History",
    "Interval",
    "Kind",
    "Observed",
    "Paid",
    "PastCall",
    "Price",
    "Reading",
    "Roster",
    "Service",
    "Settings",
    "Side",
    "compare",
    "even_beat",
    "evidence",
    "history_of",
    "observe",
    "price",
    "price_as_json",
    "price_from_json",
    "queueing",
    "read_answered",
    "read_history",
    "read_roster",
    "roster_of",
    "usual_forms",
]
