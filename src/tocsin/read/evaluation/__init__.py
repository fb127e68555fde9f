"""Takes labelled texts with their readings; gives figures: what was found, what alarmed, how sure.

`parse_item` reads one labelled line and `parse_call` one ordinary call; `windows` cuts a call into
pieces; `measure` sets readings against labels. Every share comes with a 95 % interval. What can go
wrong: `BadText`, for a line that does not fit. Nothing here prints, opens a file or reads a text.
"""

from tocsin.read.evaluation.bars import RATES, Bar, bars, threshold
from tocsin.read.evaluation.items import Item, Mark, Reading
from tocsin.read.evaluation.lines import LONGEST_LINE, parse_call, parse_item
from tocsin.read.evaluation.marking import SpanScore, span_scores
from tocsin.read.evaluation.measuring import Evaluation, Group, Operation, Standout, measure
from tocsin.read.evaluation.naming import Naming, Row, act_naming, form_naming
from tocsin.read.evaluation.ranking import Estimate, Ranking, Scores, ranking
from tocsin.read.evaluation.shares import Share, reaching, share_of
from tocsin.read.evaluation.windows import Turn, windows

__all__ = [
    "LONGEST_LINE",
    "RATES",
    "Bar",
    "Estimate",
    "Evaluation",
    "Group",
    "Item",
    "Mark",
    "Naming",
    "Operation",
    "Ranking",
    "Reading",
    "Row",
    "Scores",
    "Share",
    "SpanScore",
    "Standout",
    "Turn",
    "act_naming",
    "bars",
    "form_naming",
    "measure",
    "parse_call",
    "parse_item",
    "ranking",
    "reaching",
    "share_of",
    "span_scores",
    "threshold",
    "windows",
]
