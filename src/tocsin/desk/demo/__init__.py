"""The demonstration: an invented county, its people, and one call. Nothing of it is real."""

from importlib.resources import files

CENTER = "calder-north"
"""Key of the dispatch center that takes the demonstration call."""


def county() -> bytes:
    """The county file of Calder County."""
    return files("tocsin.desk.demo").joinpath("county.json").read_bytes()


def recording() -> bytes:
    """The call: a synthetic voice, 8 kHz mu-law."""
    return files("tocsin.desk.demo").joinpath("call.wav").read_bytes()


def call_data() -> bytes:
    """What the network knew of the call; its times are put in when it is played."""
    return files("tocsin.desk.demo").joinpath("call.json").read_bytes()


LOGINS = (
    ("dana", "call taker, Calder North Communications"),
    ("sato", "shift supervisor, Calder North Communications"),
    ("ortiz", "watch commander, Harlowe Police"),
    ("reed", "officer, Harlowe Police"),
    ("vale", "investigator, Harlowe Police"),
    ("adams", "administrator, Calder North Communications"),
)
"""People to try the demonstration as, and what they are."""
