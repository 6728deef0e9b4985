"""The rows of bundles: those of a case, what goes into a new one, the assistant's steps and what would leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from evidencevault.bundle import page_words, stages
from evidencevault.bundle.contents import ORIGINAL as WHOLE
from evidencevault.bundle.contents import REDACTED, Document
from evidencevault.bundle.orders import Order, orders
from evidencevault.bundle.previewing import Preview
from evidencevault.bundle.readiness import APPROVED, THING, UNSEEN, Standing
from evidencevault.bundle.stages import Stage
from evidencevault.custody.casefile import CaseFile
from evidencevault.desktop import words
from evidencevault.desktop.bundle_steps import COPY, ORIGINAL, OUT, WITHHELD, Choice, Step
from evidencevault.desktop.items import EvidenceRow
from evidencevault.desktop.rows import StatementRow
from evidencevault.resources import language, tr

REGISTER = "register"
WAITS, RUNS, DONE, STOPPED = "plain", "accent", "good", "bad"


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of the assistant: ``open`` where it may be gone to, ``tone`` says how it stands."""

    id: str
    n: int
    title: str
    sub: str
    tone: str
    open: bool

    @property
    def spoken(self) -> str:
        """As read out."""
        return f"{self.n}, {self.title}, {self.sub}"


@dataclass(frozen=True, slots=True)
class StageRow:
    """A step of making or releasing, as it is under way."""

    id: str
    title: str
    sub: str
    state: str

    @property
    def told(self) -> str:
        """Its state in a word."""
        return {WAITS: tr("not yet"), RUNS: tr("under way …"), DONE: tr("done"), STOPPED: tr("stopped")}[self.state]

    @property
    def spoken(self) -> str:
        """As read out."""
        return f"{self.title}, {self.told}"


@dataclass(frozen=True, slots=True)
class GoingRow:
    """An exhibit as it goes into a new bundle."""

    id: str
    title: str
    icon: str
    sub: str
    when: str
    state: str
    tone: str
    state_icon: str
    how: str
    ready: bool
    ticked: bool | None

    @property
    def spoken(self) -> str:
        """As read out."""
        return ", ".join(part for part in (self.id, self.title, self.sub, self.state, self.when) if part)


def bundle_rows(case: CaseFile) -> list[StatementRow]:
    """The bundles of a case, the newest first; below them everything that ever left."""
    now, me = case.now(), case.member.name
    found = [_bundle_row(one, me == case.handle(one.by), now) for _, one in orders(case)]
    title, sub = tr("Everything that left this case"), tr("To whom, when, why, and whether it arrived")
    register = StatementRow(REGISTER, title, sub, "", "", "plain", "history")
    return [*reversed(found), register] if found else []


def _bundle_row(one: Order, mine: bool, now: datetime) -> StatementRow:
    state, tone, icon = bundle_state(one, mine)
    at = one.release.at if one.release else one.at
    return StatementRow(
        id=one.number,
        title=whom(one),
        sub=words.line([one.number, words.one_line(one.purpose)]),
        when=words.when(datetime.fromisoformat(at), now),
        state=state,
        tone=tone,
        icon="package-check",
        state_icon=icon,
    )


def bundle_state(one: Order, mine: bool) -> tuple[str, str, str]:
    """Where a bundle stands: in words, tone and icon."""
    if one.receipt is not None:
        return tr("Arrived"), "good", "circle-check"
    if one.release is not None:
        return tr("Released"), "accent", "share"
    return (tr("Waits"), "warn", "clock") if mine else (tr("To release"), "warn", "signature")


def whom(one: Order) -> str:
    """For whom a bundle is, as people say it."""
    if one.access is not None:
        return tr("{person}, at their request").format(person=one.access.person)
    named = [to.name or f"{to.keys[0][:14]}…" for to in one.to if to.name or to.keys]
    named = named or [f"{key[:14]}…" for key in one.recipients]
    return words.one_line(", ".join(named)) or tr("Whoever knows the passphrase")


def reason(code: str) -> str:
    """Why something is withheld or hidden, as people say it."""
    return page_words.reason(code, language())


def going_row(one: Standing, seen: EvidenceRow, choice: Choice, ready: bool) -> GoingRow:
    """An exhibit as it goes by what was chosen so far."""
    going = choice.going(one.exhibit)
    state, tone, icon = _going(one, choice, ready)
    pages = tr("{n} p.").format(n=one.pages) if one.pages and going.how == COPY else ""
    return GoingRow(
        id=one.exhibit,
        title=seen.name,
        icon=seen.icon,
        sub=seen.sub,
        when=pages,
        state=state,
        tone=tone,
        state_icon=icon,
        how=going.how,
        ready=ready,
        ticked=going.how != OUT,
    )


def _going(one: Standing, choice: Choice, ready: bool) -> tuple[str, str, str]:
    going = choice.going(one.exhibit)
    if going.how == OUT:
        unsaid = not ready
        return (tr("About them?"), "warn", "info") if unsaid else (tr("Not in it"), "plain", "x")
    if going.how == WITHHELD:
        return (tr("Withheld"), "accent", "file-lock") if ready else (tr("Say why"), "warn", "file-lock")
    if going.how == ORIGINAL:
        return (tr("Unredacted"), "bad", "eye") if one.bare else (tr("Original"), "good", "eye")
    if one.state == THING or not one.copied:
        return tr("Slip sheet"), "plain", "file-text"
    if one.state == APPROVED:
        return tr("Approved"), "good", "badge-check"
    if one.state == UNSEEN:
        return tr("Not reviewed"), "bad", "triangle-alert"
    return tr("Waits for approval"), "warn", "clock"


