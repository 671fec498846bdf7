"""An owner makes and changes segments in his chat: with buttons, as text, seen before anything is done."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage, TelegramMethod
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.admin import rules as rules_window
from bot.admin.callbacks import SegmentTap
from bot.admin.rule_callbacks import DraftTap, RuleTap
from bot.admin.rule_words import marked, problem
from bot.texts import Texts
from core import clock
from core.db import Database
from core.people import attributes, subscribers
from core.people.models import Profile, Subscriber
from core.quizzes import loader
from core.quizzes.models import Answer
from core.segments import rules, versions
from core.segments.drafts import Draft
from core.segments.errors import RuleError
from core.segments.language import parse
from core.segments.models import Membership, Segment, SegmentDraft
from core.segments.proposal import accept, propose
from core.segments.refresh import refresh_all
from core.settings import Settings
from tests.admin.windows import OWNER, Window, buttons
from tests.segments.members import members_at

OTHER = 7009
NEVER = timedelta(days=20)


def people(session: Session) -> None:
    """Eight people; only Анна and Вера are freelancers of Kazan who are silent and never bought."""
    now = clock.now()
    rules.define(session, "vip", "tag vip", ("Важные", "VIP"), now)
    told = [  # name, role, city, days of silence, purchases
        ("Анна", "freelancer", "Казань", 20, 0),
        ("Борис <b>", "owner", "Казань", 20, 0),
        ("Вера", "freelancer", "казань", 90, 0),
        ("Галина", "freelancer", "Москва", 20, 0),
        ("Дмитрий", "freelancer", "Казань", 2, 0),
        ("Ева", "freelancer", "Казань", 30, 3),
        ("Жанна", None, "Казань", 30, 0),
        ("Зоя", "freelancer", None, 30, 0),
    ]
    for number, (name, role, city, silent, bought) in enumerate(told, 1):
        person = subscribers.meet(session, subscribers.Sender(number, name), now)
        profile = session.get_one(Profile, person.id)
        profile.last_seen_at, profile.purchases_count = now - timedelta(days=silent), bought
        if city:
            attributes.set_attribute(session, person.id, "city", city, now, origin="test")
        if role:
            answer = Answer(subscriber_id=person.id, quiz="entry", question="role", folded=role)
            answer.text, answer.answered_at = role, now
            session.add(answer)
        if bought:
            attributes.add_tag(session, person.id, "vip", now, origin="test")


@pytest.fixture
def base(db: Database) -> Database:
    db.on_touched = None  # a tap of the owner must not move the silence of others
    db.write_now(people)
    refresh_all(db, clock.now())
    return db


class Chat:
    """The owner's chat: he presses what is written on the buttons of the last screen."""

    def __init__(self, db: Database, who: int = OWNER) -> None:
        settings = Settings(_env_file=None, admin_ids=f"{OWNER},{OTHER}", language="ru")  # type: ignore[call-arg]
        self.window = _Two(db, settings)
        self.window.update_id = who * 1000  # updates of one bot have different numbers
        self.who = who
        self.screen: TelegramMethod[Any] | None = None
        self.said = ""

    async def presses(self, label: str) -> str:
        """Press a button by what it says, or by how it begins."""
        shown = buttons(self.screen) if self.screen is not None else {}
        found = [data for said, data in shown.items() if said == label] or [
            data for said, data in shown.items() if said.startswith(label)
        ]
        assert found, (label, list(shown))
        assert all(len(data.encode()) <= 64 for data in shown.values())
        return await self.taps(found[0])

    async def taps(self, data: str) -> str:
        return self._hear(await self.window.taps(data, who=self.who))

    async def writes(self, text: str) -> str:
        return self._hear(await self.window.writes(text, who=self.who))

    def _hear(self, calls: list[TelegramMethod[Any]]) -> str:
        toasts = [call.text for call in calls if isinstance(call, AnswerCallbackQuery) and call.text]
        shown = [call for call in calls if isinstance(call, SendMessage | EditMessageText)]
        if shown and shown[-1].reply_markup is not None:
            self.screen = shown[-1]
        self.said = "\n".join([*map(str, toasts), *(str(call.text) for call in shown[-1:])])
        return self.said


