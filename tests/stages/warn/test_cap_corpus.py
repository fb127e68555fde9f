"""Real alerts and feeds of other senders: each file by name, and what becomes of it."""

from dataclasses import dataclass

import pytest
from lxml import etree

from tests.alerts import CAP_FILES, IPAWS_XSD
from tests.reference import needs
from tocsin.errors import BadAlert
from tocsin.warn.cap import (
    ContainerKind,
    Level,
    Profile,
    check_cap,
    open_alerts,
)

MESSAGES = CAP_FILES / "messages"
ALERT, LIST, ATOM = ContainerKind.ALERT, ContainerKind.LIST, ContainerKind.ATOM
RSS, EDXL = ContainerKind.RSS, ContainerKind.EDXL


@dataclass(frozen=True)
class Read:
    """A file that is read: its kind, how many alerts, of which version, links and faults."""

    kind: ContainerKind
    alerts: int = 0
    version: str = "1.2"
    links: int = 0
    faults: int = 0


READ = {
    "CanadaNaad.xml": Read(ALERT, 1),
    "NOAA_MultiplePolygons.txt": Read(ALERT, 1),
    "amber.atom": Read(ATOM, 1, "1.1"),
    "amber.rss": Read(RSS, links=1),
    "australia.cap": Read(ALERT, 1),
    "australia_bom.cap": Read(ALERT, 1),
    "bushfire_valid.edxlde": Read(EDXL, 59),
    "canada.cap": Read(ALERT, 1),
    "canada_errors.cap": Read(ALERT, 1),
    "canada_signed.atom": Read(ATOM, 1),
    "canada_signed.cap": Read(ALERT, 1),
    "earthquake-iso8859-1.cap": Read(ALERT, 1),
    "earthquake.cap": Read(ALERT, 1, "1.1"),
    "earthquake_index.atom": Read(ATOM, links=1),
    "earthquake_signed.cap": Read(ALERT, 1, "1.1"),
    "empty_weather_index.atom": Read(ATOM),
    "iceland_met_office.cap": Read(ALERT, 1),
    "invalid.rss": Read(RSS, faults=4),
    "invalid_element.atom": Read(ATOM, faults=1),
    "mexico.xml": Read(ALERT, 1),
    "no_id.atom": Read(ATOM, faults=3),
    "no_info_tag.cap": Read(ALERT, 1),
    "no_link.atom": Read(ATOM, faults=1),
    "no_optional_fields.cap": Read(ALERT, 1, "1.1"),
    "no_title.atom": Read(ATOM, faults=2),
    "ny_index.rss": Read(RSS, links=2),
    "oregon_nws.atom": Read(ATOM, faults=1),
    "ph.cap": Read(ALERT, 1),
    "rfs.xml": Read(EDXL, 1),
    "smhi.se.alerts.cap": Read(LIST, 17),
    "sweden.atom": Read(ATOM, links=4),
    "taiwan.cap": Read(ALERT, 1),
    "tmp0000.cap": Read(ALERT, 1, "1.1"),
    "us_nws_weather.atom": Read(ATOM, links=2),
    "usgs_alerthub.atom": Read(ATOM, links=1),
    "wcatwc-warning.cap": Read(ALERT, 1),
    "wea_public_safety_2025_unsigned.xml": Read(ALERT, 1),
    "weather.atom": Read(ATOM, 1, "1.1"),
    "weather.cap": Read(ALERT, 1, "1.1"),
    "weather_index.atom": Read(ATOM, links=2),
    "weather_invalid.atom": Read(ATOM, 1, "1.1"),
}
"""Files that are read; a feed's faults are named beside what could be used."""

REFUSED = {
    "environment_canada_x509_cert.pem": "does not begin as XML",
    "invalid.cap": "Line 2: <alert> has no <scope>",
    "invalid_xmlns.cap": "none of CAP's",
    "naads_x509_cert.pem": "does not begin as XML",
    "noaa_errors.cap": "Line 17: <urgency> holds ''",
    "pelmorex.atom": "Line 1: this is not well-formed",
    "sweden.cap": "Line 17: <senderName> should not stand there",
}
"""Files that are refused, and what the refusal says."""

