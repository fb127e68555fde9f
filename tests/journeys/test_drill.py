"""A drill with the real worker and every channel there is: nothing of it reaches anybody."""

import json
import re
from typing import Any

import httpx
import pytest

from tests.gateways import HttpGateway, a_gateway
from tests.journeys.product import Product, a_county, a_product, until
from tests.sinks import MailSink, mail_sink
from tests.subscriber import Browser
from tocsin.desk import demo
from tocsin.warn.channels import CHANNELS

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]

BY_HAND = ("print", "radio", "teletype")
"""Channels whose messages a person carries: the machine sends none of them, real or not."""


def channels(gateway: HttpGateway) -> str:
    """Settings with which each channel would reach a sink of this machine."""
    known = {"url": f"{gateway.url}/sms", "secret": "of the gateway", "from": "+13035550100"}
    here = {"allow": "127.0.0.0/8"}
    return json.dumps(
        {
            "sms": known,
            "voice": {**known, "url": f"{gateway.url}/voice"},
            "push": here,
            "webhook": {"secret": "known to both of us", **here},
        }
    )


def load_people(product: Product, gateway: HttpGateway) -> None:
    """Everybody has an address of every channel."""
    county = a_county()
    for person in county["people"]:
        values = {"sms": "+13035550123", "voice": "+13035550123", "webhook": f"{gateway.url}/hook"}
        person["addresses"] = [
            {"channel": name, "value": values.get(name, f"{person['login']}@example.org")}
            for name in CHANNELS
            if name != "push"
        ]
    file = product.home / "county.json"
    file.write_text(json.dumps(county))
    product.command("county", str(file))


def subscribe(product: Product, gateway: HttpGateway) -> None:
    """And a browser that shows notifications."""
    endpoint = Browser().subscription(f"{gateway.url}/push")
    product.ask(
        "INSERT INTO people_address (person_id, channel, value, rank) "
        "SELECT id, 'push', %s, 0 FROM people_person RETURNING id",
        endpoint,
    )


def unsent(product: Product, purpose: str) -> list[tuple[Any, ...]]:
    return product.ask(
        "SELECT state FROM records_delivery WHERE is_exercise AND purpose = %s "
        "AND state NOT IN ('sent', 'acknowledged') AND channel != ALL(%s)",
        purpose,
        list(BY_HAND),
    )


def is_all_sent(product: Product, purpose: str) -> bool:
    some = product.ask_one(
        "SELECT count(*) FROM records_delivery WHERE is_exercise AND purpose = %s", purpose
    )
    return bool(some) and not unsent(product, purpose)


def assert_nobody_heard(sink: MailSink, gateway: HttpGateway) -> None:
    assert sink.letters == []
    assert sink.connections == 0
    assert gateway.heard == []
    assert gateway.lines == 0


def test_a_drill_reaches_nobody_and_a_real_warning_by_the_same_channels_does() -> None:
    ladder = {"TOCSIN_LISTED_AFTER": "1", "TOCSIN_SUPERVISOR_AFTER": "2"}
    with mail_sink() as sink, a_gateway() as gateway:
        settings = {"TOCSIN_CHANNELS": channels(gateway), **ladder}
        with a_product(sink, **settings) as product:
            load_people(product, gateway)
            product.start("run", "--port", str(product.port))
            until(lambda: httpx.get(f"{product.address}/login").status_code == 200)
            subscribe(product, gateway)
            key = product.command("key", "recorder")
            real = product.send_call(key).json()["number"]
            assert real.endswith("-000001")
            until(lambda: product.ask_one("SELECT number FROM records_bulletin"))

            # The recorded case comes in again, is heard again, and has numbers of its own.
            said = product.command("drill", "start", "Night shift", "--as", "sato", "--case", real)
            found = re.fullmatch(r"(D-\d+-000001): its threat is (XT-\d+-000001)\.", said)
            assert found, said
            drill, threat = found.groups()
            until(
                lambda: product.ask_one(
                    "SELECT 1 FROM records_statement s JOIN records_call c ON c.id = s.call_id "
                    "WHERE c.number LIKE 'XC-%%'"
                )
            )
            number = product.ask_one(
                "SELECT number FROM records_bulletin WHERE number LIKE 'XB-%%'"
            )
            assert number.endswith("-000001")
            sato = product.sign_in("sato")
            assert product.post(sato, f"/bulletins/{number}/1/release", {}).status_code == 200
            until(lambda: is_all_sent(product, "bulletin"))
            ways = product.ask("SELECT DISTINCT channel FROM records_delivery WHERE is_exercise")
            assert {way for (way,) in ways} == set(CHANNELS)
            assert_nobody_heard(sink, gateway)

            # The ladder moves, and reaches nobody; an answer counts as in earnest.
            until(lambda: is_all_sent(product, "ladder"))
            assert_nobody_heard(sink, gateway)
            reed = product.sign_in("reed")
            assert "Exercise. This is not a real warning." in reed.get("/mine").text
            product.post(reed, f"/mine/{number}/1/have", {}, page="/mine")
            answered = "SELECT count(*) FROM records_recipient WHERE acknowledged_at IS NOT NULL"
            assert product.ask_one(answered) == 1

            # The end: told to the outbox, scored, and nothing waits for anybody.
            scored = product.command("drill", "end", drill, "--as", "sato")
            assert "release to first acknowledgment" in scored
            assert re.search(r"MISSED +release to last acknowledgment: not reached, 1 of", scored)
            until(lambda: is_all_sent(product, "bulletin"))
            assert "goals met" in product.command("drill", "list")
            page = sato.get(f"/threats/{threat}/report").text
            assert "This was an exercise." in page
            left = "SELECT count(*) FROM records_task WHERE done_at IS NULL"
            assert product.ask_one(left) == 0
            assert_nobody_heard(sink, gateway)
            statuses = product.command("cap", number)
            assert "<status>Exercise</status>" in statuses

            # The control: the real warning goes out by the very same sinks, under its own number.
            assert (
                product.post(
                    sato,
                    "/bulletins/B-2026-000001/1/release".replace("2026", real.split("-")[1]),
                    {},
                ).status_code
                == 200
            )
            until(lambda: sink.letters)
            until(
                lambda: (
                    {one.path.rpartition("/")[2] for one in gateway.heard}
                    >= {"sms", "voice", "push", "hook"}
                )
            )
            again = product.send_call(key, audio=("b.wav", demo.recording()[:-4000], "audio/wav"))
            assert again.json()["number"].endswith("-000002")
            assert "All fits" in product.command("verify")
