"""The page in a real browser: languages, lists, keyboard, looks; text of the case that would like to be markup."""

from __future__ import annotations

import base64
import io
import itertools
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
import zxingcpp
from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait
from tests.support import chromium, pages
from tests.support.bagged import BASIS, COVER, Bag, document, mark, usual

from evidencevault.bundle import page_words
from evidencevault.formats import fingerprints

pytestmark = pytest.mark.skipif(bool(chromium.missing()), reason="Chromium or its driver is not installed")
CONTRAST = """
const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
  .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  .reduce((sum, v, place) => sum + v * [0.2126, 0.7152, 0.0722][place], 0);
const rgba = (text) => { const found = text.match(/[\\d.]+/g).map(Number);
  return found.length < 4 ? [...found, 1] : found; };
const behind = (one) => { for (; one; one = one.parentElement) { const c = rgba(getComputedStyle(one).backgroundColor);
  if (c[3] > 0) return c; } return [255, 255, 255, 1]; };
const low = [];
for (const one of document.querySelectorAll("body *")) {
  const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  if (!own || !one.checkVisibility() || one.disabled || ["SCRIPT", "OPTION"].includes(one.tagName)) continue;
  const [a, b] = [light(rgba(getComputedStyle(one).color)), light(behind(one))];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 4.5) low.push(one.tagName + " " + one.className + " " + ratio.toFixed(2));
}
return low;"""
FOCUS = "const one = document.activeElement; return [one.id || one.className || one.tagName, one.textContent]"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return usual(20).write(tmp_path_factory.mktemp("seen"))


@pytest.fixture
def page(chrome: Chrome, folder: Path) -> Iterator[Chrome]:
    pages.opened(chrome, folder)
    yield chrome
    pages.cdp(chrome, "Emulation.clearDeviceMetricsOverride")
    pages.cdp(chrome, "Emulation.setEmulatedMedia", features=[])


def numbers(chrome: Chrome) -> list[str]:
    return pages.texts(chrome, "#rows .open")


