"""The table of contents: a call's way through the stages, in order.

    stage      takes                                  gives
    intake     a recording, call data, a note         CallFacts
    evidence   bytes; what was done                   Sealed, LogEntry
    listen     a recording                            Hearing
    read       a text, the center's names             Statement
    assess     a person's answer                      Assessment, Standing
    warn       a statement, ground, people on duty    Bulletin, Message, CAP
    posture    orders, the units' feed                Finding, Breach, Verdict

The desk walks this way with the record between any two steps, so that each can be killed and taken
up again (desk/worker/jobs.py). Here the machine's two steps are one, for who has no record.
"""

from pathlib import Path

from tocsin.config import ListenConfig
from tocsin.listen import Hearing, hear, open_engines
from tocsin.read import Gazetteer, Kind, Statement, read

STAGES = ("intake", "evidence", "listen", "read", "assess", "warn", "posture")
"""The rooms, in the order in which a call travels; each may look at those before it."""


def hear_and_read(
    path: Path, *, config: ListenConfig, gazetteer: Gazetteer
) -> tuple[Hearing, Statement]:
    """What is heard in a recording, and what is read in those words.

    Raises:
        InputError: the file cannot be heard.
        ListenFailed: an engine is missing, or broke off.
    """
    heard = hear(path, config=config, engines=open_engines(config))
    statement = read(heard.text, kind=Kind.ASR, gazetteer=gazetteer, words=heard.words)
    return heard, statement
