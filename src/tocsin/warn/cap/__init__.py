"""CAP: our messages written, others' messages read, both checked, signed and listed.

Comes in: a bulletin, or a warning to the public, and the ground; bytes from outside. Goes out:
bytes that are kept and served as they are; a `CapMessage` with what it says; `Finding`s of the
rules that no schema checks; a `Verdict` on its signatures, fact by fact; feeds. What can go wrong:
bytes that are no alert (`BadAlert`, `TooLarge`), a message that CAP has no way to say
(`OutOfTurn`), a key that does not fit its certificate (`SetupError`).
"""

from tocsin.warn.cap.build import CapAudience, SpanishText, build_cap, cap_identifier
from tocsin.warn.cap.containers import ContainerKind, FeedLink, OpenedAlerts, open_alerts
from tocsin.warn.cap.feeds import Feed, Published, agency_feed, atom_feed, etag, rss_feed
from tocsin.warn.cap.ground import CapArea
from tocsin.warn.cap.message import CapMessage, CapReference
from tocsin.warn.cap.parse import parse_cap, reference_to
from tocsin.warn.cap.public import (
    Handling,
    IpawsChoice,
    Judgement,
    PublicText,
    PublicWarning,
    build_public_cap,
)
from tocsin.warn.cap.reply import CapReply, build_reply
from tocsin.warn.cap.rules import (
    RULES,
    Finding,
    Level,
    Profile,
    Rule,
    check_cap,
    explain,
    rule_table,
)
from tocsin.warn.cap.sign import sign_cap, verify_cap
from tocsin.warn.cap.verdict import SignatureFacts, Verdict
from tocsin.warn.cap.written import cap_time

__all__ = [
    "RULES",
    "CapArea",
    "CapAudience",
    "CapMessage",
    "CapReference",
    "CapReply",
    "ContainerKind",
    "Feed",
    "FeedLink",
    "Finding",
    "Handling",
    "IpawsChoice",
    "Judgement",
    "Level",
    "OpenedAlerts",
    "Profile",
    "PublicText",
    "PublicWarning",
    "Published",
    "Rule",
    "SignatureFacts",
    "SpanishText",
    "Verdict",
    "agency_feed",
    "atom_feed",
    "build_cap",
    "build_public_cap",
    "build_reply",
    "cap_identifier",
    "cap_time",
    "check_cap",
    "etag",
    "explain",
    "open_alerts",
    "parse_cap",
    "reference_to",
    "rss_feed",
    "rule_table",
    "sign_cap",
    "verify_cap",
]