def test_every_language_is_chosen_and_arabic_runs_from_the_right(page: Chrome) -> None:
    pages.give(page, usual_folder(page))
    for language in ("nl", "fr", "es", "ar", "en"):
        pages.speak(page, language)
        words = page_words.words(language)
        said = page.execute_script("const one = document.documentElement; return [one.lang, one.dir]")
        assert said == [language, "rtl" if language == "ar" else "ltr"]
        assert pages.one(page, "#h-documents").text == words["documents"]
        assert pages.texts(page, "#rows td:nth-child(3)")[0] == words["k_redacted"]
        assert pages.count(page).count("20") == 2
        assert words["g_right"] in pages.one(page, "#signature").text
        # Beside the signature stands what can be said by telephone, in English words whatever the language.
        assert fingerprints.of_ssh(COVER.fingerprint).words in pages.one(page, "#signature").text
        assert pages.one(page, "#qr").get_attribute("aria-label") == words["qr"]
        empty = "return [...document.querySelectorAll('[data-t]')].filter((one) => !one.textContent).length"
        assert page.execute_script(empty) == 0
        start = "return getComputedStyle(document.querySelector('#rows td')).textAlign"
        assert page.execute_script(start) == "start"
    sides = (
        "const at = (id) => document.querySelector(id).getBoundingClientRect().x; return [at('h1'), at('#language')]"
    )
    title, choice = page.execute_script(sides)
    assert title < choice
    pages.speak(page, "ar")
    title, choice = page.execute_script(sides)
    assert title > choice
    assert page.execute_script("return getComputedStyle(document.querySelector('#rows .hash bdi')).direction") == "ltr"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_camera_reads_the_fingerprint_and_its_words(page: Chrome, scheme: str) -> None:
    pages.cdp(page, "Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    with Image.open(io.BytesIO(pages.one(page, "#qr").screenshot_as_png)) as drawn:
        [read] = zxingcpp.read_barcodes(drawn.convert("L"))
    assert read.text == fingerprints.of_ssh(COVER.fingerprint).told


def test_an_answer_to_a_request_says_so_in_every_language(chrome: Chrome, tmp_path: Path) -> None:
    usually = usual(6)
    refused = replace(usually.withheld[0], reason="rights-of-others", basis="", agreed="")
    bundle = replace(usually, cover=replace(COVER, access="Child A"), withheld=(refused,))
    pages.show(chrome, tmp_path, bundle)
    for language in page_words.catalogues():
        pages.speak(chrome, language)
        words, text = page_words.words(language), pages.one(chrome, "#answer").text
        assert words["a_request"] in text and "Child A" in text and words["a_appeal"] in text
        assert f"{words['r_rights-of-others']}: 1" in text
        assert pages.texts(chrome, "#answer dd") == ["6", "5", "1", "0", "10"]
    pages.narrow(chrome, 400)
    try:
        assert chrome.execute_script(pages.SPILLS) == []
    finally:
        pages.cdp(chrome, "Emulation.clearDeviceMetricsOverride")
    pages.show(chrome, tmp_path, usually)
    assert not chrome.find_elements("css selector", "#answer")


def usual_folder(chrome: Chrome) -> Path:
    return Path(chrome.current_url.removeprefix("file://")).parent


@pytest.mark.parametrize(("wanted", "found"), [("fr-BE,en", "fr"), ("de,ar-EG", "ar"), ("ja", "en")])
def test_the_reader_is_greeted_in_their_language(chrome: Chrome, folder: Path, wanted: str, found: str) -> None:
    agent = chrome.execute_script("return navigator.userAgent")
    try:
        pages.cdp(chrome, "Emulation.setUserAgentOverride", userAgent=agent, acceptLanguage=wanted)
        pages.opened(chrome, folder)
        assert chrome.execute_script("return document.documentElement.lang") == found
    finally:
        pages.cdp(chrome, "Emulation.setUserAgentOverride", userAgent=agent, acceptLanguage="en")


def test_filters_say_how_many_fit(page: Chrome) -> None:
    assert pages.count(page) == "20 of 20 shown" and len(numbers(page)) == 20
    pages.one(page, "#kind [value=slip-sheet]").click()
    assert pages.count(page) == "4 of 20 shown"
    pages.one(page, "#filter [type=reset]").click()
    pages.one(page, "#reason [value=privilege]").click()
    assert len(numbers(page)) == 4
    pages.one(page, "#filter [type=reset]").click()
    pages.one(page, "#reason [value=reporter]").click()
    wanted = {one.document for one in usual(20).redactions if one.reason == "reporter"}
    assert set(numbers(page)) == wanted and len(wanted) == 8
    pages.one(page, "#words").send_keys("e012 CHILD")
    assert numbers(page) == ["NLSOS-000012"] and pages.count(page) == "1 of 20 shown"
    pages.one(page, "#words").send_keys(" nowhere")
    assert numbers(page) == [] and pages.one(page, "#nothing").is_displayed()
    pages.one(page, "#filter [type=reset]").click()
    assert len(numbers(page)) == 20 and not pages.one(page, "#nothing").is_displayed()
    pages.one(page, "#words").send_keys(usual(20).documents[6].sha256[:12])
    assert numbers(page) == ["NLSOS-000007"]


def test_columns_sort_and_say_so(page: Chrome) -> None:
    orders = "return [...document.querySelectorAll('#columns th')].map((one) => one.ariaSort)"
    assert page.execute_script(orders) == ["ascending"] + ["none"] * 7
    pages.one(page, "#columns [data-column='4']").click()
    marks = [int(text or 0) for text in pages.texts(page, "#rows td:nth-child(5)")]
    assert marks == sorted(marks) and page.execute_script(orders)[4] == "ascending"
    page.switch_to.active_element.send_keys(Keys.ENTER)
    marks = [int(text or 0) for text in pages.texts(page, "#rows td:nth-child(5)")]
    assert marks == sorted(marks, reverse=True) and page.execute_script(orders)[4] == "descending"
    assert page.execute_script(orders)[0] == "none"


def test_it_works_with_the_keyboard_alone(page: Chrome) -> None:
    seen = []
    for _ in range(30):
        page.switch_to.active_element.send_keys(Keys.TAB)
        seen.append(page.execute_script(FOCUS))
        ring = "return getComputedStyle(document.activeElement).outlineStyle"
        assert page.execute_script(ring) != "none", seen[-1]
        if seen[-1][0] == "open":
            break
    ids = [name for name, _ in seen]
    order = [ids.index(one) for one in ("skip", "language", "choose", "words", "kind", "reason", "open")]
    assert order == sorted(order) and "folder" not in ids
    page.switch_to.active_element.send_keys(Keys.ENTER)
    assert pages.one(page, "#viewer").is_displayed() and pages.one(page, "#viewed").text == "NLSOS-000001"
    page.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert not pages.one(page, "#viewer").is_displayed()
    assert page.execute_script(FOCUS) == ["open", "NLSOS-000001"]


def test_pages_are_shown_from_disk(page: Chrome, folder: Path) -> None:
    chromium.requested(page)
    pages.one(page, "#rows .open").click()
    frame = pages.one(page, "#stage iframe")
    assert frame.get_attribute("src") == (folder / "data/documents/NLSOS-000001.pdf").as_uri()
    WebDriverWait(page, 5).until(lambda driver: any("NLSOS-000001.pdf" in url for url in chromium.requested(driver)))
    assert not pages.one(page, "#previous").is_enabled()
    pages.one(page, "#next").click()
    assert pages.one(page, "#viewed").text == "NLSOS-000002"
    assert str(pages.one(page, "#own-tab").get_attribute("href")).endswith("NLSOS-000002.pdf")
    pages.one(page, "#close").click()
    assert pages.texts(page, "#stage *") == []


def test_five_thousand_documents_stay_quick(chrome: Chrome, tmp_path: Path) -> None:
    first = document("N-000000", "E0000")
    many = [
        replace(first, number=f"N-{n:06d}", exhibit=f"E{n:04d}", path=f"documents/N-{n:06d}.pdf") for n in range(5000)
    ]
    kinds = itertools.cycle(("child", "address", "witness"))
    marks = [mark(one.number, one.exhibit, next(kinds), "Child A") for one in many]
    began = time.monotonic()
    pages.show(chrome, tmp_path, Bag(documents=tuple(many), redactions=tuple(marks)))
    assert len(numbers(chrome)) < 700 and time.monotonic() - began < 5
    took = chrome.execute_script(
        "const begun = performance.now(); const words = document.getElementById('words'); words.value = '4321';"
        "words.dispatchEvent(new Event('input')); return performance.now() - begun"
    )
    assert pages.count(chrome) == "1 of 5,000 shown" and took < 1000
    pages.one(chrome, "#filter [type=reset]").click()
    WebDriverWait(chrome, 5).until(lambda driver: len(numbers(driver)) >= 150)
    before = len(numbers(chrome))
    chrome.execute_script("document.querySelector('#documents .more').scrollIntoView()")
    WebDriverWait(chrome, 5).until(lambda driver: len(numbers(driver)) > before)
    chrome.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert len(numbers(chrome)) == 5000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_is_readable(page: Chrome, folder: Path, tmp_path: Path, scheme: str) -> None:
    pages.cdp(page, "Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    (tmp_path / "bagit.txt").write_bytes(b"")
    for given, verdict in ((folder, "good"), (tmp_path, "bad")):
        assert pages.give(page, given) == verdict
        time.sleep(0.2)  # colours move for a moment
        assert page.execute_script(CONTRAST) == []


@pytest.mark.parametrize(("width", "scale"), [(400, 1), (640, 2), (1280, 1)])
def test_nothing_is_cut_off(page: Chrome, folder: Path, width: int, scale: float) -> None:
    pages.narrow(page, width, scale)
    pages.give(page, folder)
    for language in ("en", "fr", "ar"):
        pages.speak(page, language)
        assert page.execute_script(pages.SPILLS) == [], language
        assert page.execute_script("return document.documentElement.scrollWidth <= innerWidth"), language


def test_it_prints_what_matters(page: Chrome, folder: Path) -> None:
    pages.give(page, folder)
    made = page.print_page()
    with pymupdf.open(stream=io.BytesIO(base64.b64decode(made)), filetype="pdf") as printed:
        text = " ".join("".join(one.get_text() for one in printed).split())
    assert COVER.fingerprint in text and "NLSOS-000020" in text and "Every file is the one" in text
    assert "Choose the folder" not in text and "Search in the list" not in text


def test_without_scripts_it_still_lists_everything(folder: Path) -> None:
    with chromium.browser(scripts=False) as chrome:
        pages.opened(chrome, folder)
        text = pages.one(chrome, "body").text
        assert "Scripts are off" in text and COVER.purpose in text and COVER.fingerprint in text
        rows = chrome.find_elements("css selector", "#documents tbody tr")
        assert sum(one.is_displayed() for one in rows) == 20
        assert "Child A" in rows[0].text and usual(20).documents[0].sha256 in rows[0].text
        link = rows[0].find_element("tag name", "a").get_attribute("href")
        assert link == (folder / "data/documents/NLSOS-000001.pdf").as_uri()
        assert "withheld: privilege" in rows[4].text and "legal privilege" in text and BASIS in text
        assert not pages.one(chrome, "#choose").is_displayed() and not pages.one(chrome, "#words").is_displayed()
