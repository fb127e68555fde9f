"""Exact facts about a recording for a person to weigh; what they mean is not said here."""

from collections.abc import Iterator, Sequence

from tocsin.listen.engine import OPPOSED, Trace
from tocsin.listen.hearing import Indicator, Quality, Speech, Word

SLACK = 0.25
"""Seconds by which a header may differ: coders pad their first and last packet."""

SHARE = 0.001
"""And the same as a share of the duration."""

SHORT = 0.5
"""Seconds below which a recording is called very short: a "yes" takes as long."""

LEAST_CLIPPING = 0.0001
"""Share of clipped samples that is reported: one in ten thousand, eight in ten seconds at 8 kHz."""

ALIKE = 0.9
"""Correlation of two channels below which they are called different."""

FASTEST = 7
"""Words a second that nobody keeps up."""

UNSURE, UNSURE_SHARE, LEAST_WORDS = 0.5, 0.4, 8
"""Confidence of an unsure word; the share of them, in at least so many words, that is reported.
Over a simulated telephone an eighth of the words is unsure; where a synthetic voice spoke German or
Spanish, over a half."""

MOST_FLAT = 10
"""Flat stretches listed one by one: the longest."""


def noted(
    quality: Quality, trace: Trace, speech: Sequence[Speech], words: Sequence[Word]
) -> tuple[Indicator, ...]:
    """All that can be said exactly, in the order in which a listener should know it."""
    return (
        *of_length(quality),
        *of_speech(quality, speech, words),
        *of_text(quality, words),
        *of_repeats([word.text for word in words]),
        *of_signal(trace),
        *of_flat(trace.flat),
    )


def of_length(quality: Quality) -> Iterator[Indicator]:
    """Duration against header, unreadable packets, too little to hear."""
    claimed, real = quality.header_duration, quality.duration
    if claimed is not None and abs(claimed - real) > SLACK + SHARE * claimed:
        shorter = real < claimed
        yield Indicator(
            name="shorter_than_header" if shorter else "longer_than_header",
            sentence=f"The file says that it lasts {claimed:.1f} s, but "
            f"{'only ' if shorter else ''}{real:.1f} s were decoded.",
        )
    if quality.bad_packets:
        yield Indicator(
            name="bad_packets",
            sentence=f"{counted(quality.bad_packets, 'packet')} of the recording could not be "
            f"decoded and were left out; times after a gap are early by its length.",
        )
    if real < SHORT:
        yield Indicator(
            name="very_short",
            sentence=f"The recording lasts only {real:.2f} s.",
        )


def of_speech(
    quality: Quality, speech: Sequence[Speech], words: Sequence[Word]
) -> Iterator[Indicator]:
    """Nobody speaks, or nothing could be made out."""
    if not speech:
        yield Indicator(
            name="no_speech",
            sentence="No speech was found, so no words were looked for. Listen: shouting from "
            "afar, whispering and heavy noise can escape the detector.",
        )
    elif not words:
        yield Indicator(
            name="no_words",
            sentence=f"Somebody seems to speak for {quality.speech:.1f} s, but no words could be "
            f"made out.",
            start=speech[0].start,
            end=speech[-1].end,
        )


def of_text(quality: Quality, words: Sequence[Word]) -> Iterator[Indicator]:
    """Signs in the text itself that it may be invented."""
    if len(words) > FASTEST * quality.speech + 2:
        yield Indicator(
            name="too_many_words",
            sentence=f"The text has {counted(len(words), 'word')} for {quality.speech:.1f} s of "
            f"speech: more than anyone says. A recogniser invents words over sounds that are none.",
        )
    unsure = sum(word.confidence < UNSURE for word in words)
    if len(words) >= LEAST_WORDS and unsure >= UNSURE_SHARE * len(words):
        yield Indicator(
            name="unsure_words",
            sentence=f"{unsure} of {len(words)} words have a confidence below {UNSURE}: noise, a "
            f"bad line or another language does that. Listen before relying on the text.",
        )


def of_repeats(words: Sequence[str]) -> Iterator[Indicator]:
    """The same words again and again."""
    longest = max(repeats(words), default=None, key=lambda found: found[0] * found[1])
    if longest is not None:
        times, length, first = longest
        said = " ".join(words[first : first + length])
        yield Indicator(
            name="repeated_words",
            sentence=f"The text has “{said}” {times} times in a row. Callers repeat themselves; "
            f"so does a recogniser that has lost the thread.",
        )


def repeats(words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Times, length and first word of everything of up to eight words said six times on end."""
    plain = [word.lower().strip(".,!?") for word in words]
    for length in range(1, 9):
        run = 0
        for index in range(length, len(plain)):
            run = run + 1 if plain[index] == plain[index - length] else 0
            times = run // length + 1
            if times >= 6 and run % length == 0:
                yield times, length, index + 1 - times * length


def of_signal(trace: Trace) -> Iterator[Indicator]:
    """Clipping, and channels that do not agree."""
    if trace.clipping >= LEAST_CLIPPING:
        yield Indicator(
            name="clipped",
            sentence=f"{100 * trace.clipping:.2f} % of the samples are clipped: the sound was too "
            f"loud for the recorder, and words there are harder to make out.",
        )
    likeness = trace.likeness
    if likeness is not None and likeness < OPPOSED:
        yield Indicator(
            name="channels_opposed",
            sentence=f"The two channels carry sound of opposite sign (correlation {likeness:.2f}); "
            f"only the first one was heard.",
        )
    elif likeness is not None and likeness < ALIKE:
        yield Indicator(
            name="channels_differ",
            sentence=f"The two channels carry different sound (correlation {likeness:.2f}); they "
            f"were heard together, so words said at the same time may be lost.",
        )


def of_flat(flat: Sequence[Speech]) -> Iterator[Indicator]:
    """Stretches without the least change, the longest ones, in the order of time."""
    longest = sorted(flat, key=lambda run: run.start - run.end)[:MOST_FLAT]
    for run in sorted(longest, key=lambda run: run.start):
        yield Indicator(
            name="digital_silence",
            sentence=f"From {run.start:.2f} s to {run.end:.2f} s the signal does not change at "
            f"all: a mute, a gap in the connection, silence put in, or a very quiet digital line.",
            start=run.start,
            end=run.end,
        )
    if len(flat) > MOST_FLAT:
        rest = sum(run.end - run.start for run in flat) - sum(
            run.end - run.start for run in longest
        )
        yield Indicator(
            name="digital_silence",
            sentence=f"{len(flat) - MOST_FLAT} shorter such stretches take {rest:.1f} s together.",
        )


def counted(number: int, thing: str) -> str:
    """`1 packet`, `3 packets`."""
    return f"{number} {thing}{'' if number == 1 else 's'}"
