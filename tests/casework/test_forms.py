from __future__ import annotations

import dataclasses
import re
import tomllib
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidencevault.casework import forms
from evidencevault.casework.concerns import Answer, Concern
from evidencevault.casework.decisions import Decision
from evidencevault.casework.interviews import Consent, Interview, Line, Present
from evidencevault.casework.people import Needs, PartialDate, Person
from evidencevault.casework.tasks import Action
from evidencevault.errors import Damaged, FormError, UsageError
from evidencevault.forms.shapes import Form, Scalar, Shape, shapes
from evidencevault.vault.canonical import pack, unpack

CONCERN = """words = "He hit me"
channel = "phone"
to = "Mrs Jansen"
heard_at = 2026-03-01T10:00:00+01:00
"""
INTERVIEW = """with = "Child A"
by = "Anna"
language = "nl"
started_at = 2026-03-01T10:00:00+01:00
consent = "assent"
present = ["Mother", {who = "Leo", part = "lawyer"}]

[[lines]]
at = 2026-03-01T10:01:00+01:00
prompt_kind = "open"
question = "Tell me."
answer = '''Well,
"he" did it.'''

[[lines]]
prompt = "leading"
question = "Did he?"
"""
FILL = {Scalar.TEXT: '"filled"', Scalar.TIME: "2026-05-01T10:00:00+02:00", Scalar.DAY: "2026-05-01",
        Scalar.DAY_OR_STEP: "2026-05-01"}  # fmt: skip
RECORD_KEYS = {
    "case": "title categories severity state allegation place programme policy version immediate_safety affected"
    " respondents support_given authorities_informed",
    "person": "role names aliases born language label linked_member needs",
    "concern": "words language from channel to heard_at about answers escalated_to",
    "interview": "with by present interpreter language place started_at ended_at consent ground_rules model plan lines"
    " breaks support_offered recordings corrections prior_interviews reason_again signed_by",
    "decision": "question violation evidence finding measure clause rationale alternatives proportionality"
    " effect_on_child dissent decided_by signed_at countersigned_by informs",
    "action": "what owner due fixed proof refused done_at",
    "recommendation": "from words owner due proof refused",
}


@pytest.mark.parametrize("kind", RECORD_KEYS)
def test_every_field_of_the_design_is_there(kind: str) -> None:
    assert set(RECORD_KEYS[kind].split()) <= {shape.key for shape in shapes(forms.form_of(kind))}


def test_a_concern_is_read() -> None:
    concern = forms.parse(Concern, CONCERN)
    assert concern.words == "He hit me"
    assert concern.heard_at == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert concern.heard_at.utcoffset() == timedelta(hours=1)
    assert (concern.answers, concern.about, concern.from_) == ((), (), "")


def test_an_interview_with_nested_tables_is_read() -> None:
    interview = forms.parse(Interview, INTERVIEW)
    assert interview.with_ == "Child A"
    assert interview.consent == Consent(state="assent")
    assert interview.present == (Present(who="Mother"), Present(who="Leo", part="lawyer"))
    assert [line.prompt_kind for line in interview.lines] == ["open", "leading"]
    assert interview.lines[0].answer == 'Well,\n"he" did it.'