class _Two(Window):
    """A window with two owners and the quizzes of the folder."""

    def __init__(self, db: Database, settings: Settings) -> None:
        super().__init__(db)
        self.settings.admin_ids = settings.admin_ids
        loaded = loader.load_folder(Path("quizzes"))
        self.dispatcher.workflow_data["library"] = loaded


def there(db: Database, name: str) -> set[str]:
    """The names of a segment's members."""

    def read(session: Session) -> set[str]:
        ids = members_at(session, name, clock.now() + timedelta(days=1))
        return set(session.scalars(select(Subscriber.first_name).where(Subscriber.id.in_(ids))))

    return db.read_now(read)


async def test_an_owner_who_knows_no_language_builds_his_segment_with_buttons(base: Database) -> None:
    chat = Chat(base)
    await chat.taps(RuleTap(action="new").pack())
    await chat.presses("🧩 Собрать кнопками")
    assert "Пока пусто" in chat.said
    for path in (
        ("📋 Ответы в квизах", "Кто вы сейчас?", "это…", "Работаю на себя", "✅ Готово: 1"),
        ("👤 О человеке", "город", "это…", "Казань", "✅ Готово: 1"),
        ("💬 Активность", "последняя активность", "больше … дней назад", "14"),
        ("💳 Покупки", "число покупок", "ровно…", "0"),
    ):
        await chat.presses("➕ Условие")
        for label in path:
            await chat.presses(label)
    assert "Сейчас подходят: <b>2</b> человека" in chat.said
    assert "1. ответ на вопрос «Кто вы сейчас?» — «Работаю на себя»" in chat.said
    await chat.presses("👀 Кто это и сохранить")
    assert "Подходят <b>2</b> человека" in chat.said
    assert "Вера, Анна" in chat.said
    assert "◽️ Город: известно у 78\u00a0% людей, остальные сюда не попадут." in chat.said
    assert "◽️ Ответ на вопрос «Кто вы сейчас?»: известно у 78\u00a0% людей" in chat.said
    await chat.presses("✅ Сохранить")
    assert "Как назвать" in chat.said
    await chat.writes("Фрилансеры Казани, молчат")
    assert "создан: 2 человека" in chat.said
    assert "<code>frilansery_kazani_molchat</code>" in chat.said
    assert there(base, "frilansery_kazani_molchat") == {"Анна", "Вера"}
    _, card = await chat.window.taps(SegmentTap(action="card", number=2).pack())
    assert "◽️ Ответ на вопрос «Кто вы сейчас?»: известно у 78\u00a0% людей" in str(card.caption)  # type: ignore[attr-defined]
    made = base.read_now(rules.find, "frilansery_kazani_molchat")
    assert made.rule == (
        "quiz entry.role = freelancer and city = Казань and last_seen more than 14 days ago and purchases = 0"
    )
    assert base.read_now(versions.versions, made.name)[0].author == str(OWNER)


async def test_a_rule_is_typed_seen_named_and_kept_once(base: Database) -> None:
    chat = Chat(base)
    await chat.taps(RuleTap(action="new").pack())
    await chat.presses("⌨️ Написать текстом")
    told = await chat.writes("citty = Казань")
    assert "<b><u>citty</u></b> = Казань" in told
    assert "поля <code>citty</code> нет; может быть, <code>city</code>?" in told
    assert "⌷" in await chat.writes("city = Казань and")
    await chat.writes("city = Казань and tag never and in segment vip")
    assert "город — «Казань» и есть метка «never» и состоит в сегменте «Важные»" in chat.said
    assert "⚠️ метки «never» ещё ни у кого нет" in chat.said
    await chat.presses("✏️ Другой текст")
    await chat.writes("city = Казань")
    assert "Подходят <b>6</b> человек" in chat.said
    assert "Борис &lt;b&gt;" in chat.said
    await chat.presses("✅ Сохранить")
    for wrong, why in (
        ("\u200b\u202e ", "хотя бы одна буква"),
        ("я" * 65, "длинновато"),
        ("важные", "уже есть"),
    ):
        assert why in await chat.writes(wrong)
    await chat.writes("Из \u202eКазани\u200b")
    assert "<b>Из Казани</b> создан: 6 человек" in chat.said
    assert there(base, "iz_kazani") == {"Анна", "Борис <b>", "Вера", "Дмитрий", "Ева", "Жанна"}
    again = await chat.writes("Ещё раз")  # the draft is closed: a text belongs to it no more
    assert again == ""
    assert base.read_now(lambda s: s.scalar(select(func.count()).select_from(Segment))) == 2


