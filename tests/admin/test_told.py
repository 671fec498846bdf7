"""What comes to an owner by itself: alarms on top of /segments, and the digest, once when its hour comes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from aiogram.exceptions import TelegramForbiddenError
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage, TelegramMethod
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bot.admin import digest as window_of_digest
from bot.texts import Texts
from core import clock
from core.clock import day_start, local_day
from core.db import Database
from core.people import activity, subscribers
from core.people.models import Subscriber
from core.reports import digest, guards
from core.reports.models import Digest, GuardAlarm
from core.sales.models import Purchase
from core.segments import rules
from core.segments.models import Segment, SegmentDay
from tests.admin.windows import OWNER, STRANGER, Window, buttons

MONDAY = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)  # nine in Moscow


def people(session: Session) -> None:
    now = clock.now()
    for name, title in (("calm", "Спокойные"), ("at_risk", "Могут <уйти>"), ("customers", "Покупатели")):
        rules.define(session, name, "letters >= 0", (title, title), now)
    for number, name in enumerate(("Анна", "Борис <b>", "Вера"), 1):
        subscribers.meet(session, subscribers.Sender(number, name), now)


def alarm(session: Session, guard: str, now: datetime, facts: dict[str, object], **fields: object) -> None:
    row = {"guard": guard, "subject": f"{guard}{len(facts)}", "people": 5, "facts": facts}
    session.execute(insert(GuardAlarm), [{**row, "first_at": now, "seen_at": now, **fields}])


JUMP = {
    "day": "2026-03-02",
    "segments": [
        {"segment": "at_risk", "before": 120, "after": 360, "usual": 8, "last_year": 1.1},
        {"segment": "calm", "before": 50, "after": 20, "usual": 3, "last_year": None},
    ],
    "more": 0,
    "causes": [{"kind": "import", "name": "orders <1>.csv", "at": "2026-03-02T07:32:00+00:00", "count": 9}],
}


JUMPED = (
    "⚠️ «Могут &lt;уйти&gt;» вырос ×3 за день (2 мар): 120 → 360. Вместе с ним скакнул ещё 1 сегмент. "
    "Похоже, из-за файла orders &lt;1&gt;.csv в 10:32. Год назад в эти недели менялся не больше чем ×1,1."
)


def all_alarms(session: Session, now: datetime) -> None:
    alarm(session, "jump", now, JUMP, money=500)
    alarm(session, "ignored", now, {"days": 30, "buyers": 12, "letters": 2.5}, money=400)
    facts = {"purchases": 3, "days": 70}
    alarm(session, "was_vip", now, facts, money=300, subscriber_id=2)
    alarm(session, "stale", now, {"segment": "calm", "count": 4, "hours": 30}, money=200)


def shown(calls: list[TelegramMethod[object]]) -> SendMessage:
    found = calls[-1]
    assert isinstance(found, SendMessage)
    return found


async def test_alarms_stand_on_top_of_the_segments_each_with_what_helps(base: Database) -> None:
    base.write_now(all_alarms, clock.now())
    window = Window(base)
    told = shown(await window.writes("/segments"))
    lines = told.text.splitlines()
    assert lines[:3] == [
        JUMPED,
        "⚠️ Покупателям (12) не писали 30 дней, а остальным писали.",
        "⚠️ Борис &lt;b&gt; тратит больше всех (3\u00a0₽) и молчит 70 дней. Пора написать лично.",
    ]
    found = buttons(told)
    assert found["✍️ Написать покупателям"] == "as:write:3"
    assert found["👤 Борис <b>"].startswith("pe:card:2")
    _, what = await window.taps(found["🔎 Что случилось"])
    assert "• Спокойные: 50 → <b>20</b> (обычно за день ±3)" in what.text  # type: ignore[attr-defined]
    assert list(buttons(what)) == ["👥 Могут <уйти>", "👥 Спокойные"]

    for number, left in ((1, 3), (2, 2), (3, 1)):
        quiet, redrawn = await window.taps(f"gd:snooze:{number}")
        assert "30 дней об этом молчу" in str(quiet.text)  # type: ignore[attr-defined]
        assert isinstance(redrawn, EditMessageText)
        assert redrawn.text.count("⚠️") == left
        assert f"gd:snooze:{number}" not in buttons(redrawn).values()
    told = shown(await window.writes("/segments"))
    assert told.text.startswith("⚠️ 4 сегмента не пересчитывались уже 30 ч.\n\n")
    _, done = await window.taps(buttons(told)["🔄 Пересчитать"])
    assert done.text == "✅ Пересчитано сегментов: 3, людей перешло: 0."  # type: ignore[attr-defined]
    for tap in ("gd:what:99", "gd:snooze:99", "gd:what:4"):
        (gone,) = [one for one in await window.taps(tap) if isinstance(one, AnswerCallbackQuery)]
        assert "Этого уже нет" in str(gone.text)
        assert await window.taps(tap, who=STRANGER) == []


async def test_quiet_about_an_alarm_of_a_digest_takes_its_buttons_away(base: Database) -> None:
    base.write_now(all_alarms, clock.now())
    window = Window(base)
    rows = [[("🔎", "gd:what:1"), ("🔕", "gd:hush:1")], [("🔕", "gd:hush:2")], [("👥", "as:list:0")]]
    board = [[{"text": text, "callback_data": data} for text, data in row] for row in rows]
    shown = window._message(OWNER, 50, text="…", reply_markup={"inline_keyboard": board})
    query = {"id": "q", "from": window._user(OWNER), "chat_instance": "1", "data": "gd:hush:1"}
    quiet, fewer = await window._feed(OWNER, callback_query={**query, "message": shown})
    assert "30 дней об этом молчу" in str(quiet.text)  # type: ignore[attr-defined]
    assert list(buttons(fewer).values()) == ["gd:hush:2", "as:list:0"]
    assert len(base.read_now(guards.shown, clock.now(), 9)) == 3


async def test_when_all_is_well_nothing_stands_on_top(base: Database) -> None:
    told = shown(await Window(base).writes("/segments"))
    assert "⚠️" not in told.text


async def due(base: Database, window: Window, now: datetime) -> list[SendMessage]:
    before = len(window.session.calls)
    await window_of_digest.tell_due(window.bot, base, window.settings, Texts(), now)
    return [call for call in window.session.calls[before:] if isinstance(call, SendMessage)]


async def test_the_digest_comes_once_at_its_hour_with_alarms_told_once(base: Database) -> None:
    base.write_now(all_alarms, MONDAY)

    def yesterday(session: Session) -> None:
        at = MONDAY - timedelta(days=1)
        session.execute(update(Subscriber).values(joined_at=at, created_at=at))
        session.execute(update(Subscriber).where(Subscriber.id == 3).values(blocked_at=at))
        order = {"order_id": "1", "subscriber_id": 1, "at": at, "currency": "RUB", "amount": 150_000}
        session.execute(insert(Purchase), [{**order, "base_amount": 150_000}])
        day = {"segment_id": 1, "day": local_day(at, activity.zone()), "size": 11, "entered": 9, "left": 1}
        session.execute(insert(SegmentDay), [day])
        session.execute(update(Segment).values(size=3))  # others have gone today: no news of yesterday
        session.execute(insert(Subscriber), [{"id": 9, "status": "active", "created_at": MONDAY}])

    base.write_now(yesterday)
    window = Window(base)
    assert await due(base, window, MONDAY - timedelta(minutes=1)) == []
    (told,) = await due(base, window, MONDAY)
    assert told.chat_id == OWNER
    lines = told.text.splitlines()
    assert lines[:6] == [
        "📬 <b>Сводка, 1 мар</b>",
        "👥 Пришли 3, ушли 1. В базе 3",
        "💳 Покупок 1 на 1\u00a0500\u00a0₽ (в прошлый раз 0\u00a0₽)",
        "",
        "<b>Сильнее всего изменились</b>",
        "• Спокойные: +8 → 11",
    ]
    assert len(lines) <= 15
    assert sum(line.startswith("⚠️") for line in lines) == 3
    assert lines[6:8] == ["", "<b>Прямо сейчас</b>"]  # alarms are of this moment, what is above of that day
    assert "🔎 Что случилось" in buttons(told)
    assert await due(base, window, MONDAY) == []
    assert await due(base, window, MONDAY + timedelta(hours=3)) == []
    (rest,) = await due(base, window, MONDAY + timedelta(days=1))  # the fourth alarm, not told yet
    assert rest.text.count("⚠️") == 1
    assert await due(base, window, MONDAY + timedelta(days=2)) == []  # nothing happened: nothing is said
    outcomes = base.read_now(lambda s: s.scalars(select(Digest.outcome).order_by(Digest.day)).all())
    assert outcomes == ["sent", "sent", "nothing"]


async def test_what_was_begun_is_never_begun_again(base: Database) -> None:
    window = Window(base)
    base.write_now(all_alarms, MONDAY)
    begun = base.write_now(digest.begin, MONDAY, window.settings)
    assert [one.owner for one in begun] == [OWNER]
    assert await due(base, window, MONDAY + timedelta(minutes=1)) == []  # a crash came before the call


async def test_an_owner_who_blocked_the_bot_is_left_alone_and_a_refusal_is_not_repeated(
    base: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = Window(base)
    base.write_now(all_alarms, MONDAY)
    owner = subscribers.Sender(OWNER, "Ольга")
    base.write_now(lambda s: setattr(subscribers.meet(s, owner, MONDAY), "blocked_at", MONDAY))
    assert await due(base, window, MONDAY) == []
    base.write_now(lambda s: s.execute(update(Subscriber).values(blocked_at=None)))

    async def refuse(_bot: object, method: TelegramMethod[object], timeout: int | None = None) -> None:
        raise TelegramForbiddenError(method=method, message="bot was blocked by the user")

    heard = window.session.make_request
    monkeypatch.setattr(window.session, "make_request", refuse)
    assert await due(base, window, MONDAY) == []
    monkeypatch.setattr(window.session, "make_request", heard)
    assert await due(base, window, MONDAY + timedelta(hours=1)) == []
    assert base.read_now(lambda s: s.scalar(select(Digest.outcome))) == "failed"
    assert len(base.read_now(guards.shown, MONDAY, untold_to=OWNER)) == 3  # nobody was told: they wait


async def test_what_one_owner_was_told_is_still_told_to_another(base: Database) -> None:
    other = OWNER + 1
    window = Window(base)
    window.settings = window.settings.model_copy(update={"admin_ids": (OWNER, other)})
    base.write_now(all_alarms, MONDAY)
    base.write_now(digest.choose, other, "weekly", MONDAY)
    tuesday = MONDAY + timedelta(days=1)
    (told,) = await due(base, window, tuesday)
    assert (told.chat_id, told.text.count("⚠️")) == (OWNER, 3)
    both = await due(base, window, MONDAY + timedelta(days=7))
    assert {one.chat_id: one.text.count("⚠️") for one in both} == {OWNER: 1, other: 3}


async def test_a_digest_that_cannot_be_read_has_not_begun(
    base: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = Window(base)
    base.write_now(all_alarms, MONDAY)
    brief = digest.brief

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(digest, "brief", broken)
    with pytest.raises(RuntimeError):
        await due(base, window, MONDAY)
    monkeypatch.setattr(digest, "brief", brief)
    assert len(await due(base, window, MONDAY + timedelta(minutes=1))) == 1
    began = base.read_now(lambda session: session.scalars(select(Digest)).one())
    assert (began.due_at, began.started_at) == (MONDAY, MONDAY + timedelta(minutes=1))


async def test_the_owner_chooses_how_often_and_sees_it_at_once(base: Database) -> None:
    window = Window(base, digest="off")
    base.write_now(all_alarms, MONDAY)
    assert await due(base, window, MONDAY) == []
    (now_shown,) = await window.writes("/digest")
    found = buttons(now_shown)
    assert "✓ Не присылать" in found
    answer, edited = await window.taps(found["По понедельникам"])
    assert "по понедельникам в 9:00" in str(answer.text)  # type: ignore[attr-defined]
    assert isinstance(edited, EditMessageText)
    assert "✓ По понедельникам" in buttons(edited)
    assert await due(base, window, MONDAY + timedelta(days=1)) == []
    (told,) = await due(base, window, MONDAY + timedelta(days=7))
    assert told.text.startswith("📬 <b>Неделя, 2 мар – 8 мар</b>")
    assert await window.writes("/digest", who=STRANGER) == []


def test_the_hour_is_the_wall_clock_of_the_business_also_where_it_changes(db: Database) -> None:
    window = Window(db, time_zone="Europe/Berlin")
    activity.use_zone(window.settings.zone)
    for day, hour in ((datetime(2026, 3, 28, tzinfo=UTC), 8), (datetime(2026, 3, 29, tzinfo=UTC), 7)):
        at = day.replace(hour=hour)
        assert db.read_now(digest.waiting, at - timedelta(minutes=1), window.settings) == []
        assert [one.owner for one in db.read_now(digest.waiting, at, window.settings)] == [OWNER]
        late = at + digest.LATE
        assert db.read_now(digest.waiting, late, window.settings) == []
    assert day_start(date(2026, 3, 29), activity.zone()).hour == 23
