"""The list of who has not been told, in Chromium, with the keyboard alone, on two consoles."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_demonstration import CHROMIUM, SOON, Watch, browser, sign_in
from tests.journeys.product import Product, a_product, until
from tests.sinks import MailSink

__all__ = ["browser"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not on this machine"),
]


@pytest.fixture
def product() -> Iterator[Product]:
    """As `scripts/run` starts it: the demonstration county, everything in one process."""
    with a_product(MailSink(9)) as found:
        found.start("run", "--port", str(found.port))
        until(lambda: httpx.get(f"{found.address}/login").status_code == 200)
        yield found


def release(browser: Browser, product: Product) -> str:
    """The demonstration's bulletin is out; its number."""
    product.command("demo")
    number = str(until(lambda: product.ask_one("SELECT number FROM records_bulletin")))
    commander, _ = sign_in(browser, product, "ortiz")
    commander.goto(f"{product.address}/bulletins/{number}/1/release")
    commander.get_by_role("button", name="Release it now").click()
    commander.wait_for_url(re.compile("/threats/"))
    commander.close()
    return number


def open_list(browser: Browser, product: Product, login: str) -> tuple[Page, Watch]:
    page, watch = sign_in(browser, product, login)
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url(re.compile("/list$"))
    return page, watch


def acknowledged_because(product: Product, name: str) -> str | None:
    found: str | None = product.ask_one(
        "SELECT r.acknowledged_because FROM records_recipient r JOIN people_person p "
        "ON p.id = r.person_id WHERE p.name = %s AND r.acknowledged_at IS NOT NULL",
        name,
    )
    return found


def test_one_key_marks_a_person_told_and_every_console_sees_it(
    browser: Browser, product: Product
) -> None:
    release(browser, product)
    mine, watch = open_list(browser, product, "sato")
    other, other_watch = open_list(browser, product, "ortiz")
    for page in (mine, other):
        expect(page.locator("#list-people")).to_contain_text("James Reed", timeout=SOON)
        page.evaluate("window.unloaded = false")

    # A key alone marks nobody: a person must be chosen first.
    mine.keyboard.press("r")
    row = mine.locator("[data-row]", has_text="James Reed")
    for _ in range(40):
        if row.evaluate("node => node === document.activeElement"):
            break
        mine.keyboard.press("j")
    mine.keyboard.press("r")

    for page in (mine, other):
        expect(page.locator("#list-people")).not_to_contain_text("James Reed", timeout=SOON)
        assert page.evaluate("window.unloaded") is False
    expect(mine.locator("#told-status")).to_contain_text("James Reed was told")
    assert acknowledged_because(product, "James Reed") == "told by radio, answered"
    told = "SELECT count(*) FROM records_recipient WHERE acknowledged_at IS NOT NULL"
    assert product.ask_one(told) == 1
    assert watch.complaints == []
    assert other_watch.complaints == []


def test_what_a_person_types_and_where_he_is_stays_while_the_list_moves(
    browser: Browser, product: Product
) -> None:
    release(browser, product)
    mine, watch = open_list(browser, product, "sato")
    expect(mine.locator("#list-people")).to_contain_text("James Reed", timeout=SOON)
    rows = mine.locator("[data-row]").count()
    mine.locator("#because").fill("read to him on channel 2")
    mine.get_by_role("link", name="Called ...").first.click()
    mine.get_by_label("With whom did you speak?").fill("Sgt Lee")

    link = product.ask_one(
        "SELECT d.link FROM records_delivery d JOIN people_person p ON p.id = d.person_id "
        "WHERE p.name = 'James Reed'"
    )
    assert httpx.post(str(link)).status_code == 302

    expect(mine.locator("[data-row]")).to_have_count(rows - 1, timeout=SOON)
    expect(mine.get_by_label("With whom did you speak?")).to_have_value("Sgt Lee")
    expect(mine.locator("#because")).to_have_value("read to him on channel 2")
    mine.get_by_label("yes").check()
    mine.get_by_label("With whom did you speak?").press("Enter")

    expect(mine.locator("#list-agencies")).to_contain_text("Sgt Lee, read back", timeout=SOON)
    assert watch.complaints == []


def test_who_acknowledges_under_the_keyboard_does_not_hand_the_key_to_another(
    browser: Browser, product: Product
) -> None:
    release(browser, product)
    mine, _ = open_list(browser, product, "sato")
    row = mine.locator("[data-row]", has_text="James Reed")
    expect(row).to_be_visible(timeout=SOON)
    row.focus()
    link = product.ask_one(
        "SELECT d.link FROM records_delivery d JOIN people_person p ON p.id = d.person_id "
        "WHERE p.name = 'James Reed'"
    )
    assert httpx.post(str(link)).status_code == 302
    expect(row).to_have_count(0, timeout=SOON)

    mine.keyboard.press("r")
    mine.wait_for_timeout(500)

    told = "SELECT acknowledged_how FROM records_recipient WHERE acknowledged_at IS NOT NULL"
    assert product.ask(told) == [("link",)]


def test_the_script_is_ticked_with_the_keyboard(browser: Browser, product: Product) -> None:
    number = release(browser, product)
    page, watch = sign_in(browser, product, "sato")
    page.goto(f"{product.address}/bulletins/{number}/1/script")
    expect(page.locator(".aloud")).to_have_count(2)

    page.get_by_role("button", name=re.compile("Answered: .*James Reed")).press("Enter")

    expect(page.locator("#answers")).not_to_contain_text("James Reed", timeout=SOON)
    assert acknowledged_because(product, "James Reed") == "told by radio, answered"
    assert watch.complaints == []
