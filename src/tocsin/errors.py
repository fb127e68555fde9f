"""The one error tree: everything that Tocsin itself raises.

    Error
    ├── InputError                what arrived cannot be used as it is
    │   ├── EmptyRecording        no bytes
    │   ├── NotARecording         bytes without a sound track that can be decoded
    │   ├── TooLarge              over the size limit
    │   ├── TooLong               over the length that is transcribed
    │   ├── Interrupted           the sender stopped before the end
    │   ├── BadCallData           call data that does not fit the schema, or cannot be true
    │   ├── BadCounty             a county file that does not fit
    │   ├── BadAlert              a CAP message or feed that cannot be read as one
    │   ├── BadOrder              an order that demands nothing, of nobody, or at no time
    │   ├── BadUnits              a units feed, or a row of it, that cannot be used
    │   ├── TooMany               more in a second than is taken
    │   └── BadText               text that cannot be read
    ├── NotAllowed                this person may not do this
    ├── NotFound                  no such thing, or not for this person's eyes
    ├── OutOfTurn                 right in itself, but not in this state
    ├── MissingReason             a decision without the reason it needs
    ├── Tampered                  evidence that does not fit its record
    ├── StoreFailed               the store did not take or give the bytes
    ├── ListenFailed              a recording that could not be heard
    │   ├── EngineMissing         an engine, or a file of it, is not here
    │   └── OverBudget            decoding or recognising passed its limit of time or memory
    ├── ChannelError              a message was not handed over
    │   ├── Undeliverable         and never will be to this address
    │   ├── Unreachable           now; another try may succeed
    │   └── OutcomeUnknown        or was: the answer never came
    └── SetupError                a setting, path or service of this installation

Every error can say a sentence to the person who meets it (`for_person`) and whether trying the
same thing again is pointless (`permanent`). Plug-ins turn foreign errors into these.
"""

from typing import ClassVar


class Error(Exception):
    """Anything that Tocsin raises on purpose.

    Args:
        what: one sentence on what happened, naming the input.
        way_out: one sentence on what its reader can do.
    """

    permanent: ClassVar[bool] = True

    def __init__(self, what: str, *, way_out: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.way_out = way_out

    def for_person(self) -> str:
        """What happened and what to do, in words for the person in front of the screen."""
        return f"{self.what} {self.way_out}".strip()


class InputError(Error):
    """What arrived cannot be used as it is."""


class EmptyRecording(InputError):
    """A recording of no bytes."""


class NotARecording(InputError):
    """Bytes without a sound track that can be decoded."""


class TooLarge(InputError):
    """More bytes than the limit allows."""


class TooLong(InputError):
    """A recording longer than is transcribed."""


class Interrupted(InputError):
    """The sender stopped before the end."""

    permanent = False


class BadCallData(InputError):
    """Call data that does not fit the schema, or cannot be true."""


class BadCounty(InputError):
    """A county file that does not fit."""


class BadAlert(InputError):
    """A CAP message or feed that cannot be read as one."""


class BadOrder(InputError):
    """An order that demands nothing, of nobody, or at no time."""


class BadUnits(InputError):
    """A units feed, or a row of it, that cannot be used."""


class TooMany(InputError):
    """More in a second than is taken."""

    permanent = False


class BadText(InputError):
    """Text that cannot be read."""


class NotAllowed(Error):
    """This person may not do this."""


class NotFound(Error):
    """No such thing, or not for this person's eyes."""


class OutOfTurn(Error):
    """Right in itself, but not in this state."""


class MissingReason(Error):
    """A decision without the reason it needs."""


class Tampered(Error):
    """Evidence that does not fit its record."""


class StoreFailed(Error):
    """The store did not take or give the bytes."""

    permanent = False


class ListenFailed(Error):
    """A recording that could not be heard."""


class EngineMissing(ListenFailed):
    """An engine, or a file of it, is not here."""


class OverBudget(ListenFailed):
    """Decoding or recognising passed its limit of time or memory."""


class ChannelError(Error):
    """A message was not handed over."""


class Undeliverable(ChannelError):
    """Not handed over, and never will be to this address."""


class Unreachable(ChannelError):
    """Not handed over now; another try may succeed."""

    permanent = False


class OutcomeUnknown(ChannelError):
    """Perhaps handed over: the answer never came."""

    permanent = False


class SetupError(Error):
    """A setting, path or service of this installation."""
