"""A real headless Chromium: Debian's, without network, driven by its own driver."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

_FLAGS = (
    "--headless=new",
    "--no-sandbox",  # tests may run as root, where Chromium has no sandbox
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--lang=en",
    "--window-size=1280,900",
    # No name and no address leads anywhere.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",
)


def missing() -> str:
    """The first program that is not there, or ""."""
    return next((name for name in ("chromium", "chromedriver") if shutil.which(name) is None), "")


@contextmanager
def browser(*, scripts: bool = True) -> Iterator[webdriver.Chrome]:
    """A browser with a log of every request; ``scripts`` False is what careful receivers choose."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in _FLAGS:
        options.add_argument(flag)
    prefs: dict[str, object] = {"intl.accept_languages": "en"}
    if not scripts:
        prefs["profile.managed_default_content_settings.javascript"] = 2
    options.add_experimental_option("prefs", prefs)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    # The path is given, so that nothing looks for a driver elsewhere.
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        yield driver
    finally:
        driver.quit()


def requested(driver: webdriver.Chrome) -> list[str]:
    """Every address that was asked for since the last call, but for those that the page's own policy refused."""
    messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    asked, refused = {}, set()
    for one in messages:
        said = one["params"]
        if one["method"] == "Network.requestWillBeSent":
            asked[said["requestId"]] = said["request"]["url"]
        elif one["method"] == "Network.loadingFailed" and said.get("blockedReason") == "csp":
            refused.add(said["requestId"])
    return [url for number, url in asked.items() if number not in refused]


def elsewhere(urls: list[str]) -> list[str]:
    """Those that would leave the disk; the PDF viewer is a part of the browser and has pictures of its own."""
    return [url for url in urls if not url.startswith(("file:", "chrome-extension:", "blob:", "data:"))]
