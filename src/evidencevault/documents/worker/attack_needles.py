"""A secret as a careless or a clever program would leave it: what to look for in bytes, and in text."""

from __future__ import annotations

import base64
import codecs
import re
import unicodedata
import urllib.parse
from collections.abc import Iterator
from functools import lru_cache

SHORT = 5
"""Bytes below which a needle is found in any compressed stream by chance: those are sought in text only."""
_BLANKS = b" \t\r\n"
_BETWEEN = b"\xff\xfe\xff\xfe"
"""Between runs, where names are written with so many letters that needles hold every byte there is."""
_COLOURS = (b"\0", b"\xff")
"""Of which a page has runs of millions: black and white. UTF-16 and UTF-32 have the one, too, Latin-1 the other."""


def in_bytes(data: bytes, secrets: list[str]) -> list[int]:
    """The secrets that stand in bytes, in any encoding."""
    if not secrets or not data:
        return []
    # Most bytes of a page are pixels that no needle can hold; thousands of searches through them take minutes.
    between, papers = _papers(tuple(secrets))
    for paper, ends in papers:
        data = paper.sub(ends, data)
    views = {"lower": data.lower(), "bare": data.translate(None, _BLANKS), "exact": data}
    found: set[int] = set()
    for view, (run, wanted) in _by_view(tuple(secrets)).items():
        worth = between.join(set(run.findall(views[view])))
        found |= {number for number, needle in wanted if needle in worth}
    return sorted(found)


@lru_cache(maxsize=4)
def _papers(secrets: tuple[str, ...]) -> tuple[bytes, list[tuple[re.Pattern[bytes], bytes]]]:
    """What no needle holds, and the runs of black and white that are longer than in any, with what stands for them."""
    every = [needle for secret in secrets for _, needle in needles(secret)]
    alphabet = set(b"".join(every))
    between = next((bytes([one]) for one in range(255, -1, -1) if one not in alphabet), _BETWEEN)
    found = []
    for colour in _COLOURS:
        most = max((len(run) for needle in every for run in re.findall(colour + b"+", needle)), default=0)
        long = re.compile(colour + b"{%d,}" % (2 * most + len(_BETWEEN)))
        found.append((long, colour * most + between + colour * most))
    return between, found


@lru_cache(maxsize=4)
def _by_view(secrets: tuple[str, ...]) -> dict[str, tuple[re.Pattern[bytes], list[tuple[int, bytes]]]]:
    """For each view the needles with their secrets' numbers, and runs of bytes that all occur in some needle."""
    listed: dict[str, list[tuple[int, bytes]]] = {}
    for number, secret in enumerate(secrets):
        for view, needle in needles(secret):
            listed.setdefault(view, []).append((number, needle))
    found = {}
    for view, wanted in listed.items():
        alphabet = set(b"".join(needle for _, needle in wanted))
        inside = b"".join(re.escape(bytes([one])) for one in sorted(alphabet))
        found[view] = re.compile(b"[" + inside + b"]{%d,}" % SHORT, re.DOTALL), wanted
    return found


@lru_cache(maxsize=4096)
def needles(secret: str) -> tuple[tuple[str, bytes], ...]:
    """Where to look (bytes in lower case, without blanks, as they are) and for what."""
    found: dict[tuple[str, bytes], None] = {}
    for text in {secret, unaccented(secret)}:
        for view, needle in (*_folded(text), *_exact(text)):
            if len(needle) >= SHORT:
                found[view, needle] = None
    return tuple(found)


def _folded(text: str) -> Iterator[tuple[str, bytes]]:
    """Encodings in which the case of letters can be folded byte by byte."""
    for cased in (text.lower(), text.upper()):
        utf8 = cased.encode("utf-8")
        raws = {utf8, cased[::-1].encode("utf-8"), codecs.encode(cased, "rot13").encode("utf-8")}
        raws |= {cased.encode(one) for one in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")}
        raws |= _latin(cased)
        # Five letters of any case turn up in some megabytes of noise: they are sought as they are written.
        yield from (("lower", raw.lower()) for raw in raws if len(raw) > SHORT)
        yield "lower", urllib.parse.quote(utf8).lower().encode()
        yield "lower", b"".join(b"=%02x" % c if c > 126 else bytes([c]) for c in utf8).lower()


def _exact(text: str) -> Iterator[tuple[str, bytes]]:
    """Encodings that hide the case, and short texts: each in the cases that are usual."""
    for cased in {text, text.lower(), text.upper(), text.title()}:
        utf8 = cased.encode("utf-8")
        yield "exact", utf8
        yield from (("exact", raw) for raw in _latin(cased))
        yield "lower", b"".join(b"%%%02x" % c for c in utf8)
        yield "lower", b"".join(b"\\%03o" % c for c in utf8)
        yield "lower", b"".join(b"\\u%04x" % ord(c) for c in cased)
        yield "lower", b"".join(b"&#%d;" % ord(c) for c in cased)
        yield "lower", b"".join(b"&#x%x;" % ord(c) for c in cased)
        for raw in {utf8, cased.encode("utf-16-le"), cased.encode("utf-16-be"), *_latin(cased)}:
            yield "bare", raw.hex().encode()
            yield "bare", raw.hex().upper().encode()
            yield from (("bare", part) for part in _base64(raw))


def _latin(text: str) -> set[bytes]:
    return {text.encode("latin-1")} if all(ord(c) < 256 for c in text) else set()


def _base64(raw: bytes) -> Iterator[bytes]:
    """What of raw bytes stands in base64 whatever is before and behind them, in both alphabets (RFC 4648)."""
    for before in range(3):
        whole = base64.b64encode(bytes(before) + raw)
        part = whole[(0, 2, 3)[before] : (before + len(raw)) * 8 // 6]
        yield part
        yield part.translate(bytes.maketrans(b"+/", b"-_"))


def unaccented(text: str) -> str:
    """Letters without their accents, ligatures as letters."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def in_text(text: str, secrets: list[str]) -> list[int]:
    """The secrets that stand in a text: as a whole word, or spaced, hyphenated, accented, backwards."""
    folded = unaccented(text).casefold()
    squeezed = "".join(c for c in folded if c.isalnum())
    found = []
    for number, secret in enumerate(secrets):
        wanted = unaccented(secret).casefold()
        letters = "".join(c for c in wanted if c.isalnum())
        whole = letters and wanted in folded and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", folded)
        if whole or (len(letters) >= SHORT and (letters in squeezed or letters[::-1] in squeezed)):
            found.append(number)
    return found
