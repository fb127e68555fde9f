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
from tocsin.desk.records.models.readiness import Drill, LogOn, Preflight
from tocsin.desk.records.models.tasks import Task
from tocsin.desk.records.models.threats import Assessment, BlueAnswer, Threat
from tocsin.desk.records.models.warnings import Bulletin, Delivery, DeskNotice, Move, Recipient

__all__ = [
    "Arrival",
    "Assessment",
    "BlueAnswer",
    "Bulletin",
    "Call",
    "Certificate",
    "ChainHead",
    "Correction",
    "Counter",
    "Delivery",
    "DeskNotice",
    "Drill",
    "Entry",
    "Exhibit",
    "Feed",
    "ForeignAlert",
    "GatewayWord",
    "Hearing",
    "Key",
    "LogOn",
    "Move",
    "Preflight",
    "Publication",
    "Recipient",
    "Statement",
    "Task",
    "Threat",
]
