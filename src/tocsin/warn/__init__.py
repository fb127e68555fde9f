"""Warn: bulletins, whom they concern, how they are told, and what each of them answered.

Comes in: a statement read in a call, the ground and people it concerns, a person's edits and
release. Goes out: the `Content` of a bulletin, its texts and its CAP message, the people chosen,
the plan of the ladder, and `Message`s handed to channels. What can go wrong: a bulletin that
says too little to be released (`OutOfTurn`), a channel that does not take a message
(`Undeliverable`, `Unreachable`), or does not say whether it did (`OutcomeUnknown`).
"""

from tocsin.warn.bulletin import Bulletin, BulletinKind, Content, require_complete
from tocsin.warn.cap import CapArea, CapReference, build_cap, reference_to
from tocsin.warn.channel import (
    EVERY_CHANNEL,
    Addressee,
    Channel,
    HandChannel,
    Message,
    Receipt,
    Sheet,
    form_of,
    hand_over,
    open_channel,
    open_hand_channel,
    reaches_people,
)
from tocsin.warn.channels import CHANNELS
from tocsin.warn.delivery import TOLD, DeliveryState, can_follow, next_try_at
from tocsin.warn.draft import Quotation, assessed_sentence, draft_content, mark_doubts
from tocsin.warn.ladder import (
    Ladder,
    Rung,
    Step,
    ladder_from,
    ladder_json,
    ladder_of,
    next_move_at,
)
from tocsin.warn.recipients import Candidate, Chosen, choose_recipients
from tocsin.warn.wording import Form, Notice, Ordered, Topic, Words, subject_line, write

__all__ = [
    "CHANNELS",
    "EVERY_CHANNEL",
    "TOLD",
    "Addressee",
    "Bulletin",
    "BulletinKind",
    "Candidate",
    "CapArea",
    "CapReference",
    "Channel",
    "Chosen",
    "Content",
    "DeliveryState",
    "Form",
    "HandChannel",
    "Ladder",
    "Message",
    "Notice",
    "Ordered",
    "Quotation",
    "Receipt",
    "Rung",
    "Sheet",
    "Step",
    "Topic",
    "Words",
    "assessed_sentence",
    "build_cap",
    "can_follow",
    "choose_recipients",
    "draft_content",
    "form_of",
    "hand_over",
    "ladder_from",
    "ladder_json",
    "ladder_of",
    "mark_doubts",
    "next_move_at",
    "next_try_at",
    "open_channel",
    "open_hand_channel",
    "reaches_people",
    "reference_to",
    "require_complete",
    "subject_line",
    "write",
]
