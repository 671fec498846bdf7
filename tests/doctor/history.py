"""A history of a small base, lived through the real verbs: what a rebuild must find unchanged."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core import privacy
from core.db import Database
from core.mailing import attempts, engagement
from core.mailing.messenger import Ambiguous, Sent
from core.mailing.models import Delivery
from core.people import attributes, bots, consents, subscribers, topics
from core.people.consents import Proof
from core.people.models import Subscriber
from core.people.subscribers import Sender
from core.quizzes import runs
from core.quizzes.buttons import read_payload
from core.quizzes.records import store_versions
from core.sales import imports
from core.sales.matching import join_known
from core.sales.orders import Options
from core.segments import refresh, rules
from core.segments.scores import job
from tests.conftest import NOW
from tests.mailing.people import planned_campaign
from tests.quizzes.people import library_of
from tests.quizzes.shop import SHOP
from tests.quizzes.whole import WHOLE

ZONE = ZoneInfo("Europe/Moscow")
RULES = {
    "tired": "unanswered >= 1",
    "read": "letters >= 1",
    "silent": "last_seen more than 3 days ago",
    "buyers": "purchases >= 1 and spent >= 5",
    "recent": "purchased within 30 days",
    "tea": "quiz whole.drink = tea or quiz shop.role = owner",
    "scored": "quiz whole.score >= 3",
    "busy": "event quiz_answered at least 3 times within 2 days",
    "vip": "tag vip",
    "old_vip": "in segment vip for at least 2 days and not in segment silent",
    "reachable": "status = active and advertising_consent = yes",
}
OTHERS = ["unanswered >= 2", "tag vip or purchases >= 2", "last_seen within 1 day", "status = stopped"]
ACTS = (
    "come", "press", "press", "press", "write", "begin", "restart", "buy", "stop", "resume", "block",
    "unblock", "letter", "lost", "answer", "tick", "tag", "agree", "refuse", "leave", "wait", "wait", "late",
    "rule", "switch", "refresh", "erase", "join", "score",
)  # fmt: skip
WAITS = (timedelta(minutes=7), timedelta(hours=5), timedelta(hours=26), timedelta(days=4), timedelta(days=33))
TEXTS = ("12", "Казань", "Пропустить", "Не хочу отвечать", "12.03.1990", "Париж", "иначе")


class History:
    """A few people, a clock, and one method an act; `number` chooses where there is a choice."""

    def __init__(self, db: Database, folder: Path) -> None:
        self.db, self.folder, self.now, self.updates = db, folder, NOW, 0
        self.library = library_of(WHOLE, SHOP)
        db.write_now(bots.claim, 1, "kvizor_bot", NOW)
        db.write_now(store_versions, self.library, NOW)
        for name, rule in RULES.items():
            db.write_now(rules.define, name, rule, (name, name), NOW)
        self.topic = db.write_now(topics.add, "Новинки | News", "t1", NOW)
        self.campaign = db.write_now(planned_campaign, NOW)

    def live(self, act: str, person: int, number: int) -> None:
        self.now += timedelta(seconds=11)
        self.updates += 1
        getattr(self, f"do_{act}")(person, number)

    def someone(self, person: int) -> Subscriber:
        """The person as his update shows him: every act of his is a sign of life."""
        sender = Sender(100 + person, f"Имя{person}", language_code="ru")
        return self.db.write_now(subscribers.meet, sender, self.now)

    @property
    def key(self) -> str:
        return f"u{self.updates}"

    # -- the person -------------------------------------------------------------------------------

    def do_come(self, person: int, _: int) -> None:
        self.someone(person)

    def do_begin(self, person: int, number: int) -> None:
        quiz = ("whole", "shop")[number % 2]
        self.db.write_now(runs.begin, self.library, self.someone(person), quiz, self.now, self.key)

    def do_restart(self, person: int, number: int) -> None:
        quiz = ("whole", "shop")[number % 2]
        self.db.write_now(runs.restart, self.library, self.someone(person), quiz, self.now, self.key)

    def do_press(self, person: int, number: int) -> None:
        row = self.someone(person)
        screen = self.db.read_now(runs.current, self.library, row)
        if screen is None:
            self.do_begin(person, number)
            return
        offered = [read_payload(b.payload or "") for line in screen.buttons for b in line]
        taps = [one for one in offered if one is not None]
        if taps:
            tap = taps[number % len(taps)]
            self.db.write_now(runs.tap, self.library, row, *tap, self.now, key=self.key)
        else:
            self.do_write(person, number)

    def do_write(self, person: int, number: int) -> None:
        text = TEXTS[number % len(TEXTS)]
        self.db.write_now(runs.write, self.library, self.someone(person), text, self.now, key=self.key)

    def do_late(self, person: int, _: int) -> None:
        """The timer of a question finds that its time is up: no act of the person's."""
        who = self.db.read_now(subscribers.find, 100 + person)
        if who is None:
            return
        row = self.db.read_now(lambda s: s.get_one(Subscriber, who))
        screen = self.db.read_now(runs.current, self.library, row)
        if screen is not None:
            self.db.write_now(runs.expire, self.library, row, screen.run_id, self.now)

    def do_stop(self, person: int, _: int) -> None:
        self.db.write_now(subscribers.opt_out, self.someone(person).id, self.now, self.key)

    def do_resume(self, person: int, _: int) -> None:
        self.db.write_now(subscribers.opt_in, self.someone(person).id, self.now, self.key)

    def do_block(self, person: int, _: int) -> None:
        self.db.write_now(subscribers.mark_blocked, 100 + person, self.now, self.key)

    def do_unblock(self, person: int, _: int) -> None:
        self.db.write_now(subscribers.mark_unblocked, 100 + person, self.now, self.key)

    def do_agree(self, person: int, number: int) -> None:
        self._consent(person, number, consents.give)

    def do_refuse(self, person: int, number: int) -> None:
        self._consent(person, number, consents.withdraw)

    def _consent(self, person: int, number: int, verb: object) -> None:
        who = self.someone(person).id
        proof = Proof("Согласны?", "ru", "consent", self.key)
        purpose = ("data", "advertising")[number % 2]

        def act(session: Session) -> None:
            verb(session, session.get_one(Subscriber, who), purpose, proof, self.now)  # type: ignore[operator]

        self.db.write_now(act)

    def do_leave(self, person: int, number: int) -> None:
        place = topics.Place("topics", self.key)
        who = self.someone(person).id
        self.db.write_now(topics.choose, who, self.topic, bool(number % 2), place, self.now)

    def do_erase(self, person: int, number: int) -> None:
        if number % 4:
            return
        who = self.someone(person).id
        proof = Proof("Стереть?", "ru", "forget", self.key)
        self.db.write_now(privacy.forget, who, self.now, proof if number % 8 else None)
        privacy.erase(self.db, who)

    # -- the business -----------------------------------------------------------------------------

    def do_buy(self, person: int, number: int) -> None:
        """A file of a few orders: new, given twice, contradicting, in another currency, taken back."""
        at = (self.now - timedelta(days=number % 50)).strftime("%Y-%m-%dT%H:%M:%SZ")
        lines = [
            f"{100 + person},{at},{10 + number},o{number % 7},RUB",
            f"{100 + person},{at},{10 + number},o{number % 7},RUB",
            f"{200 + person},{at},{number % 3},o{self.updates}-a,USD",
            f"{100 + person},{at},-{number % 5},o{self.updates}-b,RUB",
        ]
        file = self.folder / f"{self.updates}.csv"
        file.write_text("\n".join(["customer_id,timestamp,amount,order_id,currency", *lines]))
        imports.run(self.db, file, Options("RUB", ZONE), self.now, refused_to=None)

    def do_join(self, person: int, _: int) -> None:
        """Who was known by a number from a file opens the bot: the two rows become one."""
        self.db.write_now(join_known, self.someone(person).id, self.now)
        sender = Sender(200 + person, "Новый", language_code="ru")
        row = self.db.write_now(subscribers.meet, sender, self.now)
        self.db.write_now(join_known, row.id, self.now)

    def do_letter(self, person: int, number: int) -> None:
        self._send(person, Sent(1000 + self.updates), (2, 3, 1)[number % 3])

    def do_lost(self, person: int, _: int) -> None:
        self._send(person, Ambiguous("time-out"), 3)

    def _send(self, person: int, outcome: Sent | Ambiguous, lane: int) -> None:
        who = self.db.read_now(subscribers.find, 100 + person)
        if who is None:
            return

        def started(session: Session) -> int:
            row = {
                "campaign_id": self.campaign, "subscriber_id": who, "occasion": self.key, "lane": lane,
                "state": "started", "due_at": self.now, "started_at": self.now,
            }  # fmt: skip
            return session.execute(insert(Delivery).returning(Delivery.id), [row]).scalar_one()

        delivery = self.db.write_now(started)
        result = attempts.Result(delivery, who, outcome)
        self.db.write_now(attempts.record_outcomes, [result], self.now)

    def do_answer(self, person: int, number: int) -> None:
        who = self.someone(person).id
        query = select(Delivery.message_id).where(Delivery.subscriber_id == who, Delivery.state == "sent")
        letters = self.db.read_now(lambda s: list(s.scalars(query.order_by(Delivery.id))))
        if letters:
            self.db.write_now(engagement.answered, who, letters[number % len(letters)], self.now)

    def do_tick(self, _person: int, __: int) -> None:
        engagement.mature(self.db, self.now)

    def do_tag(self, person: int, _: int) -> None:
        who = self.db.read_now(subscribers.find, 100 + person)
        if who is not None:
            self.db.write_now(attributes.add_tag, who, "vip", self.now, origin="owner")

    def do_wait(self, _: int, number: int) -> None:
        self.now += WAITS[number % len(WAITS)]

    def do_refresh(self, _person: int, __: int) -> None:
        refresh.refresh_all(self.db, self.now)

    def do_score(self, _person: int, __: int) -> None:
        job.compute(self.db, self.now)

    def do_rule(self, person: int, number: int) -> None:
        name = ("tired", "vip", "own")[person % 3]
        rule = OTHERS[number % len(OTHERS)]
        self.db.write_now(rules.define, name, rule, (name, name), self.now)

    def do_switch(self, _: int, number: int) -> None:
        self.db.write_now(rules.switch, ("buyers", "tea")[number % 2], bool(number % 4 // 2), self.now)