async def test_a_title_handled_twice_makes_one_segment(base: Database) -> None:
    chat = Chat(base)
    await chat.taps(RuleTap(action="new").pack())
    await chat.presses("⌨️ Написать текстом")
    await chat.writes("city = Казань")
    await chat.presses("✅ Сохранить")
    await chat.writes("Казань")
    chat.window.update_id -= 1  # killed before the row was done: the same message once more
    assert "создан: 6" in await chat.writes("Казань")
    assert base.read_now(lambda s: s.scalar(select(func.count()).select_from(Segment))) == 2


async def test_a_change_shows_who_enters_and_leaves_and_then_does_exactly_this(base: Database) -> None:
    base.write_now(rules.define, "upper", "in segment vip", ("Верхние", "Upper"), clock.now())
    refresh_all(base, clock.now())
    chat = Chat(base)
    await chat.taps(RuleTap(action="edit", number=1).pack())
    assert "<i>Сейчас сюда попадают:</i> есть метка «vip»" in chat.said
    await chat.presses("⌨️ Написать текстом")
    assert "<code>tag vip</code>" in chat.said
    await chat.writes("city = Москва")
    assert "Было:</i> есть метка «vip»" in chat.said
    assert "Сейчас 1, станет <b>1</b>" in chat.said
    assert "➡️ Войдут 1: Галина" in chat.said
    assert "⬅️ Выйдут 1: Ева" in chat.said
    assert "🔗 На нём стоят сегменты: «Верхние»" in chat.said
    apply = buttons(chat.screen)["✅ Применить"]  # type: ignore[arg-type]
    assert there(base, "vip") == {"Ева"}
    await chat.presses("✅ Применить")
    assert "Вошли 1, вышли 1, сейчас 1" in chat.said
    assert there(base, "vip") == {"Галина"}
    assert await chat.taps(apply) == "Готово"
    assert len(base.read_now(versions.versions, "vip")) == 2


