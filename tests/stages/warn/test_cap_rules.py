"""The rules that no schema checks: a good message keeps them all, and each can be broken."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.alerts import COLORADO, ENGLISH, HARLOW, a_public_warning, an_ipaws_choice
from tests.bulletins import NOW, a_bulletin, some_content
from tocsin.warn import BulletinKind
from tocsin.warn.cap import (
    RULES,
    CapArea,
    CapMessage,
    Finding,
    Handling,
    Judgement,
    Level,
    Profile,
    build_cap,
    build_public_cap,
    cap_time,
    check_cap,
    explain,
    parse_cap,
)
from tocsin.warn.cap.message import (
    AreaBlock,
    CapReference,
    CapTime,
    NamedValue,
    ResourceBlock,
    read_references,
)

Change = Callable[[CapMessage], CapMessage]


def good(**changes: Any) -> CapMessage:
    return parse_cap(
        build_public_cap(
            a_public_warning(**changes),
            sender="tocsin@x.org",
            areas=(HARLOW,),
            ipaws=an_ipaws_choice(),
        )
    )


def found(message: CapMessage, **facts: Any) -> tuple[Finding, ...]:
    return check_cap(message, **({"profile": Profile.IPAWS, "home": (COLORADO,)} | facts))


def keys(findings: tuple[Finding, ...]) -> set[str]:
    return {one.rule.key for one in findings}


def head(**changes: Any) -> Change:
    return lambda message: replace(message, **changes)


def info(**changes: Any) -> Change:
    def change(message: CapMessage) -> CapMessage:
        return replace(message, infos=(replace(message.infos[0], **changes), *message.infos[1:]))

    return change


def area(**changes: Any) -> Change:
    def change(message: CapMessage) -> CapMessage:
        first = message.infos[0]
        return info(areas=(replace(first.areas[0], **changes),))(message)

    return change


def parameter(name: str, *values: str) -> Change:
    """The first info block with these values of the parameter, and no others."""

    def change(message: CapMessage) -> CapMessage:
        others = [one for one in message.infos[0].parameters if one.name != name]
        new = [NamedValue(name=name, value=value) for value in values]
        return info(parameters=(*others, *new))(message)

    return change


def at(hours: float, *, text: str = "") -> CapTime:
    moment = NOW + timedelta(hours=hours)
    return CapTime(text=text or cap_time(moment, "America/Denver"), at=moment)


def refers(text: str) -> Change:
    return head(msg_type="Update", references_text=text, references=read_references(text))


def resource(**changes: Any) -> Change:
    facts: dict[str, Any] = {
        "description": "map",
        "mime_type": "image/png",
        "size": 3,
        "address": "",
        "content": "AAAA",
        "digest": "",
    }
    return info(resources=(ResourceBlock(**(facts | changes)),))


def codes(*values: str) -> Change:
    return info(event_codes=tuple(NamedValue(name="SAME", value=value) for value in values))


def counties(*values: str) -> Change:
    return area(geocodes=tuple(NamedValue(name="SAME", value=value) for value in values))


def utc(message: CapMessage) -> CapMessage:
    text = "2026-03-02T04:05:06-00:00"
    return parse_cap(message.content.replace(message.sent.text.encode(), text.encode()))


RING = "39,-105 39.1,-105 39.1,-105.1 39,-105"

BREAKS: list[tuple[str, Change]] = [
    ("name-bare", head(sender="a b@x.org")),
    ("name-bare", head(identifier="a,b")),
    ("name-bare", head(identifier="")),
    ("time-utc", head(sent=CapTime(text="2026-03-02T04:05:06+00:00", at=NOW))),
    ("reference-needed", head(msg_type="Update")),
    ("reference-needed", head(msg_type="Ack")),
    ("reference-triple", refers("a,b")),
    ("reference-triple", refers("a,b@x,c,2026-03-01T21:05:06-07:00")),
    ("reference-triple", refers("a,b,yesterday")),
    ("reference-self", lambda one: refers(str(one.reference))(one)),
    ("restriction-needed", head(scope="Restricted")),
    ("restriction-alone", head(restriction="for us")),
    ("restriction-alone", head(addresses_text="a@x.org")),
    ("address-needed", head(scope="Private")),
    ("address-quoted", head(scope="Private", addresses_text='"Harlow PD', addresses=("x",))),
    ("note-why", head(status="Exercise")),
    ("note-why", head(msg_type="Error")),
    ("status-final", head(status="Draft")),
    ("update-whole", head(infos=())),
    ("version-newest", head(version="1.1")),
    ("time-order", info(expires=at(0))),
    ("time-order", info(onset=at(3))),
    ("time-end", info(expires=None)),
    ("language-own", info(areas=())),
    ("language-own", codes("CEM")),
    ("headline-short", info(headline="a" * 161)),
    ("resource-sound", resource(content="not base64!")),
    ("resource-sound", resource(digest="abc")),
    ("ground-readable", area(polygons=("somewhere",))),
    ("ground-readable", area(polygons=("",))),
    ("ground-readable", area(circles=("39,-105",))),
    ("ground-readable", area(polygons=("-105,39 -105,39.1 -105.1,39.1 -105,39",))),
    ("ground-order", area(polygons=("-105,39 -105,39.1 -105.1,39.1 -105,39",))),
    ("ground-order", area(circles=("-105,39 2",))),
    ("ground-ours", area(polygons=("9,9 9,10 10,10 9,9",))),
    ("polygon-closed", area(polygons=("39,-105 39.1,-105 39.1,-105.1 39,-105.1",))),
    ("polygon-corners", area(polygons=("39,-105 39.1,-105 39,-105",))),
    ("polygon-simple", area(polygons=(" ".join(["39,-105"] * 101),))),
    ("polygon-simple", area(polygons=(RING,) * 11)),
    ("area-drawn", area(polygons=(), geocodes=())),
    ("ceiling-floor", area(ceiling="10")),
    ("ipaws-code", head(codes=())),
    ("ipaws-whole", head(infos=())),
    ("ipaws-whole", info(expires=None)),
    ("ipaws-whole", info(areas=())),
    ("ipaws-event", codes()),
    ("ipaws-event", codes("LEW", "CEM")),
    ("ipaws-event", codes("lew")),
    ("ipaws-one-event", codes("CEM")),
    ("ipaws-one-event", info(categories=("Met",))),
    ("ipaws-offset", utc),
    ("ipaws-county", counties("8059")),
    ("ipaws-located", counties()),
    ("ipaws-sender", info(sender_name="Northside")),
    ("ipaws-channel", parameter("BLOCKCHANNEL", "WEA")),
    ("ipaws-channel", parameter("EAS-ORG", "LAW")),
    ("ipaws-channel", parameter("EAS-ORG")),
    ("ipaws-invented", parameter("CMAMtext-Spanish", "Hola")),
    ("ipaws-invented", parameter("EASHandling", "Broadcast")),
    ("ipaws-ignored", info(onset=at(1))),
    ("ipaws-text", info(instruction="")),
    ("eas-locations", counties(*(f"0080{n:02}" for n in range(32)))),
    ("eas-duration", info(expires=at(1.25))),
    ("eas-duration", info(expires=at(100))),
    ("eas-length", info(description="a" * 1801)),
    ("eas-recall", head(msg_type="Cancel")),
    ("blue-criteria", codes("BLU")),
    ("wea-handling", parameter("WEAHandling", "Broadcast")),
    ("wea-imminent", info(urgency="Future")),
    ("wea-imminent", info(certainty="Possible")),
    ("wea-imminent", info(severity="Moderate")),
    ("wea-public-safety", parameter("WEAHandling", "Public Safety")),
    ("wea-length", parameter("CMAMtext", "a" * 91)),
    ("wea-length", parameter("CMAMlongtext", "a" * 361)),
    ("wea-alphabet", parameter("CMAMtext", "9–5")),
    ("wea-language", info(language="fr-CA")),
    ("wea-words", parameter("CMAMtext")),
    ("wea-test", parameter("WEAHandling", "WEA Test")),
]


def test_a_good_message_keeps_every_rule() -> None:
    findings = found(good())

    assert findings == ()
    assert explain(findings) == "The message keeps every rule that was checked."


@pytest.mark.parametrize(("key", "change"), BREAKS)
def test_each_rule_can_be_broken(key: str, change: Change) -> None:
    assert key in keys(found(change(good())))


def test_every_rule_is_broken_here() -> None:
    with_others = {"reference-exact", "reference-complete"}

    assert {rule.key for rule in RULES} == {key for key, _ in BREAKS} | with_others


def test_every_rule_has_its_own_key_a_sentence_and_a_source() -> None:
    assert len({rule.key for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.sentence.endswith("."), rule.key
        assert rule.source, rule.key


def test_rules_of_ipaws_are_not_asked_of_others() -> None:
    message = parse_cap(build_cap(a_bulletin(), sender="a@x.org", areas=(HARLOW,)))

    assert check_cap(message) == ()
    assert "ipaws-code" in keys(check_cap(message, profile=Profile.IPAWS))


def test_without_our_ground_nothing_is_said_on_where_it_lies() -> None:
    swapped = area(polygons=("-80,39 -80,39.1 -80.1,39.1 -80,39",))(good())

    assert not keys(found(swapped, home=())) & {"ground-order", "ground-ours"}


def test_ground_with_the_numbers_exchanged_is_found_though_it_is_on_earth() -> None:
    east = ((10.0, 50.0), (20.0, 50.0), (20.0, 60.0), (10.0, 60.0), (10.0, 50.0))
    written = build_cap(
        a_bulletin(),
        sender="a@x.org",
        areas=(CapArea(name="Swapped", rings=(tuple((55.0 + n, 15.0) for n in (0, 1, 2, 0)),)),),
    )

    findings = check_cap(parse_cap(written), home=(east,))

    assert "ground-order" in keys(findings)
    assert "ground-readable" not in keys(findings)


def later(kind: BulletinKind, *references: CapReference, version: int = 3) -> CapMessage:
    bulletin = a_bulletin(
        kind=kind,
        version=version,
        content=some_content(change="a name"),
        released_at=NOW + timedelta(hours=1),
    )
    return parse_cap(
        build_cap(bulletin, sender="tocsin@x.org", areas=(HARLOW,), references=references)
    )


def first(*, version: int = 1, hours: int = 12) -> CapMessage:
    bulletin = a_bulletin(version=version, expires_at=NOW + timedelta(hours=hours))
    return parse_cap(build_cap(bulletin, sender="tocsin@x.org", areas=(HARLOW,)))


@pytest.mark.parametrize("kind", [BulletinKind.UPDATE, BulletinKind.CANCEL])
def test_an_update_or_cancel_lists_all_that_has_not_expired(kind: BulletinKind) -> None:
    one, two = first(), first(version=2)

    whole = later(kind, one.reference, two.reference)
    part = later(kind, two.reference)

    assert check_cap(whole, earlier=(one, two)) == ()
    (finding,) = check_cap(part, earlier=(one, two))
    assert finding.rule.key == "reference-complete"
    assert str(one.reference) in finding.detail


def test_what_has_expired_need_not_be_listed() -> None:
    gone, alive = first(hours=0), first(version=2)

    assert check_cap(later(BulletinKind.UPDATE, alive.reference), earlier=(gone, alive)) == ()


def test_a_reference_repeats_the_exact_strings() -> None:
    one = first()
    almost = replace(one.reference, sent=one.sent.text.replace("-07:00", "-06:00"))

    findings = check_cap(later(BulletinKind.UPDATE, almost), earlier=(one,))

    assert keys(findings) == {"reference-exact"}


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("a" * 90, True),
        ("a" * 91, False),
        ("a" * 88 + "{", True),
        ("a" * 89 + "{", False),
        ("ñ" * 90, True),
        ("ñ" * 91, False),
    ],
)
def test_the_short_text_has_ninety_septets_in_each_language(text: str, fits: bool) -> None:
    for language in ("en-US", "es-US"):
        words = replace(ENGLISH, short=text, language=language)
        assert ("wea-length" not in keys(found(good(texts=(words,))))) is fits


@pytest.mark.parametrize(("length", "fits"), [(360, True), (361, False)])
def test_the_long_text_has_360(length: int, fits: bool) -> None:
    words = replace(ENGLISH, long="a" * length)

    assert ("wea-length" not in keys(found(good(texts=(words,))))) is fits


def test_a_message_that_phones_never_show_is_named_before_it_is_sent() -> None:
    judged = Judgement(
        urgency="Future", severity="Severe", certainty="Possible", response="Monitor"
    )

    said = explain(found(good(judgement=judged)))

    assert "Future can never become an Imminent Threat alert on phones" in said
    assert "Possible can never become" in said
    assert "47 CFR 10.400" in said


def test_a_blocked_channel_asks_nothing() -> None:
    judged = Judgement(urgency="Future", severity="Minor", certainty="Unlikely", response="Monitor")
    raw = build_public_cap(
        a_public_warning(judgement=judged, expires_at=NOW + timedelta(minutes=70)),
        sender="a@x.org",
        areas=(HARLOW,),
        ipaws=an_ipaws_choice(blocked=("CMAS", "EAS", "NWEM"), handling=None, organisation=""),
    )

    assert found(parse_cap(raw)) == ()


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(15, ""), (60, ""), (90, ""), (20, "0:30:00"), (61, "1:30:00"), (121, "2:30:00")],
)
def test_the_life_that_eas_will_say_is_told(minutes: int, said: str) -> None:
    findings = found(good(expires_at=NOW + timedelta(minutes=minutes)))

    assert ("eas-duration" in keys(findings)) is bool(said)
    assert said in explain(findings)


def test_errors_come_first_and_every_line_names_its_rule() -> None:
    findings = found(head(status="Draft", sender="a b")(good()))
    lines = explain(findings).splitlines()

    assert [one.rule.level for one in findings] == [Level.ERROR, Level.REMARK]
    assert lines[0].startswith("ERROR  sender:")
    assert "name-bare" in lines[1]
    assert lines[2].startswith("REMARK  status:")


def test_a_public_safety_message_is_no_imminent_threat() -> None:
    choice = an_ipaws_choice(handling=Handling.PUBLIC_SAFETY)
    judged = Judgement(
        urgency="Expected", severity="Extreme", certainty="Possible", response="Avoid"
    )
    raw = build_public_cap(
        a_public_warning(judgement=judged), sender="a@x.org", areas=(HARLOW,), ipaws=choice
    )

    assert keys(found(parse_cap(raw))) == {"wea-public-safety"}


def test_an_area_of_a_name_alone_is_remarked() -> None:
    nowhere = AreaBlock(
        name="Harlow", polygons=(), circles=(), geocodes=(), altitude="", ceiling=""
    )

    assert "area-drawn" in keys(found(info(areas=(nowhere,))(good())))
