"""Labels of one recipient's own."""

from __future__ import annotations

from evidencevault.redaction.labels import own_labels

ALL = ["Child A", "Child B", "Reporter A", "Trusted friend"]


def test_each_gets_its_own_and_keeps_it() -> None:
    first = own_labels(ALL, {})
    assert len(set(first.values())) == len(ALL) and not set(first.values()) & set(ALL)
    assert [name.split()[0] for name in first.values()] == ["Child", "Child", "Reporter", "Trusted"]
    again = own_labels(["Child B", "Child C"], first)
    assert again["Child B"] == first["Child B"] and again["Child C"] not in first.values()


def test_many_do_not_run_out() -> None:
    many = own_labels([f"Child {n}" for n in range(2000)], {})
    assert len(set(many.values())) == 2000
