"""Alerts from outside: read as the schema of CAP has them, or refused with the place."""

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from tests.alerts import CAP_XSD, HARLOW, a_public_warning, an_ipaws_choice
from tests.bulletins import a_bulletin
from tests.reference import needs
from tocsin.errors import BadAlert, Error, TooLarge
from tocsin.warn.cap import (
    CapMessage,
    ContainerKind,
    build_cap,
    build_public_cap,
    open_alerts,
    parse_cap,
    reference_to,
)

WHOLE = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>A-1</identifier><sender>them@y.org</sender>
  <sent>2026-03-01T21:05:06-07:00</sent><status>Exercise</status><msgType>Update</msgType>
  <source>desk</source><scope>Private</scope><restriction>none</restriction>
  <addresses>a@x.org "Harlow Police"</addresses><code>one</code><code>two</code>
  <note>a drill</note><references>them@y.org,A-0,2026-03-01T20:00:00-07:00</references>
  <incidents>I-1</incidents>
  <info>
    <language>es-US</language><category>Safety</category><category>Security</category>
    <event>Amenaza</event><responseType>Avoid</responseType><urgency>Immediate</urgency>
    <severity>Severe</severity><certainty>Observed</certainty><audience>all</audience>
    <eventCode><valueName>SAME</valueName><value>LEW</value></eventCode>
    <effective>2026-03-01T21:05:06-07:00</effective><onset>2026-03-01T21:06:00-07:00</onset>
    <expires>2026-03-01T23:00:00-07:00</expires><senderName>Them</senderName>
    <headline>H</headline><description>D</description><instruction>I</instruction>
    <web>https://y.org</web><contact>911</contact>
    <parameter><valueName>CMAMtext</valueName><value>T</value></parameter>
    <resource><resourceDesc>map</resourceDesc><mimeType>image/png</mimeType><size>12</size>
      <uri>https://y.org/m</uri><derefUri>AAAA</derefUri><digest>aa</digest></resource>
    <area><areaDesc>Harlow</areaDesc><polygon>39,-105 39.1,-105 39.1,-105.1 39,-105</polygon>
      <circle>39,-105 2</circle>
      <geocode><valueName>SAME</valueName><value>008059</value></geocode>
      <altitude>10</altitude><ceiling>20.5</ceiling></area>
  </info>
