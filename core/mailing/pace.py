"""The arithmetic of the throttle: when the next call may start. Plain objects told the moment, no waiting.

Moments are seconds of a monotonic clock. Telegram does not publish its window, so two readings are held at
once: never more than the limit in any one-second window, and a strict bucket whose burst is a tenth of it.
"""

from __future__ import annotations

import math
from collections import deque

WINDOW = 1.000001  # seconds; the hair above one keeps float digits out of the promise
MADE_UP = 0.05  # seconds of lost slots that are made up: a twentieth of the rate
SPACING = 1.0  # seconds between two letters to one chat
NEVER = -1e9


class Budget:
    """All our calls together: the one-second window and a bucket half as deep as the strict one."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._depth = max(1, math.ceil(limit * MADE_UP))
        self._tokens = float(self._depth)
        self._at = NEVER
        self._starts: deque[float] = deque(maxlen=limit)

    @property
    def depth(self) -> int:
        """How many calls may start at once."""
        return self._depth

    def delay(self, now: float) -> float:
        """Seconds until one more call may start; 0 when it may start now."""
        full = self._starts[0] + WINDOW - now if len(self._starts) == self.limit else 0.0
        short = (1.0 - self._level(now)) / self.limit
        # The token may be short by a float's last digit; the window may not.
        return max(full, short if short > 1e-9 else 0.0, 0.0)

    def take(self, now: float) -> None:
        """One call starts now."""
        self._tokens = self._level(now) - 1.0
        self._at = now
        self._starts.append(now)

    def _level(self, now: float) -> float:
        return min(float(self._depth), self._tokens + max(0.0, now - self._at) * self.limit)


class Pace:
    """Even slots of the bulk lanes. A late caller makes up at most MADE_UP seconds of them.

    `group` is how many seconds of slots the caller takes at a time: so long after its slot nobody is late.
    """

    def __init__(self, rate: float, group: float = 0.0) -> None:
        self.rate = rate
        self.group = group
        self._next = NEVER
        self._paused_until = NEVER

    def delay(self, now: float) -> float:
        """Seconds until the next slot; 0 when one is due."""
        return max(self._next - now, self._paused_until - now, 0.0)

    def take(self, now: float, most: int = 1) -> int:
        """Take the slots that are due now, at most `most`; returns how many."""
        if self.delay(now) > 0.0:
            return 0
        self._next = max(self._next, now - MADE_UP - self.group)
        due = 1 + int((now - self._next) * self.rate)
        count = min(due, most)
        self._next += count / self.rate
        return count

    def begin(self, now: float) -> None:
        """Sending starts after a rest: the slots of the rest are not lost ones."""
        self._next = max(self._next, now)

    def give_back(self, count: int) -> None:
        """Return slots that nobody could use."""
        self._next -= count / self.rate

    def pause(self, until: float) -> None:
        """No slot before this moment; none of those lost meanwhile is made up."""
        self._paused_until = max(self._paused_until, until)
        self._next = max(self._next, self._paused_until)


class Tempo:
    """The speed of the bulk lanes, learned from Telegram's refusals: up by steps, down by a share.

    One limited chat is that chat's own affair; two within NEAR seconds mean that all of us are too fast.
    Simulated against strict servers of 10, 15, 20 and 22/s while told 30/s: ≤ 2 % refused, ≥ 0.81 of the real
    rate in the first 600 letters, 0.96 at 20/s.
    """

    DOWN = 0.8
    FAR_DOWN = 0.65  # a lowered speed that is not borne for a second either is far off

    NEAR = 5.0
    HOLD = 30.0  # seconds without a refusal before the first step up, then one step each STEP_EVERY
    STEP_EVERY = 5.0
    STEP = 0.02  # of the full rate
    REMEMBER = 300.0  # seconds for which a speed that was refused is not tried again

    def __init__(self, full: float) -> None:
        self.full = full
        self.rate = full
        self._refused: deque[tuple[float, int]] = deque(maxlen=32)
        self._since = NEVER  # when sending at this speed began
        self._resume_at = NEVER
        self._step_at = math.inf
        self._too_fast = math.inf
        self._too_fast_at = NEVER

    def begin(self, now: float) -> None:
        """Sending starts after a rest: the bucket at the other end is full now."""
        self._since = max(now, self._resume_at)

    def refused(self, chat_id: int, retry_after: float, now: float) -> float | None:
        """Hear of a 429; returns until when the bulk lanes must rest, None if only this chat must."""
        while self._refused and now - self._refused[0][0] > self.NEAR:
            self._refused.popleft()
        self._refused.append((now, chat_id))
        if len({chat for _, chat in self._refused}) < 2:
            return None
        if now >= self._resume_at:
            self._slow_down(now)
        self._resume_at = max(self._resume_at, now + retry_after)
        self._since = self._resume_at
        self._step_at = self._resume_at + self.HOLD
        return self._resume_at

    def _slow_down(self, now: float) -> None:
        self._too_fast, self._too_fast_at = self.rate, now
        far = self.rate < self.full and now - self._since < 1.0
        self.rate = max(self.rate * (self.FAR_DOWN if far else self.DOWN), 0.5)

    def step(self, now: float) -> None:
        """Go up a step when it is time, not beyond what was refused lately."""
        if self.rate >= self.full or now < self._step_at:
            return
        if now - self._too_fast_at > self.REMEMBER:
            self._too_fast = math.inf
        self.rate = max(self.rate, min(self.rate + self.full * self.STEP, self._too_fast * 0.97, self.full))
        self._step_at = now + self.STEP_EVERY


class Chats:
    """When each chat may be written to again; forgotten as soon as it does not matter."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._spaced: dict[int, float] = {}
        self._limited: dict[int, float] = {}

    def delay(self, chat_id: int, now: float, *, spaced: bool) -> float:
        """Seconds until this chat may be written to; `spaced`: also keep the second between two letters."""
        until = self._limited.get(chat_id, NEVER)
        if spaced:
            until = max(until, self._spaced.get(chat_id, NEVER))
        return max(0.0, until - now)

    def written(self, chat_id: int, now: float) -> None:
        """A message to this chat starts now."""
        self._spaced[chat_id] = now + SPACING
        if len(self._spaced) > self._keep:
            self._spaced = {chat: until for chat, until in self._spaced.items() if until > now}
            self._limited = {chat: until for chat, until in self._limited.items() if until > now}
            self._keep = max(self._keep, 2 * len(self._spaced))

    def limit(self, chat_id: int, until: float) -> None:
        """Telegram told us to leave this chat alone until then."""
        self._limited[chat_id] = max(until, self._limited.get(chat_id, NEVER))
