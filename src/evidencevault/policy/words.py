"""The words that records and policies share: categories, severities, what can be measured and counted."""

from __future__ import annotations

CATEGORIES = (
    "neglect",
    "sexual-abuse",
    "physical-violence",
    "psychological-violence",
    "exploitation",
    "fraud-integrity",
    "other",
)
SEVERITIES = ("low", "medium", "high", "critical")
RECORDS = ("case", "person", "concern", "interview", "decision", "action", "recommendation", "request")
"""Kinds of records that a condition can ask about."""
EVENTS = ("interview", "decision", "action", "recommendation")
"""Those that tell of one moment, so that their time is the time of all that they say."""

REPORTED, FORCED, CLOSED = "reported", "forced", "closed"
EACH = ("concern", "interview", "decision")
"""A step that starts with one of these is due for each record of that kind, on its own."""
STARTS = (REPORTED, FORCED, CLOSED, *EACH)
"""What a step can start with, beside another step. ``forced``: when a threshold was first met."""
LETTERS = {
    "C": "concern",
    "I": "interview",
    "D": "decision",
    "A": "action",
    "R": "recommendation",
    "Q": "request",
}
"""What references of a case begin with."""

SIGNATURES = ("signed_at", "countersigned_at")
"""Fields of a decision that the program fills in when it is entered here."""

NO_MEASURE = "none"
OPEN = (
    "concerns-answered",
    "feedback-given",
    "actions-done",
    "recommendations-done",
    "allegations-decided",
    "decisions-signed",
    "persons-informed",
    "safety-known",
    "support-recorded",
    "second-member",
)
"""Conditions of closure."""
