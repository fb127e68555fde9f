"""A reading is corrected with the keyboard alone, and another person's page hears of it."""

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


def test_words_are_selected_and_the_correction_is_live(browser: Browser, product: Product) -> None:
    product.command("demo")
    number = until(
        lambda: product.ask_one(
            "SELECT c.number FROM records_call c JOIN records_statement s ON s.call_id = c.id"
        )
    )
    other, _ = sign_in(browser, product, "ortiz")
    other.goto(f"{product.address}/calls/{number}")

    page, watch = sign_in(browser, product, "dana", width=390, height=844)
    page.goto(f"{product.address}/calls/{number}")
    page.get_by_role("link", name="Correct this reading").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    # Words that are selected go into an empty row, with the place at which they stand.
    page.evaluate(
        """() => {
          const node = document.querySelector("#reading-text .w").firstChild;
          getSelection().setBaseAndExtent(node, 0, node, node.length);
        }"""
    )
    chosen = page.evaluate("getSelection().toString()").strip()
    page.get_by_role("button", name="Add the selected words as a row").click()
    row = page.locator(".markrow", has=page.locator("select:focus"))
    expect(row.get_by_label("Words")).to_have_value(chosen)
    row.get_by_label("They say").select_option("group")

    page.get_by_label("What the caller does").select_option("quote_media")
    page.locator(".markrow").first.get_by_label("Words").fill("no such words")
    page.get_by_label("Why? In a sentence.").fill("He reads it out from a film.")
    page.get_by_label("Why? In a sentence.").press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The correction was not kept")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".markrow").first.get_by_label("Take out").check()
    page.get_by_role("button", name="Correct under my name").click()
    page.wait_for_url(re.compile(rf"/calls/{number}$"))
    expect(page.get_by_text("Your correction counts now")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    expect(other.get_by_text("Corrected by")).to_be_visible(timeout=SOON)
    expect(other.get_by_text("He reads it out from a film.")).to_be_visible()
    expect(other.get_by_text("How the machine came to that")).to_be_hidden()
    other.get_by_text("What the machine read").click()
    expect(other.get_by_text("The caller himself threatens.")).to_be_visible()
    other.get_by_role("link", name="Correct it again").first.click()
    assert watch.elsewhere == []
    assert all("422" in one for one in watch.complaints), watch.complaints

    told = product.command("corrections", str(product.home / "corrections.jsonl"))
    assert "1 correction, 1 of them of exercises" in told
    assert product.command("verify").startswith("All fits")
