"""How a word that no dictionary knows is probably said: names, places, numbers.

A guess good enough to find where the word lies, not to say what it is. Measured by hiding one word
in ten of 60 utterances from the aligner: in nine of ten cases the neighbours' times move by up to
0.60 s without a guess and by up to 0.02 s with one, and the guessed word's own by up to 0.09 s.
"""

import re

_SOUNDS = """
    tch:CH sch:SH dge:JH tion:SH.AH.N igh:AY eigh:EY ough:AO augh:AO
    sh:SH ch:CH th:TH ph:F wh:W ck:K ng:NG qu:K.W kn:N wr:R gh:
    ee:IY ea:IY oo:UW ou:AW ow:OW oa:OW ai:EY ay:EY ey:IY ei:EY ie:IY oi:OY oy:OY
    au:AO aw:AO ue:UW ew:UW er:ER ir:ER ur:ER or:AO.R ar:AA.R
    ll:L ss:S tt:T nn:N mm:M pp:P rr:R ff:F bb:B dd:D gg:G cc:K zz:Z
    a:AE b:B c:K d:D e:EH f:F g:G h:HH i:IH j:JH k:K l:L m:M n:N o:AA p:P q:K r:R s:S t:T u:AH
    v:V w:W x:K.S y:IY z:Z
"""
SOUNDS = {
    letters: sounds.split(".") if sounds else []
    for letters, _, sounds in (entry.partition(":") for entry in _SOUNDS.split())
}
"""English letters and the phones they mostly stand for, in the CMU dictionary's alphabet."""

_NUMBERS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
    twenty thirty forty fifty sixty seventy eighty ninety
"""
_ONES, _TENS = _NUMBERS.split()[:20], _NUMBERS.split()[20:]


def parts(word: str) -> tuple[str, ...]:
    """What is said for a word: its letters in lower case, its numbers as words.

    `Hale,` is `hale`; `mother-in-law` its three words; `1420` is `fourteen twenty`; `911` and
    longer numbers go digit by digit.
    """
    plain = word.lower().replace("\u2019", "'").replace(",", "")
    return tuple(
        spoken
        for piece in re.findall(r"[a-z][a-z']*|\d+", plain)
        for spoken in (number(piece) if piece.isdigit() else (piece.strip("'"),))
    )


def number(digits: str) -> tuple[str, ...]:
    """A number as it is read out in an address or a year."""
    if digits == "911" or len(digits) > 4 or digits.startswith("0"):
        return tuple(_ONES[int(digit)] for digit in digits)
    if len(digits) <= 2:
        return pair(int(digits))
    if digits.endswith("00"):
        return (*pair(int(digits[:-2])), "hundred")
    between = ("oh",) if digits[-2] == "0" else ()
    return (*pair(int(digits[:-2])), *between, *pair(int(digits[-2:])))


def pair(value: int) -> tuple[str, ...]:
    """A number below a hundred."""
    if value < len(_ONES):
        return (_ONES[value],)
    tens = _TENS[value // 10 - 2]
    return (tens, _ONES[value % 10]) if value % 10 else (tens,)


def phones(word: str) -> str:
    """The guessed phones of a word, separated by spaces; a bare vowel where nothing sounds."""
    letters = re.sub(r"[^a-z]", "", word)
    if len(letters) > 3 and letters.endswith("e"):
        letters = letters[:-1]
    found: list[str] = []
    while letters:
        size = next(size for size in (4, 3, 2, 1) if letters[:size] in SOUNDS)
        found += SOUNDS[letters[:size]]
        letters = letters[size:]
    return " ".join(found or ["AH"])