@pytest.mark.parametrize(
    ("form", "text", "line", "key", "said"),
    [
        (Concern, CONCERN + "hearer = 1\n", 5, "hearer", "unknown"),
        (Concern, CONCERN + 'heardat = "x"\n', 5, "heardat", "heard_at"),
        (Concern, CONCERN.replace('to = "Mrs Jansen"', ""), 1, "to", "required"),
        (Concern, CONCERN.replace("Mrs Jansen", "  "), 3, "to", "required"),
        (Concern, CONCERN.replace('"phone"', '"telepathy"'), 2, "channel", "in-person"),
        (Concern, CONCERN.replace('"phone"', "3"), 2, "channel", "text"),
        (Concern, CONCERN.replace("+01:00", ""), 4, "heard_at", "offset"),
        (Concern, CONCERN.replace("2026-03-01T10:00:00+01:00", '"yesterday"'), 4, "heard_at", "offset"),
        (Concern, CONCERN.replace("2026-03-01T10:00:00+01:00", "2026-03-01"), 4, "heard_at", "offset"),
        (Concern, CONCERN + 'about = "E001"\n', 5, "about", "list"),
        (Concern, CONCERN + 'about = [\n"E001",\n7]\n', 7, "about[2]", "text"),
        (Concern, CONCERN + 'number = "C09"\n', 5, "number", "program"),
        (Concern, CONCERN + "[[answers]]\nwords = 'Yes'\n", 5, "answers[1].at", "required"),
        (Concern, CONCERN + "words = 'again'\n", 5, "words", "TOML"),
        (Concern, CONCERN + "language = nl\n", 5, "language", "TOML"),
        (Interview, INTERVIEW.replace('"leading"', '"sly"'), 16, "lines[2].prompt", "leading"),
        (Interview, INTERVIEW + "mood = 'sad'\n", 18, "lines[2].mood", "unknown"),
        (Interview, INTERVIEW + "prompt_kind = 'open'\n", 18, "lines[2].prompt_kind", "twice"),
        (Interview, INTERVIEW.replace('"assent"', "true"), 5, "consent", "table"),
        (Interview, INTERVIEW.replace('part = "lawyer"', "part = 1"), 6, "present[2].part", "text"),
        (Interview, INTERVIEW.replace('{who = "Leo", part', "{part"), 6, "present[2].who", "required"),
        (
            Interview,
            INTERVIEW + "[interpreter]\nwho='I'\naccredited='yes'",
            20,
            "interpreter.accredited",
            "true or false",
        ),
        (Person, 'role = "child"\nnames = []', 2, "names", "at least one"),
        (Person, 'role = "child"\nnames = ["A"]\nborn = "2014-13"', 3, "born", "2014-03"),
        (Person, 'role = "child"\nnames = ["A"]\nborn = "2014-02-30"', 3, "born", "2014-03"),
        (Person, 'role = "child"\nnames = ["A", ""]', 2, "names[2]", "required"),
    ],
)
def test_what_is_wrong_is_named_with_line_and_key(form: type[Form], text: str, line: int, key: str, said: str) -> None:
    with pytest.raises(FormError) as caught:
        forms.parse(form, text)
    assert f"Line {line}, {key}:" in caught.value.sentence
    assert said in caught.value.sentence
    assert caught.value.exit_code == 1


@pytest.mark.parametrize("due", ["2026-13-01", "31/12/2026", "1.5.2026", "05-01"])
def test_what_was_meant_as_a_date_is_no_step_of_a_policy(due: str) -> None:
    with pytest.raises(FormError, match=r"Line 3, due: a date is expected.*or a step of the policy"):
        forms.parse(Action, f'what = "w"\nowner = "o"\ndue = "{due}"')


@pytest.mark.parametrize("due", ["2026-05-01", "assess", "48h C02"])
def test_a_day_and_a_step_stay_what_they_are(due: str) -> None:
    read = date(2026, 5, 1) if due.startswith("2026") else due
    made = forms.parse(Action, f'what = "w"\nowner = "o"\ndue = "{due}"')
    assert made.due == read
    assert forms.from_body(Action, forms.to_body(made)) == made
    assert forms.parse(Action, forms.to_toml(made)) == made


@pytest.mark.parametrize("value", ["1.5", "nan", "10:00:00"])
def test_what_no_record_holds_is_refused(value: str) -> None:
    with pytest.raises(FormError, match="Line 5, language"):
        forms.parse(Concern, CONCERN + f"language = {value}")


