"""The examples of docs/writing-a-quiz.md do what the page says."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest

from core.quizzes.conditions import SHAPES
from core.quizzes.definition import Alert, Group, Lesson, Quiz, Result
from core.quizzes.loader import load_folder, load_text
from core.quizzes.parts import Feedback
from core.quizzes.problems import QuizError
from core.quizzes.questions import KINDS, QUESTION_KINDS, Option, Side
from core.quizzes.replay import replay
from tests.quizzes.people import QUIZZES

PAGE = (QUIZZES.parent / "docs" / "writing-a-quiz.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
EXAMPLES = [text for kind, text in BLOCKS if kind == "yaml"]


@pytest.mark.parametrize("text", EXAMPLES, ids=[text.split("\n")[0] for text in EXAMPLES])
def test_every_quiz_on_the_page_is_in_order(text: str, tmp_path: Path) -> None:
    assert load_text(text, "page.yaml", tmp_path, without_files=True).quiz.questions


def test_every_walk_on_the_page_ends_as_it_says(tmp_path: Path) -> None:
    walks = [
        (quiz, json.loads(answers), json.loads(result))
        for (kind, quiz), (second, answers), (third, result) in zip(
            BLOCKS, BLOCKS[1:], BLOCKS[2:], strict=False
        )
        if (kind, second, third) == ("yaml", "json", "result")
    ]
    assert len(walks) == 6
    for quiz, answers, result in walks:
        assert (
            asdict(replay(load_text(quiz, "page.yaml", tmp_path, without_files=True).quiz, answers)) == result
        )


def test_the_broken_example_is_told_as_the_page_says(tmp_path: Path) -> None:
    blocks = dict(BLOCKS)
    with pytest.raises(QuizError) as caught:
        load_text(blocks["broken"], "wrong.yaml", tmp_path)
    assert str(caught.value) == blocks["problems"].strip()


def test_the_page_shows_every_kind_of_question() -> None:
    assert {kind for text in EXAMPLES for kind in re.findall(r"kind: (\w+)", text)} == set(KINDS)


@pytest.mark.parametrize("role", ["starting", "owner", "manager", "freelancer", "wholesaler"])
def test_each_role_gets_its_own_file_and_segment(role: str) -> None:
    loaded = load_folder(QUIZZES).quiz("entry")
    answers = {"role": role, "team": "few", "goal": "order", "city": None, "phone": None}
    found = replay(loaded.quiz, answers)
    assert found.result == role
    assert found.segment == (role if role == "starting" else f"{role}s")
    assert ("team" in found.path) == (role in ("owner", "manager"))
    result = next(one for one in loaded.quiz.results if one.id == role)
    assert result.file is not None
    files = {language: loaded.file(result.file.of(language)) for language in ("ru", "en")}
    assert len({file.name for file in files.values() if file is not None}) == 2
    for file in files.values():
        assert file is not None
        assert len(file.read_text(encoding="utf-8-sig")) > 1200


def test_every_key_and_every_condition_stands_in_an_example() -> None:
    models = [*QUESTION_KINDS.values(), Quiz, Result, Lesson, Alert, Group, Option, Side, Feedback]
    keys = {name for model in models for name in model.model_fields}
    rules = {name.removesuffix("_") for shape in SHAPES.values() for name in shape.model_fields}
    written = "\n".join(EXAMPLES)
    missing = {key for key in keys | rules if not re.search(rf"\b{key}\b:", written)}
    assert missing == set()


def test_every_picture_on_the_page_is_there_and_light() -> None:
    pictures = re.findall(r"\((pictures/[a-z_-]+\.png)\)", PAGE)
    assert {f"pictures/quiz-{kind}.png" for kind in KINDS} <= set(pictures)
    for name in pictures:
        assert 0 < (QUIZZES.parent / "docs" / name).stat().st_size < 80_000
