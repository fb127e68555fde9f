"""Devices with notifications: switched on by their owner, and by nobody else."""

import json

import pytest
from django.conf import settings
from django.test import Client

from tests.subscriber import Browser
from tests.visiting import at, main_of
from tests.world import NOW, World
from tocsin.desk.people.models import Address
from tocsin.desk.records.commands import devices
from tocsin.desk.records.models import Entry
from tocsin.errors import BadText, OutOfTurn
from tocsin.warn.subscription import sender_name


def a_subscription(number: int = 1) -> str:
    return Browser().subscription(f"https://push.example/send/{number}")


def pushes(world: World) -> list[str]:
    return list(Address.objects.filter(channel="push").values_list("person__login", flat=True))


def test_an_officer_switches_his_device_on_and_all_of_them_off(world: World) -> None:
    reed = at(world.reed)
    assert "Off: a warning shows here only while this page is open." in main_of(reed.get("/mine"))

    assert reed.post("/mine/device", {"subscription": a_subscription()}).status_code == 204

    assert pushes(world) == ["reed"]
    assert "On on 1 of your devices" in main_of(reed.get("/mine"))
    reed.post("/mine/no-devices")
    assert pushes(world) == []
    assert [one.action for one in Entry.objects.filter(subject="person:reed").order_by("seq")] == [
        "device added",
        "devices removed",
    ]


def test_the_page_hands_the_browser_our_own_key(world: World) -> None:
    name = sender_name(settings.TOCSIN_CHANNELS["push"]["secret"])

    assert f'data-sender="{name}"' in at(world.reed).get("/mine").content.decode()


def test_the_same_device_again_changes_nothing(world: World) -> None:
    subscription = a_subscription()
    for _ in range(2):
        devices.add_device(world.reed, subscription, now=NOW)

    assert pushes(world) == ["reed"]


def test_a_shared_device_belongs_to_who_signed_in_last(world: World) -> None:
    subscription = a_subscription()
    devices.add_device(world.reed, subscription, now=NOW)
    devices.add_device(world.ortiz, subscription, now=NOW)

    assert pushes(world) == ["ortiz"]


def test_nobody_has_more_devices_than_he_can_remember(world: World) -> None:
    for number in range(devices.MOST):
        devices.add_device(world.reed, a_subscription(number), now=NOW)

    with pytest.raises(OutOfTurn, match="Reed has 5 devices"):
        devices.add_device(world.reed, a_subscription(9), now=NOW)


@pytest.mark.parametrize(
    "subscription", ["", "{}", "x" * 9000, json.dumps({"endpoint": "https://a.example", "keys": 1})]
)
def test_what_is_no_subscription_is_refused(world: World, subscription: str) -> None:
    with pytest.raises(BadText):
        devices.add_device(world.reed, subscription, now=NOW)

    answer = at(world.reed).post("/mine/device", {"subscription": subscription})
    assert answer.status_code == 422
    assert pushes(world) == []


def test_nobody_subscribes_without_signing_in(world: World) -> None:
    answer = Client().post("/mine/device", {"subscription": a_subscription()})

    assert answer.status_code == 302
    assert pushes(world) == []


def test_the_worker_of_the_whole_site_is_a_script_from_its_root(world: World) -> None:
    answer = at(world.reed).get("/push-worker.js")

    assert answer["Content-Type"] == "text/javascript"
    assert b'addEventListener("push"' in answer.content
