"""Where gateways report: proved first, read second, written down always."""

from typing import Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import escape

from tocsin.desk.records.commands.gateways import hear_gateway, keep_unreadable
from tocsin.errors import InputError, NotAllowed, NotFound
from tocsin.warn.answers import (
    AnswerKind,
    bearer_of,
    is_token,
    is_twilio,
    read_answer,
)

Name = Literal["sms", "voice"]

TWILIO = "twilio"


def report(request: HttpRequest, channel: Name) -> HttpResponse:
    """What a gateway says of a message, or what a person answered through it, is on record.

    Raises:
        NotFound: no such gateway is set up here.
        NotAllowed: it does not prove that it is our gateway.
        InputError: it cannot be read.
    """
    facts = settings.TOCSIN_CHANNELS.get(channel, {})
    preset = facts.get("preset") or "plain"
    if not (facts.get("url") or preset == TWILIO):
        raise NotFound(f"No gateway is set up for {channel}.", way_out="See docs/channels.md.")
    body = request.body
    if not _is_ours(request, body, preset, facts):
        raise NotAllowed(
            "This does not come from our gateway.",
            way_out="Give it the secret that `answer_secret` names; see docs/channels.md.",
        )
    try:
        answer = read_answer(preset, body, headers=request.headers)
    except InputError as error:
        keep_unreadable(channel, body, error, now=timezone.now())
        raise
    heard = hear_gateway(channel, answer, now=timezone.now())
    said = answer.kind is AnswerKind.REPLY and channel == "voice"
    return _thanks(preset, heard.word.outcome if said else "")


def _is_ours(request: HttpRequest, body: bytes, preset: str, facts: dict[str, str]) -> bool:
    if preset == TWILIO:
        url, secret = facts.get("callback", ""), facts.get("secret", "")
        return is_twilio(request.headers, body, url=url, secret=secret)
    return is_token(bearer_of(request.headers), secret=facts.get("answer_secret", ""))


def _thanks(preset: str, outcome: str) -> HttpResponse:
    """What the gateway awaits; in a telephone call the person hears what came of his key."""
    if preset != TWILIO:
        return HttpResponse(status=204)
    say = {
        "": "",
        "acknowledged": "<Say>Thank you. You have acknowledged the warning.</Say>",
    }.get(outcome, f"<Say>That key did not acknowledge the warning: {escape(outcome)}.</Say>")
    return HttpResponse(f"<Response>{say}</Response>", content_type="text/xml")
