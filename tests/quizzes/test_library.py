"""Quizzes as other people publish them: every published path gives its result, worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.quizzes.loader import Library, load_folder
from core.quizzes.questions import KINDS
from core.quizzes.replay import Replay, replay

LIBRARY = Path(__file__).parent / "library"
SKIP = None
REFUSED, LATE = {"refused": True}, {"late": True}


@pytest.fixture(scope="module")
def library() -> Library:
    return load_folder(LIBRARY)


def items(*values: int) -> dict[str, int]:
    return {f"item{number}": value for number, value in enumerate(values, 1)}


# quiz, answers, path, score, tags, result
PATHS: list[tuple[str, dict[str, Any], str, int, set[str], str]] = [
    # lead scoring: points add up, "no budget" sets them to nothing at that place, and they go on from there
    (
        "lead_scoring",
        {"size": "team", "budget": "large", "when": "now", "decides": True},
        "size budget when decides",
        80,
        {"команда", "горячий"},
        "hot",
    ),
    (
        "lead_scoring",
        {"size": "department", "budget": "none", "when": "now", "decides": True},
        "size budget when decides",
        30,
        {"команда", "отдел", "без бюджета"},
        "warm",
    ),
    (
        "lead_scoring",
        {"size": "one", "budget": "small", "when": "later", "decides": False},
        "size budget when decides",
        10,
        set(),
        "cold",
    ),
    (
        "lead_scoring",
        {"size": "department", "budget": "large", "when": "now", "decides": True, "invited": True},
        "size budget when decides invited",
        100,
        {"команда", "отдел", "встреча", "горячий"},
        "hot",
    ),
    (
        "lead_scoring",
        {"size": "department", "budget": "large", "when": "now", "decides": False, "invited": False},
        "size budget when decides invited",
        90,
        {"команда", "отдел", "горячий"},
        "hot",
    ),
    # NPS: the reason is asked in three ways
    ("satisfaction", {"recommend": 10, "loved": "Всё"}, "recommend loved", 0, {"promoter"}, "promoter"),
    ("satisfaction", {"recommend": 8, "missing": SKIP}, "recommend missing", 0, {"passive"}, "passive"),
    (
        "satisfaction",
        {"recommend": 6, "broken": "Цена"},
        "recommend broken",
        0,
        {"жалоба", "detractor"},
        "detractor",
    ),
    ("satisfaction", {"recommend": 0, "broken": SKIP}, "recommend broken", 0, {"detractor"}, "detractor"),
    # early finish
    ("early", {"adult": False}, "adult", 0, {"младше 18"}, "young"),
    ("early", {"adult": True, "pets": SKIP}, "adult pets", 0, set(), "nobody"),
    (
        "early",
        {"adult": True, "pets": ["cat", "dog"], "feeds": 12000},
        "adult pets feeds",
        2,
        {"важный"},
        "spender",
    ),
    (
        "early",
        {"adult": True, "pets": ["fish", {"other": "Ёж"}], "feeds": 20000, "brand": "Любой"},
        "adult pets feeds brand",
        0,
        set(),
        "full",
    ),
    # nested visibility
    ("visibility", {"moves": False, "why": SKIP}, "moves why", 0, set(), "none"),
    (
        "visibility",
        {"moves": True, "rooms": 1, "helpers": ["friends"]},
        "moves rooms helpers",
        2,
        {"переезд"},
        "small",
    ),
    (
        "visibility",
        {"moves": True, "rooms": 4, "helpers": ["friends"], "movers": "two_cars", "piano": True},
        "moves rooms helpers movers piano",
        112,
        {"переезд"},
        "big",
    ),
    (
        "visibility",
        {"moves": True, "rooms": 5, "helpers": ["friends", "family"]},
        "moves rooms helpers",
        4,
        {"переезд", "семья"},
        "small",
    ),
    (
        "visibility",
        {"moves": True, "rooms": 4, "helpers": ["family"], "movers": "two_cars"},
        "moves rooms helpers movers",
        13,
        {"переезд", "семья"},
        "small",
    ),
    (
        "visibility",
        {"moves": True, "rooms": 1, "helpers": REFUSED, "movers": "one_car", "piano": False},
        "moves rooms helpers movers piano",
        6,
        {"переезд"},
        "small",
    ),
    (
        "visibility",
        {"moves": True, "rooms": 2, "helpers": ["nobody"], "movers": "one_car", "piano": True},
        "moves rooms helpers movers piano",
        106,
        {"переезд"},
        "big",
    ),
    # an insurance offer
    (
        "insurance",
        {"what": "flat", "pet_name": "Мурка", "value": 12000, "extras": ["pet"]},
        "what pet_name value extras",
        2,
        {"жилье"},
        "premium",
    ),
    (
        "insurance",
        {"what": "car", "pet_name": SKIP, "value": 900, "extras": ["neighbours", "pet"]},
        "what pet_name value extras",
        5,
        set(),
        "premium",
    ),
    (
        "insurance",
        {"what": "trip", "pet_name": SKIP, "days": 7, "extras": SKIP},
        "what pet_name days extras",
        0,
        set(),
        "plain",
    ),
    # sums of nine items
    ("wellbeing", items(0, 0, 1, 0, 1, 0, 1, 0, 1), " ".join(items(*[0] * 9)), 4, set(), "none"),
    ("wellbeing", items(1, 1, 1, 1, 1, 0, 0, 0, 0), " ".join(items(*[0] * 9)), 5, set(), "mild"),
    ("wellbeing", items(2, 2, 2, 1, 1, 1, 1, 0, 0), " ".join(items(*[0] * 9)), 10, set(), "moderate"),
    ("wellbeing", items(3, 3, 3, 3, 3, 3, 2, 0, 0), " ".join(items(*[0] * 9)), 20, set(), "severe"),
    ("wellbeing", items(3, 3, 3, 3, 3, 3, 3, 3, 3), " ".join(items(*[0] * 9)), 27, set(), "severe"),
    (
        "wellbeing",
        items(3, 3, 3, 3, 3, 3, 1, 0) | {"item9": REFUSED},
        " ".join(items(*[0] * 9)),
        19,
        set(),
        "moderate",
    ),
    # time
    ("timed", {"one": True, "two": 2, "three": "три", "four": "a"}, "one two three four", 6, set(), "quick"),
    (
        "timed",
        {"one": LATE, "two": SKIP, "three": "три", "four": LATE},
        "one two three four",
        0,
        set(),
        "slow",
    ),
]


@pytest.mark.parametrize(("quiz", "answers", "path", "score", "tags", "result"), PATHS)
def test_a_published_path_gives_the_published_result(
    library: Library, quiz: str, answers: dict[str, Any], path: str, score: int, tags: set[str], result: str
) -> None:
    found = replay(library.quiz(quiz).quiz, answers)
    assert (" ".join(found.path), found.score, set(found.tags), found.result) == (path, score, tags, result)


@pytest.mark.parametrize(
    ("answers", "right", "result"),
    [
        (
            {
                "nearest": "sun",
                "giants": ["jupiter", "saturn"],
                "minutes": 8,
                "pluto": False,
                "first": "гагарин",
            },
            5,
            "astronomer",
        ),
        (
            {"nearest": "sun", "giants": ["jupiter"], "minutes": 8, "pluto": False, "first": "Армстронг"},
            3,
            "amateur",
        ),
        (
            {
                "nearest": "proxima",
                "giants": ["jupiter", "saturn", "mars"],
                "minutes": 9,
                "pluto": True,
                "first": "GAGARIN",
            },
            1,
            "beginner",
        ),
    ],
)
def test_right_answers_are_counted_and_lead_to_a_tier(
    library: Library, answers: dict[str, Any], right: int, result: str
) -> None:
    found = replay(library.quiz("astronomy").quiz, answers)
    assert (found.right, found.asked, found.result) == (right, 5, result)


@pytest.mark.parametrize(
    ("language", "answers", "path", "scores", "result"),
    [
        ("ru", {"cup": "espresso", "size": "small"}, "cup size", (4, 0, 0), "strong"),
        ("en", {"cup": "latte", "size": "big"}, "cup size", (0, 4, 0), "soft"),
        ("de", {"cup": "espresso", "size": "big", "berlin": True}, "cup size berlin", (3, 2, 0), "strong"),
        ("de", {"cup": "tea", "berlin": False}, "cup berlin", (0, 1, 3), "tea"),
        ("ru", {"cup": "tea"}, "cup", (0, 1, 3), "tea"),
    ],
)
def test_the_highest_scale_and_the_language_decide(
    library: Library,
    language: str,
    answers: dict[str, Any],
    path: str,
    scores: tuple[int, int, int],
    result: str,
) -> None:
    found = replay(library.quiz("languages").quiz, answers, language=language)
    named = dict(zip(("strong", "soft", "other_drinks"), scores, strict=True))
    assert (" ".join(found.path), found.scores, found.result) == (path, named, result)


def test_what_german_does_not_say_is_read_in_the_first_language(library: Library) -> None:
    quiz = library.quiz("languages").quiz
    assert quiz.language_for("de") == "de"
    cup = quiz.by_id["cup"]
    assert [option.text.of("de") for option in cup.options] == ["Espresso", "Milchkaffee", "Я пью чай"]  # type: ignore[union-attr]
    assert quiz.language_for("fr", "en") == "en"


def test_a_random_order_is_the_same_in_a_run_and_asks_two_of_three(library: Library) -> None:
    quiz = library.quiz("after_all").quiz
    answers = {"first": "tea", "fact1": True, "fact2": True, "fact3": True}

    def walked(seed: int) -> Replay:
        return replay(quiz, answers, seed=seed)

    paths = {tuple(walked(seed).path) for seed in range(1, 60)}
    assert {len(path) for path in paths} == {3}
    assert {frozenset(path[1:]) for path in paths} == {
        frozenset({"fact1", "fact2"}), frozenset({"fact1", "fact3"}), frozenset({"fact2", "fact3"})
    }  # fmt: skip
    assert len(paths) == 6, "every order of every pair"
    assert all(walked(seed) == walked(seed) for seed in range(1, 20))


def test_every_kind_of_question_is_in_the_library(library: Library) -> None:
    assert {one.kind for one in library.quiz("every_kind").quiz.questions} == set(KINDS)
