"""The quizzes that ship: every published way gives the published result, in both languages, with files."""

from __future__ import annotations

import itertools
import random
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.handlers.quiz_start import offered
from core.db import Database
from core.people.models import Attribute
from core.quizzes import flow
from core.quizzes.check.files import promised
from core.quizzes.check.texts import every_text
from core.quizzes.definition import Quiz
from core.quizzes.loader import Library, told_warnings
from core.quizzes.replay import replay
from core.segments import audience
from core.segments.language import parse
from tests.conftest import NOW
from tests.quizzes.people import QUIZZES, Person

TODAY = date(2026, 3, 2)
REFUSED = {"refused": True}
SHIPPED = ("about_you", "company", "entry", "knowledge", "lead", "nps", "psychographic", "why_not")


ABOUT = {
    "why": True,
    **dict.fromkeys(("sex", "birthday", "education", "income", "family", "children", "network")),
}
ENTRY = {"goal": "clients", "city": None, "phone": None}
RIGHT = {
    "cheaper": "back",
    "median": "d30",
    "discount": "regular",
    "holdout": "compare",
    "reason": "due",
    "silence": "last",
    "consent": "agreed",
}  # the first seven: without a seed the pool is asked in the order of the file
REASON = ("compare", "rated", "list", "plan", "numbers", "overpaid", "fair")
NOVELTY = ("newest", "opened", "hunt", "unknown", "surprised", "bored", "fresh")
CALM = ("same", "loved", "skip", "again", "years", "trouble", "steady")
PEOPLE = ("ask", "company", "gifts", "visit", "friend", "treated", "known")
SITUATIONS = ("phone_broke", "dinner", "sale", "trip", "review", "mistake", "service")


def style(*options: str, advice: int = 1) -> dict[str, Any]:
    return {**dict(zip(SITUATIONS, options, strict=True)), "advice": advice}


def knowing(right: int) -> dict[str, str]:
    """So many right answers; the others are wrong."""
    wrong = {"cheaper": "new", "median": "d60", "discount": "fresh", "holdout": "ask", "reason": "sale"}
    wrong |= {"silence": "more", "consent": "phone"}
    return {name: RIGHT[name] if place < right else wrong[name] for place, name in enumerate(RIGHT)}


