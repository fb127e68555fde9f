"""One contract for every channel: whatever is registered passes these."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from tests.gateways import HttpGateway, a_gateway
from tests.sinks import MailSink, mail_sink
from tests.subscriber import Browser
from tocsin.errors import OutcomeUnknown, SetupError, Undeliverable, Unreachable
from tocsin.warn import Addressee, Channel, Message, Receipt, open_channel, open_hand_channel
from tocsin.warn.channels import CHANNELS


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with mail_sink() as found:
        yield found


@pytest.fixture
def gateway() -> Iterator[HttpGateway]:
    with a_gateway() as found:
        yield found


HERE = {"allow": "127.0.0.0/8"}


def settings_for(
    name: str, sink: MailSink, gateway: HttpGateway | None = None
) -> Mapping[str, str]:
    url = gateway.url if gateway else ""
    return {
        "email": {"smtp": f"smtp://127.0.0.1:{sink.port}", "from": "tocsin@example.org"},
        "sms": {"url": url, "secret": "of the gateway", "from": "+13035550100"},
        "voice": {"url": url, "secret": "of the gateway", "callback": f"{url}/answers"},
        "push": {"secret": "s" * 40, "contact": "mailto:it@example.org", **HERE},
        "webhook": {"secret": "known to both of us", **HERE},
    }.get(name, {})


def address_for(name: str, gateway: HttpGateway) -> str:
    return {
        "sms": "+13035550123",
        "voice": "+13035550123",
        "push": Browser().subscription(f"{gateway.url}/reed"),
        "webhook": f"{gateway.url}/hook",
    }.get(name, "reed@example.org")


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
def test_a_channel_knows_its_registered_name(
    name: str, sink: MailSink, gateway: HttpGateway
) -> None:
    channel = open_channel(name, settings_for(name, sink, gateway))

    assert channel.name == name
    assert channel.reaches_people in {True, False}


def outcome(channel: Channel, message: Message, to: Addressee = REED) -> str:
    """The receipt's words; of a channel that a person carries, its refusal and what to carry."""
    if not hasattr(channel, "lay_out"):
        return send(channel, message, to).text
    with pytest.raises(Undeliverable) as refusal:
        send(channel, message, to)
    by_hand = replace(to, address="")
    sheet = open_hand_channel(channel.name, {}).lay_out(message, to=by_hand)
    assert refusal.value.permanent
    assert "person" in refusal.value.what
    assert sheet.content
    assert sheet.name
    assert sheet.media_type
    return refusal.value.way_out


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_a_channel_gives_a_receipt_or_says_who_must_carry_it(
    name: str, sink: MailSink, gateway: HttpGateway
) -> None:
    channel = open_channel(name, settings_for(name, sink, gateway))

    assert outcome(channel, a_message(), replace(REED, address=address_for(name, gateway)))


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_a_channel_takes_any_text(name: str, sink: MailSink, gateway: HttpGateway) -> None:
    channel = open_channel(name, settings_for(name, sink, gateway))
    odd = a_message(subject="a\nb\u202e\u4e2d", text="\u4e2d\U0001f6a8\n" * 500)

    to = Addressee(name='\u4e2d, "O\'Neil"', address=address_for(name, gateway))

    assert outcome(channel, odd, to)


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_a_channel_that_is_set_up_passes_its_check(
    name: str, sink: MailSink, gateway: HttpGateway
) -> None:
    asyncio.run(open_channel(name, settings_for(name, sink, gateway)).check())


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_a_channel_sends_in_one_loop_after_another(
    name: str, sink: MailSink, gateway: HttpGateway
) -> None:
    channel = open_channel(name, settings_for(name, sink, gateway))
    to = replace(REED, address=address_for(name, gateway))

    assert [outcome(channel, a_message(), to) for _ in range(2)]


GATEWAYS = ("push", "sms", "voice", "webhook")
"""The channels that speak HTTP."""


@pytest.mark.parametrize("name", GATEWAYS)
@pytest.mark.parametrize(
    ("status", "error"),
    [
        *((status, Undeliverable) for status in (400, 401, 403, 404, 422)),
        *((status, Unreachable) for status in (301, 307, 408, 409, 425, 429, 500, 503)),
        *((status, OutcomeUnknown) for status in (302, 303, 502, 504)),
    ],
)
def test_what_a_gateway_s_status_means(
    name: str, status: int, error: type[Exception], sink: MailSink, gateway: HttpGateway
) -> None:
    gateway.status = status
    gateway.headers = {"Location": "http://127.0.0.1:9/other", "Retry-After": "120"}
    channel = open_channel(name, settings_for(name, sink, gateway))

    with pytest.raises(error, match=str(status)) as failure:
        send(channel, a_message(), replace(REED, address=address_for(name, gateway)))

    assert len(gateway.heard) == 1
    assert ("120" in str(failure.value)) == (status in {408, 409, 425, 429, 500, 503})


@pytest.mark.parametrize("name", GATEWAYS)
def test_a_gateway_that_hangs_up_leaves_the_outcome_unknown(
    name: str, sink: MailSink, gateway: HttpGateway
) -> None:
    gateway.hang_up = True
    channel = open_channel(name, settings_for(name, sink, gateway))

    with pytest.raises(OutcomeUnknown):
        send(channel, a_message(), replace(REED, address=address_for(name, gateway)))


