"""Lead score: answers stay, events fade, caps hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.segments.scores.lead import EventPoints, Points, PointsError, lead
from core.segments.scores.lead_file import read_answers, read_events, read_points
from core.segments.scores.reading import Notes
from core.segments.scores.shipped import POINTS as SHIPPED
from tests.segments.scores.shops import AS_OF, MOSCOW, written

POINTS = Points(
    answers={"role": {"owner": 30, "student": -20}, "size": {"10+": 40}},
    events={
        "wrote": EventPoints(20, 10, "talk"),
        "called": EventPoints(30, 10, "talk"),
        "saw": EventPoints(8, 4),
    },
    group_caps={"talk": 40},
)


@pytest.mark.parametrize(
    ("answers", "events", "parts", "score"),
    [
        ([], [], (0, 0), 0),
        ([("role", "owner")], [], (30, 0), 30),
        ([("role", "owner"), ("size", "10+")], [], (50, 0), 50),  # the cap of fit
        ([("role", "student")], [], (0, 0), 0),  # a sum is never negative
        ([("role", "nobody asked"), ("hobby", "owner")], [], (0, 0), 0),
        ([], [("wrote", 0)], (0, 20), 20),
        ([], [("wrote", 5)], (0, 10), 10),
        ([], [("wrote", 10)], (0, 0), 0),
        ([], [("wrote", 400)], (0, 0), 0),
        ([], [("wrote", -1)], (0, 0), 0),  # of the future
        ([], [("wrote", 0), ("called", 0)], (0, 40), 40),  # the cap of the group
        ([], [("wrote", 0), ("called", 0), ("saw", 0), ("saw", 2)], (0, 50), 50),  # the cap of engagement
        ([], [("unheard of", 0)], (0, 0), 0),
        ([("size", "10+")], [("saw", 2)], (40, 4), 44),
    ],
)
def test_points(
    answers: list[tuple[str, str]], events: list[tuple[str, float]], parts: tuple[float, float], score: int
) -> None:
    found = lead(POINTS, answers, events)
    assert (found.fit, found.engagement, found.score) == (*parts, score)


def test_a_scheme_without_answers_uses_the_whole_scale() -> None:
    assert lead(Points(events={"wrote": EventPoints(50)}), [], [("wrote", 0)]).score == 100
    assert lead(Points(), [("role", "owner")], [("wrote", 0)]).score == 0


def test_half_a_point_is_rounded_up() -> None:
    scheme = Points(answers={"role": {"owner": 12.5}}, events={"x": EventPoints(1)})
    assert lead(scheme, [("role", "owner")], []).score == 13


@pytest.mark.parametrize(("score", "group"), [(50, "cold"), (51, "warm"), (75, "warm"), (76, "hot")])
def test_groups_end_where_those_of_health_do(score: int, group: str) -> None:
    scheme = Points(answers={"q": {"a": score}}, fit_cap=100)
    assert lead(scheme, [("q", "a")], []).group == group


@given(st.lists(st.tuples(st.sampled_from([*SHIPPED.events, "other"]), st.floats(-5, 400)), max_size=30))
def test_the_shipped_scheme_stays_within_0_and_100_and_more_events_never_lower_it(
    events: list[tuple[str, float]],
) -> None:
    found = lead(SHIPPED, [], events)
    assert 0 <= found.score <= 100
    assert lead(SHIPPED, [], events[:-1]).score <= found.score


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"events": {"wrote": 5}}',
        '{"events": {"wrote": {"points": 5, "days": 0}}}',
        '{"fit_cap": -1}',
        '{"caps": {}}',
        '{"events": {"wrote": {"points": NaN}}}',
        '{"answers": {"role": 5}}',
    ],
)
def test_a_scheme_that_cannot_be_used_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(PointsError):
        read_points(written(tmp_path, text, "points.json"))


def test_events_and_answers_are_read_and_bad_lines_told(tmp_path: Path) -> None:
    notes = Notes()
    events = "event,customer_id,timestamp\nwrote,a,2026-02-27T23:59\nsaw,a,never\nwrote,,2026-02-27\n"
    events += "saw,b,2026-03-02\n"
    found = read_events(written(tmp_path, events), MOSCOW, AS_OF, notes)
    assert found == {"a": [("wrote", 2.0)]}
    assert sorted(line for lines in notes.lines.values() for line in lines) == [3, 4, 5]
    answers = "customer_id,question,answer\na,role,owner\na,role,student\nb,size\n"
    assert read_answers(written(tmp_path, answers), notes) == {"a": [("role", "student")]}
    with pytest.raises(PointsError, match="no column answer"):
        read_answers(written(tmp_path, "customer_id,question\n"), notes)
