"""From the words "alone" to two in every car: proposed, priced, ordered, broken, excused, ended."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_demonstration import CHROMIUM, SOON, browser, sign_in
from tests.clock import on_the_wall
from tests.journeys.product import Product, a_product, until
from tests.sinks import MailSink

__all__ = ["browser"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not on this machine"),
]

ALONE, PAIR = "H-77", "H-78"


@pytest.fixture
def product() -> Iterator[Product]:
    """As `scripts/run` starts it, with quick ladders."""
    with a_product(
        MailSink(9), TOCSIN_BREACH_SUPERVISOR_AFTER="2", TOCSIN_BREACH_COMMANDER_AFTER="4"
    ) as found:
        found.start("run", "--port", str(found.port))
        until(lambda: httpx.get(f"{found.address}/login").status_code == 200)
        yield found


@contextmanager
def a_feed(product: Product) -> Iterator[list[str]]:
    """A CAD that sends two cars each second; who is named in the list is alone in his."""
    key = product.command("key", "cad", "--center", "calder-north")
    alone = [ALONE]
    is_over = threading.Event()

    def send() -> None:
        header = {"Authorization": f"Bearer {key}"}
        with httpx.Client(base_url=product.address, headers=header, timeout=30) as cad:
            while not is_over.wait(1.0):
                rows = [
                    a_row(ALONE, ["Nora Quill", "Ed Marsh"], alone),
                    a_row(PAIR, ["Al Finch", "Vi Rowe"], []),
                ]
                cad.post("/api/posture/units", content=json.dumps(rows)).raise_for_status()

    sender = threading.Thread(target=send, daemon=True)
    sender.start()
    try:
        yield alone
    finally:
        is_over.set()
        sender.join(10)


def a_row(sign: str, crew: list[str], alone: list[str]) -> dict[str, Any]:
    now = on_the_wall().isoformat()
    aboard = crew[:1] if sign in alone else crew
    return {
        "call_sign": sign,
        "agency": "harlowe-pd",
        "reported_at": now,
        "kind": "car",
        "status": "available",
        "crew": [{"person": one, "role": "officer"} for one in aboard],
        "position": {"lat": 39.21, "lon": -105.14 if sign == ALONE else -105.12, "at": now},
    }


def release(browser: Browser, product: Product) -> Page:
    """The demonstration's bulletin is out; the watch commander's page."""
    product.command("demo")
    number = until(lambda: product.ask_one("SELECT number FROM records_bulletin"))
    page, _ = sign_in(browser, product, "ortiz")
    page.goto(f"{product.address}/bulletins/{number}/1/release")
    page.get_by_role("button", name="Release it now").click()
    page.wait_for_url(re.compile("/threats/"))
    return page


def order(page: Page) -> str:
    """Two to a car for Harlowe, from the words of the call, priced before it is made."""
    expect(page.locator("#posture")).to_contain_text("alone", timeout=SOON)
    page.get_by_role("link", name="Propose an order").click()
    expect(page.get_by_label("Two officers to every car.")).to_be_checked()
    expect(page.locator("[name=because]")).to_have_value(re.compile("alone"))
    page.get_by_label("Harlowe Police Department").check()
    page.get_by_role("button", name="Propose it").click()
    page.wait_for_url(re.compile("/orders/P-"))
    number = page.url.rsplit("/", 1)[-1]
    page.get_by_role("link", name=re.compile("price", re.IGNORECASE)).first.click()
    expect(page.locator("main")).to_contain_text(re.compile("no (call )?history", re.IGNORECASE))
    page.goto(page.url.removesuffix("/price"))
    page.get_by_role("button", name="Order it under my name").click()
    expect(page.locator("#order-head")).to_contain_text("in force", timeout=SOON)
    return number


def test_from_the_word_alone_to_the_word_that_it_is_over(
    browser: Browser, product: Product
) -> None:
    commander = release(browser, product)
    number = order(commander)
    board, watch = sign_in(browser, product, "sato")
    board.goto(f"{product.address}/posture")
    with a_feed(product) as alone:
        breach = board.locator("#breaches", has_text=ALONE)
        expect(breach).to_be_visible(timeout=SOON)
        expect(board.locator("#breaches")).not_to_contain_text(PAIR)
        told = (
            "SELECT count(*) FROM records_delivery d JOIN people_person p ON p.id = d.person_id "
            "WHERE d.purpose = 'breach' AND p.login = 'ortiz' AND d.text LIKE '%%H-77%%'"
        )
        until(lambda: product.ask_one(told))

        row = board.locator("#breaches .breachline", has_text=ALONE)
        row.locator("summary").press("Enter")
        row.get_by_label("Why may it stand?").fill("her partner is at the hospital door")
        row.get_by_label("Why may it stand?").press("Enter")
        expect(board.locator("#excused")).to_contain_text(ALONE, timeout=SOON)
        expect(board.locator("#breaches")).not_to_contain_text(ALONE)
        board.evaluate("window.unloaded = false")
        product.tell("UPDATE records_excuse SET until = now() + interval '4 seconds'")
        expect(board.locator("#breaches")).to_contain_text(ALONE, timeout=SOON)

        alone.clear()
        expect(board.locator("#breaches")).not_to_contain_text(ALONE, timeout=SOON)
        alone.append(ALONE)
        expect(board.locator("#breaches")).to_contain_text(ALONE, timeout=SOON)

        commander.goto(f"{product.address}/orders/{number}")
        commander.locator("#end-because").fill("The man is in custody.")
        commander.get_by_role("button", name="Stand it down").click()
        expect(commander.locator("#order-head")).to_contain_text("stood down", timeout=SOON)
        expect(board.locator("#breaches")).not_to_contain_text(ALONE, timeout=SOON)
    people = "SELECT count(DISTINCT person_id) FROM records_delivery WHERE purpose = %s"
    unsent = (
        "SELECT count(*) FROM records_delivery WHERE purpose = 'stand_down' AND state <> 'sent'"
    )
    assert product.ask_one(people, "order") > 10
    assert product.ask_one(people, "stand_down") >= product.ask_one(people, "order")
    until(lambda: product.ask_one(unsent) == 0)
    assert product.ask_one("SELECT count(*) FROM records_breach WHERE ended_at IS NULL") == 0
    commander.reload()
    expect(commander.locator("main")).to_contain_text("minutes in breach", ignore_case=True)
    assert board.evaluate("window.unloaded") is False
    assert watch.complaints == []
