"""The settings of the channels, as the start of the product reads them."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from tocsin.desk.gateways import read_channels
from tocsin.errors import SetupError
from tocsin.warn import open_channel
from tocsin.warn.channels import CHANNELS


def read(found: object, **over: dict[str, str]) -> dict[str, dict[str, str]]:
    return read_channels(json.dumps(found), over=over)


def test_the_file_stands_over_the_environment() -> None:
    found = read({"sms": {"url": "https://b.example"}}, sms={"url": "a", "callback": "c"}, x={})

    assert found == {"sms": {"url": "https://b.example", "callback": "c"}, "x": {}}
    assert read_channels(" ", over={"email": {"smtp": "s"}}) == {"email": {"smtp": "s"}}


def test_a_gateway_of_one_s_own_is_opened_with_what_the_file_says() -> None:
    page = Path(__file__).parents[2] / "docs" / "channels.md"
    example = page.read_text(encoding="utf-8").split("### A gateway of your own")[1]
    text = example.split("```json")[1].split("```")[0].replace('"secret_file"', '"secret"')

    found = read_channels(text, over={})

    assert open_channel("sms", found["sms"]).name == "sms"
    assert json.loads(found["sms"]["body"])["messages"][0]["text"] == "{text}"


def test_numbers_become_texts() -> None:
    found = read({"sms": {"connections": 4, "per_second": 0.5}, "print": {"paper": "a4"}})

    assert found == {"sms": {"connections": "4", "per_second": "0.5"}, "print": {"paper": "a4"}}


def test_a_secret_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("s3cret\n", encoding="utf-8")

    assert read({"sms": {"secret_file": str(file)}}) == {"sms": {"secret": "s3cret"}}
    with pytest.raises(SetupError, match=r"sms\.secret_file"):
        read({"sms": {"secret_file": str(tmp_path / "none")}})


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ([], "the whole"),
        ({"sms": {"urls": "x"}}, "urls"),
        ({"sms": {"connections": 0}}, r"sms\.connections"),
        ({"sms": {"connections": "8"}}, r"sms\.connections"),
        ({"sms": {"preset": "pigeon"}}, r"sms\.preset"),
        ({"sms": {"body": "x"}}, r"sms\.body"),
        ({"push": {"url": "x"}}, "push"),
        ({"webhook": {"secret": 5}}, r"webhook\.secret"),
        ({"memory": {"deep": {}}}, "memory"),
    ],
)
def test_what_does_not_fit_is_named(wrong: object, named: str) -> None:
    with pytest.raises(SetupError, match=named) as refusal:
        read(wrong)

    assert "TOCSIN_CHANNELS" in refusal.value.way_out


def test_a_secret_never_stands_in_a_complaint() -> None:
    with pytest.raises(SetupError) as refusal:
        read({"webhook": {"secret": "s3cret" * 1000}})

    assert "s3cret" not in refusal.value.for_person()


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "{" + " " * 300_000 + "}"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(SetupError):
        read_channels(text, over={})


def test_this_installation_can_push_without_any_setting() -> None:
    assert open_channel("push", settings.TOCSIN_CHANNELS["push"]).name == "push"


@pytest.mark.parametrize("name", ["email", "sms", "voice", "webhook"])
def test_a_channel_that_is_not_set_up_says_what_is_missing(name: str) -> None:
    assert name in CHANNELS
    with pytest.raises(SetupError):
        open_channel(name, settings.TOCSIN_CHANNELS.get(name, {}))
