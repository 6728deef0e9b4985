"""Mail as pages and as parts. Headers and parts that break the standard library's parsers are taken as they are."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterable, Iterator, Sequence
from email.message import EmailMessage, MIMEPart
from typing import Any

from evidencevault.documents.worker import layout

# What is passed on keeps its header lines as they came: they are evidence, and folding broken ones anew can fail.
_POLICY = email.policy.default.clone(refold_source="none")
SHOWN = ("From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Date", "Subject")
"""Headers at the top of the page; all others stand at its end."""
_OF_OUTLOOK = {"From": "sender", "Reply-To": "", "Sender": ""}
_LONGEST, _HEADERS = 50_000, 500


def parsed(data: bytes) -> EmailMessage:
    """The message. Raises RecursionError where it is nested hundreds of times."""
    message = email.message_from_bytes(data, policy=_POLICY)
    assert isinstance(message, EmailMessage)
    return message


def of_mailbox(data: bytes) -> Iterator[bytes]:
    """The messages of a mailbox (RFC 4155), as they were before lines that begin with “From ” were marked."""
    start = 0
    while start < len(data):
        end = data.find(b"\nFrom ", start)
        end = len(data) if end < 0 else end + 1
        _, _, message = data[start:end].partition(b"\n")
        if message.strip():
            yield message.replace(b"\n>From ", b"\nFrom ")
        start = end


def page(data: bytes) -> bytes:
    """A message as HTML: the headers that people read, its body, what is attached, then all further headers."""
    return layout.page(_message(parsed(data)))


def pages(messages: Iterable[bytes]) -> bytes:
    """A mailbox as HTML, each message under its number."""
    return layout.page(*(f"<h1>{number}</h1>{_message(parsed(one))}" for number, one in enumerate(messages, 1)))


def outlook(message: Any) -> bytes:
    """An Outlook message (of extract_msg) as HTML, in the same form."""
    plain, rich = message.body, message.htmlBody
    body = layout.text(str(plain)) if plain else ""
    if not body and isinstance(rich, bytes):
        body = layout.harmless(rich.decode("utf-8", "replace"))
    said = [
        (name, str(value)) for name in SHOWN if (value := getattr(message, _OF_OUTLOOK.get(name, name.lower()), None))
    ]
    listed = [(str(one.getFilename() or ""), "", "") for one in message.attachments]
    further = [(name, str(value)) for name, value in message.header.items() if name not in SHOWN]
    return layout.page(_laid_out(said, body, listed, further))


def _message(message: EmailMessage) -> str:
    said = [(name, value) for name in SHOWN if (value := _header(message, name))]
    body = message.get_body(("plain", "html"))
    content = words(body) if body is not None else ""
    rich = body is not None and body.get_content_type() == "text/html"
    listed = [(name, "", f"{len(data):,} bytes") for name, data in attached(message)]
    lowered = {name.lower() for name in SHOWN}
    further = [(name, str(value)) for name, value in message.raw_items() if name.lower() not in lowered]
    return _laid_out(said, layout.harmless(content) if rich else layout.text(content), listed, further)


def _laid_out(
    said: Sequence[tuple[str, str]],
    body: str,
    listed: Sequence[tuple[str, str, str]],
    further: Sequence[tuple[str, str]],
) -> str:
    parts = [layout.table([(name, _bounded(value)) for name, value in said], "head"), "<hr/>", body]
    if listed:
        parts += ["<hr/><h2>Attached</h2>", layout.table(listed)]
    if further:
        parts += ['<hr/><div class="small"><h2>Further headers</h2>']
        parts += [layout.table([(name, _bounded(value)) for name, value in further[:_HEADERS]], "head"), "</div>"]
    return "".join(parts)


def _bounded(value: str) -> str:
    left = len(value) - _LONGEST
    return value if left <= 0 else f"{value[:_LONGEST]} [and {left:,} characters more]"


def attached(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every part that is not the body, however deep in multiparts; messages inside stay whole."""
    bodies = [message.get_body((kind,)) for kind in ("plain", "html")]
    number = 0
    waiting: list[MIMEPart] = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting += reversed(list(part.iter_parts()))
            continue
        if any(part is body for body in bodies):
            continue
        number += 1
        name, content = _name(part) or f"attachment-{number}", part.get_payload(decode=True)
        if part.get_content_type() == "message/rfc822" and part.is_multipart():
            for inner in part.iter_parts():
                yield (name if name.lower().endswith(".eml") else f"{name}.eml"), inner.as_bytes()
        elif isinstance(content, bytes) and (content or _name(part)):
            yield name, content


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message[name] or "")
    except Exception:  # the library's parsers of addresses and dates throw all sorts at broken ones: then as it stands
        return next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")


def _name(part: MIMEPart) -> str:
    try:
        return str(part.get_filename() or "")
    except Exception:  # the same for the name of an attachment, which then gets a number
        return ""


def words(part: MIMEPart) -> str:
    """The text of a part, in whatever character set it claims."""
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError):  # a character set that does not exist
        content = part.get_payload(decode=True)
        return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
