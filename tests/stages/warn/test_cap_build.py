"""CAP 1.2 as we write it: valid against the schemas, whatever a bulletin or a person says."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.alerts import (
    CAP_XSD,
    COLORADO,
    EARLIER,
    ENGLISH,
    HARLOW,
    IPAWS_XSD,
    SPANISH,
    a_public_warning,
    an_ipaws_choice,
)
from tests.bulletins import NOW, a_bulletin, some_content
from tests.reference import needs
from tocsin.errors import OutOfTurn
from tocsin.warn import Bulletin, BulletinKind, CapArea, build_cap, reference_to
from tocsin.warn.cap import (
    CapAudience,
    CapReply,
    Judgement,
    Level,
    Profile,
    SpanishText,
    build_public_cap,
    build_reply,
    cap_time,
    check_cap,
    parse_cap,
)

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
EN_ESPAÑOL = SpanishText(headline="AVISO", description="Dijo algo.", instruction="Cuidado.")


def message(
    bulletin: Bulletin,
    *,
    areas: tuple[CapArea, ...] = (HARLOW,),
    sender: str = "tocsin@x.org",
    audience: CapAudience = CapAudience(),  # noqa: B008 -- frozen
) -> bytes:
    references = () if bulletin.kind is BulletinKind.ALERT else (EARLIER,)
    return build_cap(bulletin, sender=sender, areas=areas, references=references, audience=audience)


def text(raw: bytes, name: str) -> str | None:
    found = etree.fromstring(raw).find(f".//{CAP}{name}")
    return None if found is None else found.text


def every(raw: bytes, name: str) -> list[str | None]:
    return [one.text for one in etree.fromstring(raw).iter(f"{CAP}{name}")]


def errors(raw: bytes, profile: Profile = Profile.CAP) -> list[str]:
    found = check_cap(parse_cap(raw), profile=profile, home=(COLORADO,))
    return [str(one) for one in found if one.rule.level is Level.ERROR]


def require_valid(raw: bytes, *schemas: object) -> None:
    for schema in schemas or (CAP_XSD,):
        etree.XMLSchema(file=str(schema)).assertValid(etree.fromstring(raw))
        xmlschema.XMLSchema(str(schema)).validate(raw.decode())


@needs("standards", "cap", "xsd")
@pytest.mark.parametrize("kind", list(BulletinKind))
@pytest.mark.parametrize("areas", [(), (HARLOW,), (HARLOW, HARLOW)])
@pytest.mark.parametrize(
    "audience",
    [
        CapAudience(),
        CapAudience(addresses=("a@x.org", "Harlow PD")),
        CapAudience(spanish=EN_ESPAÑOL),
    ],
)
def test_every_kind_is_valid_by_two_validators_and_by_ours(
    kind: BulletinKind, areas: tuple[CapArea, ...], audience: CapAudience
) -> None:
    bulletin = a_bulletin(kind=kind, content=some_content(change="cleared"))

    raw = message(bulletin, areas=areas, audience=audience)

    require_valid(raw)
    assert errors(raw) == []


@needs("standards", "cap", "xsd")
@given(st.text(), st.text(), st.lists(st.text(), max_size=3))
def test_no_words_make_it_invalid(safety_line: str, said: str, not_known: list[str]) -> None:
    content = some_content(safety_line=safety_line, said=said, not_known=tuple(not_known))
    raw = message(a_bulletin(content=content))

    etree.XMLSchema(file=str(CAP_XSD)).assertValid(etree.fromstring(raw))
    assert parse_cap(raw).infos[0].event == "Threat against persons"


def test_it_is_restricted_and_says_to_whom() -> None:
    raw = message(a_bulletin())

    assert text(raw, "scope") == "Restricted"
    assert "Not for public release" in (text(raw, "restriction") or "")
    assert text(raw, "status") == "Actual"


def test_for_named_addresses_it_is_private_and_quotes_those_with_spaces() -> None:
    raw = message(a_bulletin(), audience=CapAudience(addresses=("a@x.org", "Harlow Police")))

    assert text(raw, "scope") == "Private"
    assert text(raw, "restriction") is None
    assert text(raw, "addresses") == 'a@x.org "Harlow Police"'
    assert parse_cap(raw).addresses == ("a@x.org", "Harlow Police")


@pytest.mark.parametrize("address", ["", " ", 'a"b'])
def test_an_address_that_cap_cannot_write_is_refused(address: str) -> None:
    with pytest.raises(OutOfTurn, match="address"):
        message(a_bulletin(), audience=CapAudience(addresses=(address,)))


def test_spanish_stands_beside_english_with_its_own_ground() -> None:
    raw = message(a_bulletin(), audience=CapAudience(spanish=EN_ESPAÑOL))
    english, spanish = parse_cap(raw).infos

    assert (english.language, spanish.language) == ("en-US", "es-US")
    assert spanish.headline == "AVISO"
    assert spanish.areas == english.areas
    assert spanish.expires == english.expires


def test_an_exercise_is_marked_as_one() -> None:
    assert text(message(a_bulletin(is_exercise=True)), "status") == "Exercise"


def test_it_judges_nothing_that_a_person_must_judge() -> None:
    raw = message(a_bulletin())

    assert text(raw, "certainty") == "Unknown"
    assert text(raw, "urgency") == "Unknown"


def test_a_cancel_is_no_all_clear() -> None:
    raw = message(a_bulletin(kind=BulletinKind.CANCEL, content=some_content(change="retracted")))

    assert text(raw, "msgType") == "Cancel"
    assert text(raw, "responseType") is None
    assert text(raw, "note") == "retracted"


def test_a_correction_is_an_update() -> None:
    raw = message(a_bulletin(kind=BulletinKind.CORRECTION, content=some_content(change="a name")))

    assert text(raw, "msgType") == "Update"


def test_ground_is_written_latitude_first_and_closed() -> None:
    pairs = (text(message(a_bulletin()), "polygon") or "").split()

    assert pairs[0] == "39.100000,-105.200000"
    assert pairs[0] == pairs[-1]
    assert len(pairs) == 5


def test_an_update_refers_by_the_exact_strings_of_the_first() -> None:
    first = message(a_bulletin())
    reference = reference_to(first)
    later = a_bulletin(kind=BulletinKind.UPDATE, version=2, content=some_content(change="a name"))

    raw = build_cap(later, sender="tocsin@x.org", areas=(), references=(reference,))

    sent = text(first, "sent")
    assert text(raw, "references") == f"tocsin@x.org,B-2026-000001.1,{sent}"


@pytest.mark.parametrize("kind", [BulletinKind.UPDATE, BulletinKind.CANCEL])
def test_an_update_or_cancel_that_refers_to_nothing_is_refused(kind: BulletinKind) -> None:
    with pytest.raises(OutOfTurn, match="must refer"):
        build_cap(a_bulletin(kind=kind), sender="tocsin@x.org", areas=())


@pytest.mark.parametrize("sender", ["", "a b@x.org", "a,b@x.org", "a<b@x.org", "a&b@x.org"])
def test_a_sender_that_cap_bars_is_refused(sender: str) -> None:
    with pytest.raises(OutOfTurn, match="sender") as refusal:
        message(a_bulletin(), sender=sender)

    assert "TOCSIN_CAP_SENDER" in refusal.value.for_person()


@given(
    st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)),  # noqa: DTZ001
    st.sampled_from(["America/Denver", "UTC", "Europe/London", "Asia/Kolkata"]),
)
def test_times_have_cap_s_own_shape(moment: datetime, zone: str) -> None:
    written = cap_time(moment.replace(tzinfo=UTC), zone)

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d", written)
    assert not written.endswith("+00:00")


def test_times_keep_their_moment() -> None:
    bulletin = replace(a_bulletin(), expires_at=NOW + timedelta(hours=12))

    assert text(message(bulletin), "expires") == "2026-03-02T09:05:06-07:00"


@needs("standards", "cap", "xsd")
@pytest.mark.parametrize(
    "kind", [BulletinKind.ALERT, BulletinKind.UPDATE, BulletinKind.CORRECTION, BulletinKind.CANCEL]
)
def test_a_public_message_is_valid_by_both_schemas_and_all_rules(kind: BulletinKind) -> None:
    references = () if kind is BulletinKind.ALERT else (EARLIER,)
    warning = a_public_warning(kind=kind, change="" if kind is BulletinKind.ALERT else "found")

    raw = build_public_cap(
        warning,
        sender="tocsin@x.org",
        areas=(HARLOW,),
        references=references,
        ipaws=an_ipaws_choice(),
    )

    require_valid(raw, CAP_XSD, IPAWS_XSD)
    assert errors(raw, Profile.IPAWS) == []


@needs("standards", "cap", "xsd")
@given(st.text(), st.text(), st.text(), st.text(), st.text())
def test_no_words_to_the_public_make_it_invalid(
    headline: str, description: str, short: str, long: str, web: str
) -> None:
    words = replace(
        ENGLISH, headline=f"!{headline}", description=description, short=short, long=long
    )
    warning = a_public_warning(texts=(words,), contact=web)

    raw = build_public_cap(warning, sender="a@x.org", areas=(HARLOW,), ipaws=an_ipaws_choice())

    etree.XMLSchema(file=str(CAP_XSD)).assertValid(etree.fromstring(raw))
    etree.XMLSchema(file=str(IPAWS_XSD)).assertValid(etree.fromstring(raw))
    parse_cap(raw)


def test_ipaws_gets_what_a_person_chose_and_nothing_else() -> None:
    raw = build_public_cap(
        a_public_warning(), sender="a@x.org", areas=(HARLOW,), ipaws=an_ipaws_choice()
    )
    parsed = parse_cap(raw)
    english = parsed.infos[0]

    assert parsed.codes == ("IPAWSv1.0",)
    assert [(one.name, one.value) for one in english.event_codes] == [("SAME", "LEW")]
    assert english.values("BLOCKCHANNEL") == ("NWEM",)
    assert english.values("WEAHandling") == ("Imminent Threat",)
    assert english.values("EAS-ORG") == ("CIV",)
    assert english.values("CMAMtext") == (ENGLISH.short,)
    assert parsed.infos[1].values("CMAMlongtext") == (SPANISH.long,)
    assert english.sender_name == "201971,Northside Communications,"
    assert english.areas[0].geocodes[0].value == "008059"
    assert parsed.sent.text.endswith("-07:00")
    assert english.effective is None


def test_without_ipaws_nothing_is_said_to_it() -> None:
    raw = build_public_cap(a_public_warning(), sender="a@x.org", areas=(HARLOW,))

    assert text(raw, "code") is None
    assert text(raw, "eventCode") is None
    assert text(raw, "parameter") is None
    assert text(raw, "senderName") == "Northside Communications"
    assert text(raw, "scope") == "Public"


def test_nobody_gets_a_blue_alert_who_did_not_write_one() -> None:
    with pytest.raises(TypeError, match="event_code"):
        an_ipaws_choice().__class__(  # type: ignore[call-arg]
            organisation="CIV", operator="1", agency="A", blocked=(), handling=None
        )


@pytest.mark.parametrize("code", ["", "lew", "LE", "LEWD", "L W"])
def test_an_event_code_is_three_letters(code: str) -> None:
    with pytest.raises(OutOfTurn, match="event code"):
        build_public_cap(
            a_public_warning(),
            sender="a@x.org",
            areas=(HARLOW,),
            ipaws=an_ipaws_choice(event_code=code),
        )


@pytest.mark.parametrize(
    "changes",
    [
        {"texts": ()},
        {"texts": (replace(ENGLISH, headline=" "),)},
        {"texts": (replace(ENGLISH, language="not a language"),)},
        {"status": "Real"},
        {
            "judgement": Judgement(
                urgency="Soon", severity="Severe", certainty="Likely", response="Shelter"
            )
        },
        {"kind": BulletinKind.UPDATE},
    ],
)
def test_what_cap_has_no_word_for_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(OutOfTurn):
        build_public_cap(a_public_warning(**changes), sender="a@x.org", areas=(HARLOW,))


def test_a_message_to_the_public_without_ground_is_refused() -> None:
    with pytest.raises(OutOfTurn, match="ground"):
        build_public_cap(a_public_warning(), sender="a@x.org", areas=())


@needs("standards", "cap", "xsd")
@pytest.mark.parametrize(("problem", "kind"), [("", "Ack"), ("No scope.", "Error")])
def test_a_foreign_message_is_answered_to_its_sender_alone(problem: str, kind: str) -> None:
    foreign = parse_cap(message(a_bulletin(is_exercise=True), sender="them@y.org"))
    reply = CapReply(
        identifier="R-1", sender="us@x.org", at=NOW, zone="America/Denver", problem=problem
    )

    raw = build_reply(foreign, reply)

    require_valid(raw)
    assert errors(raw) == []
    parsed = parse_cap(raw)
    assert (parsed.msg_type, parsed.scope, parsed.status) == (kind, "Private", "Exercise")
    assert parsed.addresses == ("them@y.org",)
    assert parsed.references == (foreign.reference,)
    assert parsed.note == problem


def test_a_reply_is_not_answered() -> None:
    reply = CapReply(identifier="R-1", sender="us@x.org", at=NOW, zone="UTC")
    first = build_reply(parse_cap(message(a_bulletin())), reply)

    with pytest.raises(OutOfTurn, match="not answered"):
        build_reply(parse_cap(first), reply)


def test_a_message_whose_names_break_a_reference_is_not_answered() -> None:
    foreign = replace(parse_cap(message(a_bulletin())), sender="a,b")

    with pytest.raises(OutOfTurn, match="refer"):
        build_reply(foreign, CapReply(identifier="R-1", sender="us@x.org", at=NOW, zone="UTC"))
