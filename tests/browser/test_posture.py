"""The posture board in Chromium: there in time, honest when it grows old, with a map and keys."""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

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

LONE, PAIR = "H-77", "H-78"
WATCHING = 0x77617463
"""First half of the lock that one watching worker holds; the other is the center's key."""


@pytest.fixture
def product() -> Iterator[Product]:
    """As `scripts/run` starts it; a unit that is silent for ten seconds is not known."""
    with a_product(MailSink(9), TOCSIN_UNIT_STALE_AFTER="10") as found:
        found.start("run", "--port", str(found.port))
        until(lambda: httpx.get(f"{found.address}/login").status_code == 200)
        yield found


class Cad:
    """A CAD with two cars; whose call sign is in `alone` has one officer in it."""

    def __init__(self, product: Product) -> None:
        self.alone: list[str] = []
        self.is_silent = False
        self._key = product.command("key", "cad", "--center", "calder-north")
        self._address = product.address

    def send(self) -> None:
        rows = [a_row(LONE, ["Nora Quill", "Ed Marsh"], self), a_row(PAIR, ["Al Finch"] * 1, self)]
        header = {"Authorization": f"Bearer {self._key}"}
        place = f"{self._address}/api/posture/units"
        httpx.post(place, content=json.dumps(rows), headers=header).raise_for_status()


def a_row(sign: str, crew: list[str], cad: Cad) -> dict[str, Any]:
    now = on_the_wall().isoformat()
    aboard = [crew[0]] if sign in cad.alone else [crew[0], f"partner of {sign}"]
    return {
        "call_sign": sign,
        "agency": "harlowe-pd",
        "reported_at": now,
        "kind": "car",
        "status": "available",
        "crew": [{"person": one, "role": "officer"} for one in aboard],
        "position": {"lat": 39.21, "lon": -105.14 if sign == LONE else -105.12, "at": now},
    }


@contextmanager
def a_feed(product: Product) -> Iterator[Cad]:
    cad, is_over = Cad(product), threading.Event()

    def run() -> None:
        while not is_over.wait(0.5):
            if not cad.is_silent:
                cad.send()

    sender = threading.Thread(target=run, daemon=True)
    sender.start()
    try:
        yield cad
    finally:
        is_over.set()
        sender.join(10)


@contextmanager
def a_hanging_worker(product: Product) -> Iterator[None]:
    """The lock of the watching worker, held by somebody who does not judge."""
    socket = product.home / "postgres"
    with psycopg.connect(f"postgresql://postgres@/postgres?host={socket}") as link:
        link.execute(
            "SELECT pg_advisory_lock(%s, id::int) FROM people_agency WHERE kind = 'dispatch'",
            [WATCHING],
        )
        yield


def order(browser: Browser, product: Product) -> None:
    """Two to a car for Harlowe, ordered on the pages."""
    product.command("demo")
    number = until(lambda: product.ask_one("SELECT number FROM records_bulletin"))
    page, _ = sign_in(browser, product, "ortiz")
    page.goto(f"{product.address}/bulletins/{number}/1/release")
    page.get_by_role("button", name="Release it now").click()
    page.wait_for_url(re.compile("/threats/"))
    page.get_by_role("link", name="Propose an order").click(timeout=SOON)
    page.get_by_label("Harlowe Police Department").check()
    page.get_by_role("button", name="Propose it").click()
    page.wait_for_url(re.compile("/orders/P-"))
    page.get_by_role("button", name="Order it under my name").click()
    expect(page.locator("#order-head")).to_contain_text("in force", timeout=SOON)
    page.close()


def open_board(browser: Browser, product: Product, **size: int) -> tuple[Page, Any]:
    page, watch = sign_in(browser, product, "sato", **size)
    page.goto(f"{product.address}/posture")
    return page, watch