# quiz, answers → result, score, tags, attributes
WAYS: list[tuple[str, dict[str, Any], str, int, list[str], dict[str, Any]]] = [
    ("entry", {"role": "starting", **ENTRY}, "starting", 3, [], {}),
    (
        "entry",
        {"role": "owner", "team": "many", **ENTRY, "city": "казань"},
        "owner",
        19,
        [],
        {"city": "Казань"},
    ),
    ("entry", {"role": "manager", "team": "solo", **ENTRY, "goal": "look"}, "manager", 7, [], {}),
    ("entry", {"role": "freelancer", **ENTRY, "goal": "time"}, "freelancer", 7, [], {}),
    ("entry", {"role": "wholesaler", **ENTRY, "phone": "+79161234567"}, "wholesaler", 13, [], {}),
    (
        "about_you",
        {
            "why": True,
            "sex": "female",
            "birthday": "12.03.1990",
            "education": "higher",
            "income": "enough",
            "family": "couple",
            "children": "little",
            "network": {"other": "Дзен"},
        },
        "birthday_known",
        7,
        [],
        {
            "sex": "female",
            "birthday": "1990-03-12",
            "education": "higher",
            "income": "enough",
            "family": "couple",
            "children": "little",
            "network": "Дзен",
        },
    ),
    ("about_you", ABOUT, "closed", 0, [], {}),
    ("about_you", {**dict.fromkeys(ABOUT, REFUSED), "why": True}, "closed", 0, [], {}),
    ("about_you", {**ABOUT, "sex": "male", "income": REFUSED}, "told", 1, [], {"sex": "male"}),
    (
        "company",
        {"size": "solo", "industry": "it", "region": None},
        "solo",
        0,
        [],
        {"company_size": "solo", "industry": "it"},
    ),
    (
        "company",
        {"size": "small", "industry": "food", "position": "owner", "region": "Пермь"},
        "team",
        20,
        [],
        {"company_size": "small", "industry": "food", "position": "owner", "region": "Пермь"},
    ),
    (
        "company",
        {"size": "large", "industry": {"other": "Космос"}, "position": "buyer", "region": None},
        "corporate",
        26,
        [],
        {"company_size": "large", "industry": "Космос", "position": "buyer"},
    ),
    ("psychographic", style(*REASON), "planner", 0, [], {}),
    ("psychographic", style(*NOVELTY), "explorer", 0, [], {}),
    ("psychographic", style(*CALM), "keeper", 0, [], {}),
    ("psychographic", style(*PEOPLE), "host", 0, [], {}),
    # three times reason, three times novelty, once calm: of equal scales the one named first in the file
    ("psychographic", style(*REASON[:3], *NOVELTY[3:6], CALM[6]), "planner", 0, [], {}),
    # twice reason, twice novelty, twice calm, once people and five points for advice: people are on top
    ("psychographic", style(*REASON[:2], *NOVELTY[2:4], *CALM[4:6], PEOPLE[6], advice=5), "host", 0, [], {}),
    (
        "lead",
        {"need": "urgent", "term": "now", "decides": "me", "budget": "ready", "call": True, "phone": None},
        "hot",
        100,
        ["wants_call"],
        {},
    ),
    (
        "lead",
        {"need": "urgent", "term": "month", "decides": "together", "budget": "planned", "call": False},
        "hot",
        75,
        [],
        {},
    ),
    (
        "lead",
        {"need": "better", "term": "quarter", "decides": "boss", "budget": "unknown", "call": False},
        "warm",
        40,
        [],
        {},
    ),
    (
        "lead",
        {"need": "compare", "term": "someday", "decides": "boss", "budget": "unknown"},
        "cold",
        30,
        [],
        {},
    ),
    ("lead", {"need": "curious"}, "cold", 0, [], {}),
    ("lead", {"need": "urgent", "term": "now", "decides": "me", "budget": "none"}, "cold", 10, [], {}),
    (
        "nps",
        {"recommend": 10, "liked": ["care", "speed"], "words": None},
        "promoter",
        0,
        [],
        {"nps": 10},
    ),
    (
        "nps",
        {"recommend": 9, "liked": None, "words": "Спасибо Оле", "answer_me": False},
        "promoter",
        0,
        ["nps_words"],
        {"nps": 9},
    ),
    (
        "nps",
        {"recommend": 7, "missing": ["price"], "words": None, "answer_me": False},
        "passive",
        0,
        [],
        {"nps": 7},
    ),
    (
        "nps",
        {
            "recommend": 0,
            "wrong": ["rude", {"other": "Не тот цвет"}],
            "words": "Ждал неделю",
            "answer_me": True,
            "email": None,
        },
        "detractor",
        0,
        ["nps_words", "wants_answer"],
        {"nps": 0},
    ),
    ("why_not", {"reason": "later", "remind": "month"}, "later", 0, ["why_later"], {}),
    ("why_not", {"reason": "expensive", "easier": "smaller"}, "expensive", 0, ["why_expensive"], {}),
    (
        "why_not",
        {"reason": "expensive", "easier": "parts"},
        "in_parts",
        0,
        ["wants_parts", "why_expensive"],
        {},
    ),
    ("why_not", {"reason": "not_for_me", "sought": "Без сахара"}, "not_for_me", 0, ["why_not_for_me"], {}),
    ("why_not", {"reason": "elsewhere", "decided": "price"}, "elsewhere", 0, ["why_elsewhere"], {}),
    ("knowledge", knowing(7), "expert", 7, [], {}),
    ("knowledge", knowing(6), "expert", 6, [], {}),
    ("knowledge", knowing(5), "able", 5, [], {}),
    ("knowledge", knowing(4), "able", 4, [], {}),
    ("knowledge", knowing(3), "beginner", 3, [], {}),
    ("knowledge", {name: {"late": True} for name in RIGHT}, "beginner", 0, [], {}),
]


def test_exactly_these_ship(library: Library) -> None:
    assert tuple(sorted(library.quizzes)) == SHIPPED


def test_what_asks_about_an_occasion_is_not_offered_at_any_moment(library: Library) -> None:
    assert set(SHIPPED) - set(offered(library)) == {"nps", "why_not"}


@pytest.mark.parametrize("way", WAYS, ids=[f"{way[0]}-{way[2]}-{n}" for n, way in enumerate(WAYS)])
def test_the_published_way_gives_the_published_result(
    library: Library, way: tuple[str, dict[str, Any], str, int, list[str], dict[str, Any]]
) -> None:
    quiz, answers, result, score, tags, attributes = way
    found = replay(library.quizzes[quiz].quiz, answers, today=TODAY)
    assert (found.result, found.score, found.tags, found.attributes) == (result, score, tags, attributes)
    assert found.path == list(answers), "nothing else was asked"


def test_the_table_reaches_every_result_of_every_quiz(library: Library) -> None:
    reached = {(quiz, result) for quiz, _, result, *_ in WAYS}
    results = {(name, one.id) for name, loaded in library.quizzes.items() for one in loaded.quiz.results}
    assert reached == results


