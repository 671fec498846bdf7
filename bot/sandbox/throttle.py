"""Telegram's patience: token buckets for the whole bot and for each chat; empty ones answer 429."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields
from typing import Any

from bot.sandbox import errors
from bot.sandbox.limits import CHAT_RATE_PER_SECOND, EDIT_BURST, EDIT_RATE_PER_SECOND, TOTAL_RATE_PER_SECOND


@dataclass
class Limits:
    """What the sandbox allows now; every field may be changed while it runs."""

    rate: float = TOTAL_RATE_PER_SECOND  # sends a second for the whole bot; 0 = unlimited
    burst: float | None = None  # sends at once; None = a tenth of the rate, the strict reading
    per_chat_rate: float = CHAT_RATE_PER_SECOND  # 0 = unlimited
    per_chat_burst: float = 5.0
    latency_ms: float | list[float] = 0.0  # one number, or [least, most]
    penalty: bool = False  # after a 429 everything is refused until retry_after is over
    retry_after: int = 1  # the least number of seconds a 429 tells to wait

    def change(self, wanted: dict[str, Any]) -> None:
        """Take the fields named in `wanted`; a new rate without a burst gets the strict burst."""
        known = {field.name for field in fields(self)}
        unknown = sorted(set(wanted) - known)
        if unknown:
            raise ValueError(f"unknown limit {unknown[0]!r}; known are {', '.join(sorted(known))}")
        if "rate" in wanted and "burst" not in wanted:
            self.burst = None
        for name, value in wanted.items():
            setattr(self, name, value)

    def as_json(self) -> dict[str, Any]:
        """The limits with the burst that is really in force."""
        return asdict(self) | {"burst": self.total_burst}

    @property
    def total_burst(self) -> float:
        """How many sends may start at once."""
        return max(self.rate / 10, 1.0) if self.burst is None else self.burst


class Bucket:
    """Tokens that drip in at a steady rate and are taken one a send."""

    __slots__ = ("at", "tokens")

    def __init__(self, tokens: float, at: float) -> None:
        self.tokens = tokens
        self.at = at

    def wait(self, rate: float, burst: float, now: float) -> float:
        """Seconds until a token is there; 0 when one is there already. Nothing is taken yet."""
        self.tokens = min(burst, self.tokens + (now - self.at) * rate)
        self.at = now
        # A hair below 1 counts as 1: an evenly paced caller must not fail by a float's last digit.
        return 0.0 if self.tokens >= 1 - 1e-6 else (1 - self.tokens) / rate


class Throttle:
    """Decides at the arrival of a send whether Telegram would have taken it."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.restart()

    def restart(self) -> None:
        """Fill every bucket, as after a change of the limits."""
        self._total = Bucket(self.limits.total_burst, 0.0)
        self._chats: dict[int, Bucket] = {}
        self._edits: dict[int, Bucket] = {}
        self._refused_until = 0.0

    def take_send(self, chat_id: int, now: float, count: int = 1) -> None:
        """Take a token a message from the bot's bucket and the chat's, or refuse the call.

        An album is let in whole where one message would be, and its rest is owed (§1 "each item counts").
        """
        limits = self.limits
        if limits.penalty and now < self._refused_until:
            self._refuse(self._refused_until - now, now)
        waits = self._total.wait(limits.rate, limits.total_burst, now) if limits.rate else 0.0
        chat = (
            self._bucket(self._chats, chat_id, limits.per_chat_burst, now) if limits.per_chat_rate else None
        )
        if chat is not None:
            waits = max(waits, chat.wait(limits.per_chat_rate, limits.per_chat_burst, now))
        if waits:
            self._refuse(waits, now)
        self._total.tokens -= count
        if chat is not None:
            chat.tokens -= count

    def take_edit(self, chat_id: int, now: float) -> None:
        """Edits meet only the chat's limit, and a generous one."""
        if not self.limits.per_chat_rate:
            return
        bucket = self._bucket(self._edits, chat_id, EDIT_BURST, now)
        waits = bucket.wait(EDIT_RATE_PER_SECOND, EDIT_BURST, now)
        if waits:
            self._refuse(waits, now)
        bucket.tokens -= 1

    def _bucket(self, buckets: dict[int, Bucket], chat_id: int, burst: float, now: float) -> Bucket:
        bucket = buckets.get(chat_id)
        if bucket is None:
            bucket = buckets[chat_id] = Bucket(burst, now)
        return bucket

    def _refuse(self, waits: float, now: float) -> None:
        seconds = max(math.ceil(waits), self.limits.retry_after, 1)
        if now >= self._refused_until:
            self._refused_until = now + seconds
        raise errors.Refusal(errors.TOO_MANY_REQUESTS, seconds, parameters={"retry_after": seconds})
