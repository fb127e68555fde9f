"""The joint list at full size, and where it must not say that somebody is safe or told."""

import time
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from tests.clock import on_the_wall
from tests.postures import a_standing_order, a_unit, an_officer, put_units
from tests.world import PASSWORD, World, a_threat, the_draft
from tocsin.assess import Role
from tocsin.desk.people.models import Person
from tocsin.desk.records.commands import bulletins
from tocsin.desk.records.commands.watch import judge_units
from tocsin.desk.records.models import Bulletin, Recipient
from tocsin.posture import Position

MANY = 2000


@pytest.fixture
def released(world: World) -> Bulletin:
    now = on_the_wall()
    return bulletins.release(the_draft(a_threat(world, now=now)), person=world.ortiz, now=now)


def a_crowd(world: World, released: Bulletin) -> None:
    now = on_the_wall()
    people = Person.objects.bulk_create(
        Person(
            login=f"o{n}", name=f"Officer {n}", agency=world.harlow_pd,
            roles=[Role.OFFICER.value], unit=f"C{n}", password="!",
        )
        for n in range(MANY)
    )  # fmt: skip
    Recipient.objects.bulk_create(
        Recipient(bulletin=released, person=one, agency=world.harlow_pd, since=now)
        for one in people
    )
    put_units(
        world.north,
        *(
            a_unit(
                f"C{n}", an_officer(f"o{n}"), *([an_officer(f"p{n}")] if n % 10 else []), now=now,
                position=Position(lon=-105.19 + (n % 50) * 0.005, lat=39.11 + n // 50 * 0.004, at=now),
            )
            for n in range(MANY)
        ),
        now=now,
    )  # fmt: skip


def test_two_thousand(
    world: World, released: Bulletin, client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    now = on_the_wall()
    a_standing_order(world, now=now, threat=released.threat, bulletin=released, areas=[world.harlow])
    a_crowd(world, released)
    judge_units(world.north, None, now=on_the_wall())
    client.login(username="sato", password=PASSWORD)
    for path in ("/posture", "/", "/posture"):
      for _ in range(3):
        began = time.perf_counter()
        answer = client.get(path)
        print(path, round((time.perf_counter() - began) * 1000), "ms", len(answer.content))
    from tocsin.desk.records import picture as pic
    from tocsin.desk.records.boards import posture as bp, joint as bj
    from tocsin.desk.records.standing import standing_orders
    from tocsin import posture as st
    def t(name, f, n=3):
        for _ in range(n):
            b = time.perf_counter(); r = f(); e = time.perf_counter() - b
        print(f"{name:20} {e*1000:7.1f} ms"); return r
    now = on_the_wall()
    from tocsin.desk.records.models import Watch
    w = Watch.objects.get()
    seen = t("see", lambda: pic._see(world.north, w, now))
    rows = t("orders", lambda: list(standing_orders(world.north, now=now)))
    t("finder", lambda: bj._Finder(seen.picture, {o.login: o for o in bj._waiting(bj._asking(rows))}))
    orders, _ = t("read", lambda: bp._read(rows))
    t("breaches", lambda: bp._breaches(rows, now=now))
    t("judge", lambda: st.judge_picture(orders, seen.picture, seen.limits))
    t("unknown", lambda: bp._unknown(orders, seen))
    t("alone", lambda: bp._alone(seen))
    told = t("waiting", lambda: list(bj._waiting(bj._asking(rows))))
    t("joint", lambda: bj.joint_of(rows, seen))
    print("breaches", len(bp._breaches(rows, now=now)))

    from tocsin.desk.records.standing import limits_of
    from tocsin.desk.records.mirror import known_units
    from tocsin.desk.records.nearness import near_from
    lim = t("limits", lambda: limits_of(world.north))
    ks = t("known", lambda: known_units(world.north, now=now))
    t("near_from", lambda: near_from(w.near))
    t("see2", lambda: st.see(ks.units.values(), now, lim, None))
    t("watchrow", lambda: Watch.objects.get())
    wt = t("joint_list", lambda: st.joint_list([st.OnDuty(person=f"o{n}", name="x", agency="y") for n in range(2000)], seen.picture, [g for r in rows for g in bj.grounds_of(r)], lim))
