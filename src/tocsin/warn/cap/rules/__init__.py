"""The rules that no schema checks, each with its source; and what a message does not keep."""

from collections.abc import Sequence

from tocsin.warn.cap.ground import Ring
from tocsin.warn.cap.message import CapMessage
from tocsin.warn.cap.rules.content import CONTENT
from tocsin.warn.cap.rules.header import HEADER
from tocsin.warn.cap.rules.ipaws import IPAWS
from tocsin.warn.cap.rules.rule import Case, Finding, Level, Profile, Rule
from tocsin.warn.cap.rules.wea import WEA

RULES: tuple[Rule, ...] = (*HEADER, *CONTENT, *IPAWS, *WEA)

__all__ = ["RULES", "Finding", "Level", "Profile", "Rule", "check_cap", "explain", "rule_table"]


def check_cap(
    message: CapMessage,
    *,
    profile: Profile = Profile.CAP,
    home: Sequence[Ring] = (),
    earlier: Sequence[CapMessage] = (),
) -> tuple[Finding, ...]:
    """Every rule that the message does not keep, errors first.

    Args:
        message: as it was read; its form has been checked by reading it.
        profile: whose rules hold; CAP's own always do.
        home: outer rings of our ground as (longitude, latitude) pairs; without them nothing is
            said on where the message's ground lies.
        earlier: every message so far on the same event; without them nothing is said on whether
            all are listed.
    """
    case = Case(message=message, home=home, earlier=earlier)
    held = [one for one in RULES if one.profile in {Profile.CAP, profile}]
    found = [
        Finding(rule=one, place=place, detail=detail)
        for one in held
        for place, detail in one.check(case)
    ]
    return tuple(sorted(found, key=lambda finding: finding.rule.level is Level.REMARK))


def explain(findings: Sequence[Finding]) -> str:
    """The findings for a person to read: errors first; a sentence where all is well."""
    if not findings:
        return "The message keeps every rule that was checked."
    lines = [
        f"{finding.rule.level.upper()}  {finding.place}: {finding.detail}\n"
        f"       {finding.rule.sentence} ({finding.rule.source}; {finding.rule.key})"
        for finding in findings
    ]
    return "\n".join(lines)


def rule_table() -> str:
    """The rules as the table of `docs/cap.md`."""
    rows = ["| rule | what a message does | source | profile | else |", "|---|---|---|---|---|"]
    rows += [
        f"| `{one.key}` | {one.sentence} | {one.source} | {one.profile} | {one.level} |"
        for one in RULES
    ]
    return "\n".join(rows)
