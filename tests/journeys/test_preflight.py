"""Pre-flight in the running product: asked for on the page, and by the command."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.journeys.product import Product, a_product, until
from tests.sinks import MailSink

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


@pytest.fixture
def product() -> Iterator[Product]:
    """A county whose mail server is away."""
    with a_product(MailSink(9)) as found:
        found.set_up()
        yield found


def test_the_command_says_what_is_severe_and_exits_with_one(product: Product) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tocsin.cli", "preflight"],
        env=product.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1, done.stderr
    assert "SEVERE: The channel email does not work: " in done.stdout


def test_the_worker_looks_when_a_person_asks_on_the_page(product: Product) -> None:
    product.start_web()
    sato = product.sign_in("sato")
    product.post(sato, "/preflight", {})
    assert "the worker is looking" in sato.get("/preflight").text
    product.start("work")

    until(lambda: "The channel email does not work" in sato.get("/preflight").text)

    assert "Open the pre-flight" in sato.get("/").text
