"""Reason codes of marks: the program's own and those that the case's policy adds."""

from __future__ import annotations

import pytest
from tests.support.redactable import Desk

from evidencevault.casework import policies
from evidencevault.errors import Refused
from evidencevault.redaction import reasons


def test_a_policy_adds_reasons_and_nobody_else_does(desk: Desk) -> None:
    case = desk.case("anna")
    reasons.need(case, "child")
    with pytest.raises(Refused, match=r"“informant” is not a reason code.*child, reporter"):
        reasons.need(case, "informant")
    text = policies.shipped_text("international")
    policies.adopt(case.office, text + '\n[[reason_codes]]\nid = "informant"\nname = "Informant of the police"\n')
    assert reasons.known(case)[-1] == "informant"
    reasons.need(case, "informant")
