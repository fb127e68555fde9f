"""Moments on a page: always with their zone, and clocks that run on where scripts may."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def at(context: dict[str, Any], moment: datetime | None) -> str:
    """A moment in the center's zone: the time alone on the same day, else with its date."""
    if moment is None:
        return "not known"
    local = moment.astimezone(ZoneInfo(context["zone"]))
    today = context["now"].astimezone(ZoneInfo(context["zone"]))
    day = "" if local.date() == today.date() else _day(local, with_year=local.year != today.year)
    return format_html(
        '<time datetime="{}" title="{}">{}{} <small>{}</small></time>',
        moment.isoformat(timespec="seconds"),
        _whole(local),
        f"{day} " if day else "",
        f"{local:%H:%M:%S}",
        f"{local:%Z}",
    )


@register.simple_tag(takes_context=True)
def whole(context: dict[str, Any], moment: datetime | None) -> str:
    """A moment with weekday, date, time, zone and offset."""
    if moment is None:
        return "not known"
    local = moment.astimezone(ZoneInfo(context["zone"]))
    return format_html(
        '<time datetime="{}">{}</time>', moment.isoformat(timespec="milliseconds"), _whole(local)
    )


@register.simple_tag(takes_context=True)
def since(context: dict[str, Any], moment: datetime) -> SafeString:
    """A clock that counts up from the moment."""
    gone = context["now"] - moment
    return format_html(
        '<time class="since" datetime="{}">{}</time>',
        moment.isoformat(timespec="milliseconds"),
        clock(gone),
    )


@register.simple_tag(takes_context=True)
def until(context: dict[str, Any], moment: datetime) -> SafeString:
    """A clock that counts down to the moment."""
    left = moment - context["now"]
    return format_html(
        '<time class="until" datetime="{}">{}</time>',
        moment.isoformat(timespec="milliseconds"),
        clock(left),
    )


@register.simple_tag(takes_context=True)
def offset(context: dict[str, Any]) -> str:
    """The zone's name and its offset now: `MST, UTC-07:00`."""
    local = context["now"].astimezone(ZoneInfo(context["zone"]))
    return f"{local:%Z}, UTC{_offset(local)}"


@register.filter
def seconds(length: float) -> str:
    """A place in a recording: `0:07.4`."""
    return f"{int(length // 60)}:{length % 60:04.1f}"


def clock(length: timedelta) -> str:
    """A length of time as a clock shows it: `04:37`, `1:04:37`, `2 d 1:04:37`."""
    total = max(0, int(length.total_seconds()))
    days, rest = divmod(total, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    if days:
        return f"{days} d {hours}:{minutes:02}:{left:02}"
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes:02}:{left:02}"


def _whole(local: datetime) -> str:
    return f"{local:%a} {_day(local, with_year=True)} {local:%H:%M:%S %Z} ({_offset(local)})"


def _day(local: datetime, *, with_year: bool) -> str:
    return f"{local.day} {local:%b}{f' {local.year}' if with_year else ''}"


def _offset(local: datetime) -> str:
    text = f"{local:%z}"
    return f"{text[:3]}:{text[3:]}"
