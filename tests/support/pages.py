"""What a reader does with the page of a bundle, and what they see of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait
from tests.support.bagged import Bag

LANGUAGE = """const choice = document.getElementById("language"); choice.value = arguments[0];
choice.dispatchEvent(new Event("change"));"""
ROWS = """return Object.fromEntries([...document.querySelectorAll("#findings tr")]
.map((row) => [row.dataset.path + "|" + row.dataset.result, row.textContent]));"""
SPILLS = """return [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility() &&
one.id !== "folder" && !one.closest(".table, pre, .skip") && (one.getBoundingClientRect().right > innerWidth + 1 ||
one.getBoundingClientRect().left < -1)).map((one) => one.tagName + "#" + one.id + "." + one.className);"""


def opened(chrome: Chrome, folder: Path) -> Path:
    """Open the page of this folder from disk."""
    chrome.get((folder / "index.html").as_uri())
    return folder


def show(chrome: Chrome, root: Path, bundle: Bag) -> None:
    """The page alone, without the files that it lists."""
    (root / "index.html").write_bytes(bundle.page())
    opened(chrome, root)


def narrow(chrome: Chrome, width: int, scale: float = 1) -> None:
    metrics = {"width": width, "height": 800, "deviceScaleFactor": scale, "mobile": False}
    cdp(chrome, "Emulation.setDeviceMetricsOverride", **metrics)


def one(chrome: Chrome, selector: str) -> WebElement:
    return chrome.find_element(By.CSS_SELECTOR, selector)


def texts(chrome: Chrome, selector: str) -> list[str]:
    script = "return [...document.querySelectorAll(arguments[0])].map((one) => one.textContent)"
    return [str(text) for text in chrome.execute_script(script, selector)]


def count(chrome: Chrome) -> str:
    """How many documents are shown, without the signs that keep numbers apart from Arabic."""
    return one(chrome, "#count").text.replace("\u2066", "").replace("\u2069", "")


def speak(chrome: Chrome, language: str) -> None:
    chrome.execute_script(LANGUAGE, language)


def give(chrome: Chrome, folder: Path) -> str:
    """Choose a folder with the button's dialogue; the verdict."""
    forget(chrome)
    one(chrome, "#folder").send_keys(str(folder))
    return verdict(chrome)


def drop(chrome: Chrome, *paths: Path) -> str:
    """Drop files or folders on the page as a file manager does; the verdict."""
    x, y = chrome.execute_script(
        "const place = document.getElementById('drop'); place.scrollIntoView({block: 'center'});"
        "const box = place.getBoundingClientRect(); return [box.x + 30, box.y + 15]"
    )
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    forget(chrome)
    for kind in ("dragEnter", "dragOver", "drop"):
        chrome.execute_cdp_cmd("Input.dispatchDragEvent", {"type": kind, "x": x, "y": y, "data": data})
    return verdict(chrome)


def forget(chrome: Chrome) -> None:
    """Take away the verdict of an earlier check, so that it is not read as the next one's."""
    chrome.execute_script("document.getElementById('outcome').replaceChildren()")


def verdict(chrome: Chrome) -> str:
    """What the page says in the end: good, warn, bad, none, many or unreadable."""
    wait = WebDriverWait(chrome, 20, poll_frequency=0.03)
    found = wait.until(
        lambda driver: driver.execute_script("return document.querySelector('#verdict')?.dataset.verdict")
    )
    return str(found)


def findings(chrome: Chrome) -> dict[tuple[str, str], str]:
    """The rows of findings: (path, result) and what stands there."""
    rows: dict[str, str] = chrome.execute_script(ROWS)
    return {(key.rpartition("|")[0], key.rpartition("|")[2]): text for key, text in rows.items()}


def signature(chrome: Chrome) -> str:
    return str(one(chrome, "#signature").get_attribute("data-state"))


def cdp(chrome: Chrome, command: str, **arguments: Any) -> Any:
    return chrome.execute_cdp_cmd(command, arguments)
