"""The appendix of docs/formats.md says what the code says."""

from pathlib import Path

from evidencevault.vault import registry, schema

TEXT = (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8")


def test_the_appendix_lists_every_number_and_table() -> None:
    rows = [f"| {int(one)} | `{registry.label(one)[:-1].decode()}\\0` |" for one in registry.Purpose]
    for numbers in (registry.KeyKind, registry.Kind, registry.Field):
        rows += [f"| {int(one)} | {one.name.lower()} |" for one in numbers]
    for table in schema.metadata.sorted_tables:
        rows.append(f"| `{table.name}` | {', '.join(column.name for column in table.columns)} |")
    missing = [row for row in rows if row not in TEXT]
    assert not missing


def test_numbers_are_never_used_twice() -> None:
    for numbers in (registry.Purpose, registry.KeyKind, registry.Kind, registry.Field):
        assert len({int(one) for one in numbers}) == len(list(numbers.__members__))