@pytest.mark.parametrize("name", GATEWAYS)
def test_a_gateway_that_never_answers_leaves_the_outcome_unknown(
    name: str, sink: MailSink, gateway: HttpGateway
) -> None:
    gateway.latency = 5.0
    settings = {**settings_for(name, sink, gateway), "seconds": "0.3"}

    with pytest.raises(OutcomeUnknown, match="0.3 seconds"):
        send(
            open_channel(name, settings),
            a_message(),
            replace(REED, address=address_for(name, gateway)),
        )


@pytest.mark.parametrize("name", GATEWAYS)
def test_a_gateway_that_is_not_there_is_asked_again_later(name: str, sink: MailSink) -> None:
    nobody = HttpGateway(port=9)

    with pytest.raises(Unreachable, match="cannot be reached"):
        send(
            open_channel(name, settings_for(name, sink, nobody)),
            a_message(),
            replace(REED, address=address_for(name, nobody)),
        )


@pytest.mark.parametrize("name", GATEWAYS)
def test_an_answer_that_is_not_of_the_web_leaves_the_outcome_unknown(
    name: str, sink: MailSink, gateway: HttpGateway
) -> None:
    gateway.answer = b"220 mail.example ESMTP\r\n\r\n"

    with pytest.raises(OutcomeUnknown):
        send(
            open_channel(name, settings_for(name, sink, gateway)),
            a_message(),
            replace(REED, address=address_for(name, gateway)),
        )


@pytest.mark.parametrize("name", ["sms", "webhook", "voice"])
def test_a_message_keeps_its_key_at_every_attempt(
    name: str, sink: MailSink, gateway: HttpGateway
) -> None:
    channel = open_channel(name, settings_for(name, sink, gateway))
    for is_again in (False, True):
        to = replace(REED, address=address_for(name, gateway))
        send(channel, a_message(is_again=is_again), to)

    assert {one.headers["idempotency-key"] for one in gateway.heard} == {a_message().key}
    assert gateway.doubles == 1


@pytest.mark.parametrize("name", GATEWAYS)
def test_messages_share_connections(name: str, sink: MailSink, gateway: HttpGateway) -> None:
    settings = {**settings_for(name, sink, gateway), "connections": "3"}
    channel = open_channel(name, settings)
    to = replace(REED, address=address_for(name, gateway))

    async def send_many() -> None:
        await asyncio.gather(*(channel.send(a_message(key=str(n)), to=to) for n in range(30)))

    asyncio.run(send_many())

    assert len(gateway.heard) == 30
    assert gateway.lines <= 3


@pytest.mark.parametrize("name", GATEWAYS)
@pytest.mark.parametrize(
    "wrong",
    [{"connections": "many"}, {"connections": "0"}, {"seconds": "-1"}, {"authority": "/no"}],
)
def test_a_setting_that_cannot_be_is_named(
    name: str, wrong: dict[str, str], sink: MailSink, gateway: HttpGateway
) -> None:
    with pytest.raises(SetupError):
        open_channel(name, {**settings_for(name, sink, gateway), **wrong})


def test_an_unknown_channel_says_which_are_known() -> None:
    with pytest.raises(SetupError, match="pigeon") as refusal:
        open_channel("pigeon", {})

    assert "email" in refusal.value.for_person()


def test_what_the_machine_sends_is_not_laid_out_for_carrying() -> None:
    with pytest.raises(SetupError, match="nothing to carry"):
        open_hand_channel("memory", {})


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


def test_letters_share_a_connection(sink: MailSink) -> None:
    channel = mail(sink)

    async def send_five() -> None:
        for _ in range(5):
            await channel.send(a_message(), to=REED)

    asyncio.run(send_five())

    assert len(sink.letters) == 5
    assert sink.connections == 1


def test_a_connection_that_died_while_it_waited_is_no_failed_try(sink: MailSink) -> None:
    channel = mail(sink)

    async def send_twice() -> None:
        await channel.send(a_message(), to=REED)
        await asyncio.to_thread(sink.hang_up)
        await channel.send(a_message(), to=REED)

    asyncio.run(send_twice())

    assert len(sink.letters) == 2
    assert sink.connections == 2


def test_a_server_that_says_goodbye_to_a_waiting_connection_is_greeted_again(
    sink: MailSink,
) -> None:
    channel = mail(sink)
    sink.goodbye_after = 1

    async def send_thrice() -> None:
        for _ in range(3):
            await channel.send(a_message(), to=REED)

    asyncio.run(send_thrice())

    assert len(sink.letters) == 3
    assert sink.connections == 3


def test_a_refused_address_does_not_spoil_the_next_letter(sink: MailSink) -> None:
    channel = mail(sink)

    async def send_one_after_a_refusal() -> None:
        sink.rcpt_answer = "550 no such mailbox"
        with pytest.raises(Undeliverable):
            await channel.send(a_message(), to=REED)
        sink.rcpt_answer = ""
        await channel.send(a_message(), to=REED)

    asyncio.run(send_one_after_a_refusal())

    assert len(sink.letters) == 1
