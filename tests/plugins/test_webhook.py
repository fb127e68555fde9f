"""Web hooks: the whole notice, signed so that its receiver can prove who sent it."""

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.bulletins import a_bulletin
from tests.gateways import HttpGateway, a_gateway
from tocsin.errors import SetupError
from tocsin.warn import Addressee, BulletinKind, Form, Message, Notice, Topic, open_channel, write

DOCS = Path(__file__).parents[2] / "docs"
SECRET = "known to both of us"
SETTINGS = {"secret": SECRET, "allow": "127.0.0.0/8"}
NOTICE = Notice(bulletin=a_bulletin(), name="Reed", link="https://t.example/a/x", code="1")


@pytest.fixture
def gateway() -> Iterator[HttpGateway]:
    with a_gateway() as found:
        yield found


def post(gateway: HttpGateway, text: str, **changes: object) -> None:
    facts: dict[str, object] = {"key": "k-1", "subject": "s", "text": text, "is_exercise": False}
    message = Message(**(facts | changes))  # type: ignore[arg-type] # a builder of keywords
    to = Addressee(name="Reed", address=gateway.url)
    asyncio.run(open_channel("webhook", SETTINGS).send(message, to=to))


def documented_check(headers: Mapping[str, str], body: bytes) -> bool:
    """The lines of Python that the page on the channels gives to receivers, run as they stand."""
    page = (DOCS / "channels.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?is_ours.*?)```", page, re.DOTALL)
    assert found
    assert len(found[1].strip().splitlines()) <= 5
    names: dict[str, object] = {"secret": SECRET, "headers": headers, "body": body}
    exec(found[1], names)  # noqa: S102 # our own page
    return bool(names["is_ours"])


def test_the_receiver_gets_the_whole_notice(gateway: HttpGateway) -> None:
    text = write(NOTICE, Form.DATA).text
    post(gateway, text)

    assert gateway.heard[0].body.decode() == text
    found = json.loads(text)
    assert (found["version"], found["topic"], found["code"]) == (1, "bulletin", "1")
    assert found["bulletin"]["number"] == "B-2026-000001"
    assert found["bulletin"]["since"] == "2026-03-01T21:02:06-07:00"
    assert gateway.heard[0].headers["content-type"] == "application/json"


def test_the_receiver_can_prove_who_sent_it_by_the_documented_lines(gateway: HttpGateway) -> None:
    post(gateway, write(NOTICE, Form.DATA).text)

    heard = gateway.heard[0]
    assert documented_check(_titled(heard.headers), heard.body)
    assert not documented_check(_titled(heard.headers), heard.body + b" ")
    assert not documented_check(_titled(heard.headers) | {"Tocsin-Key": "k-2"}, heard.body)
    assert not documented_check(_titled(heard.headers) | {"Tocsin-Signature": "v1="}, heard.body)


def test_a_second_attempt_says_so_and_is_the_same(gateway: HttpGateway) -> None:
    text = write(NOTICE, Form.DATA).text
    post(gateway, text)
    post(gateway, text, is_again=True)

    first, second = gateway.heard
    assert first.body == second.body
    assert first.headers["tocsin-signature"] == second.headers["tocsin-signature"]
    assert "tocsin-again" not in first.headers
    assert second.headers["tocsin-again"] == "1"


def test_words_that_are_no_json_are_wrapped(gateway: HttpGateway) -> None:
    post(gateway, "plain words", code="1")

    assert gateway.heard[0].json() == {
        "version": 1,
        "subject": "s",
        "text": "plain words",
        "is_exercise": False,
        "link": "",
        "code": "1",
    }


@pytest.mark.parametrize("secret", ["", "short"])
def test_without_a_secret_nobody_is_told(secret: str) -> None:
    with pytest.raises(SetupError, match="secret"):
        open_channel("webhook", {"secret": secret})


@pytest.mark.parametrize("kind", list(BulletinKind))
@pytest.mark.parametrize("topic", list(Topic))
def test_what_is_sent_fits_the_published_schema(kind: BulletinKind, topic: Topic) -> None:
    schema = json.loads((DOCS / "notice.schema.json").read_text(encoding="utf-8"))
    notice = Notice(
        bulletin=a_bulletin(kind=kind, is_exercise=True), topic=topic, missing=("Reed",), minutes=5
    )
    found = json.loads(write(notice, Form.DATA).text)

    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(found)
    assert found["is_exercise"] is True


def _titled(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.title(): value for name, value in headers.items()}
