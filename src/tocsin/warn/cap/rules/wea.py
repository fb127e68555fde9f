"""Rules of Wireless Emergency Alerts: what never reaches a phone, said before it is sent."""

from collections.abc import Iterator

from tocsin.warn.cap.message import InfoBlock
from tocsin.warn.cap.rules.ipaws import reaches
from tocsin.warn.cap.rules.rule import (
    PRACTICE,
    WEA_CLASSES,
    WEA_LENGTH,
    Case,
    Found,
    Profile,
    Rule,
    rule,
)
from tocsin.warn.septets import fitting_septets, foreign_characters

SHORT, LONG = 90, 360
HANDLINGS = ("Imminent Threat", "Public Safety", "WEA Test")

ipaws = Profile.IPAWS


def _to_phones(case: Case) -> Iterator[tuple[str, InfoBlock]]:
    return ((place, info) for place, info in case.infos() if reaches(info, "CMAS"))


def _handling(info: InfoBlock) -> str:
    return next((value.strip() for value in info.values("WEAHandling")), "")


@rule(
    "wea-handling",
    PRACTICE,
    profile=ipaws,
)
def wea_handling(case: Case) -> Found:
    """The class of the alert is Imminent Threat, Public Safety or WEA Test."""
    for place, info in case.infos():
        for value in info.values("WEAHandling"):
            if value.strip() not in HANDLINGS:
                yield f"{place} WEAHandling", f"{value[:40]!r} is no class of alert."


@rule(
    "wea-imminent",
    WEA_CLASSES,
    profile=ipaws,
)
def wea_imminent(case: Case) -> Found:
    """An Imminent Threat alert is Immediate or Expected, Extreme or Severe, Observed or Likely."""
    for place, info in _to_phones(case):
        if _handling(info) not in {"", "Imminent Threat"} or case.message.msg_type == "Cancel":
            continue
        for name, word, needed in (
            ("urgency", info.urgency, ("Immediate", "Expected")),
            ("severity", info.severity, ("Extreme", "Severe")),
            ("certainty", info.certainty, ("Observed", "Likely")),
        ):
            if word not in needed:
                yield (
                    f"{place} {name}",
                    f"{word} can never become an Imminent Threat alert on phones; "
                    f"it needs {' or '.join(needed)}.",
                )


@rule(
    "wea-public-safety",
    WEA_CLASSES,
    profile=ipaws,
    remark=True,
)
def wea_public_safety(case: Case) -> Found:
    """A Public Safety Message goes only with an alert of another class."""
    for place, info in _to_phones(case):
        if _handling(info) == "Public Safety":
            yield f"{place} WEAHandling", "Name the alert that it goes with."


@rule(
    "wea-length",
    WEA_LENGTH,
    profile=ipaws,
)
def wea_length(case: Case) -> Found:
    """CMAMtext has at most 90 septets, CMAMlongtext 360, in every language."""
    for place, info in case.infos():
        for name, most in (("CMAMtext", SHORT), ("CMAMlongtext", LONG)):
            for text in info.values(name):
                if fitting_septets(text) > most:
                    yield f"{place} {name}", f"It has {fitting_septets(text)} septets."


@rule(
    "wea-alphabet",
    "3GPP TS 23.038",
    profile=ipaws,
)
def wea_alphabet(case: Case) -> Found:
    """The texts for phones use the 7-bit alphabet of GSM alone."""
    for place, info in case.infos():
        for name in ("CMAMtext", "CMAMlongtext"):
            for text in info.values(name):
                foreign = foreign_characters(text)
                if foreign:
                    named = ", ".join(map(str, foreign[:5]))
                    yield f"{place} {name}", f"The alphabet lacks {named}."


@rule(
    "wea-language",
    "47 CFR 10.480",
    profile=ipaws,
    remark=True,
)
def wea_language(case: Case) -> Found:
    """Texts for phones are English or Spanish."""
    for place, info in case.infos():
        spoken = info.language.lower().partition("-")[0]
        if info.values("CMAMtext") and spoken not in {"en", "es"}:
            yield f"{place} CMAMtext", "Phones are told in English and Spanish alone."


@rule(
    "wea-words",
    PRACTICE,
    profile=ipaws,
    remark=True,
)
def wea_words(case: Case) -> Found:
    """An alert that reaches phones has its own words for them, the long text beside the short."""
    for place, info in _to_phones(case):
        if case.message.msg_type != "Cancel" and not info.values("CMAMtext"):
            yield f"{place} CMAMtext", "Without it phones show words made from the event code."
        if info.values("CMAMlongtext") and not info.values("CMAMtext"):
            yield f"{place} CMAMtext", "The long text stands without the short."


@rule(
    "wea-test",
    PRACTICE,
    profile=ipaws,
    remark=True,
)
def wea_test(case: Case) -> Found:
    """An alert that is to reach everybody is no WEA Test."""
    for place, info in _to_phones(case):
        if _handling(info) == "WEA Test" and case.message.msg_type == "Alert":
            yield f"{place} WEAHandling", "Only phones that opted in to tests show it."


WEA: tuple[Rule, ...] = (
    wea_handling,
    wea_imminent,
    wea_public_safety,
    wea_length,
    wea_alphabet,
    wea_language,
    wea_words,
    wea_test,
)
