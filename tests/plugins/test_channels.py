"""One contract for every channel: whatever is registered passes these."""

import asyncio
from collections.abc import Iterator, Mapping

import pytest

from tests.sinks import MailSink, mail_sink
from tocsin.errors import OutcomeUnknown, SetupError, Undeliverable, Unreachable
from tocsin.warn import Addressee, Channel, Message, Receipt, open_channel
from tocsin.warn.channels import CHANNELS


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with mail_sink() as found:
        yield found


def settings_for(name: str, sink: MailSink) -> Mapping[str, str]:
    return {
        "email": {"smtp": f"smtp://127.0.0.1:{sink.port}", "from": "tocsin@example.org"},
    }.get(name, {})


def a_message(**changes: object) -> Message:
    facts: dict[str, object] = {
        "key": "0b0e9a52-0000-4000-8000-000000000001",
        "subject": "OFFICER SAFETY: threat - Harlow [B-2026-000001 v1]",
        "text": "He said: \u201cI will shoot\u201d\n.\nB-2026-000001 version 1",
        "is_exercise": False,
    }
    return Message(**(facts | changes))  # type: ignore[arg-type] # a builder of keywords


REED = Addressee(name="Officer Reed", address="reed@example.org")


def send(channel: Channel, message: Message, to: Addressee = REED) -> Receipt:
    return asyncio.run(channel.send(message, to=to))


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_a_channel_knows_its_registered_name(name: str, sink: MailSink) -> None:
    channel = open_channel(name, settings_for(name, sink))

    assert channel.name == name
    assert channel.reaches_people in {True, False}


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_a_channel_gives_a_receipt_in_the_gateway_s_words(name: str, sink: MailSink) -> None:
    receipt = send(open_channel(name, settings_for(name, sink)), a_message())

    assert receipt.text


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_a_channel_takes_any_text(name: str, sink: MailSink) -> None:
    channel = open_channel(name, settings_for(name, sink))
    odd = a_message(subject="a\nb\u202e\u4e2d", text="\u4e2d\U0001f6a8\n" * 500)

    receipt = send(channel, odd, Addressee(name='\u4e2d, "O\'Neil"', address="reed@example.org"))

    assert receipt.text


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_a_channel_that_is_set_up_passes_its_check(name: str, sink: MailSink) -> None:
    asyncio.run(open_channel(name, settings_for(name, sink)).check())


def test_an_unknown_channel_says_which_are_known() -> None:
    with pytest.raises(SetupError, match="pigeon") as refusal:
        open_channel("pigeon", {})

    assert "email" in refusal.value.for_person()


def mail(sink: MailSink) -> Channel:
    return open_channel("email", settings_for("email", sink))


def test_a_letter_arrives_as_it_was_written(sink: MailSink) -> None:
    send(mail(sink), a_message())

    to, raw = sink.letters[0]
    assert to == "reed@example.org"
    assert b"Subject: OFFICER SAFETY: threat - Harlow [B-2026-000001 v1]" in raw
    assert b"Message-ID: <0b0e9a52-0000-4000-8000-000000000001@example.org>" in raw
    assert b"Auto-Submitted: auto-generated" in raw


def test_a_letter_keeps_its_name_at_every_attempt(sink: MailSink) -> None:
    for _ in range(2):
        send(mail(sink), a_message())

    names = {
        line
        for _, raw in sink.letters
        for line in raw.splitlines()
        if line.startswith(b"Message-ID")
    }
    assert len(names) == 1


def test_an_address_that_the_server_does_not_know_is_final(sink: MailSink) -> None:
    sink.rcpt_answer = "550 no such mailbox"

    with pytest.raises(Undeliverable, match="550") as failure:
        send(mail(sink), a_message())

    assert failure.value.permanent


@pytest.mark.parametrize("address", ["", "nobody", "a\nb@x.org", "a b@c d"])
def test_what_is_no_address_is_final_and_nothing_is_sent(sink: MailSink, address: str) -> None:
    with pytest.raises(Undeliverable):
        send(mail(sink), a_message(), Addressee(name="Reed", address=address))

    assert sink.letters == []


def test_a_busy_server_is_asked_again_later(sink: MailSink) -> None:
    sink.data_answer = "451 try later"

    with pytest.raises(Unreachable, match="451") as failure:
        send(mail(sink), a_message())

    assert not failure.value.permanent


def test_a_server_that_is_not_there_is_asked_again_later() -> None:
    channel = open_channel("email", {"smtp": "smtp://127.0.0.1:9", "from": "t@example.org"})

    with pytest.raises(Unreachable, match="cannot be reached"):
        send(channel, a_message())
    with pytest.raises(Unreachable):
        asyncio.run(channel.check())


def test_a_server_that_hangs_up_after_the_letter_leaves_the_outcome_unknown(sink: MailSink) -> None:
    sink.hang_up_after_data = True

    with pytest.raises(OutcomeUnknown) as failure:
        send(mail(sink), a_message())

    assert not failure.value.permanent
    assert len(sink.letters) == 1


@pytest.mark.parametrize("address", ["", "mail.example.org", "http://mail.example.org"])
def test_mail_without_a_server_says_which_setting_is_missing(address: str) -> None:
    with pytest.raises(SetupError) as refusal:
        open_channel("email", {"smtp": address})

    assert "TOCSIN_SMTP_URL" in refusal.value.for_person()