async def test_who_was_moved_by_the_refresh_of_the_tick_is_told_as_well(
    base: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def after_the_tick(db: Database, now: datetime) -> None:
        refresh_all(db, now)
        refresh_all(db, now)

    monkeypatch.setattr(rules_window, "refresh_all", after_the_tick)
    chat = Chat(base)
    await chat.taps(RuleTap(action="edit", number=1).pack())
    await chat.presses("⌨️ Написать текстом")
    await chat.writes("city = Москва")
    assert "Вошли 1, вышли 1, сейчас 1" in await chat.presses("✅ Применить")


async def test_two_owners_change_one_rule_and_the_later_looks_again(base: Database) -> None:
    first, second = Chat(base), Chat(base, OTHER)
    for chat, rule in ((first, "city = Казань"), (second, "city = Москва")):
        await chat.taps(RuleTap(action="edit", number=1).pack())
        await chat.presses("⌨️ Написать текстом")
        await chat.writes(rule)
    await first.presses("✅ Применить")
    await second.presses("✅ Применить")
    assert "Пока вы смотрели, правило изменили" in second.said
    assert "Сейчас 6, станет <b>1</b>" in second.said
    assert base.read_now(rules.find, "vip").rule == "city = Казань"
    await second.presses("✅ Применить")
    assert there(base, "vip") == {"Галина"}
    base.write_now(subscribers.meet, subscribers.Sender(OWNER, "Ольга <b>"), clock.now())
    await second.taps(RuleTap(action="versions", number=1).pack())
    assert second.said.index("<b>3.</b>") < second.said.index("<b>1.</b>")
    assert "— вы" in second.said
    assert "— Ольга &lt;b&gt;" in second.said


async def test_an_own_segment_is_deleted_after_a_question_unless_it_is_needed(base: Database) -> None:
    made = base.write_now(rules.define, "upper", "in segment vip", ("Верхние", "Upper"), clock.now())
    chat = Chat(base)
    told = await chat.taps(RuleTap(action="delete", number=1).pack())
    assert "пока нельзя" in told
    assert "• сегмент «Верхние»" in told
    assert "🗑 Удалить" in buttons((await chat.window.taps(SegmentTap(action="card", number=1).pack()))[-1])
    asked = await chat.taps(RuleTap(action="delete", number=made.number).pack())
    assert "Удалить <b>Верхние</b> насовсем?" in asked
    assert base.read_now(rules.find, "upper").enabled
    assert "удалён" in await chat.presses("Да, удалить")
    for action in ("gone", "delete", "versions", "edit", "on", "title"):
        assert "больше нет" in await chat.taps(RuleTap(action=action, number=made.number).pack()), action
    assert "насовсем?" in await chat.taps(RuleTap(action="delete", number=1).pack())
    await chat.presses("Да, удалить")
    assert base.read_now(rules.all_segments, disabled=True) == ()
    assert base.read_now(lambda s: s.scalar(select(func.count()).where(Membership.left_at.is_(None)))) == 0


async def test_a_draft_of_another_owner_is_nobodys_business(base: Database) -> None:
    first, second = Chat(base), Chat(base, OTHER)
    await first.taps(RuleTap(action="edit", number=1).pack())
    stolen = buttons(first.screen)["✖️ Отмена"]  # type: ignore[arg-type]
    assert "уже закрыт" in await second.taps(stolen)
    assert "ничего не изменилось" in await first.taps(stolen)


async def test_an_older_rule_is_looked_at_and_returned_to(base: Database) -> None:
    now = clock.now()
    found = base.read_now(propose, "vip", "city = Казань", now)
    base.write_now(accept, "vip", found.rule, found.version, None, "cli", now)
    refresh_all(base, now)
    chat = Chat(base)
    await chat.taps(RuleTap(action="versions", number=1).pack())
    assert "— из командной строки" in chat.said
    await chat.presses("Правило 2")
    assert "↩️ Вернуть это правило" not in buttons(chat.screen)  # type: ignore[arg-type]
    await chat.presses("← Назад")
    await chat.presses("Правило 1")
    await chat.presses("↩️ Вернуть это правило")
    assert "Станет:</i> есть метка «vip»" in chat.said
    await chat.presses("✅ Применить")
    assert there(base, "vip") == {"Ева"}
    assert [one.rule for one in base.read_now(versions.versions, "vip")] == [
        "tag vip", "city = Казань", "tag vip",
    ]  # fmt: skip


async def test_a_second_tap_and_an_old_screen_change_nothing(base: Database) -> None:
    chat = Chat(base)
    await chat.taps(RuleTap(action="edit", number=1).pack())
    await chat.presses("🧩 Собрать кнопками")
    await chat.presses("✏️ 1")
    negate = buttons(chat.screen)["🔁 Наоборот"]  # type: ignore[arg-type]
    await chat.taps(negate)
    assert "нет метки «vip»" in chat.said
    assert "устарела" in await chat.taps(negate)
    assert "нет метки «vip»" in chat.said
    forged = DraftTap(action="family", draft=1, revision=99, pick=3).pack()
    assert "устарела" in await chat.taps(forged)
    current = base.read_now(lambda s: s.get_one(SegmentDraft, 1).revision)
    for action, pick in (("value", 5), ("launch", 0), ("line", 77)):
        tap = DraftTap(action=action, draft=1, revision=current, pick=pick).pack()
        assert "устарела" in await chat.taps(tap)
    assert "уже закрыт" in await chat.taps(DraftTap(action="add", draft=9**9, revision=0).pack())


async def test_a_deeper_line_is_shown_as_its_sentence_and_edited_as_text(base: Database) -> None:
    base.write_now(
        rules.define, "deep", "(tag vip or city = Казань) and purchases = 0", ("Сложный", "Deep"), clock.now()
    )
    chat = Chat(base)
    await chat.taps(RuleTap(action="edit", number=2).pack())
    await chat.presses("🧩 Собрать кнопками")
    assert "1. есть метка «vip» или город — «Казань»" in chat.said
    await chat.presses("👀 Кто это и сохранить")
    assert "менять нечего" in chat.said
    await chat.presses("🧩 Кнопками")
    await chat.presses("✏️ 1")
    await chat.presses("✏️ Изменить")
    assert "<code>tag vip or city = Казань</code>" in chat.said
    assert "<b><u>citi</u></b>" in await chat.writes("tag vip or citi = 1")
    await chat.writes("tag vip or city = Москва")
    assert "Сейчас подходит: <b>1</b> человек" in chat.said


async def test_an_own_segment_is_switched_off_and_on_and_keeps_its_history(base: Database) -> None:
    now = clock.now()
    base.write_now(rules.define, "upper", "in segment vip", ("Верхние", "Upper"), now)
    chat = Chat(base)
    await chat.taps(RuleTap(action="off", number=1).pack())
    assert "стоит сегмент «Верхние»" in await chat.presses("Да, выключить")
    base.write_now(rules.switch, "upper", False, now)
    await chat.presses("Да, выключить")
    assert "выключен, сейчас в нём 0" in chat.said
    assert base.read_now(members_at, "vip", now) != ()
    assert "больше нет" in await chat.taps(RuleTap(action="edit", number=1).pack())
    await chat.taps(RuleTap(action="new").pack())
    await chat.presses("✅ Включить «Важные»")
    assert "снова работает: 1 человек" in chat.said
    assert "больше нет" in await chat.taps(RuleTap(action="off", number=99).pack())


def test_the_wrong_word_is_seen_on_a_phone() -> None:
    long = "purchases = 0 and " * 9 + "citty = 1 and " + "tag vip and " * 9 + "tag a"
    with pytest.raises(RuleError) as caught:
        parse(long, known=replace(_known(), attributes=frozenset()))
    shown = marked(long, caught.value.line, caught.value.column)
    assert "<b><u>citty</u></b> = 1" in shown
    assert shown.startswith("…")
    assert len(shown) < 160
    assert marked("tag a\nand <b>", 2, 5) == "…and <b><u>&lt;</u></b>b&gt;"


def _known() -> Any:
    from core.segments.catalogue import Known

    return Known()


@pytest.mark.parametrize(
    "rule",
    [
        "purchases", "purchases = много", "status = спит", "city = Нижний Новгород", "last_seen = 5",
        "unanswered >= 99999999999999999999999999", "joined >= 2026-02-30", "spent = 1.234", "source > 5",
        "event x at least 0 times", "event x within 3 hours", "spent more than 0 within 3 days", "tag",
        "birthday within 3 days", "quiz a.b = 2026-01-01", "city within next 999999 days", 'city = "x',
        "city in (" + ", ".join(map(str, range(201))) + ")", "not " * 25 + "tag a", "tag a and " * 500,
        "age = 200", "in segment nowhere", "and", "event segment_entered", "unanswered more than 3 days ago",
    ],
)  # fmt: skip
def test_every_mistake_is_told_in_russian(rule: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse(rule, _known())
    assert re.search("[а-я]", problem(caught.value.problem, "ru").split("; здесь подойдёт:")[0])


def test_every_screen_of_a_draft_fits_a_button(base: Database) -> None:
    draft = Draft(
        2**63 - 1, OWNER, 1, "vip", ("Важные", "VIP"), 1, "open", "sheet", "tag vip", False, {}, 2**31
    )
    from bot.admin.rule_views import act

    data = act(Texts()["ru"], draft, "preview", "rule-button-look", 10**6).callback_data
    assert len((data or "").encode()) <= 64
