"""Alarms to the owners: the first one at once, the following ones counted."""

from __future__ import annotations

from bot.alarms import QUIET_SECONDS, Alarms


class Ear:
    """What the owners hear, at a time the test sets."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, int]] = []
        self.seconds = 0.0
        self.alarms = Alarms(self.hear, lambda: self.seconds)

    async def hear(self, key: str, detail: str, more: int) -> None:
        self.heard.append((key, detail, more))


async def test_a_failure_that_repeats_is_told_once_and_then_counted() -> None:
    ear = Ear()
    for number in range(5):
        await ear.alarms.ring("alert-failed", str(number))
    await ear.alarms.ring("alert-unparseable", "9")  # another kind is another matter
    assert ear.heard == [("alert-failed", "0", 0), ("alert-unparseable", "9", 0)]

    ear.seconds = QUIET_SECONDS - 1
    await ear.alarms.tell_held()
    assert len(ear.heard) == 2
    ear.seconds = QUIET_SECONDS
    await ear.alarms.tell_held()
    assert ear.heard[2:] == [("alert-failed", "4", 3)]
    await ear.alarms.tell_held()
    assert len(ear.heard) == 3


async def test_a_failure_after_a_quiet_time_is_told_at_once() -> None:
    ear = Ear()
    await ear.alarms.ring("alert-failed", "1")
    ear.seconds = QUIET_SECONDS
    await ear.alarms.ring("alert-failed", "2")
    assert ear.heard == [("alert-failed", "1", 0), ("alert-failed", "2", 0)]


async def test_what_is_held_is_told_at_the_end() -> None:
    ear = Ear()
    for number in range(3):
        await ear.alarms.ring("alert-failed", str(number))
    await ear.alarms.tell_held(at_once=True)
    assert ear.heard[1:] == [("alert-failed", "2", 1)]