def test_bytes_with_a_mark_and_crlf_are_read_and_other_encodings_named() -> None:
    assert forms.parse(Concern, b"\xef\xbb\xbf" + CONCERN.replace("\n", "\r\n").encode()).to == "Mrs Jansen"
    with pytest.raises(FormError, match="Line 5, bad"):
        forms.parse(Concern, CONCERN.replace("\n", "\r\n") + "bad = 1")
    with pytest.raises(FormError, match="Line 2"):
        forms.parse(Concern, b'words = "a"\nto = "\xe9"')


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(FormError):
        forms.parse(Concern, "about = " + "[" * 5000 + "]" * 5000)


@pytest.mark.parametrize("kind", forms.FORMS)
def test_the_template_is_toml_and_reads_back_when_filled(kind: str) -> None:
    form, text = forms.form_of(kind), forms.template(kind)
    with pytest.raises(FormError, match="required"):
        forms.parse(form, text)
    made = forms.parse(form, _filled(form, text))
    assert all(getattr(made, shape.name) for shape in shapes(form) if shape.required)


@pytest.mark.parametrize("kind", forms.FORMS)
def test_the_template_reads_back_with_every_key_uncommented(kind: str) -> None:
    form = forms.form_of(kind)
    text = re.sub(r"(?m)^# (?=\[|[a-z_]+ = )", "", forms.template(kind))
    text = re.sub(r'(?m)^(who|ref|words|by|authority|reason|signed_by|type) = ""', r'\1 = "x"', text)
    made = forms.parse(form, _filled(form, text))
    keys = {shape.key for shape in shapes(form) if not shape.given}
    assert keys == tomllib.loads(text).keys()
    assert forms.from_body(form, forms.to_body(made)) == made


def _filled(form: type[Form], text: str) -> str:
    for shape in shapes(form):
        if shape.required and not (shape.many and shape.table):
            text = re.sub(rf"(?m)^{shape.key} = (\"\"|\[\])$", f"{shape.key} = {_fill(shape)}", text, count=1)
    return text


def _fill(shape: Shape) -> str:
    if shape.table:
        return _fill(shapes(shape.table)[0])
    one = f'"{shape.choices[0]}"' if shape.choices else FILL[shape.scalar or Scalar.TEXT]
    return f"[{one}]" if shape.many else one


def test_an_unknown_template_is_a_wrong_call() -> None:
    with pytest.raises(UsageError, match="concern"):
        forms.template("poem")


# --- lossless both ways

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
VALUES: dict[Scalar, st.SearchStrategy[Any]] = {
    Scalar.TEXT: st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    Scalar.WHOLE: st.integers(0, 2**63 - 1),
    Scalar.YES_NO: st.booleans(),
    Scalar.TIME: st.datetimes(datetime(1900, 1, 2), datetime(9000, 1, 1), timezones=ZONES),
    Scalar.DAY: st.dates(date(1000, 1, 1)),
    Scalar.DAY_OR_STEP: st.dates(date(1000, 1, 1)) | st.sampled_from(["assess", "feedback C02"]),
    Scalar.PARTIAL: st.sampled_from(["2014", "2014-03", "2014-03-09"]).map(PartialDate),
}


def _records(form: type[Form]) -> st.SearchStrategy[Form]:
    fields: dict[str, st.SearchStrategy[Any]] = {}
    for shape in shapes(form):
        if shape.table:
            one: st.SearchStrategy[Any] = _records(shape.table)
        else:
            one = st.sampled_from(shape.choices) if shape.choices else VALUES[shape.scalar or Scalar.TEXT]
            if shape.scalar is Scalar.TEXT and not shape.choices:
                one = one.filter(lambda text: bool(text.strip()))
        if shape.many:
            one = st.lists(one, min_size=1 if shape.required else 0, max_size=3).map(tuple)
        if not shape.given:
            fields[shape.name] = (
                one
                if shape.required or shape.many
                else one | st.just(shape.default or ("" if shape.scalar is Scalar.TEXT else None))
            )
    return st.builds(form, **fields)


