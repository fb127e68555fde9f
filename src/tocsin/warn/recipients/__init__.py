"""Recipients: whom a bulletin concerns, and every reason why.

Comes in: the `Audience` that a person chose, the agencies and areas on record, the people with
their hours. Goes out: the reasons for each agency, the people to tell, and the agencies that are
offered. What can go wrong: an audience that does not fit, names what is not on record, or holds
ground that is none (`InputError`). The machine adds no look-alike by itself: a person accepts it.
"""

from tocsin.warn.recipients.agencies import LOOK_ALIKES, AgencyFacts, Ground, reasons_for
from tocsin.warn.recipients.audience import (
    Accepted,
    Audience,
    Drawn,
    Shifts,
    audience_from,
    audience_json,
    signed_audience,
)
from tocsin.warn.recipients.hours import (
    Hours,
    comes_on_at,
    covers,
    gaps,
    is_on_duty,
    next_start,
)
from tocsin.warn.recipients.offers import Offer, OfferKind, offers
from tocsin.warn.recipients.people import Candidate, Chosen, choose_recipients

__all__ = [
    "LOOK_ALIKES",
    "Accepted",
    "AgencyFacts",
    "Audience",
    "Candidate",
    "Chosen",
    "Drawn",
    "Ground",
    "Hours",
    "Offer",
    "OfferKind",
    "Shifts",
    "audience_from",
    "audience_json",
    "choose_recipients",
    "comes_on_at",
    "covers",
    "gaps",
    "is_on_duty",
    "next_start",
    "offers",
    "reasons_for",
    "signed_audience",
]
