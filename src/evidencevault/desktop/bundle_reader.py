"""A bundle, and everything that left a case, as text to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from evidencevault.bundle import assembly, leakcheck, notices, originals, register
from evidencevault.bundle.contents import ORIGINAL, REDACTED
from evidencevault.bundle.leakcheck import Checked
from evidencevault.bundle.notices import Notice
from evidencevault.bundle.orders import Item, Order, find
from evidencevault.bundle.register import Left
from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop import words
from evidencevault.desktop.bundle_rows import bundle_state, reason, whom
from evidencevault.desktop.markup import body, escaped, facts
from evidencevault.desktop.recipient_rows import how
from evidencevault.formats import fingerprints
from evidencevault.resources import tr


@dataclass(frozen=True, slots=True)
class BundlePage:
    """A bundle to read, and what can be done with it by whoever reads."""

    html: str
    release: bool = False
    again: bool = False
    receipt: bool = False
    notice: bool = False


def bundle_page(case: CaseFile, number: str) -> BundlePage:
    """One bundle. Raises NotFound, Damaged."""
    _, one = find(case, number)
    mine = case.member.name == case.handle(one.by)
    state, tone, _ = bundle_state(one, mine)
    due = [each for each in notices.notices(case) if each.bundle == one.number]
    parts = [
        f'<p class="h1">{escaped(joined(one.number, whom(one)))}</p>',
        f'<p><b class="{tone}">{escaped(state)}</b></p>',
        *_warnings(case, one),
        *_due(due),
        facts(_facts(case, one)),
        *_table(tr("What it holds"), _contents(case, one)),
        *_withheld(one),
        *_checked(leakcheck.copies_of(case, one), one),
        *_keys(one),
    ]
    may = bool(case.member.roles & {"officer", "legal"})
    released = one.release is not None
    return BundlePage(
        body(parts),
        release=may and not released,
        again=may and released,
        receipt=may and released and one.receipt is None,
        notice=may and bool(due),
    )


def register_page(case: CaseFile) -> BundlePage:
    """Everything that ever left, and who is to be told what changed since."""
    rows = [_left(one, case.now()) for one in reversed(register.left(case))]
    titles = [tr("When"), tr("What"), tr("To"), tr("Why"), tr("Evidence"), tr("Arrived")]
    parts = [
        f'<p class="h1">{escaped(tr("Everything that left this case"))}</p>',
        *_due(notices.notices(case)),
        _grid(titles, rows) if rows else f"<p>{escaped(tr('Nothing has left.'))}</p>",
    ]
    return BundlePage(body(parts))


def _facts(case: CaseFile, one: Order) -> Iterable[tuple[str, str]]:
    release, receipt = one.release, one.receipt
    yield tr("For"), whom(one)
    yield tr("What it is for"), one.purpose
    yield tr("Legal basis"), one.legal_basis
    yield tr("Made"), joined(_stamp(one.at), case.handle(one.by))
    if release is not None:
        yield tr("Released"), joined(_stamp(release.at), case.handle(release.by))
        yield tr("Released alone"), release.alone
        yield tr("Size"), words.size(release.size)
    if receipt is not None:
        told = tr("with a signed receipt") if receipt.how == "file" else tr("with five words by telephone")
        yield tr("Arrived"), joined(_stamp(receipt.at), receipt.by, told)
    elif release is not None:
        yield tr("Arrived"), tr("No receipt yet")
    if one.access is not None:
        about = len(one.items) + len(one.withheld)
        said = tr("{about} items are about them, {rest} items of the case are not")
        yield tr("Request for access"), said.format(about=about, rest=one.access.exhibits - about)
        yield tr("Said not to be about them"), ", ".join(one.access.aside)


def _warnings(case: CaseFile, one: Order) -> list[str]:
    told = []
    for exhibit, within in originals.inside(case, one.unredacted).items():
        said = tr("{exhibit} leaves unredacted: names and all else in it can be read.")
        more = " " + tr("Inside it lie: {inside}.").format(inside=", ".join(within)) if within else ""
        told.append(("bad", said.format(exhibit=exhibit) + more))
    told += [("warn", text) for text in crossed(case, one)] + [("warn", text) for text in unchecked(one)]
    return [f'<p class="{tone}">{escaped(text)}</p>' for tone, text in told]


def crossed(case: CaseFile, one: Order) -> list[str]:
    """Where this bundle and another one, laid side by side, show what each hides."""
    told = []
    for each in assembly.crossings(case, one.number):
        here, there = (each.bundle, each.exhibit), (each.other, each.there)
        for marks, hiding, showing in ((each.hidden_here, here, there), (each.hidden_there, there, here)):
            if marks:
                said = tr("What {bundle} hides in {exhibit} ({marks}) can be seen in {other} ({there}).")
                names = {"exhibit": hiding[1], "bundle": hiding[0], "other": showing[0], "there": showing[1]}
                told.append(said.format(marks=", ".join(marks), **names))
    return told


def unchecked(one: Order) -> list[str]:
    """Whose key nobody had compared when the bundle was made."""
    said = tr("Nobody has entered that the key of {name} was compared with its holder.")
    names = [to.name or f"{to.keys[0][:14]}…" for to in one.to if not to.how and to.keys]
    return [said.format(name=words.one_line(name)) for name in names]


def _contents(case: CaseFile, one: Order) -> list[tuple[str, ...]]:
    kinds = {REDACTED: tr("redacted copy"), ORIGINAL: tr("original"), "slip-sheet": tr("slip sheet")}
    return [(_span(one, item), item.exhibit, kinds[item.kind], str(item.pages or "")) for item in one.items]


def _span(one: Order, item: Item) -> str:
    numbers = one.numbers(item)
    return numbers[0] if len(numbers) == 1 else f"{numbers[0]} – {numbers[-1].rpartition('-')[2]}"


def _table(title: str, rows: Sequence[tuple[str, ...]]) -> list[str]:
    if not rows:
        return []
    titles = [tr("Number"), tr("Evidence"), tr("How"), tr("Pages")]
    return [f"<p class='h2'>{escaped(title)}</p>", _grid(titles, rows)]


def _withheld(one: Order) -> list[str]:
    head = f"<p class='h2'>{escaped(tr('What was withheld, and why'))}</p>"
    if not one.withheld:
        return [head, f"<p>{escaped(tr('Nothing was withheld.'))}</p>"]
    rows = [(each.number, each.exhibit, reason(each.reason), each.basis) for each in one.withheld]
    return [head, _grid([tr("Slip sheet"), tr("Evidence"), tr("Why"), tr("Basis")], rows)]


def _checked(copies: Sequence[Checked], one: Order) -> list[str]:
    lines = leak_lines(copies, one)
    shown = "".join(f"<p>{escaped(text)}</p>" for text in lines[1:])
    title = escaped(tr("Leak check"))
    return [f"<p class='h2'>{title}</p>", f'<p class="good"><b>{escaped(lines[0])}</b></p>', shown]


def leak_lines(copies: Sequence[Checked], one: Order) -> list[str]:
    """What the leak check of a bundle that was made says, in plain words; what it came to stands first."""
    if not copies:
        lines = [tr("Checked: lists and proofs give nothing away.")]
    else:
        secrets = sum(each.report.secrets for each in copies)
        read = sum(each.report.read_back for each in copies)
        said = tr("{n} redacted copies were searched for {secrets} names and marked texts: in every byte, every layer.")
        lines = [tr("Checked: nothing recoverable."), said.format(n=len(copies), secrets=secrets)]
        pages = tr("{n} finished pages were read again, as a stranger would read them.").format(n=read)
        lines.append(pages if read else tr("The pages were not read again: no text recognition is installed here."))
        narrow = [each.exhibit for each in copies if each.narrow]
        if narrow:
            said = tr("In {exhibits} somebody let gaps pass that are as wide as the names in them.")
            lines.append(said.format(exhibits=", ".join(narrow)))
        left = sum(each.report.left_open for each in copies)
        if left:
            lines.append(tr("Places that somebody left open on purpose: {n}.").format(n=left))
    bare = [item.exhibit for item in one.items if item.kind == ORIGINAL]
    if bare:
        lines.append(tr("Not searched, because they leave as they are: {exhibits}.").format(exhibits=", ".join(bare)))
    lines.append(tr("It does not say that everything was marked that should have been."))
    return lines


def _keys(one: Order) -> list[str]:
    names = {key: to for to in one.to for key in to.keys}
    rows = []
    for key in one.recipients:
        to = names.get(key)
        checked = joined(how(to.how), _stamp(to.at)) if to and to.how else tr("not compared")
        rows.append((to.name if to else "", fingerprints.of_recipient(key).words, checked))
    if not rows:
        return []
    title = escaped(tr("The keys that open it"))
    return [f"<p class='h2'>{title}</p>", _grid([tr("Whose"), tr("In eight words"), tr("Compared")], rows)]


def _due(due: Sequence[Notice]) -> list[str]:
    if not due:
        return []
    lines = [f'<p class="warn"><b>{escaped(tr("To be told to whoever received it (art. 19 GDPR):"))}</b></p>']
    for one in due:
        said = tr("{bundle}, {exhibit}: erased since") if one.what == notices.ERASED else ""
        said = said or tr("{bundle}, {exhibit}: corrected since ({what})")
        named = said.format(bundle=one.bundle, exhibit=one.exhibit, what=", ".join(notices.words(one.fields)))
        lines.append(f"<p>• {escaped(named)}</p>")
    return lines


def _left(one: Left, now: datetime) -> tuple[str, ...]:
    what = one.number or tr("report")
    if one.kind and one.kind != register.BUNDLE:
        what = {
            "custody-report": tr("Chain of custody"),
            "disclosure": tr("Disclosure"),
            "review": tr("Review"),
        }.get(one.kind, what)
    at = words.moment(datetime.fromisoformat(one.at), now)
    to = f"{one.to[:14]}…" if one.to.startswith("age1") else one.to
    arrived = words.when(datetime.fromisoformat(one.receipt.at), now) if one.receipt else ""
    return at, what, to, one.purpose, ", ".join(one.exhibits), arrived or "–"


def _grid(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with a head; Qt mirrors none, so columns are turned round where the language reads from the right."""
    right = words.reads_from_right()
    side = ' align="right"' if right else ""

    def cells(values: Sequence[str], style: str) -> str:
        made = [f"<td{side}{style}>{escaped(one)}</td>" for one in values]
        return "".join(reversed(made) if right else made)

    head = cells(titles, ' class="name"')
    lines = "".join(f"<tr>{cells(row, '')}</tr>" for row in rows)
    return f'<table width="100%"><tr>{head}</tr>{lines}</table>' if right else f"<table><tr>{head}</tr>{lines}</table>"


def joined(*parts: str) -> str:
    """Facts side by side, before they are escaped: what isolates them would be shown as a sign of its own."""
    return words.DOT.join(part for part in parts if part)


def _stamp(text: str) -> str:
    return words.stamp(datetime.fromisoformat(text)) if text else ""
