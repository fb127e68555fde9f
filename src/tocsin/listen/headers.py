"""What the first bytes of a file say about it, read without a decoder."""

import os

UNFINISHED = 0x7FFF_F000
"""A size from which on a recorder meant "not known yet": all ones, with or without the sign."""


def guess(file: int) -> str:
    """Why these bytes cannot be opened, as far as their beginning tells.

    Args:
        file: descriptor of the open file; its position is left alone.
    """
    head = os.pread(file, 4096, 0)
    if head[4:8] == b"ftyp":
        return "it begins like an M4A or MP4, but its index is missing: it was probably cut off"
    if head[:4] in {b"RIFF", b"OggS", b"fLaC", b"ID3\x03", b"ID3\x04"}:
        return "its header is there, but the sound after it is missing or damaged"
    text = head.decode("utf-8", "replace")
    # the last sign may have been cut in two
    if "\ufffd" not in text[:-1] and all(sign.isprintable() or sign.isspace() for sign in text):
        return "it holds text, not sound"
    return "its bytes are in no sound format that is known here"


def wav_seconds(file: int) -> float | None:
    """Seconds by the sizes in a WAV header, None where they were never filled in.

    RIFF: chunks of a four-letter name and a 32-bit size; `fmt ` holds the bytes a second at its
    ninth byte, `data` the sound.

    Args:
        file: descriptor of the open file; its position is left alone.
    """
    head = os.pread(file, 65_536, 0)
    at, per_second = 12, 0
    while at + 8 <= len(head):
        name, size = head[at : at + 4], int.from_bytes(head[at + 4 : at + 8], "little")
        if name == b"fmt ":
            per_second = int.from_bytes(head[at + 16 : at + 20], "little")
        if name == b"data":
            is_known = 0 < size < UNFINISHED and per_second > 0
            return size / per_second if is_known else None
        at += 8 + size + size % 2
    return None


def counts_frames(file: int) -> bool:
    """Whether an MP3 says how long it is: a Xing, Info or VBRI header in its first frame.

    Args:
        file: descriptor of the open file; its position is left alone.
    """
    head = os.pread(file, 10, 0)
    skipped = 0
    if head[:3] == b"ID3":
        # the size of an ID3v2 tag is written in four bytes of seven bits
        skipped = 10 + sum((byte & 0x7F) << 7 * (3 - i) for i, byte in enumerate(head[6:10]))
    first = os.pread(file, 2048, skipped)
    return any(mark in first for mark in (b"Xing", b"Info", b"VBRI"))
