"""The people of the refresh benchmark, made by the database itself: a million in a minute or two.

Everything follows from a person's number by a small hash, so that both databases hold the same base.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

PRIME = 2_147_483_647
ROLES = ("starting", "owner", "manager", "freelancer", "wholesaler")


class Dialect:
    """The few words the two databases say differently."""

    def __init__(self, is_sqlite: bool, first: int, last: int, now: datetime) -> None:
        self.is_sqlite = is_sqlite
        self.now = int(now.timestamp())
        if is_sqlite:
            self.people = (
                f"(WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})"
                " SELECT i FROM n) AS n"
            )
            self.tens = (
                "(WITH RECURSIVE k(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM k WHERE k < 9)"
                " SELECT k FROM k) AS k"
            )
        else:
            self.people = f"generate_series(CAST({first} AS bigint), {last}) AS n(i)"
            self.tens = "generate_series(0, 9) AS k(k)"

    def moment(self, ago: str) -> str:
        """So many seconds before now, as a moment is stored."""
        if self.is_sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%S.000000', {self.now} - ({ago}), 'unixepoch')"
        return f"to_timestamp({self.now} - ({ago}))"

    def day(self, ago: str) -> str:
        """The day so many days ago."""
        if self.is_sqlite:
            return f"date({self.now}, 'unixepoch', -({ago}) || ' days')"
        return f"(CAST(to_timestamp({self.now}) AS date) - CAST({ago} AS integer))"

    def truth(self, test: str) -> str:
        """A yes or no."""
        return f"({test})" if not self.is_sqlite else f"(CASE WHEN {test} THEN 1 ELSE 0 END)"


def chance(salt: str | int, below: int) -> str:
    """A number from 0 to below - 1 that follows from the person `i` and the salt."""
    seed = f"((i * 7919 + ({salt}) * 104729 + 12345) % {PRIME})"
    mixed = f"(({seed} * {seed} % {PRIME}) * 48271 + {seed})"
    return f"({mixed} % {PRIME} % {below})"


def statements(is_sqlite: bool, first: int, last: int, now: datetime) -> Iterator[str]:
    """Yield the statements that make the people with these numbers."""
    d = Dialect(is_sqlite, first, last, now)
    day = 86_400
    joined = f"({chance(1, 700 * day)} + {day})"  # seconds ago
    seen = f"({joined} * ({chance(2, 1000)}) / 1000)"
    lot = chance(3, 100)
    status = f"CASE WHEN {lot} < 85 THEN 'active' WHEN {lot} < 95 THEN 'blocked' ELSE 'stopped' END"
    source = (
        f"CASE {chance(4, 5)} WHEN 0 THEN 'vk' WHEN 1 THEN 'ads_1' WHEN 2 THEN 'ads_2' WHEN 3 THEN 'site' END"
    )
    yield (
        "INSERT INTO subscribers (id, telegram_id, status, first_name, last_name, username, language_code,"
        " language, is_premium, source, created_at, joined_at, blocked_at, opted_out_at, data_consent_at,"
        f" advertising_consent_at) SELECT i, 10000000 + i, {status}, 'Имя' || (i % 500),"
        " 'Фамилия' || (i % 900),"
        f" 'user' || i, 'ru', 'ru', {d.truth(chance(5, 10) + ' = 0')}, {source}, {d.moment(joined)},"
        f" {d.moment(joined)}, CASE WHEN {status} = 'blocked' THEN {d.moment(seen)} END,"
        f" CASE WHEN {status} = 'stopped' THEN {d.moment(seen)} END, {d.moment(joined)},"
        f" CASE WHEN {chance(6, 10)} < 7 THEN {d.moment(joined)} END FROM {d.people}"
    )
    orders = f"CASE WHEN {chance(7, 100)} < 45 THEN {chance(8, 6)} + 1 ELSE 0 END"
    amount = f"({chance('k * 31 + 9', 899_500)} + 500)"
    bought = f"({joined} * ({chance('k * 37 + 10', 1000)}) / 1000)"
    yield (
        "INSERT INTO purchases (order_id, subscriber_id, at, amount, currency, base_amount,"
        " product, category)"
        f" SELECT i || '-' || k, i, {d.moment(bought)}, {amount}, 'RUB', {amount}, 'course', ''"
        f" FROM {d.people} CROSS JOIN {d.tens} WHERE k < {orders}"
    )
    yield (
        "INSERT INTO profiles (subscriber_id, last_seen_at, unanswered, letters_received, purchases_count,"
        " purchases_total, first_purchase_at, last_purchase_at, touched_at)"
        f" SELECT i, {d.moment(seen)},"
        f" CASE WHEN {seen} / {14 * day} < 12 THEN {seen} / {14 * day} ELSE 12 END,"
        f" {chance(11, 41)}, coalesce(o.count, 0), coalesce(o.total, 0), o.first, o.last, {d.moment(seen)}"
        f" FROM {d.people} LEFT JOIN (SELECT subscriber_id, count(*) AS count, sum(base_amount) AS total,"
        " min(at) AS first, max(at) AS last FROM purchases"
        f" WHERE subscriber_id BETWEEN {first} AND {last} GROUP BY subscriber_id) AS o ON o.subscriber_id = i"
    )
    role = f"CASE {chance(12, 5)} " + " ".join(f"WHEN {n} THEN '{r}'" for n, r in enumerate(ROLES)) + " END"
    yield (
        "INSERT INTO answers (subscriber_id, quiz, question, folded, text, answered_at)"
        f" SELECT i, 'entry', 'role', {role}, {role}, {d.moment(joined)} FROM {d.people}"
    )
    life = f"({joined} / {day})"
    on = f"({life} - {life} * k / 10 - ({chance('k * 41 + 13', 1000)} * {life} / 10000))"
    yield (
        "INSERT INTO daily_counts (subscriber_id, kind, day, count)"
        f" SELECT i, CASE k % 2 WHEN 0 THEN 'tapped' ELSE 'price_viewed' END, {d.day(on)}, 2"
        f" FROM {d.people} CROSS JOIN {d.tens} WHERE 1 = 1 ON CONFLICT DO NOTHING"
    )
    gender = f"CASE {chance(14, 2)} WHEN 0 THEN 'female' ELSE 'male' END"
    yield (
        "INSERT INTO attributes (subscriber_id, key, text, folded, origin, updated_at)"
        f" SELECT i, 'gender', {gender}, {gender}, 'name', {d.moment(joined)} FROM {d.people}"
        f" WHERE {chance(15, 10)} < 7"
    )
    born = d.day(f"({chance(16, 15000)} + 6600)")
    told = f"CAST({born} AS text)"
    start = f"{born} || ' 00:00:00.000000'" if is_sqlite else f"CAST({born} AS timestamp) AT TIME ZONE 'UTC'"
    yield (
        "INSERT INTO attributes (subscriber_id, key, text, folded, moment, origin, updated_at)"
        f" SELECT i, 'birthday', {told}, {told}, {start}, 'quiz', {d.moment(joined)} FROM {d.people}"
        f" WHERE {chance(17, 10)} < 4"
    )
