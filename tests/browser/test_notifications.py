"""A warning shows on a device while no page is open; what it opens is ours."""

from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from tests.browser.test_demonstration import CHROMIUM, browser, product, sign_in
from tests.journeys.product import Product, until

__all__ = ["browser", "product"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not on this machine"),
]

SHOWN = "async () => (await (await navigator.serviceWorker.ready).getNotifications()).map"


def registration_of(page: Page) -> tuple[CDPSession, str]:
    """The browser's own name for the page's service worker, once it is there."""
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    session = page.context.new_cdp_session(page)
    found: list[str] = []

    def note(event: dict[str, Any]) -> None:
        found.extend(one["registrationId"] for one in event["registrations"])

    session.on("ServiceWorker.workerRegistrationUpdated", note)
    session.send("ServiceWorker.enable")
    while not found:
        page.wait_for_timeout(50)
    return session, found[-1]


def push(session: CDPSession, registration: str, origin: str, data: str) -> None:
    """What the push service would bring."""
    facts = {"origin": origin, "registrationId": registration, "data": data}
    session.send("ServiceWorker.deliverPushMessage", facts)


@pytest.mark.parametrize(
    ("data", "title"),
    [
        (
            '{"version":1,"title":"OFFICER SAFETY","body":"b","link":"/mine","tag":"k"}',
            "OFFICER SAFETY",
        ),
        ("not json", "Tocsin: a warning for you"),
    ],
)
def test_a_push_shows_whatever_it_brings(
    browser: Browser, product: Product, data: str, title: str
) -> None:
    page, watch = sign_in(browser, product, "reed", width=390, height=844)
    page.context.grant_permissions(["notifications"], origin=product.address)
    page.goto(f"{product.address}/mine")
    page.get_by_role("button", name="Warn me on this device").wait_for()
    session, registration = registration_of(page)

    def shown() -> list[str]:
        # A worker that is just being started drops what comes: a push service tries again too.
        push(session, registration, product.address, data)
        page.wait_for_timeout(1000)
        titles: list[str] = page.evaluate(f"{SHOWN}(one => one.title)")
        return titles

    assert until(shown) == [title]
    assert watch.complaints == []
