"""The codes of records as people say them: English messages, translated by whoever shows them."""

from __future__ import annotations

from collections.abc import Mapping

from evidencevault.resources import later, tr

WORDS: Mapping[str, str] = {
    "reported": later("Reported"),
    "assessing": later("Assessing"),
    "investigating": later("Investigating"),
    "deciding": later("Deciding"),
    "following-up": later("Following up"),
    "closed": later("Closed"),
    "0-7": later("up to a week"),
    "8-30": later("up to a month"),
    "31-90": later("up to three months"),
    "91-365": later("up to a year"),
    "over-365": later("over a year"),
    "low": later("Low"),
    "medium": later("Medium"),
    "high": later("High"),
    "critical": later("Critical"),
    "neglect": later("Neglect"),
    "sexual-abuse": later("Sexual abuse"),
    "physical-violence": later("Physical violence"),
    "psychological-violence": later("Psychological violence"),
    "exploitation": later("Exploitation"),
    "fraud-integrity": later("Fraud and integrity"),
    "other": later("Other"),
    "none": later("No measure"),
    "met": later("In time"),
    "late": later("Late"),
    "open": later("Open"),
    "substantiated": later("Substantiated"),
    "unsubstantiated": later("Unsubstantiated"),
    "inconclusive": later("Inconclusive"),
    "not-applicable": later("Not applicable"),
    "yes": later("yes"),
    "no": later("no"),
    "draft": later("Draft"),
    "child": later("Child"),
    "reporter": later("Who reported"),
    "witness": later("Witness"),
    "respondent": later("Person complained about"),
    "staff": later("Staff"),
    "family": later("Family"),
    "safe": later("Safe"),
    "at-risk": later("At risk"),
    "unknown": later("Not known"),
    "psychological": later("Psychological"),
    "medical": later("Medical"),
    "social": later("Social"),
    "legal": later("Legal"),
    "in-person": later("In person"),
    "phone": later("By telephone"),
    "paper": later("On paper"),
    "mail": later("By e-mail"),
    "web": later("By a web form"),
    "satisfied": later("Satisfied"),
    "not-satisfied": later("Not satisfied"),
    "not-reached": later("Not reached"),
    "given": later("Given"),
    "assent": later("Assent of a child"),
    "refused": later("Refused"),
    "not-asked": later("Not asked"),
    "known": later("Known"),
    "direct": later("Direct"),
    "leading": later("Leading"),
    "receipt": later("Receipt confirmed"),
    "feedback": later("What came of it"),
}


def word(code: str) -> str:
    """A code as people say it; one that has no word, as it is."""
    return tr(WORDS[code]) if code in WORDS else code