def test_the_entry_quiz_leads_each_role_to_its_segment(library: Library) -> None:
    quiz = library.quizzes["entry"].quiz
    found = {result.id: result.segment for result in quiz.results}
    assert found == {
        "starting": "starting",
        "owner": "owners",
        "manager": "managers",
        "freelancer": "freelancers",
        "wholesaler": "wholesalers",
    }


@pytest.mark.parametrize("name", SHIPPED)
def test_every_text_is_there_in_both_languages(library: Library, name: str) -> None:
    quiz = library.quizzes[name].quiz
    assert quiz.languages == ("ru", "en")
    for said in every_text(quiz):
        words = said.text.wordings
        assert set(words) == {"ru", "en"}, said.path
        if words["ru"] != words["en"] and not words["en"].endswith((".txt", ".pdf")):
            assert not any("а" <= letter.lower() <= "я" for letter in words["en"]), said.path


@pytest.mark.parametrize("name", SHIPPED)
def test_a_quiz_has_nothing_to_warn_of(library: Library, name: str) -> None:
    assert told_warnings(library.quizzes[name], f"{name}.yaml") == []


def test_every_promised_file_is_there_and_opens(library: Library) -> None:
    names = {name for loaded in library.quizzes.values() for _, name, _ in promised(loaded.quiz)}
    assert {"klient-vernetsya.pdf", "they-will-be-back.pdf"} <= names
    for name in names:
        content = (QUIZZES / "files" / name).read_bytes()
        assert len(content) > 500, name
        if name.endswith(".pdf"):
            assert content.startswith(b"%PDF-")
            assert content.rstrip().endswith(b"%%EOF")
            assert len(content) < 200_000
            assert b"/FontFile2" in content, "the letters travel with the file"
    assert names == {path.name for path in Path(QUIZZES / "files").iterdir()}, (
        "no file lies there for nothing"
    )


def tier(answers: tuple[str, str, str, str]) -> str:
    """The published tiers, in plain words."""
    need, term, decides, budget = answers
    if need == "curious" or budget == "none":
        return "cold"
    points = {"urgent": 25, "better": 15, "compare": 15}[need]
    points += {"now": 25, "month": 20, "quarter": 10, "someday": 0}[term]
    points += {"me": 25, "together": 15, "boss": 10}[decides]
    points += {"ready": 25, "planned": 15, "unknown": 5}[budget]
    return "hot" if points >= 75 else "warm" if points >= 40 else "cold"


def test_every_lead_falls_into_the_published_tier(library: Library) -> None:
    quiz = library.quizzes["lead"].quiz
    names = ("need", "term", "decides", "budget")
    options = [[one.id for one in quiz.by_id[name].options] for name in names]  # type: ignore[union-attr]
    for way in itertools.product(*options):
        for call in (True, False):
            answers = {**dict(zip(names, way, strict=True)), "call": call, "phone": None}
            found = replay(quiz, answers)
            assert found.result == tier(way), way  # type: ignore[arg-type]
            assert ("phone" in found.path) == ("wants_call" in found.tags)


def test_the_mark_alone_says_who_recommends_us(library: Library) -> None:
    quiz = library.quizzes["nps"].quiz
    silent = {"liked": None, "missing": None, "wrong": None, "words": None, "answer_me": False}
    found = [replay(quiz, {"recommend": mark, **silent}).result for mark in range(11)]
    assert found == ["detractor"] * 7 + ["passive"] * 2 + ["promoter"] * 2


def test_the_highest_scale_names_the_profile(library: Library) -> None:
    quiz = library.quizzes["psychographic"].quiz
    dice = random.Random(5)
    scales = {"reason": REASON, "novelty": NOVELTY, "calm": CALM, "people": PEOPLE}
    profiles = {"reason": "planner", "novelty": "explorer", "calm": "keeper", "people": "host"}
    for _ in range(300):
        chosen, advice = [dice.choice(list(scales)) for _ in SITUATIONS], dice.randint(1, 5)
        points = {name: 2 * chosen.count(name) + advice * (name == "people") for name in scales}
        found = replay(quiz, style(*(scales[name][n] for n, name in enumerate(chosen)), advice=advice))
        assert found.scores == {name: number for name, number in points.items() if name in found.scores}
        assert found.result == profiles[max(scales, key=lambda name: points[name])]


@pytest.mark.parametrize("seed", range(1, 30))
def test_the_knowledge_quiz_asks_seven_of_ten_and_judges_by_the_right_ones(
    library: Library, seed: int
) -> None:
    quiz = library.quizzes["knowledge"].quiz
    right = {
        question.id: next(one.id for one in question.options if one.right)  # type: ignore[union-attr]
        for question in quiz.questions
    }
    found = replay(quiz, right, seed=seed)
    assert len(set(found.path)) == 7
    assert (found.result, found.right, found.asked) == ("expert", 7, 7)


