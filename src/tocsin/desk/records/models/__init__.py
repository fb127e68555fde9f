"""Tables of the record, one module per idea."""

from tocsin.desk.records.models.arrivals import Arrival, Exhibit, Key
from tocsin.desk.records.models.calls import Call, Correction, Hearing, Statement
from tocsin.desk.records.models.exchange import (
    Certificate,
    Feed,
    ForeignAlert,
    GatewayWord,
    Publication,
)
from tocsin.desk.records.models.log import ChainHead, Counter, Entry
from tocsin.desk.records.models.posture import (
    Breach,
    BreachMove,
    Excuse,
    Joining,
    Order,
    Override,
    Price,
    Renewal,
    UnitSource,
    UnitState,
    Watch,
)
from tocsin.desk.records.models.prices import CallHistory, PairingWord, Roster
from tocsin.desk.records.models.readiness import Drill, LogOn, Preflight
from tocsin.desk.records.models.tasks import Task
from tocsin.desk.records.models.threats import Assessment, BlueAnswer, Threat
from tocsin.desk.records.models.warnings import Bulletin, Delivery, DeskNotice, Move, Recipient

__all__ = [
    "Arrival",
    "Assessment",
    "BlueAnswer",
    "Breach",
    "BreachMove",
    "Bulletin",
    "Call",
    "CallHistory",
    "Certificate",
    "ChainHead",
    "Correction",
    "Counter",
    "Delivery",
    "DeskNotice",
    "Drill",
    "Entry",
    "Excuse",
    "Exhibit",
    "Feed",
    "ForeignAlert",
    "GatewayWord",
    "Hearing",
    "Joining",
    "Key",
    "LogOn",
    "Move",
    "Order",
    "Override",
    "PairingWord",
    "Preflight",
    "Price",
    "Publication",
    "Recipient",
    "Renewal",
    "Roster",
    "Statement",
    "Task",
    "Threat",
    "UnitSource",
    "UnitState",
    "Watch",
]