def step_rows(step: Step, lacks: Mapping[Step, int], reached: Step, told: Mapping[Step, str]) -> list[StepRow]:
    """The steps; ``lacks`` how much each still needs, ``told`` what was chosen there, ``reached`` the farthest seen."""
    titles = {
        Step.WHAT: tr("What"),
        Step.WHOM: tr("For whom"),
        Step.WHY: tr("Why"),
        Step.PREVIEW: tr("Preview"),
        Step.MAKE: tr("Make"),
        Step.RELEASE: tr("Release"),
    }
    rows = []
    for one, title in titles.items():
        open_ = step != Step.RELEASE and one != Step.RELEASE
        count, past = lacks.get(one, 0), one <= reached
        sub, tone = told.get(one, ""), "accent" if one == step else "plain"
        if count and past:
            sub, tone = tr("Still missing: {n}").format(n=count), "warn"
        elif past and one < step:
            tone = "good"
        rows.append(StepRow(one.name, one + 1, title, sub, tone, open_))
    return rows


def stage_rows(every: Sequence[Stage], said: str, ended: str = "") -> list[StageRow]:
    """Steps of a work as its progress says them (see stages.told); ``ended`` is the state of all (or of the last)."""
    if ended == DONE:
        return [StageRow(one, stages.told(one), "", DONE) for one in every]
    now = next((n for n, one in enumerate(every) if stages.told(one) == said), 0 if said else -1)
    states = [DONE if n < now else (ended or RUNS) if n == now else WAITS for n in range(len(every))]
    return [StageRow(one, stages.told(one), "", state) for one, state in zip(every, states, strict=True)]


def piece_rows(found: Preview) -> list[StatementRow]:
    """Everything that would leave: documents by their numbers, then what stands beside them."""
    rows = [_document_row(one) for one in found.documents]
    return rows + [_file_row(path, size, found) for path, size in found.files]


def _document_row(one: Document) -> StatementRow:
    state, tone, icon = {
        REDACTED: (tr("Redacted copy"), "good", "eye-off"),
        WHOLE: (tr("Original"), "bad", "eye"),
    }.get(one.kind, (tr("Slip sheet"), "plain", "file-text"))
    span = one.number if one.last == one.number else f"{one.number} – {one.last.rpartition('-')[2]}"
    pages = tr("{n} p.").format(n=one.pages) if one.pages else ""
    sub = [one.exhibit, words.size(one.size), _note(one.note)]
    return StatementRow(one.path, span, words.line(sub), pages, state, tone, "file-text", icon)


def _note(note: str) -> str:
    """Why a slip sheet stands there (see parts), as people say it."""
    kind, _, code = note.partition(": ")
    if kind == "withheld":
        return tr("withheld: {why}").format(why=reason(code))
    return {
        "held as a thing, no file": tr("a thing, no file"),
        "this kind of file cannot be redacted yet": tr("this kind of file cannot be redacted"),
    }.get(note, note)


def _file_row(path: str, size: int, found: Preview) -> StatementRow:
    title, icon = _files().get(path.rpartition("/")[2], (path, "file-text"))
    sub = words.line([path, words.size(size)])
    if path.endswith("entries.json"):
        sub = words.line([tr("{n} entries, of each its head and subject").format(n=found.entries), words.size(size)])
    return StatementRow(path, title, sub, "", "", "plain", icon)


def _files() -> dict[str, tuple[str, str]]:
    return {
        "index.csv": (tr("List of documents"), "file-spreadsheet"),
        "redactions.csv": (tr("List of marks, without the text"), "file-spreadsheet"),
        "withheld.csv": (tr("What was withheld, and the totals"), "file-spreadsheet"),
        "index.pdf": (tr("Cover sheet"), "file-text"),
        "bundle.dat": (tr("Load file (Concordance)"), "file-spreadsheet"),
        "bundle.opt": (tr("Load file (Opticon)"), "file-spreadsheet"),
        "report.pdf": (tr("Chain of custody, as it may be told outside"), "history"),
        "checkpoint": (tr("Signed head of the chain of custody"), "signature"),
        "index.html": (tr("Page that opens in a browser"), "file-text"),
        "README": (tr("How to check all this"), "info"),
        "allowed_signers": (tr("The key that it is signed with"), "signature"),
        "case.jsonld": (tr("Provenance for other programs (CASE/UCO)"), "file-text"),
    }


def counted(rows: Sequence[GoingRow]) -> str:
    """What goes, in figures."""
    how = [one.how for one in rows]
    told = [
        tr("goes: {n}").format(n=how.count(COPY) + how.count(ORIGINAL)),
        tr("withheld: {n}").format(n=how.count(WITHHELD)) if WITHHELD in how else "",
        tr("not in it: {n}").format(n=how.count(OUT)) if OUT in how else "",
    ]
    return words.line(told)
