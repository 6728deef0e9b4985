"""The bytes of index.html: what is escaped, what its policy admits, and what of it is told of the case."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from tests.support.bagged import COVER, Bag, document, mark, usual

from evidencevault import resources
from evidencevault.bundle import page, page_case, page_words
from evidencevault.bundle.contents import ORIGINAL, Withheld
from evidencevault.documents.worker.attack_needles import in_text
from evidencevault.formats import fingerprints

HOSTILE = "</script><img src=x onerror=alert(1)>{{7*7}}\"'&\u2028\u202eevil\u2066\x00"


class Read(HTMLParser):
    """Tags with their attributes, and the text of scripts, styles and the title."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[tuple[str, str]] = []
        self._open = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open = tag

    def handle_data(self, data: str) -> None:
        self.inside.append((self._open, data))

    def handle_endtag(self, tag: str) -> None:
        self._open = ""


def hostile() -> Bag:
    numbers = [document("N-1", HOSTILE), document("N-2", "E2", "slip-sheet", note=HOSTILE)]
    cover = replace(COVER, purpose=HOSTILE, legal_basis=HOSTILE, approval=HOSTILE, case=HOSTILE)
    marks = (mark("N-1", HOSTILE, HOSTILE, HOSTILE),)
    return Bag(cover, tuple(numbers), marks, (Withheld("N-2", HOSTILE, HOSTILE),))


def test_its_policy_admits_the_one_script_and_the_one_style_and_nothing_from_elsewhere() -> None:
    made = Read(usual().page().decode())
    policy = next(str(one["content"]) for tag, one in made.tags if one.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        [text] = [data for name, data in made.inside if name == tag and not data.startswith(("{", "["))]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    assert {rules[one] for one in ("default-src", "connect-src", "object-src", "base-uri", "form-action")} == {"'none'"}
    assert "unsafe" not in policy and "http" not in policy and "*" not in policy and "data:" not in policy
    attributes = {name for _, one in made.tags for name in one}
    assert not {name for name in attributes if name.startswith("on")} and "style" not in attributes
    values = [re.sub(r"'sha256-[^']+'", "", str(value)) for _, one in made.tags for value in one.values()]
    assert not any("//" in value for value in values)


def test_the_script_cannot_end_early_and_makes_no_markup() -> None:
    script = page._script()
    for forbidden in (
        "<!--",
        "</script",
        "<script",
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
    ):
        assert forbidden not in script, forbidden
    assert "fetch(" not in script and "XMLHttp" not in script and "import(" not in script


def test_no_text_of_the_case_is_markup() -> None:
    calm = replace(COVER, purpose="p", legal_basis="l", approval="a", case="c")
    same = Bag(
        calm,
        (document("N-1", "E1"), document("N-2", "E2", "slip-sheet", note="n")),
        (mark("N-1", "E1", "r", "l"),),
        (Withheld("N-2", "E2", "r"),),
    )
    bad, good = hostile().page().decode(), same.page().decode()
    assert [tag for tag, _ in Read(bad).tags] == [tag for tag, _ in Read(good).tags]
    assert "\u202e" not in bad and "\x00" not in bad and "⟨U+202E⟩" in bad
    # In the JSON the signs of the case stay as they are; its own parser is the only one that reads them.
    [text] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', bad)
    assert not set("<>&\u2028\u2029\u202e") & set(text)
    assert json.loads(text)["documents"][0][3] == HOSTILE


def test_for_script_is_json() -> None:
    assert page_case.for_script({"a": "<b>&\u2028\u2029"}) == '{"a":"\\u003cb\\u003e\\u0026\\u2028\\u2029"}'


def test_originals_that_may_hold_scripts_are_not_linked() -> None:
    documents = (document("N-1", "E1"), document("N-2", "E2", ORIGINAL, path="documents/N-2.html"))
    links = [one.get("href") for tag, one in Read(Bag(documents=documents).page().decode()).tags if tag == "a"]
    assert "data/documents/N-1.pdf" in links and not [one for one in links if one and one.endswith(".html")]


def test_what_is_told_of_the_case_is_all_but_the_programs_own_words() -> None:
    told = page.told(usual().page()).decode()
    assert COVER.purpose in told and "Child A" in told and COVER.fingerprint in told
    # The words and the script of the program are full of these: bundles about them must be able to leave.
    names = [
        "Max",
        "Mark",
        "Will",
        "Grace",
        "Marie",
        "Elena",
        "Tessa",
        "Anita",
        "Andre",
        "أمين",
        "Rose",
        "Ines",
        "Pages",
    ]
    whole = usual().page().decode()
    assert in_text(whole, names) and not in_text(told, names) and in_text(told, ["Reporter"])
    assert page.told(b"<p>Max") == b"<p>Max"
    changed = usual().page().replace(b'"use strict"', b'"use Wietske"')
    assert page.told(changed) == changed
    asked = replace(usual(), cover=replace(COVER, access="Child A")).page()
    assert b"supervisory" in asked and b"supervisory" not in page.told(asked)


def test_the_key_stands_there_in_words_and_as_a_code_that_says_the_same() -> None:
    whole, key = usual().page().decode(), fingerprints.of_ssh(COVER.fingerprint)
    [said] = re.findall(r'<code id="key-words">([^<]*)</code>', whole)
    assert said == key.words and len(said.split()) == 8
    [drawn] = re.findall(r'<div id="qr"[^>]*>(<svg .*?</svg>)</div>', whole)
    assert drawn == fingerprints.qr_svg(key.told, fits=True) and "href" not in drawn and "style" not in drawn
    assert "by telephone" in whole.partition('id="key-words"')[2][:600]
    # Words of the list are first names, too, and nobody chose these; other words in their place are the sender's.
    assert said not in page.told(whole.encode()).decode()
    forged = whole.replace(said, "Wietske Bartelsen")
    assert "Wietske" in page.told(forged.encode()).decode()


@pytest.mark.parametrize("language", resources.LANGUAGES)
def test_without_scripts_it_speaks_the_makers_language(language: str) -> None:
    try:
        resources.use_language(language)
        made = usual().page().decode()
        assert page.told(made.encode()) != made.encode()
    finally:
        resources.use_language("en")
    words = page_words.words(language)
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in made
    assert f">{words['documents']}</h2>" in made and "data-t" not in re.sub(
        r'data-t(-label)?="[\w-]+"', "", made[:9000]
    )


def test_every_text_that_is_asked_for_is_there() -> None:
    script, layout = page._script(), page._read("page.html")
    asked = set(re.findall(r'say\("([\w-]+)"', script)) | set(re.findall(r'data-t(?:-label)?="([\w-]+)"', layout))
    asked |= {f"s_{one}" for one in re.findall(r'result: "(\w+)"|row\("(\w+)"', script) for one in one if one}
    asked |= {f"g_{one}" for one in re.findall(r'state: "(\w+)", fingerprint', script)}
    assert asked <= set(page_words.KEYS), asked - set(page_words.KEYS)
    used = script + layout + '"second_person"'
    patterned = ("s_", "g_", "k_", "r_", "v_", "t_")
    assert not [one for one in page_words.KEYS if f'"{one}"' not in used and not one.startswith(patterned)]


def test_the_same_bundle_gives_the_same_page() -> None:
    assert usual().page() == usual().page()


def test_totals_show_an_omission() -> None:
    made = usual(10)
    totals = page_case.totals(made.cover, made.documents, made.withheld)
    assert totals == {"t_case": 16, "t_delivered": 8, "t_withheld": 2, "t_left": 6, "t_files": 10}
