"""What a check finds in the whole format, and that no file, however hostile, can stop or slow it."""

# ruff: noqa: E501 - a line of a table is a file as somebody would write it

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.quizzes.buttons import read_payload
from core.quizzes.loader import load_stored, load_text, told_warnings
from core.quizzes.problems import Problem, QuizError
from core.quizzes.reach import explore
from tests.quizzes.people import QUIZZES
from tests.quizzes.test_loader import ASK, CHOICE, END, HEAD, MARK, problems, question, second

SECONDS = 2  # half of it on a machine that does nothing else
LIBRARY = Path(__file__).parent / "library"
SHIPPED = sorted([*QUIZZES.glob("*.yaml"), *LIBRARY.glob("*.yaml")])
NUMBER = "questions:\n  - {id: q, kind: number, text: '?'}\n"
DAY = "questions:\n  - {id: q, kind: date, text: '?'}\n"


def ends(condition: str, ask: str = CHOICE) -> str:
    return f"{HEAD}{ask}results:\n  - {{id: r, text: R, when: {condition}}}\n  - {{id: s, text: S}}\n"


def grouped(head: str, *lines: str) -> str:
    return f"{HEAD}groups: {{{head}}}\nquestions:\n" + "".join(f"  - {{{line}}}\n" for line in lines) + END


def kind(line: str) -> str:
    return question(f"id: q, text: t, {line}")