</alert>
"""
OURS = build_public_cap(
    a_public_warning(), sender="a@x.org", areas=(HARLOW,), ipaws=an_ipaws_choice()
)


def altered(old: str, new: str) -> bytes:
    assert old in WHOLE
    return WHOLE.replace(old, new, 1).encode()


def test_every_field_is_read() -> None:
    message = parse_cap(WHOLE.encode())
    (info,) = message.infos
    (area,), (resource,) = info.areas, info.resources

    assert (message.version, message.identifier, message.sender) == ("1.2", "A-1", "them@y.org")
    assert message.sent.text == "2026-03-01T21:05:06-07:00"
    assert (message.status, message.msg_type, message.scope) == ("Exercise", "Update", "Private")
    assert (message.source, message.restriction, message.note) == ("desk", "none", "a drill")
    assert message.addresses == ("a@x.org", "Harlow Police")
    assert message.codes == ("one", "two")
    assert str(message.references[0]) == "them@y.org,A-0,2026-03-01T20:00:00-07:00"
    assert message.incidents == "I-1"
    assert (info.language, info.categories) == ("es-US", ("Safety", "Security"))
    assert (info.event, info.responses, info.audience) == ("Amenaza", ("Avoid",), "all")
    assert (info.urgency, info.severity, info.certainty) == ("Immediate", "Severe", "Observed")
    assert info.event_codes[0].value == "LEW"
    assert info.effective
    assert info.onset
    assert message.expires_at == info.expires.at if info.expires else False
    assert (info.sender_name, info.headline, info.description) == ("Them", "H", "D")
    assert (info.instruction, info.web, info.contact) == ("I", "https://y.org", "911")
    assert info.values("CMAMtext") == ("T",)
    assert (resource.description, resource.mime_type, resource.size) == ("map", "image/png", 12)
    assert (resource.address, resource.content) == ("https://y.org/m", "AAAA")
    assert resource.digest == "aa"
    assert (area.name, area.circles, area.altitude) == ("Harlow", ("39,-105 2",), "10")
    assert area.polygons == ("39,-105 39.1,-105 39.1,-105.1 39,-105",)
    assert (area.geocodes[0].name, area.ceiling) == ("SAME", "20.5")
    assert message.content == WHOLE.encode()


def test_what_we_write_is_read_as_it_was_meant() -> None:
    message = parse_cap(build_cap(a_bulletin(), sender="a@x.org", areas=(HARLOW,)))

    assert message.reference == reference_to(message.content)
    assert message.infos[0].headline == "OFFICER SAFETY: threat against any cop"


def doctype(kind: str) -> bytes:
    return WHOLE.replace("<alert ", f"{kind}\n<alert ", 1).encode()


@pytest.mark.parametrize(
    "content",
    [
        doctype("<!DOCTYPE alert>"),
        doctype('<!DOCTYPE alert [<!ENTITY a "b">]>'),
        doctype('<!DOCTYPE alert SYSTEM "file:///etc/passwd">'),
        doctype('<!-- a --><?b c?> <!--d--><!DOCTYPE alert [<!ENTITY a SYSTEM "http://x.org">]>'),
        b"\xef\xbb\xbf<!DOCTYPE alert><alert/>",
    ],
)
def test_a_document_type_is_refused_with_its_line(content: bytes) -> None:
    with pytest.raises(BadAlert, match=r"Line \d+: the message has a document type"):
        parse_cap(content)


def test_words_that_look_like_a_document_type_are_words() -> None:
    content = altered("<headline>H<", "<headline><![CDATA[<!DOCTYPE html>]]><")

    assert parse_cap(content).infos[0].headline == "<!DOCTYPE html>"


def test_entities_that_grow_without_end_are_refused_before_they_grow() -> None:
    grown = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))
    bomb = f'<!DOCTYPE alert [<!ENTITY a0 "x">{grown}]><alert a="&a12;">&a12;</alert>'

    with pytest.raises(BadAlert, match="document type"):
        parse_cap(bomb.encode())


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "does not begin"),
        (b"   ", "does not begin"),
        (b"\x00\x01", "does not begin"),
        (b"{}", "does not begin"),
        (WHOLE.encode("utf-16"), "does not begin"),
        (altered('"UTF-8"', '"UTF-7"'), "encoding 'utf-7'"),
        (altered('"UTF-8"', '"IBM037"'), "encoding 'ibm037'"),
        (WHOLE.encode()[:-10], "well-formed"),
        (altered("Amenaza", "&amenaza;"), "well-formed"),
        (b"<!-- never ends", "well-formed"),
        (altered("cap:1.2", "cap:1.3"), "none of CAP's"),
        (altered("urn:oasis:names:tc:emergency:cap:1.2", "http://www.incident.com/cap/1.0"), "1.0"),
        (b"<html/>", "no CAP alert"),
        (altered("<scope>Private</scope>", ""), "no <scope>"),
        (altered("<scope>Private</scope>", "<scope>Secret</scope>"), "one of Public, Restricted"),
        (altered("<note>", "<note a='b'>"), "attribute 'a'"),
        (altered("<note>", "<note><b/>"), "only text"),
        (altered("<info>", "<info>words"), "no element"),
        (altered("</area>", "</area><event>x</event>"), "wrong order"),
        (altered("<size>12<", "<size>twelve<"), "whole number"),
        (altered("2026-03-01T21:05:06-07:00", "2026-03-01T21:05:06Z"), "a time such as"),
        (altered("2026-03-01T21:05:06-07:00", "2026-02-30T21:05:06-07:00"), "a time such as"),
        (altered("es-US", "español"), "a language"),
    ],
)
def test_what_is_no_alert_is_refused_with_a_reason(content: bytes, why: str) -> None:
    with pytest.raises(BadAlert, match=why) as refusal:
        parse_cap(content)

    assert refusal.value.for_person()


def test_a_refusal_names_the_line() -> None:
    line = WHOLE[: WHOLE.index("<size>")].count("\n") + 1

    with pytest.raises(BadAlert, match=f"Line {line}: <size>"):
        parse_cap(altered("<size>12<", "<size>twelve<"))


def test_more_bytes_than_the_limit_are_refused_unread() -> None:
    with pytest.raises(TooLarge, match="at most 10"):
        parse_cap(WHOLE.encode(), limit=10)
    with pytest.raises(TooLarge):
        parse_cap(b"<" * (1024 * 1024 + 1))


def test_depth_is_bounded() -> None:
    with pytest.raises(BadAlert, match="deep|well-formed"):
        open_alerts(b"<a>" * 200 + b"</a>" * 200)
    with pytest.raises(BadAlert, match="deep|well-formed"):
        open_alerts(b"<a>" * 100_000)


def test_the_number_of_elements_is_bounded() -> None:
    with pytest.raises(TooLarge, match="elements"):
        open_alerts(b"<a>" + b"<b/>" * 300_000 + b"</a>")


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><title>F</title>
<entry><id>1</id><title>One</title>
  <link rel="alternate" type="application/cap+xml" href="u"/></entry>
<entry><id>2</id><title>Two</title><content>{one}</content></entry>
<entry><id>3</id><title>Three</title><content>{two}</content></entry>
<entry><id>4</id><title>Four</title></entry></feed>"""


