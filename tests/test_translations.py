"""The catalogues: every text is there in every language with its placeholders; what is shipped is what is written."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog

from evidencevault import resources

TOP = Path(__file__).resolve().parent.parent


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translations", TOP / "installer" / "translations.py")
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules["translations"] = made
    spec.loader.exec_module(made)
    return made


tool = _tool()


@pytest.fixture(scope="module")
def wanted() -> Catalog:
    return tool.template()


def _placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{[^}]*\}", text))


def test_the_template_is_of_today(wanted: Catalog) -> None:
    assert (tool.FOLDER / "evidencevault.pot").read_bytes() == tool.written(wanted)


@pytest.mark.parametrize("language", tool.LANGUAGES)
def test_every_text_is_translated_and_keeps_its_placeholders(language: str, wanted: Catalog) -> None:
    catalogue = tool.read(language)
    texts = {str(one.id) for one in wanted if one.id}
    assert texts == {str(one.id) for one in catalogue if one.id}
    for one in catalogue:
        if one.id:
            assert one.string, one.id
            assert _placeholders(one.string) == _placeholders(one.id), one.id
            assert one.string.count("\n") == one.id.count("\n"), one.id


@pytest.mark.parametrize("language", tool.LANGUAGES)
def test_what_is_shipped_is_what_is_written(language: str) -> None:
    assert tool.file_of(language, "mo").read_bytes() == tool.compiled(tool.read(language))


def test_the_program_speaks_it() -> None:
    try:
        resources.use_language("nl")
        assert resources.tr("Chain of custody") == "Bewaarketen"
        resources.use_language("xx")
        assert resources.tr("Chain of custody") == "Chain of custody"
    finally:
        resources.use_language("en")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LC_ALL": "nl_NL.UTF-8", "LANG": "fr"}, "nl"),
        ({"LANG": "ar_EG"}, "ar"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_environment_chooses(environment: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert resources.system_language() == language
