"""An officer begins his shift on his phone: the warning first, then available."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_demonstration import CHROMIUM, SOON, browser, product, sign_in
from tests.journeys.product import Product, until

__all__ = ["browser", "product"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not on this machine"),
]


def test_an_officer_meets_the_bulletin_answers_and_is_available(
    browser: Browser, product: Product
) -> None:
    product.command("demo")
    number = until(lambda: product.ask_one("SELECT number FROM records_bulletin"))
    commander, _ = sign_in(browser, product, "ortiz")
    commander.goto(f"{product.address}/bulletins/{number}/1/release")
    commander.get_by_role("button", name="Release it now").click()
    commander.wait_for_url(re.compile("/threats/"))

    officer, watch = sign_in(browser, product, "reed", width=390, height=844)
    assert officer.url.endswith("/log-on")
    expect(officer.get_by_text("1 bulletin waits for your answer")).to_be_visible()
    expect(officer.get_by_text("police officer").first).to_be_visible()
    assert officer.evaluate("document.documentElement.scrollWidth") <= 390

    # Too early: it says what waits, and he is where he can answer it.
    officer.get_by_label("Your call sign today").fill("H-77")
    officer.get_by_role("button", name="I am available").click()
    expect(officer.get_by_text("That was not done")).to_be_visible()
    expect(officer.get_by_label("Your call sign today")).to_have_value("H-77")

    officer.get_by_role("button", name="I have it").click()
    expect(officer.get_by_text("Nothing waits for your answer")).to_be_visible()
    officer.get_by_label("Your call sign today").fill("H-77")
    officer.get_by_role("button", name="I am available").click()
    expect(officer.get_by_text("You are available as H-77 since")).to_be_visible()

    question = (
        "SELECT p.unit FROM records_logon l JOIN people_person p ON p.id = l.person_id "
        "WHERE p.login = 'reed' AND l.available_at IS NOT NULL"
    )
    assert product.ask_one(question) == "H-77"
    row = commander.locator("#told li", has_text="James Reed")
    expect(row).to_contain_text(re.compile("has it", re.IGNORECASE), timeout=SOON)
    assert watch.elsewhere == []
    # The refusal above is an answer of the server that the browser writes down, and no other.
    assert all("409" in one for one in watch.complaints)
