"""The picture of a quiz: only ways that can be gone, cards apart from lines, counts where people went."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from core.db import Database
from core.quizzes.counts import count
from core.quizzes.graph import Graph, graph
from core.quizzes.loader import load_stored, load_text
from core.quizzes.reach import ways
from core.reports.quiz_chart import quiz_chart
from core.reports.quiz_layout import Layout, laid_out
from tests.quizzes.people import QUIZZES, Person, library_of
from tests.quizzes.shop import SHOP

LIBRARY = Path(__file__).parent / "library"
EVERY = sorted([*QUIZZES.glob("*.yaml"), *LIBRARY.glob("*.yaml")])


def drawn(text: str, language: str | None = None) -> Graph:
    return graph(load_text(text, "a.yaml", Path()).quiz, None, language)


def edges(found: Graph) -> set[tuple[str, str, tuple[str, ...]]]:
    cards = found.cards
    return {
        (
            cards[one.source].key,
            cards[one.target].key,
            tuple(cards[one.source].rows[row].label for row in one.rows),
        )
        for one in found.edges
    }


def test_answers_that_decide_have_ways_of_their_own() -> None:
    assert edges(drawn(SHOP)) == {
        ("role", "team", ("Владелец",)),
        ("role", "goals", ("Гость",)),
        ("team", "goals", ()),
        ("goals", "online", ()),
        ("online", "city", ()),
        ("city", "phone", ()),
        ("phone", "", ()),
    }


def test_cards_say_kind_condition_points_and_results_in_the_readers_language() -> None:
    found = drawn(SHOP, "en")
    team = next(card for card in found.cards if card.key == "team")
    assert (team.head, team.condition, team.depth) == ("2 · team · a number", "if №1 — Owner", 1)
    assert team.notes == ("from 1 to 500 · saved as team_size",)
    role = next(card for card in found.cards if card.key == "role")
    assert [(row.label, row.extra) for row in role.rows] == [("Owner", "+10 #свой"), ("Guest", "+1")]
    big = next(card for card in found.cards if card.key == "big")
    assert big.condition == "if №2 ≥ 10 and tag #свой"
    assert big.notes == ("segment big_owners · #big",)


def test_an_early_end_and_a_next_quiz_are_on_the_picture() -> None:
    text = """
id: a
title: T
questions:
  - {id: go, kind: yes_no, text: Go on?, finish_when: {question: go, is: no}}
  - {id: q, kind: text, text: Why?}
results:
  - {id: r, text: R, next: b}
"""
    found = graph(load_stored(text, Path()).quiz, None, "en")
    assert edges(found) == {("go", "q", ("Yes",)), ("go", "", ("No",)), ("q", "", ())}
    assert found.cards[0].notes == ("→ straight to the result if №1 — No",)
    assert found.cards[-1].next == "then the quiz b"


NEGATED = [
    ("{not: {question: role, answered: true}}", "если №1 без ответа", "if №1 is not answered"),
    ("{question: role, answered: false}", "если №1 без ответа", "if №1 is not answered"),
    ("{not: {question: role, answered: false}}", "если на №1 есть ответ", "if №1 is answered"),
    ("{tag: car}", "если есть метка #car", "if tag #car"),
    ("{not: {tag: car}}", "если нет метки #car", "if no tag #car"),
    ("{not: {question: role, is: a}}", "если №1 — не А", "if №1 — not А"),
    ("{not: {question: role, in: [a, b]}}", "если №1 — не А и не Б", "if №1 — not А and not Б"),
    ("{not: {not: {tag: car}}}", "если есть метка #car", "if tag #car"),
    ("{not: {score: {at_least: 2}}}", "если не (баллы ≥ 2)", "if not (points ≥ 2)"),
    (
        "{not: {any: [{tag: car}, {not: {question: role, is: a}}]}}",
        "если не (есть метка #car или №1 — не А)",
        "if not (tag #car or №1 — not А)",
    ),
    ("{not: {language: en}}", "если язык не en", "if language is not en"),
]


@pytest.mark.parametrize(("rule", "ru", "en"), NEGATED)
def test_a_denial_is_said_as_people_say_it(rule: str, ru: str, en: str) -> None:
    text = f"""
id: a
title: T
languages: [ru, en]
questions:
  - id: role
    kind: choice
    text: Кто?
    optional: true
    options: [{{id: a, text: А, tags: [car], score: 3}}, {{id: b, text: Б}}]
results:
  - {{id: r, text: R, when: {rule}}}
  - {{id: s, text: S}}
"""
    quiz = load_stored(text, Path()).quiz
    said = [
        next(card.condition for card in graph(quiz, None, language).cards if card.key == "r")
        for language in ("ru", "en")
    ]
    assert said == [ru, en]


def test_points_by_number_and_the_preview_are_on_the_picture() -> None:
    text = """
id: a
title: T
confirm: true
questions:
  - {id: calm, kind: scale, min: 1, max: 5, text: Q, scores_as: peace}
  - {id: joy, kind: stars, text: Q, scored: true}
