"""XML of foreign files as a tree of local names. No document type, hence no entity, is taken; nothing is fetched."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

_DEEPEST = 400
_TAG = re.compile(r"<[^>]{0,20000}>")


class BadMarkup(Exception):
    """Not well-formed, with a document type, or nested too deep."""


def tree(data: bytes) -> Element:
    """The root; tags and attributes without their namespaces. Raises BadMarkup."""
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    deep = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal deep
        deep += 1
        if deep > _DEEPEST:
            raise BadMarkup
        builder.start(_local(name), {_local(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal deep
        deep -= 1
        builder.end(_local(name))

    def doctype(*_: object) -> None:
        raise BadMarkup

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = doctype
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise BadMarkup from error
    return builder.close()


def words(node: Element) -> str:
    """All text under an element, elements apart by a blank where they are blocks of their own."""
    return " ".join("".join(node.itertext()).split())


def plain(data: bytes) -> str:
    """The text of markup that need not be well-formed, tags left out."""
    return " ".join(_TAG.sub(" ", data.decode("utf-8", "replace")).split())


def leaves(node: Element) -> list[tuple[str, str]]:
    """Name and text of every element that has text of its own, and of every attribute but namespaces' own."""
    found = []
    for one in node.iter():
        if one.text and one.text.strip():
            found.append((one.tag, one.text.strip()))
        found += [(key, value) for key, value in one.attrib.items() if value.strip() and key not in _DULL]
    return found


_DULL = {"about", "lang", "parseType", "xmptk", "space", "resource"}


def _local(name: str) -> str:
    return name.rpartition("}")[2]