BROKEN = {
    "CanadaNaad.xml": set(),
    "australia_bom.cap": {"time-utc"},
    "canada_errors.cap": {"reference-needed"},
    "earthquake-iso8859-1.cap": {
        *("time-utc", "ipaws-offset", "ipaws-channel", "wea-imminent"),
    },
    "no_info_tag.cap": {"ipaws-whole"},
    "wea_public_safety_2025_unsigned.xml": set(),
    "weather.cap": {"ground-readable"},
    "weather_invalid.atom": {"name-bare"},
}
"""Rules that some of them do not keep; files with the IPAWS code are held to its profile."""


@needs("standards", "cap", "messages")
def test_every_file_has_its_verdict_here() -> None:
    files = {file.name for file in MESSAGES.iterdir()} - {"lew_2019_signed.xml"}

    assert files == set(READ) | set(REFUSED)


@needs("standards", "cap", "messages")
@pytest.mark.parametrize("name", sorted(READ))
def test_a_good_file_is_read(name: str) -> None:
    expected = READ[name]

    opened = open_alerts((MESSAGES / name).read_bytes())

    assert opened.kind is expected.kind
    assert len(opened.messages) == expected.alerts
    assert {message.version for message in opened.messages} <= {expected.version}
    assert len(opened.links) == expected.links
    assert len(opened.faults) == expected.faults, opened.faults


@needs("standards", "cap", "messages")
@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_bad_file_is_refused_with_the_place(name: str) -> None:
    with pytest.raises(BadAlert) as refusal:
        open_alerts((MESSAGES / name).read_bytes())

    assert REFUSED[name] in refusal.value.what


@needs("standards", "cap", "messages")
@pytest.mark.parametrize("name", sorted(BROKEN))
def test_the_rules_find_what_is_wrong_with_it(name: str) -> None:
    found = set()
    for message in open_alerts((MESSAGES / name).read_bytes()).messages:
        profile = Profile.IPAWS if "IPAWSv1.0" in message.codes else Profile.CAP
        findings = check_cap(message, profile=profile)
        found |= {one.rule.key for one in findings if one.rule.level is Level.ERROR}

    assert found == BROKEN[name]


@needs("standards", "cap", "messages")
@pytest.mark.parametrize("name", sorted(set(READ) | set(REFUSED)))
def test_the_schemas_say_the_same_of_every_alert_inside(name: str) -> None:
    content = (MESSAGES / name).read_bytes()
    try:
        root = etree.fromstring(content)
    except etree.XMLSyntaxError:
        assert name in REFUSED
        return
    alerts = [one for one in root.iter("{*}alert") if b"emergency:cap" in etree.tostring(one)]
    valid = sum(is_valid(alert) for alert in alerts)

    # CAP 1.1 has no place for a signature; it is read all the same.
    extra = 1 if name == "earthquake_signed.cap" else 0
    assert valid + extra == (READ[name].alerts if name in READ else 0)


def is_valid(alert: etree._Element) -> bool:
    schema = "CAP-v1.2.xsd" if "cap:1.2" in str(alert.tag) else "CAP-v1.1.xsd"
    alone = etree.fromstring(etree.tostring(alert, with_tail=False))
    return etree.XMLSchema(file=str(CAP_FILES / "xsd" / schema)).validate(alone)


@needs("standards", "cap", "messages")
@pytest.mark.parametrize(
    "name", ["canada_errors.cap", "iceland_met_office.cap", "mexico.xml", "wcatwc-warning.cap"]
)
def test_what_the_ipaws_schema_refuses_our_rules_refuse_for_ipaws(name: str) -> None:
    content = (MESSAGES / name).read_bytes()
    (message,) = open_alerts(content).messages

    found = {one.rule.key for one in check_cap(message, profile=Profile.IPAWS)}

    assert not etree.XMLSchema(file=str(IPAWS_XSD)).validate(etree.fromstring(content))
    assert found & {"ipaws-code", "ipaws-whole", "ipaws-event"}
