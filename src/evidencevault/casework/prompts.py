"""The kind of a question, suggested from its wording in five languages. The word lists lie in ``resources/interviews``.

A suggestion: wording alone does not tell whether a word came from the child first, so a question that brings in what
nobody had said can pass as direct or closed. Whoever led the interview decides.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from evidencevault.resources import find

OPEN, DIRECT, CLOSED, LEADING, OTHER = PROMPTS = ("open", "direct", "closed", "leading", "other")
_ARABIC_LETTERS = str.maketrans({"ى": "ي", "ة": "ه", "ٱ": "ا", "ـ": "", "ک": "ك", "ی": "ي"})
_SENTENCE = re.compile(r"[^.!?؟…\n]+[.!?؟…]*")
_WHERE = re.compile(r"\boù\b")
"""In French only the accent tells where from or."""
_CLAUSE = re.compile(r"[,،;؛:¿¡–—()\"«»“”]|\s-\s")


def suggest(question: str, language: str) -> str:
    """The kind of a question (NICHD protocol): ``open direct closed leading other``. A suggestion, never a finding.

    ``language`` is what an interview says under it: codes or names, several where an interpreter spoke too. Where it
    names none of the five the answer is ``other``; where it is empty, the one kind on which all that know it agree.
    """
    arabic = any("\u0600" <= char <= "\u06ff" for char in question)
    named = [one for one in _named(language) if (one.code == "ar") == arabic]
    if language.strip():
        return next((kind for one in named if (kind := one.kind(question)) != OTHER), OTHER)
    kinds = {one.kind(question) for one in _languages().values() if (one.code == "ar") == arabic} - {OTHER}
    if len(kinds) > 1:
        kinds.discard(CLOSED)  # what any question is in a language of which it has no word
    return kinds.pop() if len(kinds) == 1 else OTHER


def words(text: str) -> str:
    """A text's words in small letters, without accents, vowel signs, tatweel and punctuation; a space before each."""
    text = _WHERE.sub("oou", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(one for one in unicodedata.normalize("NFKD", text) if unicodedata.category(one) != "Mn")
    return "".join(f" {one}" for one in re.findall(r"[^\W_]+", bare.translate(_ARABIC_LETTERS)))


@dataclass(frozen=True, slots=True)
class _Language:
    """One language's beginnings and endings as patterns over :func:`words`."""

    code: str
    fillers: re.Pattern[str]
    rules: re.Pattern[str]
    alone: re.Pattern[str]
    requests: re.Pattern[str]
    starts: tuple[tuple[str, re.Pattern[str]], ...]
    asked: tuple[tuple[str, re.Pattern[str]], ...]
    leading: re.Pattern[str]
    leading_question: re.Pattern[str]
    leading_anywhere: re.Pattern[str]
    tag: re.Pattern[str]
    tag_end: re.Pattern[str]
    direct_end: re.Pattern[str]
    either: re.Pattern[str]

    def kind(self, question: str) -> str:
        """Of several sentences the last that asks; one that leads makes the whole question leading."""
        kinds = [self._sentence(one) for one in _SENTENCE.findall(question)]
        told = [one for one in kinds if one != OTHER]
        return LEADING if LEADING in told else told[-1] if told else OTHER

    def _sentence(self, sentence: str) -> str:
        asks = sentence.rstrip().endswith(("?", "؟"))
        clauses = [one for one in map(words, _CLAUSE.split(sentence)) if one]
        if not clauses:
            return OTHER
        whole = "".join(clauses)
        if self.rules.search(whole):
            return OTHER
        if self.alone.fullmatch(whole):
            return OPEN
        kinds = [self._clause(one, asks) for one in clauses]
        if LEADING in kinds or self._tagged(clauses, kinds):
            return LEADING
        if asks and kinds[-1] == OTHER and self.either.search(clauses[-1]):
            return CLOSED
        told = [one for one in kinds if one != OTHER]
        # "When he came in, what did you see?": the beginning only says when.
        if len(told) > 1 and told[0] == kinds[0] == DIRECT:
            told = told[1:]
        if told:
            return CLOSED if CLOSED in told else told[0]
        # A statement with a question mark asks for yes or no; what is left of "Okay?" asks for nothing.
        return CLOSED if asks and self._bare(whole) else OTHER

    def _clause(self, clause: str, asks: bool) -> str:
        if self.leading_anywhere.search(clause):
            return LEADING
        bare = self._bare(clause)
        # Arabic writes "and" and "so" as the first letter of the next word.
        readings = [bare, f" {bare[2:]}"] if self.code == "ar" and re.match(r" [وف]\w{2}", bare) else [bare]
        for one in readings:
            kind = self._beginning(one, asks)
            if kind != OTHER:
                return kind
        return DIRECT if asks and self.direct_end.search(bare) else OTHER

    def _beginning(self, clause: str, asks: bool) -> str:
        if self.leading.match(clause) or (asks and self.leading_question.match(clause)):
            return LEADING
        if request := self.requests.match(clause):
            rest = clause[request.end() :]
            # Spanish "si" is yes and if: what stands first is tried before it is passed over.
            rests = (rest, self._bare(rest))
            return next((kind for kind, pattern in self.asked if any(map(pattern.match, rests))), OPEN)
        return next((kind for kind, pattern in self.starts if pattern.match(clause)), OTHER)

    def _bare(self, clause: str) -> str:
        while clause and (filler := self.fillers.match(clause)):
            clause = clause[filler.end() :]
        return clause

    def _tagged(self, clauses: list[str], kinds: list[str]) -> bool:
        """Whether a statement ends in a tag: after a question a “no?” offers a choice, and leads nowhere."""
        if len(clauses) > 1 and self.tag.fullmatch(clauses[-1]):
            return not any(one != OTHER for one in kinds[:-1]) and any(map(self._bare, clauses[:-1]))
        if end := self.tag_end.search(clauses[-1]):
            before = "".join(clauses[:-1]) + clauses[-1][: end.start()]
            plain = kinds[:-1] if end.start() == 0 else kinds
            return bool(self._bare(before)) and not any(one != OTHER for one in plain)
        return False


@lru_cache(maxsize=1)
def _lists() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(find("resources/interviews/prompts.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def _languages() -> dict[str, _Language]:
    return {code: _language(code, one) for code, one in _lists().items()}


def _named(text: str) -> list[_Language]:
    names = {words(name): code for code, one in _lists().items() for name in one["names"]}
    codes = [names[f" {word}"] for word in words(text).split() if f" {word}" in names]
    return [_languages()[code] for code in dict.fromkeys(codes)]


def _language(code: str, lists: dict[str, list[str]]) -> _Language:
    def begin(key: str) -> re.Pattern[str]:
        return re.compile(f"(?:{_any(lists[key])})(?= |$)")

    return _Language(
        code=code,
        fillers=begin("fillers"),
        rules=begin("rules"),
        alone=re.compile(rf"(?:{_any(lists['fillers'])})*(?:{_any(lists['alone'])})(?:{_any(lists['fillers'])})*"),
        requests=begin("requests"),
        starts=tuple((kind, begin(kind)) for kind in (OPEN, DIRECT, CLOSED)),
        asked=((CLOSED, begin("whether")), (OPEN, begin(OPEN)), (DIRECT, begin("details"))),
        leading=begin(LEADING),
        leading_question=begin("leading_question"),
        leading_anywhere=begin("leading_anywhere"),
        tag=re.compile(_any([*lists["tags"], *lists["tags_end"]])),
        tag_end=re.compile(f"(?:{_any(lists['tags_end'])})$"),
        direct_end=re.compile(f"(?:{_any(lists['direct_end'])})$"),
        either=re.compile(rf"(?:{_any(lists['either'])}) "),
    )


def _any(phrases: Iterable[str]) -> str:
    """The phrases of a list as one pattern, the longest first."""
    return "|".join(sorted(map(_pattern, phrases), key=len, reverse=True))


def _pattern(phrase: str) -> str:
    out = ""
    for word in phrase.split():
        if word == "*":
            out += r"(?: \w+){0,6}?"
            continue
        choice = "|".join(words(one) for one in word.strip("[]").split("/"))
        out += f"(?:{choice})" + ("?" if word.startswith("[") else "")
    return out
