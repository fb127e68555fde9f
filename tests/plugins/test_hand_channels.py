"""What a person carries: the script, the teletype and the printed page."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from tests.bulletins import a_bulletin, some_content
from tocsin.errors import SetupError, Undeliverable
from tocsin.warn import Addressee, Form, Message, Notice, Sheet, open_hand_channel, write

LINK = "https://tocsin.example.org/a/abcdefghijklmnopqrstuvwxyz0123456789"
NOBODY = Addressee(name="Harlow desk", address="")
DOTS_PER_INCH = 200


def a_message(text: str, **changes: object) -> Message:
    facts: dict[str, object] = {
        "key": "0b0e9a52-0000-4000-8000-000000000001",
        "subject": "OFFICER SAFETY: threat - Harlow [B-2026-000001 v1]",
        "text": text,
        "is_exercise": False,
        "link": LINK,
    }
    return Message(**(facts | changes))  # type: ignore[arg-type] # a builder of keywords


def words_of(form: Form, **content: object) -> str:
    bulletin = a_bulletin(content=some_content(**content))
    return write(Notice(bulletin=bulletin, link=LINK), form).text


def laid_out(name: str, message: Message, address: str = "", **settings: str) -> Sheet:
    return open_hand_channel(name, settings).lay_out(message, to=replace(NOBODY, address=address))


def printed(message: Message, **settings: str) -> PdfReader:
    sheet = laid_out("print", message, **settings)
    assert sheet.media_type == "application/pdf"
    return PdfReader(BytesIO(sheet.content))


def page_text(message: Message) -> str:
    """The words of the page, with every line break as a space."""
    return " ".join(printed(message).pages[0].extract_text().split())


def codes_on(message: Message) -> list[str]:
    """What a phone reads from the page as a printer would put it on paper."""
    document = pypdfium2.PdfDocument(laid_out("print", message).content)
    image = document[0].render(scale=DOTS_PER_INCH / 72, grayscale=True).to_pil()
    document.close()
    return [code.text for code in zxingcpp.read_barcodes(image)]


def test_the_script_is_there_twice_with_i_repeat_between() -> None:
    script = words_of(Form.SCRIPT)
    text = laid_out("radio", a_message(script)).content.decode()

    assert text.count(script) == 2
    assert script in text.split("I REPEAT.")[0]
    assert script in text.split("I REPEAT.")[1]
    assert "s, read twice" in text


def test_the_teletype_names_routing_and_reference_outside_the_text() -> None:
    message = a_message(words_of(Form.TELETYPE))
    text = laid_out("teletype", message, "am co, wy E1 statewide").content.decode("ascii")
    head, body = text.split("COPY FROM HERE")

    assert "MESSAGE KEY  AM\n" in head
    assert "DESTINATIONS CO WY E1" in head
    assert "REQUEST FOR STATEWIDE BROADCAST" in head
    assert "REQUEST FOR STATEWIDE BROADCAST" not in body
    assert body.splitlines()[1] == "OFFICER SAFETY: THREAT AGAINST ANY COP"


def test_the_statewide_request_stands_only_where_it_was_asked_for() -> None:
    text = laid_out("teletype", a_message("X"), "AML CO").content.decode("ascii")

    assert "STATEWIDE" not in text
    assert "NLETS ITSELF ADDS: FOR LAW ENFORCEMENT DISSEMINATION ONLY" in text


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("CO WY NM UT KS NB", "6 destinations"),
        ("E1 F1 G1", "3 regions"),
        ("ON", "province"),
        ("reed@example.org", "no state"),
        ("AM AML CO", "one key"),
    ],
)
def test_a_routing_that_nlets_does_not_take_is_refused(address: str, fault: str) -> None:
    with pytest.raises(Undeliverable, match=fault) as refusal:
        laid_out("teletype", a_message("X"), address)

    assert refusal.value.way_out


def test_a_teletype_line_never_passes_eighty_columns() -> None:
    message = a_message(words_of(Form.TELETYPE, said="word " * 200, safety_line="x" * 300))
    text = laid_out("teletype", message, "COCBI0000 WY0010000 NM UT E1 STATEWIDE").content

    assert max(map(len, text.decode("ascii").splitlines())) <= 80


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_a_phone_reads_the_link_from_the_page(paper: str) -> None:
    message = a_message(words_of(Form.SHEET))

    assert codes_on(message) == [LINK]
    width, height = printed(message, paper=paper).pages[0].mediabox[2:]
    assert (round(width), round(height)) == {"letter": (612, 792), "a4": (595, 842)}[paper]


def test_the_longest_link_is_still_read_and_a_longer_one_is_said_to_be_too_long() -> None:
    link = "https://tocsin.example.org/a/".ljust(300, "x")

    assert codes_on(a_message("X", link=link)) == [link]
    assert codes_on(a_message("X", link=link + "x")) == []
    assert "too long for a code" in page_text(a_message("a\n\nb", link=link + "x"))


def test_a_code_is_read_through_the_word_exercise() -> None:
    message = a_message(words_of(Form.SHEET), is_exercise=True)

    assert codes_on(message) == [LINK]
    assert "EXERCISE" in page_text(message)
    assert "EXERCISE" not in page_text(replace(message, is_exercise=False))


def test_the_page_holds_every_word_of_the_sheet_when_there_is_room() -> None:
    text = words_of(Form.SHEET)
    found = page_text(a_message(text))

    assert [word for word in text.split() if word not in found] == []
    assert "Shortened" not in found


def test_what_a_font_lacks_stands_as_its_number() -> None:
    found = page_text(a_message(words_of(Form.SHEET, said="Łukasz 中 \u05d0 \u202e Жуков")))

    for part in ("Łukasz", "Жуков", "[U+4E2D]", "[U+05D0]", "[U+202E]"):
        assert part in found


def test_a_long_quotation_is_shortened_and_the_page_says_so() -> None:
    text = words_of(Form.SHEET, said="He spoke on and on. " * 600)
    found = page_text(a_message(text))

    assert "Shortened: the whole text is in Tocsin." in found
    assert "lines left out" in found
    for part in (
        "OFFICER SAFETY: threat against any cop",
        "Harlow",
        "No time was said.",
        "version 1",
    ):
        assert part in found


def test_the_fonts_travel_with_the_page() -> None:
    fonts = printed(a_message("X")).pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    files = [
        part.get_object()["/FontDescriptor"]
        for font in fonts
        for part in font.get_object().get("/DescendantFonts", [font])
        if "/FontDescriptor" in part.get_object()
    ]

    assert files
    assert all("/FontFile2" in one.get_object() for one in files)


def test_the_same_message_is_the_same_page() -> None:
    message = a_message(words_of(Form.SHEET))

    assert laid_out("print", message).content == laid_out("print", message).content


def test_an_unknown_paper_is_refused() -> None:
    with pytest.raises(SetupError, match="papyrus"):
        open_hand_channel("print", {"paper": "papyrus"})


def lines_of_any_kind() -> Iterator[st.SearchStrategy[str]]:
    yield st.text(max_size=300)
    yield st.text(st.characters(codec="utf-8"), max_size=60).map(lambda one: one * 400)
    yield st.lists(st.text(max_size=20), max_size=200).map("\n\n".join)
    yield st.just("W" * 20000)


@settings(max_examples=60, deadline=None)
@given(text=st.one_of(*lines_of_any_kind()), is_exercise=st.booleans())
def test_whatever_the_text_it_is_one_page(text: str, is_exercise: bool) -> None:
    reader = printed(a_message(text, is_exercise=is_exercise, subject=text))

    assert len(reader.pages) == 1


PLAIN_WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=3000)


@settings(max_examples=60, deadline=None)
@given(said=PLAIN_WORDS, advice=PLAIN_WORDS, line=PLAIN_WORDS, often=st.sampled_from([1, 3, 9]))
def test_a_page_that_leaves_something_out_says_so(
    said: str, advice: str, line: str, often: int
) -> None:
    text = words_of(Form.SHEET, said=said * often, advice=advice, safety_line=f"Safety {line}")
    found = "".join(printed(a_message(text)).pages[0].extract_text().split())

    assert "".join(text.split()) in found or "Shortened:thewholetextisinTocsin." in found


def test_both_kinds_of_page_come_up() -> None:
    whole = page_text(a_message(words_of(Form.SHEET, said="word " * 300)))
    cut = page_text(a_message(words_of(Form.SHEET, said="word " * 3000)))

    assert ("Shortened" in whole, "Shortened" in cut) == (False, True)