TABLE = {
    "a scale that is not there": (
        ends("{score: {¦of: art, at_least: 1}}").replace("¦of: ", "of: ¦"),
        "no answer adds to the scale `art`; remove it",
    ),
    "a top score of nothing": (ends("{top_score: ¦art}"), "no answer adds to the scale `art`; remove it"),
    "right answers nobody marked": (
        ends("{¦right: {at_least: 1}}"),
        "no question has a right answer; mark the right options with `right: true`",
    ),
    "a language not spoken": (ends("{language: ¦de}"), "the quiz does not speak `de`; use one of `ru`"),
    "a date for a number": (
        ends("{question: q, at_least: ¦'1990-12-31'}", NUMBER),
        "`q` is a number, `1990-12-31` is none; write it in digits",
    ),
    "a number for a date": (
        ends("{question: q, at_most: ¦5}", DAY),
        "`q` is a date, `5` is none; write e.g. '1990-12-31'",
    ),
    "a refusal nobody may give": (
        ends("{question: q, is: ¦rather_not_say}"),
        "`q` cannot be refused; add `refusable: true` to it",
    ),
    "stars beyond the sky": (
        ends("{question: q, is: ¦6}", "questions:\n  - {id: q, kind: stars, text: '?'}\n"),
        "`q` has no answer `6`; use one of `1`, `2`",
    ),
    "an end that asks later": (
        second("finish_when: {question: ¦three, is: a}") + "",
        "unknown question `three`; ",
    ),
    "an end that always comes": (
        (
            f"{HEAD}questions:\n  - {{id: q, kind: yes_no, text: t, finish_when: {{question: q, in: [yes, no]}}}}\n"
            f"  - ¦{{id: p, kind: text, text: t}}\n{END}"
        ),
        "nobody can reach the question `p`; the quiz always ends before it; change `finish_when` above",
    ),
    "an alert that never comes": (
        f"{HEAD}alerts: [{{text: T, ¦when: {{score: {{at_least: 1}}}}}}]\n{CHOICE}{END}",
        "this alert can never come; its condition never holds; change it",
    ),
    "a top that another scale always takes": (
        (
            f"{HEAD}questions:\n  - {{id: q, kind: yes_no, text: t, scores: {{a: 2}}, yes: {{scores: {{b: 1}}}}}}\n"
            "results:\n  - {id: r, text: R, ¦when: {top_score: b}}\n  - {id: s, text: S}\n"
        ),
        "nobody can reach the result `r`; change its condition",
    ),
    "an unknown group": (
        grouped("art: {}", "id: q, kind: text, text: t, group: ¦arts"),
        "unknown group `arts`; did you mean `art`?",
    ),
    "a group torn apart": (
        grouped(
            "g: {shuffle: true}",
            "id: q, kind: text, text: t, group: g",
            "id: p, kind: text, text: t",
            "id: o, kind: text, text: t, group: ¦g",
        ),
        "the group `g` is torn apart; let its questions stand one after another",
    ),
    "more picked than there is": (
        grouped("g: {pick: ¦3}", "id: q, kind: text, text: t, group: g"),
        "3 questions are to be asked, the group has 1; lower `pick`",
    ),
    "an order that is not known": (
        grouped(
            "g: {shuffle: true}",
            "id: q, kind: yes_no, text: t, group: g",
            "id: p, kind: text, text: t, group: g, when: {question: ¦q, is: yes}",
        ),
        "`q` is of the same group, it may be asked later or not at all; take one of the two",
    ),
    "a pipe of the same group": (
        grouped(
            "g: {shuffle: true}",
            "id: q, kind: yes_no, text: t, group: g",
            "id: p, kind: text, text: ¦'{{ q }}', group: g",
        ),
        "`{{ q }}` is not the name or an earlier answer; ",
    ),
    "a right answer nobody can give": (
        kind("kind: number, max: 5, right: ¦6"),
        "the right answer `6` does not fit the question itself; change it",
    ),
    "a right date out of bounds": (
        kind("kind: date, max: 2000-01-01, right: ¦2001-01-01"),
        "the right answer `2001-01-01` does not fit the question itself; change it",
    ),
    "more right ones than may be chosen": (
        kind(
            "kind: several, max: ¦1, options: [{id: x, text: X, right: true}, {id: y, text: Y, right: true}]"
        ),
        "2 options are right, that many cannot be chosen; change `min` or `max`",
    ),
    "a consent refused for ever": (
        kind("kind: consent, purpose: data, refusable: ¦true"),
        "a consent is given or not given, it cannot be refused for ever",
    ),
    "a channel with a dash": (
        kind("kind: join, channel: ¦'@our-shop'"),
        "`@our-shop` cannot be a channel's name; write it as its link does",
    ),
    "a channel of digits without a link": (
        kind("kind: join, channel: -1001234567890").replace(
            "{id: q, text: t, kind: join", "¦{id: q, text: t, kind: join"
        ),
        "a channel given by its id needs a link; add `url: https://t.me/…`",
    ),
    "dates exchanged": (
        kind("kind: date, min: ¦today, max: today - 18 years"),
        "`min` is after `max`; exchange them",
    ),
    "a caption too long": (
        kind("picture: p.png, kind: text").replace("text: t,", f"text: ¦{'x' * 800},", 1),
        "the text may grow to 800 characters, 724 fit into a message; shorten it",
    ),
    "feedback and the next question": (
        (
            f"{HEAD}questions:\n  - {{id: q, kind: yes_no, text: t, yes: {{right: true, feedback: {'x' * 2000}}}}}\n"
            f"  - {{id: p, kind: text, text: ¦{'y' * 2000}}}\n{END}"
        ),
        "the text may grow to 2000 characters, 1794 fit into a message; shorten it",
    ),
    "lessons out of order": (
        (
            f"{HEAD}{ASK}results:\n  - {{id: r, text: R, lessons: [{{after_hours: 5, text: a}}, "
            "{after_hours: ¦5, text: b}]}\n"
        ),
        "this lesson comes 5 hours after the quiz, the one above after 5; put lessons in",
    ),
    "a lesson's file": (
        f"{HEAD}{ASK}results:\n  - {{id: r, text: R, lessons: [{{after_hours: 5, text: a, file: ¦no.pdf}}]}}\n",
        "there is no file `no.pdf` in files/; put it into files/ beside the quiz",
    ),
    "a picture that is none": (
        question("id: q, kind: text, text: t, picture: ¦guide.txt"),
        "`guide.txt` is no picture; use one of .jpg",
    ),
    "a label to share in two lines": (
        f'{HEAD}{ASK}results:\n  - {{id: r, text: R, share: ¦"a\\nb"}}\n',
        "a label cannot have several lines; write it in one line",
    ),
}
WARNINGS = {
    "a missing translation": (
        f"{HEAD}languages: [ru, en]\nquestions:\n  - {{id: q, kind: text, ¦text: {{ru: а}}}}\n{END}",
        "the wording in `en` is missing; add it, or people get the one in `ru`",
    ),
    "a language the bot itself does not speak": (
        f"{HEAD}¦languages: [de, kk, ru]\n{ASK}{END}",
        "buttons and hints of the bot itself are English in `de`, `kk`; write your own `text` for yes and no",
    ),
    "an unused tag": (
        kind("kind: yes_no, yes: {tags: [¦vip]}"),
        "nothing uses the tag `vip`: no condition here and no segment; make a segment with the rule `tag vip`",
    ),
    "a pipe that may be empty": (
        (
            f"{HEAD}questions:\n  - {{id: q, kind: text, text: t, optional: true}}\n"
            "results:\n  - {id: r, text: ¦'{{ q }}'}\n"
        ),
        '`{{ q }}` is empty for people who did not answer it; write `{{ q | default: "…" }}`',
    ),
    "a phone in a text": (
        f"{HEAD}questions:\n  - {{id: q, kind: contact, text: t}}\nresults:\n  - {{id: r, text: ¦'{{{{ q }}}}'}}\n",
        "`{{ q }}` is always empty: the answer stands on the person's card only; take it out of the text",
    ),
    "a default that is always shown": (
        (
            f"{HEAD}questions:\n  - {{id: q, kind: text, check: email, text: t}}\n"
            "results:\n  - {id: r, text: ¦'{{ q | default: \"your address\" }}'}\n"
        ),
        "`{{ q }}` always shows its default: the answer stands on the person's card only; take it out",
    ),
    "a link sent twice": (
        f"{HEAD}{ASK}results:\n  - {{id: r, text: R, share: S, share_text: ¦'Look {{{{ share_link }}}}'}}\n",
        "Telegram adds the link to this text by itself; `{{ share_link }}` sends it a second time; take it out",
    ),
    "feedback nobody sees": (
        kind("kind: yes_no, ¦feedback: {right: Yes!}").replace("Yes!", "Good"),
        "no answer of this question is right, its feedback is never said; mark the right answers",
    ),
    "no wrong answer": (
        kind("kind: choice, ¦options: [{id: x, text: X, right: true}, {id: y, text: Y, right: true}]"),
        "every option is right; leave `right` to some of them",
    ),
    "an empty group": (
        f"{HEAD}groups: {{¦art: {{}}}}\n{ASK}{END}",
        "no question is in the group `art`; remove it",
    ),
    "a scale nobody asks for": (
        kind("kind: yes_no, yes: {scores: {art: 1}}").replace("id: a\n", "¦id: a\n"),
        "nothing asks for the scale `art`; use it in a condition or a text, or remove its points",
    ),
    "a question longer than the quiz": (
        f"{HEAD}time_limit_seconds: 60\n" + kind("kind: text, time_limit_seconds: ¦90").removeprefix(HEAD),
        "the whole quiz has 60 seconds, this question alone 90; give the quiz more time",
    ),
    "a consent asked twice": (
        (
            f"{HEAD}questions:\n  - {{id: q, kind: consent, text: t, purpose: news}}\n"
            f"  - {{id: p, kind: consent, text: t, purpose: ¦news}}\n{END}"
        ),
        "the purpose `news` is asked a second time; the later answer will hold",
    ),
    "a consent to what an answer says": (
        (
            f"{HEAD}questions:\n  - {{id: q, kind: text, text: t}}\n"
            "  - {id: p, kind: consent, purpose: news, text: ¦'{{ first_name }}, send it to {{ q }}?'}\n"
            f"{END}"
        ),
        "the proof of a consent keeps its wording, not what `q` showed; write the text without `{{ q }}`",
    ),
    "a text nobody shares": (
        f"{HEAD}{ASK}results:\n  - {{id: r, text: R, share_text: ¦Look}}\n",
        "there is no button to share, its text is never sent; add `share: …`",
    ),
    "an unknown segment": (
        f"{HEAD}{ASK}results:\n  - {{id: r, text: R, segment: ¦owner}}\n",
        "there is no segment `owner`; did you mean `owners`?",
    ),
    "a segment still to be made": (
        f"{HEAD}{ASK}results:\n  - {{id: r, text: R, segment: ¦to_call}}\n",
        "there is no segment `to_call`; make a segment with this name, or name one of yours",
    ),
    "too many ways": (
        f"{HEAD}questions:\n"
        + "".join(f"  - {{id: q{n}, kind: yes_no, text: t, yes: {{score: {2**n}}}}}\n" for n in range(20))
        + "results:\n  - {id: r, text: R, when: {score: {at_least: 9}}}\n  - {id: s, text: S}\n",
        "on it could not be checked what nobody can reach: there are too many ways; walk it",
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "guide.txt").write_text("A guide")
    return tmp_path


def marked(text: str) -> tuple[str, str]:
    """The text without its mark, and the place of the mark."""
    before, _, after = text.partition(MARK)
    return before + after, f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


@pytest.mark.parametrize("name", TABLE)
def test_a_mistake_is_told_with_place_and_remedy(name: str, folder: Path) -> None:
    text, expected = TABLE[name]
    assert MARK in text
    text, place = marked(text)
    found = problems(text, folder)
    assert any(line.startswith(f"a.yaml:{place}: {expected}") for line in found), (place, found)


@pytest.mark.parametrize("name", WARNINGS)
def test_what_is_hardly_meant_is_a_warning_with_its_place(name: str, folder: Path) -> None:
    text, expected = WARNINGS[name]
    text, place = marked(text)
    found = [str(one) for one in told_warnings(load_text(text, "a.yaml", folder), "a.yaml", (), {"owners"})]
    if name == "too many ways":
        assert any(expected in line for line in found), found
    else:
        assert any(line.startswith(f"a.yaml:{place}: {expected}") for line in found), (place, found)


SIZED = """
id: a
title: T
alerts: [{when: {question: role, is: no}, text: R}]
questions:
  - {id: role, kind: yes_no, text: t}
  - {id: size, kind: number, text: t, when: {question: role, is: yes}%s}
results:
  - {id: r, when: %s, text: '{{ size }}'}
  - {id: s, text: S}
"""


@pytest.mark.parametrize(
    ("more", "when", "is_told"),
    [
        ("", "{question: role, is: yes}", False),
        ("", "{all: [{question: role, is: yes}, {score: {at_most: 5}}]}", False),
        ("", "{question: size, at_least: 3}", False),
        (", optional: true", "{question: size, answered: true}", False),
        (", optional: true", "{question: role, is: yes}", True),
        (", refusable: true", "{question: size, is: rather_not_say}", True),
        ("", "{any: [{question: role, is: yes}, {score: {at_most: 5}}]}", True),
        ("", "{not: {question: role, is: no}}", True),
    ],
)
def test_an_answer_all_readers_have_given_is_no_empty_pipe(
    more: str, when: str, is_told: bool, folder: Path
) -> None:
    found = told_warnings(load_text(SIZED % (more, when), "a.yaml", folder), "a.yaml", ())
    assert any("`{{ size }}` is empty" in one.what for one in found) is is_told


@pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])
def test_every_question_and_result_of_a_shipped_quiz_can_be_reached(path: Path) -> None:
    quiz = load_text(path.read_text(encoding="utf-8"), path.name, path.parent).quiz
    found = explore(quiz)
    assert found.is_complete
    assert found.questions == {question.id for question in quiz.questions}
    assert found.results == {one.id for one in quiz.results}


