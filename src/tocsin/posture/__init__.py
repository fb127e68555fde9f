"""Posture: an order such as two officers to a car, and who breaks it.

Comes in: orders, the reports of a units feed, the moment. Goes out: `Unit`s as they are known,
`Finding`s of what is broken, kept or not known and since when (`Breach`), a `Verdict` before a unit
is sent, the joint list, an ended order's record. What can go wrong: an order that demands nothing
of anybody (`BadOrder`), a feed or a report that cannot be used (`BadUnits`), a unit that nobody
knows (`NotFound`). Whatever is stale or doubtful is "not known", never safe.
"""

from tocsin.posture.alone import Company, Standing, who_is_alone
from tocsin.posture.breach import (
    Breach,
    Excuse,
    Finding,
    continue_breaches,
    judge,
    judge_picture,
)
from tocsin.posture.check import Answer, Verdict, check
from tocsin.posture.contradiction import Clash, Contradiction, contradictions
from tocsin.posture.feed import Batch, Refused, UnitsFeed, UnitsParser, open_parser
from tocsin.posture.feeds import FEEDS
from tocsin.posture.joint import JointRow, OnDuty, Rank, joint_list
from tocsin.posture.limits import Limits
from tocsin.posture.near import Near, Picture, see, touched
from tocsin.posture.order import (
    SENTENCES,
    UNWATCHED,
    WATCHED,
    BreakPlace,
    Coverage,
    Ground,
    Measure,
    Order,
    Scope,
    coverage,
    covers,
    ground_of,
    is_due,
    is_in_force,
)
from tocsin.posture.proposal import Proposal, propose
from tocsin.posture.record import BreachInterval, Excused, OrderRecord, record_of
from tocsin.posture.remedy import Remedy, RemedyKind
from tocsin.posture.rules import State
from tocsin.posture.taking import age, is_stale, take
from tocsin.posture.unit import (
    BY_HAND,
    Assignment,
    CrewRole,
    Doubt,
    DoubtKind,
    Member,
    Position,
    Status,
    Unit,
    UnitKind,
    UnitReport,
    distance_m,
    key_of,
)

__all__ = [
    "BY_HAND",
    "FEEDS",
    "SENTENCES",
    "UNWATCHED",
    "WATCHED",
    "Answer",
    "Assignment",
    "Batch",
    "Breach",
    "BreachInterval",
    "BreakPlace",
    "Clash",
    "Company",
    "Contradiction",
    "Coverage",
    "CrewRole",
    "Doubt",
    "DoubtKind",
    "Excuse",
    "Excused",
    "Finding",
    "Ground",
    "JointRow",
    "Limits",
    "Measure",
    "Member",
    "Near",
    "OnDuty",
    "Order",
    "OrderRecord",
    "Picture",
    "Position",
    "Proposal",
    "Rank",
    "Refused",
    "Remedy",
    "RemedyKind",
    "Scope",
    "Standing",
    "State",
    "Status",
    "Unit",
    "UnitKind",
    "UnitReport",
    "UnitsFeed",
    "UnitsParser",
    "Verdict",
    "age",
    "check",
    "continue_breaches",
    "contradictions",
    "coverage",
    "covers",
    "distance_m",
    "ground_of",
    "is_due",
    "is_in_force",
    "is_stale",
    "joint_list",
    "judge",
    "judge_picture",
    "key_of",
    "open_parser",
    "propose",
    "record_of",
    "see",
    "take",
    "touched",
    "who_is_alone",
]
