"""The map of a draft, in Chromium: drawn by clicks and by keys, kept, and done without."""

import re

import httpx
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.test_demonstration import CHROMIUM, browser, product, pytestmark, sign_in
from tests.journeys.product import Product, until

__all__ = ["browser", "product", "pytestmark"]

CLICKS = ((0.3, 0.3), (0.6, 0.3), (0.6, 0.6))
"""Where the corners are set, as shares of the map's width and height."""


def open_draft(page: Page, product: Product) -> str:
    """Play the call, and open the page on which its draft is edited."""
    product.command("demo")
    number = until(lambda: product.ask_one("SELECT number FROM records_bulletin"))
    path = f"{product.address}/bulletins/{number}/1/edit"
    page.goto(path)
    return path


def kept(product: Product) -> list[dict[str, object]]:
    found = product.ask_one("SELECT audience->'drawn' FROM records_bulletin")
    return list(found or [])


def test_ground_is_drawn_on_the_map_by_clicks_and_by_keys(
    browser: Browser, product: Product
) -> None:
    page, watch = sign_in(browser, product, "sato")
    path = open_draft(page, product)
    before = page.locator("#reaches").text_content() or ""

    page.get_by_role("button", name="Show the map").click()
    canvas = page.locator("#map canvas")
    expect(canvas).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Draw ground").click()  # once the map is there
    box = canvas.bounding_box()
    assert box
    for number, (across, down) in enumerate(CLICKS, start=1):
        page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])
        expect(page.locator("#map-says")).to_have_text(f"Corner {number} is set.")
        page.wait_for_timeout(400)  # two clicks at once would be one double click
    page.get_by_role("button", name="Finish the piece").click()
    expect(page.locator("#ground")).to_have_value(re.compile(r"^(39\.\d+, -105\.\d+\n?){3}$"))
    expect(page.locator("#map-pieces")).to_contain_text("drawn by you, not kept yet: 3 corners")
    page.get_by_role("checkbox", name="officer", exact=True).check()
    expect(page.locator("#reaches")).not_to_have_text(before)
    expect(page.get_by_role("checkbox", name="officer", exact=True)).to_be_checked()

    # The same by keys: the cross in the middle is the corner.
    page.get_by_role("button", name="Draw ground").click()
    for keys in (["Enter"], ["ArrowRight", "Enter"], ["ArrowDown", "Enter"]):
        for key in keys:
            page.keyboard.press(key)
            page.wait_for_timeout(600)  # the map glides
    page.get_by_role("button", name="Finish the piece").click()
    expect(page.locator("#map-pieces li")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#map-pieces li")).to_have_count(1)

    page.get_by_role("button", name="Keep the draft").click()
    page.wait_for_url(re.compile("/threats/"))
    (piece,) = kept(product)
    assert piece["by"] == "Mei Sato"
    page.goto(path)
    expect(page.locator("#map canvas")).to_be_visible(timeout=30_000)
    expect(page.locator("#map-pieces")).to_contain_text("drawn by Mei Sato: 3 corners")

    page.get_by_role("button", name="Delete piece 1").click()
    page.get_by_role("button", name="Keep the draft").click()
    page.wait_for_url(re.compile("/threats/"))
    assert kept(product) == []
    assert watch.elsewhere == []
    assert not [one for one in watch.complaints if "Content Security Policy" in one]


def test_without_webgl_the_ground_is_written_as_text(product: Product) -> None:
    with sync_playwright() as playwright:
        flat = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-3d-apis"]
        )
        page, _ = sign_in(flat, product, "sato")
        open_draft(page, product)

        page.get_by_role("button", name="Show the map").click()

        expect(page.locator("#map-says")).to_have_text(
            "The map cannot be shown in this browser. Write the ground as text below: "
            "all can be done there."
        )
        page.locator("#ground").fill("39.2, -105.15\n39.2, -105.1\n39.23, -105.1")
        expect(page.locator("#map-pieces")).to_contain_text("3 corners")
        page.get_by_role("button", name="Keep the draft").click()
        page.wait_for_url(re.compile("/threats/"))
        flat.close()
    assert [piece["by"] for piece in kept(product)] == ["Mei Sato"]


def test_the_library_and_its_worker_are_served_as_scripts(product: Product) -> None:
    for name in ("maplibre-gl.mjs", "maplibre-gl-worker.mjs"):
        answer = httpx.get(f"{product.address}/static/vendor/maplibre/{name}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/javascript")