def test_a_group_of_which_some_are_asked_hides_no_result(folder: Path) -> None:
    text = grouped(
        "g: {pick: 1}",
        "id: q, kind: yes_no, text: t, group: g, yes: {tags: [a]}",
        "id: p, kind: yes_no, text: t, group: g, yes: {tags: [b]}",
    ).replace(END, "results:\n  - {id: r, text: R, when: {not: {tag: a}}}\n  - {id: s, text: S}\n")
    assert explore(load_text(text, "a.yaml", folder).quiz).results == {"r", "s"}


def test_the_largest_button_fits_into_telegrams_64_bytes() -> None:
    payload = f"{10**18 - 1}:499:o39"
    assert read_payload(payload) is not None
    assert len(f"q:{payload}".encode()) <= 64


# -- hostile files --------------------------------------------------------------------------------


def asking(number: int, line: str = "  - {{id: q{0}, kind: text, text: t}}\n") -> str:
    return "questions:\n" + "".join(line.format(place) for place in range(number))


ALIASES = "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 8)}]\n"
    for before, name in zip("abcdefghij", "bcdefghijk", strict=True)
)
SCORED = ", ".join(f"{{id: o{n}, text: T, score: {7**n}}}" for n in range(4))
RESULTS = "results:\n  - {id: r, text: R, when: {score: {at_least: 9}}}\n  - {id: s, text: S}\n"
LEAVES = ", ".join(["{question: q, is: yes}"] * 50)
HOSTILE = {
    "aliases that unfold": "a: &a [x, x, x, x, x, x, x, x]\n" + ALIASES,
    "one anchor for all": "a: &x 1\nb: &x 2\n" * 2000,
    "merge keys": f"base: &b {{id: a, title: T}}\n<<: *b\n{asking(1)}{END}",
    "a merge key without a reference": f"<<: {{id: a, title: T}}\n{asking(1)}{END}",
    "brackets": "[" * 200_000,
    "braces": "{a: " * 100_000,
    "dashes": "- " * 200_000,
    "indentation": "".join(" " * depth + "a:\n" for depth in range(900)),
    "a huge scalar": f"{HEAD}intro: {'x' * 1_000_000}\n{asking(1)}{END}",
    "a huge block": f"{HEAD}intro: |-\n  {'x ' * 400_000}\n{asking(1)}{END}",
    "many lines": f"{HEAD}intro: |-\n" + "  x\n" * 200_000,
    "a comment": "#" * 1_000_000,
    "ten thousand questions": HEAD + asking(10_000) + END,
    "ten thousand options": f"{HEAD}questions:\n  - id: q\n    kind: choice\n    text: t\n    options:\n"
    + "".join(f"      - {{id: o{place}, text: T}}\n" for place in range(10_000))
    + END,
    "a thousand wrong questions": HEAD + asking(1000, "  - {{id: Q{0}, kind: nope}}\n") + END,
    "many unknown keys": "".join(f"k{place}: 1\n" for place in range(19_000)),
    "one key many times": "a: 1\n" * 19_000,
    "another program's tag": f"{HEAD}intro: !!python/object/apply:os.system ['x']\n{asking(1)}{END}",
    "binary": f"{HEAD}intro: !!binary |\n  {'A' * 500_000}\n{asking(1)}{END}",
    "slow patterns": HEAD + asking(500, "  - {{id: q{0}, kind: text, text: t, regex: '(a+)+{0}'}}\n") + END,
    "a deep condition": f"{HEAD}questions:\n  - {{id: q, kind: yes_no, text: t}}\n  - {{id: p, kind: yes_no, "
    f"text: t, when: {'{not: ' * 300}{{question: q, is: yes}}{'}' * 300}}}\n{END}",
    "wide conditions": f"{HEAD}questions:\n  - {{id: q, kind: yes_no, text: t}}\n"
    + "".join(f"  - {{id: p{n}, kind: yes_no, text: t, when: {{all: [{LEAVES}]}}}}\n" for n in range(25))
    + END,
    "points that all differ": f"{HEAD}questions:\n"
    + "".join(f"  - {{id: q{n}, kind: choice, text: t, options: [{SCORED}]}}\n" for n in range(250))
    + RESULTS,
    "many scales": f"{HEAD}questions:\n"
    + "".join(f"  - {{id: q{n}, kind: yes_no, text: t, yes: {{scores: {{s{n}: 1}}}}}}\n" for n in range(499))
    + "results:\n  - {id: r, text: R, when: {top_score: s3}}\n  - {id: s, text: S}\n",
    "markup": f"{HEAD}intro: '{'<b>' * 100_000}'\n{asking(1)}{END}",
    "pipes": f"{HEAD}intro: '{'{{ a }}' * 100_000}'\n{asking(1)}{END}",
    "open pipes": f"{HEAD}intro: '{'{{ ' * 300_000}'\n{asking(1)}{END}",
    "a wide pipe": f"{HEAD}intro: '{{{{ a{' ' * 900_000}'\n{asking(1)}{END}",
    "a number of digits": f"{HEAD}time_limit_seconds: {'9' * 100_000}\n{asking(1)}{END}",
    "no number": ends("{question: q, at_least: .nan}", NUMBER.replace("}", ", min: .nan, max: .inf}")),
    "dates beyond the calendar": kind("kind: date, min: today - 99999 years, max: 9999-12-31 + 99999 days"),
    "half a character": f"{HEAD}intro: \ud800\n",
    "many documents": f"{HEAD}{ASK}{END}" + "---\n" * 1000,
    "more than a megabyte": "x" * (1024 * 1024 + 1),
}


