"""The 7-bit alphabet of phones: what fits, what costs two, what is not in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import BadText
from tocsin.warn.septets import BASIC, EXTENSION, foreign_characters, septets


def test_the_alphabet_has_its_127_signs_and_ten_more() -> None:
    assert len(BASIC) == 127  # and the escape, which is no sign
    assert len(EXTENSION) == 10
    assert not BASIC & EXTENSION


@pytest.mark.parametrize(
    ("text", "taken"),
    [("", 0), ("a" * 90, 90), ("{", 2), ("[]{}~^\\|€", 18), ("ñ¿¡Ñéü", 6), ("@£$\n", 4)],
)
def test_a_sign_of_the_extension_costs_two(text: str, taken: int) -> None:
    assert septets(text) == taken


@pytest.mark.parametrize("character", ["–", "’", "“", "á", "í", "ó", "ú", "\t", "😀", "`"])
def test_what_the_alphabet_lacks_is_refused_and_named(character: str) -> None:
    with pytest.raises(BadText, match="character 3"):
        septets(f"ab{character}c")

    (foreign,) = foreign_characters(f"ab{character}c")
    assert (foreign.character, foreign.at) == (character, 2)
    assert foreign.name


def test_a_dash_is_called_by_its_name() -> None:
    assert str(foreign_characters("9–5")[0]) == "'–' (en dash, character 2)"


@given(st.text(), st.text())
def test_two_texts_take_what_each_takes(one: str, other: str) -> None:
    if foreign_characters(one + other):
        with pytest.raises(BadText):
            septets(one + other)
    else:
        assert septets(one + other) == septets(one) + septets(other)