def test_the_right_answer_may_stand_anywhere_and_time_is_short(library: Library) -> None:
    for question in library.quizzes["knowledge"].quiz.questions:
        assert question.shuffle, "else the first button would always be right"  # type: ignore[union-attr]
        assert question.time_limit_seconds == 45


def test_every_knowledge_result_brings_the_file_and_three_lessons(library: Library) -> None:
    for result in library.quizzes["knowledge"].quiz.results:
        assert result.file is not None
        assert [lesson.after_hours for lesson in result.lessons] == [24, 48, 72]
        assert len({lesson.text.of("ru") for lesson in result.lessons}) == 3


def test_only_a_hot_lead_who_wants_a_call_and_a_disappointed_one_who_wants_an_answer_call_the_owner(
    library: Library,
) -> None:
    def alarms(name: str, answers: dict[str, Any]) -> int:
        quiz: Quiz = library.quizzes[name].quiz
        done = flow.walk(quiz, answers)
        assert done.next is None
        return sum(alert.when.holds(done.known) is True for alert in quiz.alerts)

    hot = {"need": "urgent", "term": "now", "decides": "me", "budget": "ready", "call": True, "phone": None}
    assert alarms("lead", hot) == 1
    assert alarms("lead", {**hot, "call": False}) == 0
    assert alarms("lead", {**hot, "budget": "none"}) == 0
    sad = {"recommend": 6, "wrong": None, "words": None, "answer_me": True, "email": None}
    assert alarms("nps", sad) == 1
    assert alarms("nps", {**sad, "answer_me": False}) == 0
    assert (
        alarms("nps", {"recommend": 7, "missing": None, "words": None, "answer_me": True, "email": None}) == 0
    )


def found_by(db: Database, rule: str) -> int:
    return db.read_now(audience.count, rule, NOW)


def test_what_people_say_about_themselves_serves_rules_at_once(db: Database, library: Library) -> None:
    anna = Person(db, library)
    anna.begin("about_you")
    anna.press("Хорошо")
    anna.press("Я женщина")
    anna.write("5 марта 1990")
    anna.press("Высшее")
    anna.press("Не хочу отвечать")
    for _ in range(3):
        anna.press("Пропустить")
    assert anna.on_screen.kind == "result"
    assert "5 марта 1990" in anna.on_screen.body
    born = select(Attribute.moment).where(Attribute.key == "birthday")
    assert db.read_now(lambda s: s.scalar(born)) == datetime(1990, 3, 5, tzinfo=ZoneInfo("Europe/Moscow"))
    for rule, people in (
        ("sex = female", 1),
        ("sex = male", 0),
        ("birthday is known", 1),
        ("birthday = 1990-03-05", 1),
        ("birthday < 1990-03-05", 0),
        ("education in (higher, degree)", 1),
        ("income is unknown", 1),
        ("quiz about_you.income = rather_not_say", 1),
        ("quiz about_you.result = birthday_known", 1),
        ("children is known", 0),
    ):
        assert found_by(db, rule) == people, rule


def test_a_refused_question_is_not_asked_again(db: Database, library: Library) -> None:
    anna = Person(db, library)
    anna.begin("about_you")
    anna.press("Хорошо")
    anna.press("Не хочу отвечать")
    for _ in range(6):
        anna.press("Пропустить")
    anna.begin("about_you")
    anna.press("Хорошо")
    assert "день рождения" in anna.on_screen.body


def test_a_company_is_found_by_size_industry_and_position(db: Database, library: Library) -> None:
    boris = Person(db, library)
    boris.begin("company")
    for label in ("11–50", "Еда и кафе", "Директор", "Пропустить"):
        boris.press(label)
    assert found_by(db, "company_size = small and industry = food and position in (owner, director)") == 1


def test_a_detractor_and_his_words_are_found_by_rules(db: Database, library: Library) -> None:
    vera = Person(db, library)
    vera.begin("nps")
    vera.press("3")
    vera.press("Пропустить")
    vera.write("Ждали две недели")
    vera.press("Да, напишите")
    vera.press("Пропустить")
    assert found_by(db, "nps <= 6 and tag wants_answer and tag nps_words") == 1
    assert found_by(db, "quiz nps.result = detractor") == 1


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("sex = female", "пол"),
        ("company_size = small", "размер компании"),
        ("nps <= 6", "оценка (от 0 до 10)"),
    ],
)
def test_rules_about_them_are_read_aloud_before_anybody_has_answered(rule: str, sentence: str) -> None:
    assert sentence in parse(rule).sentence("ru")
