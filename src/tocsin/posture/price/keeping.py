"""A price as JSON, to be kept with the order, and back again: what was foretold stays foretold."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from tocsin.errors import InputError
from tocsin.posture.price.assumed import Service, Settings, check_settings
from tocsin.posture.price.foretell import Figure, FormPrice, Price
from tocsin.posture.price.interval import Interval

FORMAT = 1
"""Of the JSON; a reader that meets another one says so."""


def price_as_json(price: Price) -> dict[str, Any]:
    """The price as plain JSON values."""
    settings = asdict(replace(price.settings, service={}))
    settings["service"] = {
        str(priority): asdict(service) for priority, service in price.settings.service.items()
    }
    return {
        "format": FORMAT,
        "seed": price.seed,
        "days": price.days,
        "calls": price.calls,
        "settings": settings,
        "forms": [
            {
                "key": form.key,
                "figures": [_figure_json(one) for one in form.figures],
                "differences": [_figure_json(one) for one in form.differences],
            }
            for form in price.forms
        ],
        "assumptions": list(price.assumptions),
        "cautions": list(price.cautions),
    }


def price_from_json(value: Any) -> Price:
    """The price that `price_as_json` wrote.

    Raises:
        InputError: it is no such price; names what does not fit.
    """
    fault = best_match(_schema().iter_errors(value))
    if fault is not None:
        place = ".".join(str(part) for part in fault.absolute_path) or "the whole"
        raise InputError(
            f"In the price kept, {place}: {fault.message[:300]}.",
            way_out="Foretell the price again.",
        )
    return Price(
        forms=tuple(
            FormPrice(
                key=form["key"],
                figures=tuple(_figure(one) for one in form["figures"]),
                differences=tuple(_figure(one) for one in form["differences"]),
            )
            for form in value["forms"]
        ),
        settings=_settings(value["settings"]),
        seed=value["seed"],
        days=value["days"],
        calls=value["calls"],
        assumptions=tuple(value["assumptions"]),
        cautions=tuple(value["cautions"]),
    )


def _figure_json(figure: Figure) -> dict[str, Any]:
    return {"key": figure.key, "priority": figure.priority, **asdict(figure.value)}


def _figure(value: Mapping[str, Any]) -> Figure:
    ends = ("mean", "low", "high", "once_low", "once_high")
    return Figure(
        key=value["key"],
        priority=value["priority"],
        value=Interval(**{end: float(value[end]) for end in ends}),
    )


def _settings(value: Mapping[str, Any]) -> Settings:
    service = {int(rank): Service(**one) for rank, one in value["service"].items()}
    settings = Settings(**{**value, "service": service})
    check_settings(settings)
    return settings


@cache
def _schema() -> Draft202012Validator:
    text = files("tocsin.posture.price").joinpath("price.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))
