"""The lease: one holder, a growing fence, taken over only after silence on the watcher's own clock."""

from core.db import Database
from core.mailing import lease
from core.mailing.lease import Watcher

NAME = "sender"


class Seconds:
    """A monotonic clock that stands until moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_only_one_of_two_gets_the_lease(db: Database) -> None:
    first, second = Watcher(db, NAME, "a"), Watcher(db, NAME, "b")

    assert await first.try_take() == 1
    assert await second.try_take() is None


async def test_a_released_lease_is_taken_at_once_with_a_higher_fence(db: Database) -> None:
    fence = await Watcher(db, NAME, "a").try_take()
    assert fence is not None
    db.write_now(lease.release, NAME, fence)

    assert await Watcher(db, NAME, "b").try_take() == 2
    assert not db.write_now(lease.beat, NAME, fence), "the first holder must notice"


async def test_a_holder_that_beats_keeps_the_lease_however_long_it_takes(db: Database) -> None:
    clock = Seconds()
    fence = await Watcher(db, NAME, "a").try_take()
    assert fence is not None
    watcher = Watcher(db, NAME, "b", monotonic=clock)

    for _ in range(20):
        assert await watcher.try_take() is None
        assert db.write_now(lease.beat, NAME, fence)
        clock.now += 19.0


async def test_a_silent_holder_loses_the_lease_after_twenty_seconds_of_ours(db: Database) -> None:
    clock = Seconds()
    await Watcher(db, NAME, "a").try_take()
    watcher = Watcher(db, NAME, "b", monotonic=clock)

    assert await watcher.try_take() is None
    clock.now = 19.9
    assert await watcher.try_take() is None
    clock.now = 20.0
    assert await watcher.try_take() == 2


async def test_two_watchers_of_a_dead_holder_do_not_both_win(db: Database) -> None:
    clock = Seconds()
    await Watcher(db, NAME, "a").try_take()
    watchers = [Watcher(db, NAME, name, monotonic=clock) for name in ("b", "c")]
    for watcher in watchers:
        assert await watcher.try_take() is None
    clock.now = 20.0

    assert [await watcher.try_take() for watcher in watchers] == [2, None]


async def test_a_holder_that_comes_back_in_time_is_not_robbed(db: Database) -> None:
    clock = Seconds()
    fence = await Watcher(db, NAME, "a").try_take()
    assert fence is not None
    watcher = Watcher(db, NAME, "b", monotonic=clock)
    await watcher.try_take()
    clock.now = 20.0
    seen = db.read_now(lease.look, NAME)
    db.write_now(lease.beat, NAME, fence)  # between the watcher's look and its taking

    assert db.write_now(lease.take, NAME, "b", seen) is None
