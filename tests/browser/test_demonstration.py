"""A stranger's first three minutes, in Chromium: a call becomes an acknowledged warning."""

import re
import shutil
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.journeys.product import Product, a_product, until
from tests.sinks import MailSink

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not on this machine"),
]

SOON = 30_000
"""Milliseconds that a page may take to show what has happened."""


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def product() -> Iterator[Product]:
    """As `scripts/run` starts it: the demonstration county, everything in one process."""
    with a_product(MailSink(9)) as found:
        found.start("run", "--port", str(found.port))
        until(lambda: httpx.get(f"{found.address}/login").status_code == 200)
        yield found


class Watch:
    """Notes what a page asks of others, and what its scripts complain about."""

    def __init__(self, page: Page, address: str) -> None:
        self.elsewhere: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda one: self._note(one.url, address))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self._listen(said.type, said.text))

    def _note(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:", "blob:")):
            self.elsewhere.append(url)

    def _listen(self, kind: str, text: str) -> None:
        if kind == "error":
            self.complaints.append(text)


def password_of(product: Product) -> str:
    words = (product.home / "run.log").read_text()
    found = re.search(r"password of all of them is (\S+)", words)
    assert found, words
    return found.group(1)


def sign_in(browser: Browser, product: Product, login: str, **size: int) -> tuple[Page, Watch]:
    view = {"width": 1440, "height": 900} | size
    page = browser.new_page(viewport=view)  # type: ignore[arg-type] # width and height
    watch = Watch(page, product.address)
    page.goto(f"{product.address}/login")
    page.locator("input[name=username]").fill(login)
    page.locator("input[name=password]").fill(password_of(product))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "login" not in url)
    return page, watch


def test_a_call_becomes_an_acknowledged_warning(browser: Browser, product: Product) -> None:
    board, watch = sign_in(browser, product, "sato")

    # The call rings on the open board, without a reload, and rests when it is taken.
    board.get_by_role("button", name="Play the demonstration call").click()
    alarm = board.get_by_role("alert")
    expect(alarm).to_contain_text("New threat", timeout=SOON)
    expect(alarm).to_contain_text("police officer")
    alarm.get_by_role("button", name="Take it").click()
    expect(board.get_by_role("alert")).not_to_contain_text("New threat", timeout=SOON)

    # Nobody has been told before a person releases, and the page says to whom it would go.
    board.goto(f"{product.address}/")
    board.get_by_role("link", name="Check and release").first.click()
    expect(board.get_by_text("Nothing has been sent yet")).to_be_visible()
    expect(board.get_by_text(re.compile(r"It goes to \d+ people in"))).to_be_visible()
    board.get_by_role("button", name="Release it now").click()
    board.wait_for_url(re.compile("/threats/"))
    missing = board.locator("#told")
    expect(missing).to_contain_text("James Reed", timeout=SOON)

    # On a phone, the officer opens his link, and only his press acknowledges.
    outbox, outbox_watch = sign_in(browser, product, "sato")
    outbox.goto(f"{product.address}/outbox")
    link = outbox.get_by_role("link", name="Open as James Reed").get_attribute("href")
    assert link
    phone = browser.new_page(viewport={"width": 320, "height": 640})
    phone_watch = Watch(phone, product.address)
    phone.goto(link)
    expect(
        phone.get_by_text("This link acknowledges for James Reed and nobody else")
    ).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    phone.get_by_role("button", name="I have it").click()
    expect(phone.get_by_text("James Reed has it")).to_be_visible()

    # The supervisor's page, open all the while, shows it by itself.
    row = board.locator("#told li", has_text="James Reed")
    expect(row).to_contain_text(re.compile("has it|acknowledged", re.IGNORECASE), timeout=SOON)

    for one in (watch, outbox_watch, phone_watch):
        assert one.elsewhere == []
        assert one.complaints == []


def test_an_officer_acknowledges_on_his_own_page_with_the_keyboard_alone(
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
    button = officer.get_by_role("button", name="I have it")
    expect(button).to_be_visible()
    for _ in range(40):
        if button.evaluate("node => node === document.activeElement"):
            break
        officer.keyboard.press("Tab")
    officer.keyboard.press("Enter")

    question = (
        "SELECT r.acknowledged_how FROM records_recipient r "
        "JOIN people_person p ON p.id = r.person_id "
        "WHERE p.login = 'reed' AND r.acknowledged_at IS NOT NULL"
    )
    assert until(lambda: product.ask_one(question)) == "console"
    assert watch.complaints == []
