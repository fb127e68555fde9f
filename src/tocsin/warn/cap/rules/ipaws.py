"""Rules of IPAWS and of EAS: what the gateway demands, and what a broadcaster can air."""

import re
from collections.abc import Iterator
from datetime import timedelta

from tocsin.warn.cap.message import InfoBlock
from tocsin.warn.cap.rules.rule import (
    EAS_TEXT,
    IPAWS_TEXT,
    PRACTICE,
    Case,
    Found,
    Profile,
    Rule,
    rule,
)

CHANNELS = ("EAS", "NWEM", "CMAS", "PUBLIC", "CAPEXCH")
ORIGINATORS = ("CIV", "WXR", "EAS", "PEP")
INVENTED = frozenset({"EASHandling", "NWEMHandling", "CMAMtext-Spanish", "CMAMlongtext-Spanish"})
MOST_LOCATIONS = 31
MOST_EAS_TEXT = 1800
HOUR = timedelta(hours=1)

ipaws = Profile.IPAWS


def reaches(info: InfoBlock, channel: str) -> bool:
    """The channel carries this block: nobody has blocked it."""
    return channel not in {value.strip() for value in info.values("BLOCKCHANNEL")}


def eas_duration(life: timedelta) -> timedelta:
    """How long EAS airs something that lives so long: 15-minute steps to 1 h, then 30 (11.31)."""
    step = timedelta(minutes=15) if life <= HOUR else timedelta(minutes=30)
    return -(-life // step) * step


def _codes(info: InfoBlock) -> list[str]:
    return [one.value.strip() for one in info.event_codes if one.name.strip() == "SAME"]


def _counties(info: InfoBlock) -> list[str]:
    """Each location once, in the order of the message."""
    codes = (one for area in info.areas for one in area.geocodes if one.name.strip() == "SAME")
    return list(dict.fromkeys(one.value.strip() for one in codes))


def _aired(case: Case) -> Iterator[tuple[str, InfoBlock]]:
    return ((place, info) for place, info in case.infos() if reaches(info, "EAS"))


@rule("ipaws-code", IPAWS_TEXT, profile=ipaws)
def ipaws_code(case: Case) -> Found:
    """The message has the code IPAWSv1.0."""
    if "IPAWSv1.0" not in {code.strip() for code in case.message.codes}:
        yield "code", "The code IPAWSv1.0 is missing."


@rule(
    "ipaws-whole",
    IPAWS_TEXT,
    profile=ipaws,
)
def ipaws_whole(case: Case) -> Found:
    """There is an info block, and each has an end and an area."""
    if not case.message.infos:
        yield "info", "There is none."
    for place, info in case.infos():
        if not info.expires:
            yield f"{place} expires", "It is missing."
        if not info.areas:
            yield f"{place} area", "It is missing."


@rule(
    "ipaws-event",
    IPAWS_TEXT,
    profile=ipaws,
)
def ipaws_event(case: Case) -> Found:
    """Each info block has exactly one event code SAME, of three letters."""
    for place, info in case.infos():
        codes = _codes(info)
        if len(codes) != 1:
            yield f"{place} eventCode", f"There are {len(codes)} with the name SAME."
        elif not re.fullmatch(r"[A-Z]{3}", codes[0]):
            yield f"{place} eventCode", f"{codes[0][:20]!r} is not three letters."


@rule(
    "ipaws-one-event",
    IPAWS_TEXT,
    profile=ipaws,
)
def ipaws_one_event(case: Case) -> Found:
    """All info blocks have the same category and the same event code."""
    if len({tuple(_codes(info)) for info in case.message.infos}) > 1:
        yield "info", "The blocks have different event codes."
    if len({info.categories for info in case.message.infos}) > 1:
        yield "info", "The blocks have different categories."


@rule(
    "ipaws-offset",
    IPAWS_TEXT,
    profile=ipaws,
)
def ipaws_offset(case: Case) -> Found:
    """Sent and expires carry the place's own offset from UTC."""
    if not case.message.sent.at.utcoffset():
        yield "sent", f"{case.message.sent.text} is UTC."
    for place, info in case.infos():
        if info.expires and not info.expires.at.utcoffset():
            yield f"{place} expires", f"{info.expires.text} is UTC."


@rule("ipaws-county", IPAWS_TEXT, profile=ipaws)
def ipaws_county(case: Case) -> Found:
    """A geocode SAME has six digits: part of the county, state, county."""
    for place, info in case.infos():
        for county in _counties(info):
            if not re.fullmatch(r"[0-9]{6}", county):
                yield f"{place} geocode", f"{county[:20]!r} is not six digits."


@rule("ipaws-located", IPAWS_TEXT, profile=ipaws, remark=True)
def ipaws_located(case: Case) -> Found:
    """Each area has a geocode SAME."""
    for place, info in case.infos():
        for number, area in enumerate(info.areas, start=1):
            if not any(one.name.strip() == "SAME" for one in area.geocodes):
                yield f"{place} area {number}", "It has none; EAS airs nothing without."


@rule(
    "ipaws-sender",
    PRACTICE,
    profile=ipaws,
    remark=True,
)
def ipaws_sender(case: Case) -> Found:
    """The sender's name is `number of the group,agency,`."""
    for place, info in case.infos():
        if not re.fullmatch(r"\d{1,10},[^,]+,[^,]*", info.sender_name.strip(), re.ASCII):
            yield f"{place} senderName", f"{info.sender_name[:60]!r} is of another form."


@rule(
    "ipaws-channel",
    IPAWS_TEXT,
    profile=ipaws,
)
def ipaws_channel(case: Case) -> Found:
    """Channels are blocked, and originators named, by the words that IPAWS knows."""
    for place, info in case.infos():
        for value in info.values("BLOCKCHANNEL"):
            if value.strip() not in CHANNELS:
                yield f"{place} BLOCKCHANNEL", f"{value[:20]!r} is none of {', '.join(CHANNELS)}."
        named = [value.strip() for value in info.values("EAS-ORG")]
        if any(value not in ORIGINATORS for value in named):
            yield f"{place} EAS-ORG", f"It is none of {', '.join(ORIGINATORS)}."
        elif not named and (reaches(info, "EAS") or reaches(info, "NWEM")):
            yield f"{place} EAS-ORG", "EAS and NWEM need it, and neither is blocked."


@rule(
    "ipaws-invented",
    PRACTICE,
    profile=ipaws,
)
def ipaws_invented(case: Case) -> Found:
    """No parameter is used that IPAWS does not know; another language is another info block."""
    for place, info in case.infos():
        for one in info.parameters:
            if one.name.strip() in INVENTED:
                yield f"{place} {one.name.strip()}", "IPAWS knows no such parameter."


@rule(
    "ipaws-ignored",
    IPAWS_TEXT,
    profile=ipaws,
    remark=True,
)
def ipaws_ignored(case: Case) -> Found:
    """Effective and onset are left out: IPAWS ignores them."""
    for place, info in case.infos():
        for name, time in (("effective", info.effective), ("onset", info.onset)):
            if time and time.at != case.message.sent.at:
                yield f"{place} {name}", "IPAWS ignores it: the alert holds from when it is sent."


@rule(
    "ipaws-text",
    IPAWS_TEXT,
    profile=ipaws,
    remark=True,
)
def ipaws_text(case: Case) -> Found:
    """There is a description and an instruction."""
    for place, info in case.infos():
        for name, text in (("description", info.description), ("instruction", info.instruction)):
            if not text.strip():
                yield f"{place} {name}", "It is missing."


@rule(
    "eas-locations",
    EAS_TEXT,
    profile=ipaws,
)
def eas_locations(case: Case) -> Found:
    """EAS carries at most 31 locations."""
    for place, info in _aired(case):
        count = len(_counties(info))
        if count > MOST_LOCATIONS:
            yield f"{place} geocode", f"There are {count}."


@rule(
    "eas-duration",
    EAS_TEXT,
    profile=ipaws,
    remark=True,
)
def eas_duration_kept(case: Case) -> Found:
    """The life of the alert is one that EAS can say: steps of 15 minutes to 1 h, then of 30."""
    for place, info in _aired(case):
        life = info.expires.at - case.message.sent.at if info.expires else timedelta()
        if life > timedelta(hours=99, minutes=30):
            yield f"{place} expires", f"{life} is more than EAS can say (99:30)."
        elif life > timedelta() and eas_duration(life) != life:
            yield f"{place} expires", f"It lives {life}; EAS will say {eas_duration(life)}."


@rule(
    "eas-length",
    "ECIG implementation guide",
    profile=ipaws,
    remark=True,
)
def eas_length(case: Case) -> Found:
    """Description and instruction have together at most 1800 characters."""
    for place, info in _aired(case):
        length = len(info.description) + len(info.instruction)
        if length > MOST_EAS_TEXT:
            yield place, f"They have {length}; the end is not read out."


@rule(
    "eas-recall",
    PRACTICE,
    profile=ipaws,
    remark=True,
)
def eas_recall(case: Case) -> Found:
    """What EAS has aired cannot be recalled: a Cancel does not reach who heard it."""
    if case.message.msg_type == "Cancel":
        yield "msgType", "A Cancel ends repetition on phones; EAS has said what it said."


@rule(
    "blue-criteria",
    "83 FR 2557",
    profile=ipaws,
    remark=True,
)
def blue_criteria(case: Case) -> Found:
    """A Blue Alert (BLU) rests on its criteria, each answered by a named person."""
    for place, info in case.infos():
        if "BLU" in _codes(info):
            yield (
                f"{place} eventCode",
                "An officer is hurt, killed or missing, or the threat is imminent and credible: "
                "has a named person said so? LEW, CDW or LAE may fit better.",
            )


IPAWS: tuple[Rule, ...] = (
    ipaws_code,
    ipaws_whole,
    ipaws_event,
    ipaws_one_event,
    ipaws_offset,
    ipaws_county,
    ipaws_located,
    ipaws_sender,
    ipaws_channel,
    ipaws_invented,
    ipaws_ignored,
    ipaws_text,
    eas_locations,
    eas_duration_kept,
    eas_length,
    eas_recall,
    blue_criteria,
)
