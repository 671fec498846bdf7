"""The arithmetic of the throttle, on a clock that hypothesis moves."""

import math

from hypothesis import given
from hypothesis import strategies as st

from core.mailing.pace import Budget, Chats, Pace, Tempo

LIMITS = st.sampled_from([1, 2, 5, 20, 30, 100, 1000])
GAPS = st.lists(st.one_of(st.just(0.0), st.floats(0.0001, 0.3)), min_size=1, max_size=400)


def most_in_any_window(starts: list[float], seconds: float = 1.0) -> int:
    most, first = 0, 0
    for last, moment in enumerate(starts):
        while starts[first] <= moment - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


@given(LIMITS, GAPS)
def test_no_one_second_window_ever_holds_more_than_the_limit(limit: int, gaps: list[float]) -> None:
    budget, now, starts = Budget(limit), 100.0, []
    for gap in gaps:
        now += gap
        while budget.delay(now) > 0.0:
            now = max(now + budget.delay(now), math.nextafter(now, math.inf))
        budget.take(now)
        starts.append(now)

    assert most_in_any_window(starts) <= limit


@given(LIMITS, GAPS)
def test_a_strict_bucket_of_a_tenth_of_the_rate_never_overflows(limit: int, gaps: list[float]) -> None:
    budget, now = Budget(limit), 100.0
    depth = max(1.0, limit / 10)
    tokens, at = depth, now
    for gap in gaps:
        now += gap
        while budget.delay(now) > 0.0:
            now = max(now + budget.delay(now), math.nextafter(now, math.inf))
        budget.take(now)
        tokens, at = min(depth, tokens + (now - at) * limit) - 1, now
        assert tokens > -1e-6


@given(st.sampled_from([1.0, 25.0, 830.0]), GAPS, st.integers(1, 64))
def test_a_late_caller_makes_up_at_most_a_twentieth_of_a_second(
    rate: float, gaps: list[float], most: int
) -> None:
    pace, now, taken = Pace(rate), 0.0, 0
    for gap in gaps:
        now += gap
        got = pace.take(now, most)
        assert got <= min(most, 1 + int(rate * 0.05 + 1e-6))
        taken += got

    assert taken <= 1 + rate * (now + 0.05 - gaps[0])


def test_even_slots_lose_nothing_when_the_caller_is_on_time() -> None:
    pace, now, taken = Pace(25.0), 0.0, 0
    pace.take(now, 9)
    while now < 60.0:
        now += pace.delay(now)
        taken += pace.take(now)

    assert 1500 <= taken <= 1501


def test_a_pause_gives_no_slots_and_none_are_made_up_after_it() -> None:
    pace = Pace(100.0)
    pace.take(0.0, 9)
    pace.pause(5.0)

    assert pace.take(4.999, 10) == 0
    assert pace.take(5.0, 10) == 1


def test_slots_given_back_are_there_again() -> None:
    pace = Pace(100.0)
    pace.take(0.0, 9)
    assert pace.take(0.03, 3) == 3
    pace.give_back(2)
    assert pace.take(0.03, 9) == 2


def test_one_limited_chat_slows_nobody_else_down() -> None:
    tempo = Tempo(25.0)
    tempo.begin(0.0)

    assert tempo.refused(7, 3.0, 1.0) is None
    assert tempo.refused(7, 3.0, 1.5) is None
    assert tempo.rate == 25.0


def test_two_limited_chats_rest_all_bulk_and_lower_the_speed_once_a_time() -> None:
    tempo = Tempo(25.0)
    tempo.begin(0.0)
    tempo.refused(1, 3.0, 10.0)

    assert tempo.refused(2, 3.0, 10.1) == 13.1
    lowered = tempo.rate
    assert lowered < 25.0
    assert tempo.refused(3, 4.0, 10.2) == 14.2
    assert tempo.rate == lowered, "calls under way at the moment are the same refusal"


def test_two_chats_far_apart_in_time_are_their_own_affair() -> None:
    tempo = Tempo(25.0)
    tempo.begin(0.0)
    tempo.refused(1, 1.0, 10.0)

    assert tempo.refused(2, 1.0, 16.0) is None


def test_the_speed_returns_by_steps_but_not_to_what_was_refused() -> None:
    tempo = Tempo(25.0)
    tempo.begin(0.0)
    tempo.refused(1, 1.0, 10.0)
    tempo.refused(2, 1.0, 10.0)
    lowered, rates = tempo.rate, []
    for second in range(11, 300):
        tempo.step(float(second))
        rates.append(tempo.rate)

    assert rates[20] == lowered
    assert rates == sorted(rates)
    assert rates[-1] == 25.0 * 0.97
    for second in range(300, 700):
        tempo.step(float(second))
    assert tempo.rate == 25.0, "what was refused long ago is tried again"


def test_a_chat_waits_a_second_between_letters_and_as_long_as_telegram_says() -> None:
    chats = Chats(keep=10)
    chats.written(1, 0.0)

    assert chats.delay(1, 0.25, spaced=True) == 0.75
    assert chats.delay(1, 0.25, spaced=False) == 0.0
    assert chats.delay(2, 0.25, spaced=True) == 0.0
    chats.limit(1, 7.0)
    assert chats.delay(1, 0.5, spaced=False) == 6.5


def test_chats_are_forgotten_when_they_no_longer_matter() -> None:
    chats = Chats(keep=10)
    for chat in range(10_000):
        chats.written(chat, chat * 0.5)

    assert len(chats._spaced) <= 11
