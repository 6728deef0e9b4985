"""What is sought in bytes is found also between pixels: held against a search that skips nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evidencevault.documents.worker.attack_needles import in_bytes, needles

SECRETS = ["Wilhelmina", "Ÿÿÿÿÿ", "Müller", "a\0b\0c", "Jo"]
PAPER = st.builds(
    lambda colour, length: colour * length, st.sampled_from([b"\0", b"\xff", b" ", b"a"]), st.integers(1, 60)
)
HIDDEN = st.sampled_from([needle for secret in SECRETS for _, needle in needles(secret)])


def plainly(data: bytes, secrets: list[str]) -> list[int]:
    """Every needle sought in the whole."""
    views = {"lower": data.lower(), "bare": data.translate(None, b" \t\r\n"), "exact": data}
    return [n for n, one in enumerate(secrets) if any(needle in views[view] for view, needle in needles(one))]


@given(st.lists(PAPER | HIDDEN | st.binary(max_size=8), max_size=8).map(b"".join), st.permutations(SECRETS))
def test_nothing_is_overseen_and_nothing_seen_that_is_not_there(data: bytes, secrets: list[str]) -> None:
    assert in_bytes(data, secrets) == plainly(data, secrets)


@given(HIDDEN, st.integers(0, 70), st.integers(0, 70), st.sampled_from([b"\0", b"\xff"]))
def test_every_needle_is_found_between_runs_of_black_and_white(
    needle: bytes, before: int, after: int, colour: bytes
) -> None:
    data = colour * before + needle + colour * after
    assert in_bytes(data, SECRETS) == plainly(data, SECRETS) != []
