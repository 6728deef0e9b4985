"""Web addresses, coordinates and dates of birth; the other patterns are tried on pages in test_finding."""

from __future__ import annotations

import pytest

from evidencevault.redaction.patterns import spans


def found(name: str, text: str) -> list[str]:
    return [text[start:end] for start, end in spans(name, text, "NL")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://www.example.org/a/b?x=1. Then", ["https://www.example.org/a/b?x=1"]),
        ("on www.school.nl/klas-\n3b today", ["www.school.nl/klas-\n3b"]),
        ("his page (instagram.com/sara.v)", ["instagram.com/sara.v"]),
        ("ftp://files.example/x,", ["ftp://files.example/x"]),
        ("mail a@b.nl about report.txt, and/or v1.2.3", []),
    ],
)
def test_web_addresses(text: str, expected: list[str]) -> None:
    assert found("url", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at 52.3702, 4.8952 we", ["52.3702, 4.8952"]),
        ("52°22'12\"N 4°53'42\"E", ["52°22'12\"N 4°53'42\"E"]),
        ("geo:52.1234,4.5678", ["geo:52.1234,4.5678"]),
        ("N 52° 22.2' E 4° 53.7'", ["N 52° 22.2' E 4° 53.7'"]),
        ("plus code 9F469FCP+Q5", ["9F469FCP+Q5"]),
        ("paid 95.123, 200.456 in all, 3.14 of it", []),
    ],
)
def test_coordinates(text: str, expected: list[str]) -> None:
    assert found("gps", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sara, geboren te Gent op 3 mei 2012, came", ["3 mei 2012"]),
        ("DOB: 12/03/2011", ["12/03/2011"]),
        ("née le 4 août 2010", ["4 août 2010"]),
        ("nacida el 4 de agosto de 2010", ["4 de agosto de 2010"]),
        ("تاريخ الميلاد: ٣ مايو ٢٠١٢", ["٣ مايو ٢٠١٢"]),
        ("The meeting of 3 June 2026 was long", []),
        ("born in case 7, heard on 3 June 2026", []),
    ],
)
def test_dates_of_birth(text: str, expected: list[str]) -> None:
    assert found("birth", text) == expected