def told(text: str, folder: Path) -> tuple[Problem, ...]:
    """The problems of a file, none where it is in order; any other error is a crash."""
    try:
        load_text(text, "a.yaml", folder)
    except QuizError as error:
        return error.problems
    return ()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_answered_at_once(name: str, folder: Path) -> None:
    started = time.thread_time()
    found = told(HOSTILE[name], folder)
    assert time.thread_time() - started < SECONDS
    assert len(found) <= 600
    assert all(one.line > 0 and one.column > 0 and one.what and one.remedy for one in found)


# -- mutations ------------------------------------------------------------------------------------

SOURCES = [path.read_text(encoding="utf-8") for path in SHIPPED]
PIECES = [
    "",
    " ",
    "\n",
    ":",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "'",
    '"',
    "#",
    "&a ",
    "*a",
    "!!",
    "|",
    "null",
    "true",
    "-1",
]
PIECES += [
    "when: {question: role, is: owner}",
    "kind: scale",
    "999999999999",
    "\t",
    "é",
    "\u202e",
    "{{ x }}",
    "<b>",
]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(SOURCES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        size = draw(st.sampled_from([0, 0, 1, 2, 5, 40, 400]))
        text = text[:start] + draw(st.sampled_from(PIECES)) + text[start + size :]
    return text


@st.composite
def moved(draw: st.DrawFn) -> str:
    """Whole lines left out, doubled or put elsewhere: what a hurried hand does."""
    lines = draw(st.sampled_from(SOURCES)).splitlines(keepends=True)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(lines) - 1))
        block = lines[start : start + draw(st.integers(1, 6))]
        if draw(st.booleans()):
            del lines[start : start + len(block)]
        place = draw(st.integers(0, len(lines)))
        lines[place:place] = block if draw(st.booleans()) else []
        lines = lines or ["\n"]
    return "".join(lines)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(mutated(), moved()))
@example("a: &a 1\nb: &a 2\n")
def test_no_change_of_a_shipped_file_crashes_the_check(text: str) -> None:
    found = told(text, QUIZZES)
    assert all(one.line > 0 and one.what and one.remedy for one in found)
    if not found:
        told_warnings(load_stored(text, QUIZZES), "a.yaml")
