"""Text of the case that would like to be markup, files that would like to run, and what the page asks of a network."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.support.wait import WebDriverWait
from tests.support import chromium, pages
from tests.support.bagged import COVER, Bag, document, mark, pdf, usual

from evidencevault.bundle import page_words
from evidencevault.bundle.contents import ORIGINAL, Withheld

pytestmark = pytest.mark.skipif(bool(chromium.missing()), reason="Chromium or its driver is not installed")
HOSTILE = (
    "</script><script>window.ran = 1</script>",
    "<img src=x onerror='window.ran = 2'>",
    "<iframe srcdoc='<script>parent.ran = 3</script>'></iframe>",
    "{{constructor.constructor('window.ran = 4')()}}${window.ran = 5}`'\"",
    "javascript:window.ran=6//\u2028\u2029</title></style></noscript><!--",
    "a\u202egnp.exe\u2066\u200b\x00\x1b",
    "unbroken" * 60,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return usual().write(tmp_path_factory.mktemp("safe"))


@pytest.fixture
def page(chrome: Chrome, folder: Path) -> Iterator[Chrome]:
    pages.opened(chrome, folder)
    yield chrome
    pages.cdp(chrome, "Emulation.clearDeviceMetricsOverride")


def test_pictures_are_shown_and_what_may_hold_scripts_is_not(chrome: Chrome, tmp_path: Path) -> None:
    documents = (
        document("N-1", "E1", ORIGINAL, path="documents/N-1.png", media_type="image/png"),
        document("N-2", "E2", ORIGINAL, path="documents/N-2.html", media_type="text/html"),
        document("N-3", "E3", ORIGINAL, path="documents/../../N-3.pdf"),
        document("N-4", "E4", ORIGINAL, path="documents/N-4.svg", media_type="image/svg+xml"),
    )
    pages.show(chrome, tmp_path, Bag(documents=documents))
    (tmp_path / "data/documents").mkdir(parents=True)
    with pymupdf.open(stream=pdf("a picture")) as made:
        (tmp_path / "data/documents/N-1.png").write_bytes(made[0].get_pixmap().tobytes("png"))
    pages.one(chrome, "#rows .open").click()
    wait = WebDriverWait(chrome, 5)
    wait.until(lambda driver: driver.execute_script("return document.querySelector('#stage img').naturalWidth") == 420)
    for _ in range(3):
        pages.one(chrome, "#next").click()
        assert pages.texts(chrome, "#stage iframe, #stage img, #stage a") == []
        assert "not shown here" in pages.one(chrome, "#stage").text
        assert not pages.one(chrome, "#own-tab").is_displayed()


def hostile() -> Bag:
    documents, redactions, held = [], [], []
    for place, text in enumerate(HOSTILE):
        documents.append(document(f"N-{place}", text, note=text, path=f"documents/N-{place}.pdf"))
        redactions.append(mark(f"N-{place}", text, text, text))
        held.append(Withheld(f"N-{place}", text, text))
    whole = "".join(HOSTILE)
    cover = replace(COVER, case=whole, purpose=whole, legal_basis=whole, approval=whole)
    return Bag(cover, tuple(documents), tuple(redactions), tuple(held))


def test_text_that_would_like_to_be_markup_is_text(chrome: Chrome, tmp_path: Path) -> None:
    pages.show(chrome, tmp_path, hostile())
    elements = chrome.execute_script("return [...document.querySelectorAll('*')].map((one) => one.tagName)")
    assert elements.count("SCRIPT") == 3 and "IMG" not in elements and "IFRAME" not in elements
    shown = pages.texts(chrome, "#rows td:nth-child(2)")
    assert shown[:4] == list(HOSTILE[:4]) and shown[5] == "a⟨U+202E⟩gnp.exe⟨U+2066⟩⟨U+200B⟩⟨U+0000⟩⟨U+001B⟩"
    assert "\u202e" not in chrome.execute_script("return document.body.innerText")
    pages.one(chrome, "#rows .open").click()
    pages.one(chrome, "#close").click()
    for language in page_words.catalogues():
        pages.speak(chrome, language)
    time.sleep(0.1)
    assert chrome.execute_script("return window.ran") is None
    pages.narrow(chrome, 400)
    assert chrome.execute_script(pages.SPILLS) == []
    pages.cdp(chrome, "Emulation.clearDeviceMetricsOverride")


def test_its_policy_stops_what_would_come_in_all_the_same(chrome: Chrome, tmp_path: Path) -> None:
    """A script, a handler and addresses put into the file by hand: what a mistake in the escaping would let through."""
    inside = (
        "<script>window.ran = 1</script><img src=nothing onerror='window.ran = 2'>"
        "<img src='http://example.org/a.png'><link rel=stylesheet href='http://example.org/a.css'>"
        "<iframe src='https://example.org/'></iframe><form action='http://example.org'></form>"
    )
    made = usual().page().decode().replace("</main>", inside + "</main>")
    (tmp_path / "index.html").write_text(made)
    chromium.requested(chrome)
    pages.opened(chrome, tmp_path)
    assert len(pages.texts(chrome, "#rows .open")) == 6
    done = "const done = arguments[0]; fetch('http://example.org/').then(() => done('sent'), () => done('stopped'))"
    assert chrome.execute_async_script(done) == "stopped"
    markup = "try { document.body.innerHTML = '<b>x</b>'; return 'markup'; } catch { return 'stopped'; }"
    assert chrome.execute_script(markup) == "stopped"
    assert chrome.execute_script("return window.ran") is None
    time.sleep(0.1)
    assert chromium.elsewhere(chromium.requested(chrome)) == []
    # Without the policy the same file does run them: the test can fail.
    (tmp_path / "index.html").write_text(made.replace('http-equiv="Content-Security-Policy"', "name=none"))
    pages.opened(chrome, tmp_path)
    assert chrome.execute_script("return window.ran") is not None
    assert chromium.elsewhere(chromium.requested(chrome))


def test_a_reader_who_does_everything_asks_nothing_of_the_network(page: Chrome, folder: Path) -> None:
    chromium.requested(page)
    pages.opened(page, folder)
    pages.give(page, folder)
    pages.one(page, "#rows .open").click()
    time.sleep(0.3)
    asked = chromium.requested(page)
    assert any(url.endswith("index.html") for url in asked)
    assert chromium.elsewhere(asked) == []
    severe = [
        entry for entry in page.get_log("browser") if entry["level"] == "SEVERE" and "example.org" not in str(entry)
    ]
    assert [entry for entry in severe if str(folder) in str(entry)] == []
