"""The page on CAP names every rule, as the code has it."""

from pathlib import Path

from tocsin.warn.cap import SignatureFacts, rule_table

PAGE = Path(__file__).parents[3] / "docs" / "cap.md"


def test_the_page_has_the_table_of_the_rules() -> None:
    assert f"\n{rule_table()}\n" in PAGE.read_text(encoding="utf-8")


def test_the_page_explains_every_fact_of_a_signature() -> None:
    facts = [name for name, kind in SignatureFacts.__annotations__.items() if "bool" in str(kind)]

    assert len(facts) == 7
    for name in facts:
        assert f"| `{name}` |" in PAGE.read_text(encoding="utf-8")