def test_a_breach_is_on_the_open_page_within_two_seconds_and_is_excused_by_keys(
    browser: Browser, product: Product
) -> None:
    page, watch = open_board(browser, product)
    expect(page.locator("#joint")).to_be_hidden()
    order(browser, product)
    # The order's list comes to a page that was open before it, without a reload.
    expect(page.locator("#joint")).to_contain_text("Not told and alone", timeout=SOON)
    with a_feed(product) as cad:
        expect(page.locator("#concerned")).to_contain_text(LONE, timeout=SOON)
        page.wait_for_timeout(2000)
        cad.alone.append(LONE)
        cad.send()
        told = time.monotonic()
        expect(page.locator("#breaches")).to_contain_text(LONE, timeout=SOON)
        took = time.monotonic() - told

        page.locator("#breaches .breachline", has_text=LONE).locator("summary").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type("her partner is at the hospital door", delay=60)
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")

        excused = page.locator("#excused .breachline", has_text=LONE)
        expect(excused).to_contain_text("her partner is at the hospital door", timeout=SOON)
        minutes = "SELECT round(extract(epoch FROM until - starts_at) / 60) FROM records_excuse"
        assert product.ask_one(minutes) == 30
        excused.locator("summary").press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type("he went home")
        page.keyboard.press("Enter")
        expect(page.locator("#breaches")).to_contain_text(LONE, timeout=SOON)
    assert took < 2.0
    assert watch.complaints == []
    assert watch.elsewhere == []


def test_an_open_page_says_by_itself_that_units_fell_silent_and_that_nobody_judges(
    browser: Browser, product: Product
) -> None:
    order(browser, product)
    page, watch = open_board(browser, product)
    with a_feed(product) as cad:
        expect(page.locator("#concerned")).to_contain_text(PAIR, timeout=SOON)
        expect(page.locator("#unknown")).not_to_contain_text(PAIR)
        cad.is_silent = True
        expect(page.locator("#unknown")).to_contain_text(PAIR, timeout=SOON)
        expect(page.locator("#concerned tr", has_text=PAIR)).to_contain_text("last heard of")

    # Another worker took the watch and hangs: nothing announces that.
    with a_hanging_worker(product):
        expect(page.locator("#posture-head")).to_contain_text(
            "The units are not being judged.", timeout=SOON
        )
    expect(page.locator("#posture-head")).not_to_contain_text("not being judged", timeout=SOON)
    assert watch.complaints == []


def click_a_unit(page: Page) -> None:
    """Move over the map until a unit lies under the pointer, as a person does, and click it."""
    page.locator("#unit-map").scroll_into_view_if_needed()
    box = page.locator("#unit-map canvas").bounding_box()
    assert box
    for down in range(20, int(box["height"]) - 20, 16):
        for across in range(20, int(box["width"]) - 60, 16):
            page.mouse.move(box["x"] + across, box["y"] + down)
            if page.locator("#unit-map.is-over").count():
                page.mouse.click(box["x"] + across, box["y"] + down)
                return
    pytest.fail("no unit lies on the map")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_map_shows_who_is_alone_and_a_click_says_it_in_words(
    browser: Browser, product: Product, theme: str
) -> None:
    order(browser, product)
    with a_feed(product) as cad:
        cad.alone.append(LONE)
        page, watch = open_board(browser, product)
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        expect(page.locator("#breaches")).to_contain_text(LONE, timeout=SOON)

        page.get_by_role("button", name="Show the map").press("Enter")

        canvas = page.locator("#unit-map canvas")
        expect(canvas).to_be_visible(timeout=SOON)
        expect(page.locator("#unit-map")).to_have_attribute("data-units", re.compile(r"^[1-9]"))
        click_a_unit(page)
        said = page.locator("#map-unit")
        expect(said).to_contain_text("is alone in")
        expect(said).to_contain_text("Two officers to every car.")
        expect(said).to_contain_text(re.compile(r"Position \d\d:\d\d old"))
    assert watch.elsewhere == []
    assert not [one for one in watch.complaints if "Content Security Policy" in one]


def test_without_webgl_the_table_says_the_same(product: Product) -> None:
    with sync_playwright() as playwright:
        flat = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-3d-apis"]
        )
        order(flat, product)
        with a_feed(product) as cad:
            cad.alone.append(LONE)
            page, _ = open_board(flat, product, width=320, height=700)
            page.get_by_role("button", name="Show the map").click()
            expect(page.locator("#map-says")).to_have_text(
                "The map cannot be shown in this browser. The table of the units says the same."
            )
            row = page.locator("#concerned tr", has_text=LONE)
            expect(row).to_contain_text("alone", timeout=SOON)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0
        flat.close()
