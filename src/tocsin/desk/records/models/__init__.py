"""Tables of the record, one module per idea."""

from tocsin.desk.records.models.arrivals import Arrival, Exhibit, Key
from tocsin.desk.records.models.calls import Call, Hearing, Statement
from tocsin.desk.records.models.log import ChainHead, Counter, Entry
from tocsin.desk.records.models.tasks import Task
from tocsin.desk.records.models.threats import Assessment, Threat
from tocsin.desk.records.models.warnings import Bulletin, Delivery, Recipient

__all__ = [
    "Arrival",
    "Assessment",
    "Bulletin",
    "Call",
    "ChainHead",
    "Counter",
    "Delivery",
    "Entry",
    "Exhibit",
    "Hearing",
    "Key",
    "Recipient",
    "Statement",
    "Task",
    "Threat",
]
