"""Broken quiz files: every problem with its file, line and column, and what to do about it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from core.quizzes.loader import load_file, load_files, load_folder, load_text
from core.quizzes.problems import QuizError

HEAD = "id: a\ntitle: T\n"
ASK = "questions:\n  - {id: q, kind: text, text: '?'}\n"
END = "results:\n  - {id: r, text: Bye}\n"
CHOICE = "questions:\n  - {id: q, kind: choice, text: '?', options: [{id: x, text: X}, {id: y, text: Y}]}\n"


YAML = "this is not YAML "
MARK = "¦"  # where in the text the problem is


def problems(text: str, folder: Path) -> list[str]:
    with pytest.raises(QuizError) as caught:
        load_text(text, "a.yaml", folder)
    return str(caught.value).split("\n")


def question(line: str) -> str:
    return f"{HEAD}questions:\n  - {{{line}}}\n{END}"


def ask(line: str) -> str:
    return question(f"id: q, kind: text, text: t, {line}")


def say(text: str) -> str:
    return question(f"id: q, kind: text, text: {text}")


def options(line: str) -> str:
    return question(f"id: q, kind: choice, text: t, options: [{line}]")


def yes(line: str) -> str:
    return question(f"id: q, kind: yes_no, text: t, yes: {{{line}}}")


def second(line: str) -> str:
    return f"{HEAD}{CHOICE}  - {{id: two, kind: yes_no, text: '?', {line}}}\n{END}"


def result(condition: str) -> str:
    return f"{HEAD}{CHOICE}results:\n  - {{id: r, text: R, ¦when: {condition}}}\n  - {{id: s, text: S}}\n"


def promise(file: str) -> str:
    return f"{HEAD}{ASK}results:\n  - {{id: r, text: R, file: {file}}}\n"


TABLE = {
    "nothing": ("¦", "the file is empty; write a quiz, see docs/writing-a-quiz.md"),
    "a list": ("¦- a\n", "this is not a quiz; begin with `id:`, `title:`, `questions:`"),
    "a tab": (
        "id:\n¦\t- b",
        "this is not YAML (found character '\\t' that cannot start any token); indent with",
    ),
    "a colon": (
        f"{HEAD}intro: Hello¦: you\n{ASK}{END}",
        f"{YAML}(mapping values are not allowed here); put a text",
    ),
    "an open quote": (
        "id: 'a¦",
        f"{YAML}(found unexpected end of stream); close the quotes that were opened here",
    ),
    "a backslash": (ask(r'regex: "\¦d"'), f"{YAML}(found unknown escape character 'd'); use 'single quotes'"),
    "two documents": (
        f"{HEAD}{ASK}{END}¦---\nid: b\n",
        f"{YAML}(but found another document); keep one quiz in one",
    ),
    "a control character": ("id: a\ntitle: ¦\x00", "a control character '\\x00' stands here; delete it"),
    "a key twice": (f"{HEAD}¦title: U\n{ASK}{END}", "the key `title` stands here a second time; keep one"),
    "a reference": (
        f"{HEAD}intro: &x Hi\n{ASK}results:\n  - {{id: r, ¦text: *x}}\n",
        "references (`*name`) are not allowed in a quiz; write the text out",
    ),
    "another program's tag": (
        f"{HEAD}intro: ¦!!python/name:os.system x\n{ASK}{END}",
        "the tag `tag:yaml.org,2002:python/name:os.system` is not allowed; remove it",
    ),
    "an unknown key": (
        f"{HEAD}¦questionz: []\n{ASK}{END}",
        "unknown key `questionz`; did you mean `questions`?",
    ),
    "a missing key": ("¦id: a\n" + ASK + END, "`title` is missing; add `title: …` here"),
    "no question": (f"{HEAD}¦questions: []\n{END}", "`questions` has too few parts; give at least 1"),
    "an id with a capital": (
        f"id: ¦Quiz\ntitle: T\n{ASK}{END}",
        "`Quiz` cannot be an id; use small Latin letters",
    ),
    "an id that is a number": (
        question("id: ¦1, kind: text, text: t"),
        "`id` should be a text, not 1; put it into quotes",
    ),
    "a reserved id": (
        question("id: ¦score, kind: text, text: t"),
        "`score` has a meaning of its own; choose another id",
    ),
    "no kind": (
        f"{HEAD}questions:\n  - ¦{{id: q, text: t}}\n{END}",
        "`kind` is missing; add `kind:` choice, several",
    ),
    "an unknown kind": (
        question("id: q, kind: ¦chose, text: t"),
        "unknown kind `chose`; did you mean `choice`?",
    ),
    "a word for a question": (f"{HEAD}questions: [¦hello]\n{END}", "this is not a question; write `- id: …`"),
    "a key of another kind": (ask("¦maxlength: 3"), "unknown key `maxlength`; did you mean `max_length`?"),
    "a number as text": (say("¦5"), "this is not a text; write it in quotes, or as {ru: …, en: …}"),
    "an empty text": (say("¦' '"), "this text is empty; write what people should read"),
    "a comma in a short text": (
        say("{ru: Да, ¦конечно}"),
        "unknown key `конечно`; put a text with a comma into",
    ),
    "an unknown language": (
        say("{ru: а, ¦dx: b}"),
        "unknown key `dx`; use a language's two letters: ru, en, de, …",
    ),
    "a missing translation": (
        f"{HEAD}languages: [ru, en]\nquestions:\n  - {{id: q, kind: text, ¦text: {{en: a}}}}\n{END}",
        "the wording in `ru` is missing; add `ru: …`",
    ),
    "a language not spoken": (
        say("{ru: а, en: ¦b}"),
        "the quiz does not speak `en`; add `en` to `languages`, or remove it here",
    ),
    "two questions of one id": (
        f"{HEAD}{ASK}  - {{id: ¦q, kind: text, text: t}}\n{END}",
        "the id `q` is taken; give each its own id",
    ),
    "two options of one id": (
        options("{id: x, text: X}, {id: ¦x, text: Y}"),
        "the id `x` is taken; give each",
    ),
    "one option": (
        question("id: q, kind: choice, text: t, ¦options: [{id: x, text: X}]"),
        "`options` has too few parts; give at least 2",
    ),
    "points in words": (
        yes("score: ¦many"),
        "`score` does not fit: Input should be a valid integer; change 'many'",
    ),
    "tags in a word": (yes("tags: ¦vip"), "tags are a list of words; write `tags: [first, second]`"),
    "an empty tag": (yes("¦tags: ['']"), "a tag has 1 to 64 characters; shorten it"),
    "a long label": (
        options(f"{{id: x, text: ¦{'x' * 65}}}, {{id: y, text: Y}}"),
        "the label has 65 characters, 64 fit on a button; shorten it",
    ),
    "a label in two lines": (
        options('{id: x, text: ¦"a\\nb"}, {id: y, text: Y}'),
        "a label cannot have several lines; write it in one line",
    ),
    "heavy buttons": (
        question(
            "id: q, kind: choice, text: t, ¦options: ["
            + ", ".join(f"{{id: o{n}, text: {'😀' * 60}{n}}}" for n in range(40))
            + "]"
        ),
        "the buttons take 11590 bytes, Telegram takes about 9000; shorten the labels or offer fewer options",
    ),
    "a long text": (
        say(f"¦{'x' * 4000}"),
        "the text may grow to 4000 characters, 3796 fit into a message; shorten",
    ),
    "a text that may grow": (
        (
            f"{HEAD}questions:\n  - {{id: q, kind: text, text: t, max_length: 1000}}\n"
            f"results:\n  - {{id: r, text: ¦'{{{{ q }}}}{'x' * 3200}'}}\n"
        ),
        "the text may grow to 4200 characters, 4096 fit into a message; shorten it",
    ),
    "a bare sign": (say("¦2 < 3"), "a bare `<`; write `&lt;`"),
    "an unknown tag": (say("¦<br>"), "Telegram knows no tag `<br>`; use"),
    "an open tag": (say("¦<b>x"), "`<b>` is never closed; add `</b>`"),
    "crossed tags": (say("¦<b><i>x</b></i>"), "`</b>` closes what is not open; put the tags in pairs"),
    "a script for a link": (
        say("¦\"<a href='javascript:x'>x</a>\""),
        "`<a href='javascript:x'>` is not understood; only",
    ),
    "a pipe to nowhere": (
        say("¦'Hi {{ name }}'"),
        "`{{ name }}` is not the name or an earlier answer; use one of `first_name`",
    ),
    "a pipe to itself": (say("¦'Hi {{ q }}'"), "`{{ q }}` is not the name or an earlier answer; use one of"),
    "an open pipe": (say("¦'Hi {{ q'"), "a pipe that cannot be read; write `{{ first_name }}`"),
    "a condition in words": (
        second("when: ¦role is owner"),
        "this is not a condition; write e.g. {question: role",
    ),
    "a condition of nothing": (
        second("¦when: {question: q}"),
        "a condition says one thing about an answer; use",
    ),
    "two things at once": (
        second("¦when: {question: q, is: x, in: [y]}"),
        "a condition says one thing about an answer; use one of",
    ),
    "an unknown word in it": (
        second("when: {question: q, ¦isnt: x}"),
        "unknown key `isnt`; did you mean `is`?",
    ),
    "an unknown question": (second("when: {question: ¦p, is: x}"), "unknown question `p`; use one of `q`"),
    "a later question": (
        (
            f"{HEAD}questions:\n  - {{id: one, kind: text, text: t, when: {{question: ¦two, is: a}}}}\n"
            f"  - {{id: two, kind: text, text: t}}\n{END}"
        ),
        "`two` is asked later, its answer is not known here; ask about an earlier question",
    ),
    "an unknown option": (
        second("when: {question: q, is: ¦z}"),
        "`q` has no answer `z`; use one of `x`, `y`",
    ),
    "a size of a choice": (
        second("¦when: {question: q, at_least: 2}"),
        "`q` has no size to compare; use `is` or `in`",
    ),
    "a tag nobody gives": (second("when: {tag: ¦vip}"), "no earlier answer gives the tag `vip`; remove it"),
    "a score without a bound": (
        second("when: {¦score: {}}"),
        "the score has no bound; add `at_least` or `at_most`",
    ),
    "a personal answer asked": (
        (
            f"{HEAD}questions:\n  - {{id: q, kind: text, text: t, check: email}}\n"
            "results:\n  - {id: r, text: R, when: {question: q, is: ¦a}}\n  - {id: s, text: S}\n"
        ),
        "the answer of `q` stands on the person's card only; ask `answered: true`",
    ),
    "a question nobody reaches": (
        second("¦when: {all: [{question: q, is: x}, {question: q, is: y}]}"),
        "nobody can reach the question `two`; its condition never holds; change it",
    ),
    "a result nobody reaches": (
        result("{all: [{question: q, is: x}, {not: {question: q, is: x}}]}"),
        "nobody can reach the result `r`; change its condition",
    ),
    "a score nobody reaches": (
        result("{score: {at_least: 1}}"),
        "nobody can reach the result `r`; change its condition",
    ),
    "a number nobody may write": (
        (
            f"{HEAD}questions:\n  - {{id: q, kind: number, text: t, max: 5}}\n"
            "results:\n  - {id: r, text: R, ¦when: {question: q, at_least: 5.5}}\n  - {id: s, text: S}\n"
        ),
        "nobody can reach the result `r`; change its condition",
    ),
    "a result behind all": (
        f"{HEAD}{ASK}results:\n  - ¦{{id: r, text: R}}\n  - {{id: s, text: S}}\n",
        "no result after this one can be reached: it has no condition; give it a `when`",
    ),
    "no result for all": (
        f"{HEAD}{CHOICE}results:\n  - {{id: r, text: R, ¦when: {{question: q, is: x}}}}\n",
        "the last result has a condition: some people would get none; add a last result without `when`",
    ),
    "a missing file": (
        promise("¦guid.txt"),
        "there is no file `guid.txt` in files/; did you mean `guide.txt`?",
    ),
    "an empty file": (promise("¦empty.txt"), "the file `empty.txt` is empty; Telegram refuses empty files"),
    "a file outside": (
        promise("¦../../etc/passwd"),
        "`../../etc/passwd` lies outside files/; put the file into it",
    ),
    "a slow pattern": (
        ask("regex: ¦'(a+)+b'"),
        "the pattern cannot be used: it may take too long on a hostile text; use at most three",
    ),
    "a broken pattern": (ask("regex: ¦'('"), "the pattern cannot be used: it is not a regular expression"),
    "a pattern to guess at": (
        ask("regex: ¦'[[a]'"),
        "the pattern cannot be used: it is not a regular expression",
    ),
    "a pattern and a check": (
        ask("regex: ¦'a', check: city"),
        "`check` and `regex` stand together; keep one of them",
    ),
    "more than there is": (
        question("id: q, kind: several, text: t, min: ¦3, options: [{id: x, text: X}, {id: y, text: Y}]"),
        "more must be chosen than may be; lower `min` or raise `max`",
    ),
    "bounds exchanged": (
        question("id: q, kind: number, text: t, min: ¦3, max: 1"),
        "`min` is above `max`; exchange them",
    ),
    "a contact that saves": (
        question("id: q, kind: contact, text: t, saves: ¦phone"),
        "`saves` has no meaning here; remove it",
    ),
    "points added and set": (
        question("id: q, kind: yes_no, text: t, ¦yes: {score: 1, set_score: 2}"),
        "`score` adds and `set_score` replaces; keep one of them",
    ),
    "an option called other": (
        question(
            "id: q, kind: choice, text: t, other: Own, options: [{id: other, text: X}, {id: y, text: Y}]"
        ).replace("{id: q", "¦{id: q"),
        "an option is called `other` beside `other:`; give the option another id",
    ),
    "an option called as a refusal": (
        question(
            "id: q, kind: choice, text: t, options: [{id: rather_not_say, text: X}, {id: y, text: Y}]"
        ).replace("{id: q", "¦{id: q"),
        "`rather_not_say` is a refusal for ever; write `refusable: true` instead",
    ),
    "points of a fraction": (
        question("id: q, kind: number, text: t, scored: true").replace("{id: q", "¦{id: q"),
        "points are whole and limited; add `integer: true`, `min` and `max`",
    ),
    "a scale too long": (
        question("id: q, kind: scale, text: t, max: ¦11"),
        "`max` does not fit: Input should be less than or equal to 10; change 11",
    ),
    "a bound that is no date": (
        question("id: q, kind: date, text: t, min: ¦tomorrow"),
        "`tomorrow` is no date; write e.g. 1990-12-31, today, or today - 18 years",
    ),
    "a right answer that is no number": (
        question("id: q, kind: number, text: t, right: ¦four"),
        "a right answer here is a number; write e.g. `right: 12`",
    ),
    "a right answer that is no date": (
        question("id: q, kind: date, text: t, right: ¦2001-02-30"),
        "a right answer here is a date; write e.g. `right: 1961-04-12`",
    ),
    "a condition's bound that is nothing": (
        second("when: {question: q, at_least: ¦many}"),
        "`many` is no number and no date; write e.g. 5, or '1990-12-31'",
    ),
    "a scale's name with a capital": (
        yes("scores: {¦Calm: 1}"),
        "`Calm` cannot be an id; use small Latin letters",
    ),
    "a long purpose": (
        question("id: q, kind: consent, text: t, purpose: ¦a_very_long_purpose"),
        "`a_very_long_purpose` cannot be an id; use small Latin letters, digits and _, a letter first",
    ),
    "a channel without its sign": (
        question("id: q, kind: join, text: t, channel: kvizor").replace("{id: q", "¦{id: q"),
        "a channel is its @name or its id; write `channel: '@name'` or `-1001234567890`",
    ),
    "a channel's id without a link": (
        question("id: q, kind: join, text: t, channel: -1001234567890").replace("{id: q", "¦{id: q"),
        "a channel given by its id needs a link; add `url: https://t.me/…`",
    ),
    "a link that is none": (
        question("id: q, kind: join, text: t, channel: '@kvizor', url: ¦'javascript:x'"),
        "`javascript:x` is no link; write https://…",
    ),
    "a side in a word": (
        question("id: q, kind: yes_no, text: t, yes: ¦Sure"),
        "`yes` has keys of its own; write keys below it, e.g. `text: …`",
    ),
    "a result's unknown key": (
        f"{HEAD}{ASK}results:\n  - {{id: r, text: R, ¦lesons: []}}\n",
        "unknown key `lesons`; did you mean `lessons`?",
    ),
    "a lesson's unknown key": (
        f"{HEAD}{ASK}results:\n  - {{id: r, text: R, lessons: [{{after_hours: 1, text: t, ¦fiel: x}}]}}\n",
        "unknown key `fiel`; did you mean `file`?",
    ),
    "a group's unknown key": (
        f"{HEAD}groups: {{facts: {{¦shufle: true}}}}\n{ASK}{END}",
        "unknown key `shufle`; did you mean `shuffle`?",
    ),
    "a scale's unknown bound": (
        second("when: {score: {¦off: x, at_least: 1}}"),
        "unknown key `off`; did you mean `of`?",
    ),
    "a statement that saves": (
        question("id: q, kind: statement, text: t, saves: ¦x"),
        "`saves` has no meaning here; remove it",
    ),
    "an end in words": (
        f"{HEAD}questions:\n  - {{id: q, kind: yes_no, text: t, finish_when: ¦never}}\n{END}",
        "this is not a condition; write e.g. {question: role",
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "guide.txt").write_text("A guide")
    (tmp_path / "files" / "empty.txt").write_text("")
    return tmp_path


@pytest.mark.parametrize("name", TABLE)
def test_a_broken_file_is_told_with_place_and_remedy(name: str, folder: Path) -> None:
    text, expected = TABLE[name]
    before, _, after = text.partition(MARK)
    place = f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
    found = problems(before + after, folder)
    assert any(line.startswith(f"a.yaml:{place}: {expected}") for line in found), (place, found)
    assert all(line.count("; ") >= 1 and not line.endswith("; ") for line in found), (
        "a problem without remedy"
    )


def test_all_problems_are_told_at_once_and_in_order(folder: Path) -> None:
    text = f"{HEAD}questions:\n  - {{id: Q, kind: text, text: 5}}\n  - {{id: p, kind: no}}\n{END}"
    places = [line.split(": ")[0] for line in problems(text, folder)]
    assert places == ["a.yaml:4:10", "a.yaml:4:31", "a.yaml:5:19"]


def test_a_small_file_cannot_unfold_to_gigabytes(folder: Path) -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join(['*' + before] * 8)}]\n"
        for before, name in zip("abcdefghij", "bcdefghijk", strict=True)
    )
    started = time.monotonic()
    assert "references (`*name`) are not allowed" in problems(bomb, folder)[0]
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("text", ["[" * 5000, "- " * 5000, "{a: " * 500, "x" * (1024 * 1024 + 1)])
def test_a_monstrous_file_is_refused_in_a_sentence(text: str, folder: Path) -> None:
    (line,) = problems(text, folder)
    assert line.startswith("a.yaml:1:") or "nested too deep" in line


def test_five_hundred_questions_are_read_and_one_more_is_not(folder: Path) -> None:
    def many(number: int) -> str:
        line = "  - {{id: q{0}, kind: yes_no, text: t, yes: {{score: {0}}}}}\n"
        end = "results:\n  - {id: r, text: R, when: {score: {at_least: 9}}}\n  - {id: s, text: S}\n"
        return f"{HEAD}questions:\n{''.join(line.format(place) for place in range(number))}{end}"

    assert len(load_text(many(500), "a.yaml", folder).quiz.questions) == 500
    assert problems(many(501), folder)[0] == "a.yaml:3:1: `questions` has too many parts; leave at most 500"


def test_a_file_in_another_encoding_is_told_with_the_place(folder: Path) -> None:
    path = folder / "a.yaml"
    path.write_bytes(f"{HEAD}intro: Привет\n{ASK}{END}".encode("cp1251"))
    with pytest.raises(
        QuizError, match=r"a\.yaml:3:8: the file is not in UTF-8; save it as UTF-8 in your editor"
    ):
        load_file(path)


def test_a_mark_of_windows_editors_does_no_harm(folder: Path) -> None:
    path = folder / "a.yaml"
    path.write_bytes(f"{HEAD}{ASK}{END}".replace("\n", "\r\n").encode("utf-8-sig"))
    assert load_file(path).quiz.id == "a"


def test_a_file_that_is_not_there_is_told(folder: Path) -> None:
    with pytest.raises(QuizError, match=r"no\.yaml:1:1: the file cannot be read"):
        load_file(folder / "no.yaml")
    with pytest.raises(QuizError, match="there is no such folder; set QUIZZES_DIR"):
        load_folder(folder / "nowhere")


def test_a_folder_tells_the_problems_of_all_its_files(folder: Path) -> None:
    (folder / "one.yaml").write_text(f"{HEAD}{ASK}{END}")
    (folder / "two.yaml").write_text(f"{HEAD}{ASK}{END}")
    (folder / "three.yaml").write_text("id: x\n")
    with pytest.raises(QuizError) as caught:
        load_folder(folder)
    text = str(caught.value)
    assert "two.yaml:1:1: the quiz id `a` is taken by another file" in text
    assert "three.yaml:1:1: `title` is missing" in text
    assert set(load_files([folder / "one.yaml"]).quizzes) == {"a"}