def test_one_broken_alert_in_a_feed_does_not_silence_the_others() -> None:
    whole = WHOLE.partition("?>")[2]
    feed = ATOM.format(one=whole.replace("Exercise", "Sport"), two=whole)

    opened = open_alerts(feed.encode())

    assert opened.kind is ContainerKind.ATOM
    assert [message.identifier for message in opened.messages] == ["A-1"]
    assert opened.messages[0].is_embedded
    assert parse_cap(opened.messages[0].content).note == "a drill"
    assert [(link.address, link.is_cap) for link in opened.links] == [("u", True)]
    assert len(opened.faults) == 2
    assert "'Sport'" in opened.faults[0]
    assert "leads to none" in opened.faults[1]


def only_ours(read: Callable[[bytes], object], content: bytes) -> None:
    try:
        read(content)
    except Error as error:
        assert error.for_person()  # noqa: PT017 -- most inputs raise, some do not


@given(st.binary())
@example(b"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'/>")
@example(b"<?xml version='1.0' encoding='utf-8'?><a/>")
@example(b"<rss/>")
@example(b"<feed xmlns='http://www.w3.org/2005/Atom'><entry/></feed>")
def test_no_bytes_raise_anything_but_our_errors(content: bytes) -> None:
    only_ours(parse_cap, content)
    only_ours(open_alerts, content)


@given(
    st.sampled_from([WHOLE.encode(), OURS]),
    st.integers(0),
    st.integers(0, 40),
    st.binary(max_size=12),
)
def test_no_damage_raises_anything_but_our_errors(
    content: bytes, at: int, gone: int, instead: bytes
) -> None:
    at %= len(content)

    only_ours(parse_cap, content[:at] + instead + content[at + gone :])


TEXTS = ["", "Actual", " Actual", "Public", "Other", "x", "12", "-1.5", "en-US", "en_US", "Severe"]
TIMES = ["2026-03-01T21:05:06-07:00", "2026-03-01T21:05:06+00:00", "2026-03-01T21:05:06Z", "\n2026"]


UNFOLLOWED = {"uri", "web"}
"""Addresses, which nobody here follows: any text is read, though the schema refuses some."""


@needs("standards", "cap", "xsd")
@given(
    st.lists(
        st.tuples(st.integers(0), st.integers(0, 5), st.sampled_from(TEXTS + TIMES)), max_size=3
    )
)
def test_our_reading_and_the_schema_agree_on_what_is_an_alert(
    changes: list[tuple[int, int, str]],
) -> None:
    root = etree.fromstring(WHOLE.encode())
    for place, kind, words in changes:
        change(root, place, kind, words)
    content = etree.tostring(root)

    is_valid = etree.XMLSchema(file=str(CAP_XSD)).validate(etree.fromstring(content))

    assert is_read(content) == is_valid


def change(root: etree._Element, place: int, kind: int, words: str) -> None:
    """Do one thing to one element: drop, double, move, fill, mark, or put in a stranger."""
    inside = list(root.iterdescendants())
    if not inside:
        return
    element = inside[place % len(inside)]
    parent = element.getparent()
    if parent is None:
        return
    if kind == 0:
        parent.remove(element)
    elif kind == 1:
        parent.insert(
            parent.index(element), etree.fromstring(etree.tostring(element, with_tail=False))
        )
    elif kind == 2:
        parent.append(element)
    elif kind == 3 and not len(element) and etree.QName(element).localname not in UNFOLLOWED:
        element.text = words
    elif kind == 4:
        element.set("mark", words)
    else:
        etree.SubElement(element, "stranger")


def is_read(content: bytes) -> bool:
    try:
        message = parse_cap(content)
    except BadAlert:
        return False
    return isinstance(message, CapMessage)
