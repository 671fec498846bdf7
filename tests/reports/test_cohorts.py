"""Cohorts: distinct people, empty beyond the data, the cut-short period out of the mean."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reports.cohorts import Cohorts, Period, cohorts
from core.segments.scores.orders import collect, day_number

Visit = tuple[str, date]
_ = None


def table(visits: list[Visit], last: date, period: Period = "month") -> Cohorts:
    orders = collect([who for who, _ in visits], [day_number(day) for _, day in visits], [1.0] * len(visits))
    return cohorts(orders.person, orders.day, period, day_number(last))


def cells(found: Cohorts) -> dict[str, tuple[int | None, ...]]:
    return {row.start.isoformat(): row.cells for row in found.rows}


VISITS = [
    ("a", date(2025, 11, 3)),
    ("a", date(2025, 11, 30)),  # twice in a month is once
    ("a", date(2026, 1, 5)),
    ("b", date(2025, 11, 30)),
    ("b", date(2025, 12, 1)),
    ("c", date(2026, 1, 31)),
    ("c", date(2026, 2, 1)),
    ("d", date(2026, 1, 1)),
]


def test_distinct_people_by_month_and_nothing_beyond_the_data() -> None:
    found = table(VISITS, date(2026, 2, 10))
    assert cells(found) == {"2025-11-01": (2, 1, 1, 0), "2026-01-01": (2, 1, _, _)}
    assert found.cut_short == date(2026, 2, 1)


def test_the_mean_uses_only_cohorts_seen_through_the_whole_period() -> None:
    found = table(VISITS, date(2026, 2, 10))
    assert found.means() == [1.0, 0.5, 0.5, None]  # February is cut short for both cohorts
    whole = table(VISITS, date(2026, 2, 28))
    assert whole.cut_short is None
    assert whole.means() == [1.0, 0.5, 0.5, 0.0]  # period 1: one of two and one of two
    assert [whole.is_cut_short(row, 0) for row in whole.rows] == [False, False]


def test_cells_of_the_cut_short_period_are_marked_one_a_row() -> None:
    found = table(VISITS, date(2026, 2, 10))
    marked = [[found.is_cut_short(row, column) for column in range(4)] for row in found.rows]
    assert marked == [[False, False, False, True], [False, True, False, False]]


def test_weeks_are_iso_weeks_over_the_turn_of_the_year() -> None:
    visits = [
        ("a", date(2025, 12, 28)),
        ("a", date(2025, 12, 29)),
        ("b", date(2026, 1, 4)),
        ("b", date(2026, 1, 5)),
    ]
    found = table(visits, date(2026, 1, 11), "week")
    assert cells(found) == {"2025-12-22": (1, 1, 0), "2025-12-29": (1, 1, _)}
    assert found.cut_short is None
    assert table(visits, date(2026, 1, 10), "week").cut_short == date(2026, 1, 5)


def test_a_quiet_end_is_zero_because_it_was_observed() -> None:
    assert cells(table([("a", date(2026, 1, 5))], date(2026, 3, 31))) == {"2026-01-01": (1, 0, 0)}


def test_what_comes_later_than_the_last_day_is_left_out() -> None:
    assert cells(table(VISITS, date(2025, 12, 31))) == {"2025-11-01": (2, 1)}
    assert table(VISITS, date(2025, 1, 1)).rows == ()
    assert table(VISITS, date(2025, 1, 1)).means() == []


def test_one_visit_makes_a_table() -> None:
    assert cells(table([("a", date(2026, 1, 5))], date(2026, 1, 5))) == {"2026-01-01": (1,)}
    assert table([("a", date(2026, 1, 5))], date(2026, 1, 5)).means() == [None]


def start_of(day: date, period: Period) -> date:
    return day.replace(day=1) if period == "month" else date.fromisocalendar(*day.isocalendar()[:2], 1)


days = st.dates(date(2024, 11, 1), date(2026, 4, 30))


@pytest.mark.parametrize("period", ["month", "week"])
@given(visits=st.lists(st.tuples(st.sampled_from("abcde"), days), min_size=1, max_size=40), last=days)
def test_every_cell_is_what_counting_by_hand_gives(period: Period, visits: list[Visit], last: date) -> None:
    known = [(who, start_of(day, period)) for who, day in visits if day <= last]
    first = {who: min(start for one, start in known if one == who) for who, _ in known}
    found = table(visits, last, period)
    starts = sorted(
        {
            start_of(date.fromordinal(n), period)
            for n in range(date(2024, 10, 1).toordinal(), last.toordinal() + 1)
        }
    )
    expected = {}
    for start in sorted(set(first.values())):
        seen = starts[starts.index(start) :]
        counts = [len({w for w, s in known if s == at and first[w] == start}) for at in seen]
        expected[start.isoformat()] = (*counts, *[None] * starts.index(start))
    width = len(found.rows[0].cells) if found.rows else 0
    assert cells(found) == {start: row[:width] for start, row in expected.items()}
    assert sum(row.size for row in found.rows) == len(first)


def test_a_visit_of_long_ago_makes_a_wide_table_not_a_square_one() -> None:
    found = table([("a", date(1970, 1, 1)), ("b", date(2150, 1, 1))], date(2150, 1, 1), "week")
    assert [len(row.cells) for row in found.rows] == [9393, 9393]
    assert found.rows[1].cells[:2] == (1, None)