results:
  - {id: r, text: R}
"""
    quiz = load_stored(text, Path()).quiz
    calm, joy, end, _ = graph(quiz, None, "ru").cards
    assert calm.notes == ("от 1 до 5 · ответ — баллы «peace»",)
    assert joy.notes == ("ответ — баллы",)
    assert end.text == "Проверка ответов, потом результат"
    assert [box.text for box in laid_out(graph(quiz, None, "ru")).boxes if box.card.kind == "end"] == [
        (end.text,)
    ]
    assert graph(quiz, None, "en").cards[2].text == "A check of the answers, then the result"


def boxes_and_lines(layout: Layout) -> list[str]:
    """Lines that run through a card they neither leave nor enter, and cards that touch."""
    faults = [
        f"{one.card.key} touches {other.card.key}"
        for one, other in zip(layout.boxes, layout.boxes[1:], strict=False)
        if one.bottom >= other.y
    ]
    for route in layout.routes:
        for box in layout.boxes:
            if route.side == "down" or not (route.starts[0][1] < box.y < route.end[1]):
                continue
            if box.x - 1 <= route.track <= box.right + 1:
                faults.append(f"{route.edge} runs through {box.card.key}")
        ends = layout.boxes[route.edge.source], layout.boxes[route.edge.target]
        if route.side == "down" and ends[0].bottom > ends[1].y:
            faults.append(f"{route.edge} runs upwards")
    return faults


@pytest.mark.parametrize("path", EVERY, ids=[path.stem for path in EVERY])
def test_no_line_runs_through_a_card(path: Path) -> None:
    quiz = load_stored(path.read_text(encoding="utf-8"), path.parent).quiz
    for language in quiz.languages:
        layout = laid_out(graph(quiz, None, language))
        assert boxes_and_lines(layout) == []
        assert all(0 <= route.track <= layout.width for route in layout.routes)


def test_two_lines_never_share_a_track_where_both_run() -> None:
    layout = laid_out(drawn(nested(8)))
    routes = [route for route in layout.routes if route.side != "down"]
    for one in routes:
        for other in routes:
            if (one.side, one.track) == (other.side, other.track) and one.edge.target != other.edge.target:
                assert one.end[1] <= other.starts[0][1] or other.end[1] <= one.starts[0][1]


def nested(branches: int) -> str:
    lines = ["id: a", "title: T", "questions:"]
    options = ", ".join(f"{{id: o{n}, text: Answer {n}}}" for n in range(branches))
    lines.append(f"  - {{id: kind, kind: choice, text: Which?, options: [{options}]}}")
    for n in range(branches):
        only = f"{{question: kind, is: o{n}}}"
        lines.append(f"  - {{id: a{n}, kind: yes_no, text: More?, when: {only}}}")
        also = f"{{all: [{only}, {{question: a{n}, is: yes}}]}}"
        lines.append(f"  - {{id: b{n}, kind: number, text: How many?, when: {also}}}")
    return "\n".join([*lines, "results:", "  - {id: r, text: R}", ""])


def test_a_large_nested_quiz_is_drawn_whole_with_its_people(db: Database, tmp_path: Path) -> None:
    text = nested(8)
    person = Person(db, library_of(text))
    person.begin("a")
    person.press("Answer 7")
    person.press("Да")
    quiz = load_text(text, "a.yaml", Path()).quiz
    counts = db.read_now(count, quiz, person.now + timedelta(days=2))
    assert counts.gone == {("kind", "a7"): 1, ("a7", "b7"): 1}
    assert counts.dropped == {"b7": 1}
    found = graph(quiz, counts)
    assert next(card for card in found.cards if card.key == "b7").dropped == 1
    target = tmp_path / "a.png"
    target.write_bytes(quiz_chart(found))
    with Image.open(target) as image:
        assert image.width < 1400
        assert image.height > 3000
    assert quiz_chart(found, "svg").rstrip().endswith(b"</svg>")


def test_names_from_outside_are_words_and_not_mathematics_or_markup(tmp_path: Path) -> None:
    text = SHOP.replace("Владелец", '"$x^2$ & <b>\\u200b{{ first_name }}</b>"')
    text = text.replace("Магазин", "'$\\frac{1$'")
    assert quiz_chart(graph(load_stored(text, tmp_path).quiz)).startswith(b"\x89PNG")


def test_of_too_many_walks_the_ways_by_order_are_shown() -> None:
    lines = ["id: a", "title: T", "questions:"]
    lines += [f"  - {{id: q{n}, kind: yes_no, text: t, yes: {{score: {2**n}}}}}" for n in range(16)]
    lines += ["results:", "  - {id: r, text: R, when: {score: {at_least: 40}}}", "  - {id: s, text: S}", ""]
    quiz = load_text("\n".join(lines), "a.yaml", Path()).quiz
    assert [(way.source, way.target) for way in ways(quiz)] == [
        *((f"q{n}", f"q{n + 1}") for n in range(15)),
        ("q15", ""),
    ]