ANY = st.sampled_from(sorted(forms.FORMS)).flatmap(lambda kind: _records(forms.form_of(kind)))


@settings(max_examples=150, deadline=None)
@given(ANY)
def test_bodies_lose_nothing(record: Form) -> None:
    body = forms.to_body(record)
    assert forms.from_body(type(record), unpack(pack(body))) == record
    assert forms.to_body(forms.from_body(type(record), body)) == body


@settings(max_examples=150, deadline=None)
@given(ANY)
def test_toml_loses_nothing(record: Form) -> None:
    assert forms.parse(type(record), forms.to_toml(record)) == record
    assert forms.check(record) == record


def test_offsets_survive_in_the_body() -> None:
    body = forms.to_body(forms.parse(Concern, CONCERN))
    assert body == {
        "words": "He hit me",
        "channel": "phone",
        "to": "Mrs Jansen",
        "heard_at": "2026-03-01T10:00:00+01:00",
    }


def test_keys_of_a_later_version_are_kept_at_every_depth() -> None:
    body = forms.to_body(forms.parse(Concern, CONCERN))
    answer = {"words": "w", "at": "2026-03-02T10:00:00+01:00", "by": "b", "mood": b"\x00"}
    body |= {"answers": [answer], "later": {"deep": [1, None]}}
    concern = forms.from_body(Concern, body)
    assert concern.extra == {"later": {"deep": [1, None]}}
    assert concern.answers[0].extra == {"mood": b"\x00"}
    assert forms.to_body(dataclasses.replace(concern, to="other")) == {**body, "to": "other"}
    assert forms.check(concern).extra == concern.extra


@pytest.mark.parametrize(
    ("key", "value"), [("words", 1), ("heard_at", "soon"), ("about", "E001"), ("answers", [1]), ("to", None)]
)
def test_a_stored_body_of_wrong_types_is_damage(key: str, value: Any) -> None:
    with pytest.raises(Damaged, match=key):
        forms.from_body(Concern, {**forms.to_body(forms.parse(Concern, CONCERN)), key: value})


def test_a_stored_body_without_a_required_key_is_damage() -> None:
    with pytest.raises(Damaged, match="words"):
        forms.from_body(Concern, {"to": "x"})


def test_check_judges_what_code_built() -> None:
    concern = forms.parse(Concern, CONCERN)
    with pytest.raises(FormError, match=r"^heard_at: .*offset"):
        forms.check(dataclasses.replace(concern, heard_at=datetime(2026, 1, 1)))
    with pytest.raises(FormError, match=r"answers\[1\].outcome: .*satisfied"):
        forms.check(
            dataclasses.replace(concern, answers=(Answer(words="w", at=concern.heard_at, by="b", outcome="?"),))
        )
    with pytest.raises(FormError, match="names: at least one"):
        forms.check(Person(role="child", names=()))
    assert forms.check(dataclasses.replace(concern, number="C07")).number == "C07"


def test_values_of_options_go_by_the_same_rules() -> None:
    person = forms.from_values(
        Person, {"role": "child", "names": ("Maria",), "needs": Needs(guardian="aunt"), "born": 2014}
    )
    assert person == Person(role="child", names=("Maria",), born=PartialDate("2014"), needs=Needs(guardian="aunt"))
    with pytest.raises(FormError, match="role: one of these"):
        forms.from_values(Person, {"role": "kid", "names": ["M"]})


def test_one_table_stands_for_a_list_of_one() -> None:
    text = 'question="q"\nfinding="inconclusive"\nmeasure=["none"]\nclause="1"\nrationale="r"\n'
    text += 'evidence=["E001"]\n[dissent]\nwho="L"'
    decision = forms.parse(Decision, text)
    assert decision.evidence[0].ref == "E001"
    assert decision.dissent[0].who == "L"
    assert Line().question == ""
