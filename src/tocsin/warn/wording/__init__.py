"""The words of each form: from a notice to what a channel carries.

A channel names its form; a form is one module and one line here. Each keeps to the measure of its
medium by leaving out what matters least, in a fixed order, and says where it could not.
"""

from collections.abc import Callable

from tocsin.warn.wording.glance import glance
from tocsin.warn.wording.letter import letter, subject_line
from tocsin.warn.wording.machine import machine
from tocsin.warn.wording.notice import Form, Notice, Ordered, Topic, Words, local_time
from tocsin.warn.wording.script import script
from tocsin.warn.wording.sheet import sheet
from tocsin.warn.wording.short import short
from tocsin.warn.wording.spoken import spoken
from tocsin.warn.wording.teletype import teletype

FORMS: dict[Form, Callable[[Notice], Words]] = {
    Form.LETTER: letter,
    Form.SHORT: short,
    Form.SPOKEN: spoken,
    Form.GLANCE: glance,
    Form.DATA: machine,
    Form.SCRIPT: script,
    Form.TELETYPE: teletype,
    Form.SHEET: sheet,
}
"""Registry of the forms."""


def write(notice: Notice, form: Form) -> Words:
    """The notice in the words of a form."""
    return FORMS[form](notice)


__all__ = [
    "FORMS",
    "Form",
    "Notice",
    "Ordered",
    "Topic",
    "Words",
    "local_time",
    "subject_line",
    "write",
]
