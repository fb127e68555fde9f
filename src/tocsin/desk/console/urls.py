"""Addresses of the pages."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path

from tocsin.desk.console.live import stream
from tocsin.desk.console.signin import SignIn, password
from tocsin.desk.console.views import (
    arrivals,
    blue,
    board,
    bulletins,
    calls,
    county,
    exhibits,
    links,
    mine,
    missing,
    outbox,
    threats,
)

app_name = "console"
urlpatterns: list[URLPattern] = [
    path("", board.home, name="home"),
    path("alarm", board.alarm, name="alarm"),
    path("demonstration", board.play, name="play"),
    path("tasks/<int:pk>/done", board.finish, name="finish"),
    path("calls/new", calls.new_call, name="new_call"),
    path("calls/<str:number>", calls.call, name="call"),
    path("calls/<str:number>/open", calls.open_from_call, name="open"),
    path("calls/<str:number>/audio", exhibits.audio, name="audio"),
    path("calls/<str:number>/original", exhibits.original, name="original"),
    path("threats/<str:number>", threats.threat, name="threat"),
    path("threats/<str:number>/take", board.take, name="take"),
    path("threats/<str:number>/assess", threats.assess, name="assess"),
    path("threats/<str:number>/told/<int:pk>", threats.tell_otherwise, name="told"),
    path("threats/<str:number>/bulletin", threats.start, name="start"),
    path("threats/<str:number>/blue", blue.card, name="blue"),
    path("threats/<str:number>/blue/answer", blue.answer, name="blue_answer"),
    path("threats/<str:number>/close", threats.close, name="close"),
    path("bulletins/<str:number>/<int:version>/edit", bulletins.edit, name="edit"),
    path("bulletins/<str:number>/<int:version>/preview", bulletins.preview, name="preview"),
    path("bulletins/<str:number>/<int:version>/audience", bulletins.audience, name="audience"),
    path("bulletins/<str:number>/<int:version>/release", bulletins.release, name="release"),
    path("bulletins/<str:number>/<int:version>/update", bulletins.update, name="update"),
    path("bulletins/<str:number>/<int:version>/cancel", bulletins.cancel, name="cancel"),
    path("bulletins/<str:number>/<int:version>/cap", bulletins.cap, name="cap"),
    path("bulletins/<str:number>/<int:version>/script", missing.script, name="script"),
    path("bulletins/<str:number>/<int:version>/teletype", missing.teletype, name="teletype"),
    path("bulletins/<str:number>/<int:version>/print", missing.print_page, name="print"),
    path("list", missing.missing, name="list"),
    path("list/told", missing.tell, name="tell"),
    path("list/desk", missing.desk, name="desk"),
    path("mine", mine.mine, name="mine"),
    path("mine/<str:number>/<int:version>/have", mine.have, name="have"),
    path("a/<str:token>", links.acknowledge, name="acknowledge"),
    path("outbox", outbox.outbox, name="outbox"),
    path("arrivals", arrivals.arrivals, name="arrivals"),
    path("arrivals/<int:pk>/keep", arrivals.keep, name="keep"),
    path("county", county.county, name="county"),
    path("ground.json", bulletins.ground, name="ground"),
    path("live", stream, name="live"),
    path("login", SignIn.as_view(), name="login"),
    path("logout", LogoutView.as_view(), name="logout"),
    path("password", password, name="password"),
]
