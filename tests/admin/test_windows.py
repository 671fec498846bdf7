"""The owner's windows: segments, a letter to one of them, a file of purchases."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramNetworkError
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendDocument, SendMessage, SendPhoto
from aiohttp import ClientPayloadError, ClientResponseError, RequestInfo
from multidict import CIMultiDict, CIMultiDictProxy
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from yarl import URL

from bot.admin import imports
from core import clock
from core.db import Database
from core.mailing import attempts, campaigns, lease, ledger
from core.mailing.messenger import Ambiguous
from core.mailing.models import Campaign, Delivery
from core.people import subscribers
from core.people.models import Subscriber
from core.sales.models import Purchase
from core.segments import rules
from tests.admin.windows import OWNER, STRANGER, Window, buttons

NAMES = ("Анна", "Борис <b>", "Вера", "Галина")


@pytest.fixture(autouse=True)
def _uploads_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "FOLDER", tmp_path / "imports")


def people(session: Session) -> None:
    now = clock.now()
    rules.define(session, "everyone", "letters >= 0", ("Все люди", "Everyone"), now)
    for number, name in enumerate(NAMES, 1):
        person = subscribers.meet(session, subscribers.Sender(number, name), now)
        person.advertising_consent_at = now if name != "Вера" else None
    subscribers.opt_out(session, 4, now, "k")


async def test_segments_are_shown_with_a_picture_and_a_list(base: Database) -> None:
    photo, text = await Window(base).writes("/segments")
    assert isinstance(photo, SendPhoto)
    assert isinstance(text, SendMessage)
    assert "<b>В базе 4 человека</b>" in text.text
    assert "<b>Ваши сегменты</b>: Все люди 4" in text.text
    assert next(iter(buttons(text))) == "Ваши сегменты · 1"
    assert list(buttons(text))[-1] == "🔻 Воронка"
    *_, family = await Window(base).taps(buttons(text)["Ваши сегменты · 1"])
    assert isinstance(family, EditMessageText)
    assert "Все люди — <b>4</b>, 100\u00a0%" in family.text
    assert list(buttons(family)) == ["Все люди · 4", "← Все сегменты"]


async def test_a_stranger_meets_nothing_of_the_owners_windows(base: Database) -> None:
    window = Window(base)
    assert await window.writes("/segments", who=STRANGER) == []
    assert await window.taps("as:card:1", who=STRANGER) == []
    assert await window.writes("", who=STRANGER, document={"file_id": "f", "file_unique_id": "f"}) == []


async def test_the_card_tells_the_rule_and_people_and_gives_the_table(base: Database) -> None:
    window = Window(base)
    _, card = await window.taps("as:card:1")
    assert isinstance(card, SendPhoto)
    assert "<b>Все люди</b> — 4 человека" in str(card.caption)
    assert "Борис &lt;b&gt;" in str(card.caption)
    _, table = await window.taps(buttons(card)["⬇️ Скачать CSV"])
    assert isinstance(table, SendDocument)
    assert table.caption == "«Все люди»: 4 человека. Число строк сверено с базой."
    assert len(window.session.documents[0].decode("utf-8-sig").splitlines()) == 5


async def test_an_old_button_of_a_vanished_segment_says_so(base: Database) -> None:
    for action in ("card", "csv", "write"):
        (answer,) = await Window(base).taps(f"as:{action}:999")
        assert isinstance(answer, AnswerCallbackQuery)
        assert "больше нет" in str(answer.text)


async def test_a_letter_is_written_seen_counted_and_launched_once(base: Database) -> None:
    window = Window(base)
    _, ask = await window.taps("as:write:1")
    assert "Пишем сегменту <b>Все люди</b>" in ask.text  # type: ignore[attr-defined]
    sample, count = await window.writes("Привет, {{ first_name | default: «друг» }}! 1 < 2")
    assert isinstance(sample, SendMessage)
    assert sample.text == "Привет, Анна! 1 &lt; 2"
    assert list(buttons(sample)) == ["Больше не присылать"]
    assert isinstance(count, SendMessage)
    assert "4 − 1 без согласия на рекламу − 1 отписался = <b>2</b>" in count.text
    send = buttons(count)["✅ Отправить: 2"]
    shown = await window.taps(send, message_id=77)
    assert [type(call) for call in shown] == [AnswerCallbackQuery, EditMessageText, EditMessageText]
    assert "Всего в рассылке: 4" in shown[-1].text  # type: ignore[attr-defined]
    again = await window.taps(send, message_id=77)
    assert isinstance(again[-1], EditMessageText)
    assert base.read_now(lambda s: s.scalar(select(func.count()).select_from(Campaign))) == 1
    status = base.read_now(campaigns.status, 1)
    assert (status.state, status.totals.audience, status.totals.pending) == ("running", 4, 2)
    assert (status.progress_chat_id, status.progress_message_id) == (OWNER, 77)


async def test_how_a_letter_leaves_is_shown_and_chosen_before_it_does(base: Database) -> None:
    window = Window(base)
    await window.taps("as:write:1")
    count = (await window.writes("Привет"))[-1]
    assert "👥 Список живой" in count.text  # type: ignore[attr-defined]
    assert "🌙 В тихие часы человека ждём его утра" in count.text  # type: ignore[attr-defined]
    menu = (await window.taps(buttons(count)["⚙️ Список, время, звук"]))[-1]
    freeze = buttons(menu)["👥 Список: живой"]
    for tap in (freeze, freeze, buttons(menu)["🌙 Ночью: ждать утра"], buttons(menu)["🔔 Днём: со звуком"]):
        menu = (await window.taps(tap))[-1]  # the same tap may come twice
    assert list(buttons(menu))[:3] == ["📌 Список: закреплён", "🌙 Ночью: без звука", "🔕 Днём: без звука"]
    for label in ("🕐 Когда: сейчас", "🕛 Когда: в 12:00 у каждого", "⭐ Когда: в лучший час"):
        menu = (await window.taps(buttons(menu)[label]))[-1]
    menu = (await window.taps(buttons(menu)["🕐 Когда: сейчас"]))[-1]
    shown = (await window.taps(buttons(menu)["‹ Готово"]))[-1]
    assert "Первое письмо — " in shown.text  # type: ignore[attr-defined]
    assert "🕛 Придёт в 12:00 по часам каждого" in shown.text  # type: ignore[attr-defined]
    await window.taps(buttons(menu)["🕛 Когда: в 12:00 у каждого"])
    await window.taps("alc:now:1:1")
    assert "📌 Список закреплён" in shown.text  # type: ignore[attr-defined]
    await window.taps(buttons(shown)["✅ Отправить: 2"])
    row = base.read_now(lambda s: s.get_one(Campaign, 1))
    assert (row.state, row.is_live, row.is_silent, row.night) == ("running", False, True, "silent")
    old = await window.taps(buttons(menu)["🌙 Ночью: без звука"])
    assert old[0].show_alert  # type: ignore[attr-defined]


async def test_a_button_of_a_text_that_was_changed_sends_nothing(base: Database) -> None:
    window = Window(base)
    await window.taps("as:write:1")
    old = (await window.writes("Первый текст"))[-1]
    await window.taps(buttons(old)["✏️ Другой текст"])
    assert (await window.taps(buttons(old)["✅ Отправить: 2"]))[0].show_alert  # type: ignore[attr-defined]
    new = (await window.writes("Второй текст"))[-1]
    assert (await window.taps(buttons(old)["✅ Отправить: 2"]))[0].show_alert  # type: ignore[attr-defined]
    assert base.read_now(campaigns.status_of, 1) == "draft"
    await window.taps(buttons(new)["✅ Отправить: 2"])
    assert base.read_now(campaigns.status_of, 1) == "running"


async def test_a_broken_text_is_explained_and_the_draft_still_waits(base: Database) -> None:
    window = Window(base)
    await window.taps("as:write:1")
    (told,) = await window.writes("Привет, {{ first_name")
    assert "Так отправить не получится" in told.text  # type: ignore[attr-defined]
    assert len(await window.writes("Привет")) == 2


async def test_without_a_draft_the_owners_text_is_not_taken(base: Database) -> None:
    window = Window(base)
    assert await window.writes("просто текст") == []
    _, ask = await window.taps("as:write:1")
    await window.taps(buttons(ask)["✖️ Отмена"])
    assert await window.writes("просто текст") == []
    assert base.read_now(campaigns.status_of, 1) == "cancelled"


async def test_a_running_campaign_is_paused_resumed_and_stopped_on_the_second_word(base: Database) -> None:
    window = Window(base)
    await window.taps("as:write:1")
    count = (await window.writes("Привет"))[-1]
    shown = (await window.taps(buttons(count)["✅ Отправить: 2"]))[-1]
    shown = (await window.taps(buttons(shown)["⏸ Пауза"]))[-1]
    assert base.read_now(campaigns.status_of, 1) == "paused"
    shown = (await window.taps(buttons(shown)["▶️ Продолжить"]))[-1]
    assert base.read_now(campaigns.status_of, 1) == "running"
    shown = (await window.taps(buttons(shown)["⏹ Остановить"]))[-1]
    assert base.read_now(campaigns.status_of, 1) == "running"
    shown = (await window.taps(buttons(shown)["Да, остановить совсем"]))[-1]
    assert "рассылка остановлена" in shown.text  # type: ignore[attr-defined]
    assert base.read_now(campaigns.status, 1).totals.pending == 0


def all_unknown(session: Session, campaign_id: int) -> None:
    """Let the connection break after every letter of a campaign."""
    lease.take(session, ledger.LEASE, "me", None)
    rows = select(Delivery.id).where(Delivery.campaign_id == campaign_id, Delivery.state == "planned")
    ids = list(session.scalars(rows))
    attempts.start_attempts(session, ids, 1, clock.now())
    lost = [attempts.Result(one, number, Ambiguous("reset")) for number, one in enumerate(ids, 1)]
    attempts.record_outcomes(session, lost, clock.now())


async def sent_into_the_unknown(window: Window, base: Database) -> None:
    await window.taps("as:write:1")
    count = (await window.writes("Привет"))[-1]
    await window.taps(buttons(count)["✅ Отправить: 2"])
    base.write_now(all_unknown, 1)


AGAIN = "↻ Отправить ещё раз тем, о ком неизвестно: 2"


async def test_those_of_whom_nothing_is_known_are_written_to_again_on_the_owners_second_word(
    base: Database,
) -> None:
    window = Window(base)
    await sent_into_the_unknown(window, base)
    running = (await window.taps("al:look:1:0"))[-1]
    assert AGAIN not in buttons(running), "it may still be known"
    assert base.write_now(campaigns.finish, 1, clock.now())
    shown = (await window.taps("al:look:1:0"))[-1]
    assert list(buttons(shown)) == [AGAIN, "Оставить"]
    asked = (await window.taps(buttons(shown)[AGAIN]))[-1]
    assert "письмо дважды" in asked.text  # type: ignore[attr-defined]
    assert base.read_now(campaigns.status_of, 1) == "finished"
    yes = buttons(asked)["Да, отправить ещё раз: 2"]
    for _ in range(2):
        shown = (await window.taps(yes))[-1]
        assert "отправлено повторно — 2" in shown.text  # type: ignore[attr-defined]
        status = base.read_now(campaigns.status, 1)
        assert (status.state, status.totals.unknown, status.totals.resent) == ("running", 2, 2)
    base.write_now(all_unknown, 1)
    assert base.write_now(campaigns.finish, 1, clock.now())
    assert (await window.taps("al:look:1:0"))[-1].reply_markup is None  # type: ignore[attr-defined]


async def test_the_unknown_are_left_as_they_are_when_the_owner_says_so(base: Database) -> None:
    window = Window(base)
    await sent_into_the_unknown(window, base)
    assert base.write_now(campaigns.finish, 1, clock.now())
    shown = (await window.taps("al:look:1:0"))[-1]
    left = (await window.taps(buttons(shown)["Оставить"]))[-1]
    assert "неизвестно, дошло ли — 2" in left.text  # type: ignore[attr-defined]
    assert left.reply_markup is None  # type: ignore[attr-defined]
    assert base.read_now(campaigns.status, 1).totals.resent == 0


async def test_a_paused_campaign_says_that_sending_again_goes_on_with_the_rest(base: Database) -> None:
    window = Window(base)
    await sent_into_the_unknown(window, base)
    shown = (await window.taps("al:pause:1:0"))[-1]
    asked = (await window.taps(buttons(shown)[AGAIN]))[-1]
    assert "Рассылка при этом продолжится" in asked.text  # type: ignore[attr-defined]
    back = (await window.taps(buttons(asked)["← Нет"]))[-1]
    assert {AGAIN, "▶️ Продолжить"} <= set(buttons(back))


FILE = (
    "клиент;дата;сумма\n17850;01.12.2025;100,50\n17851;02.12.2025;-5\n"
    "17852;02.12.2025;пять\n17850;03.12.2025;200\n"
)
DOCUMENT = {"file_id": "f", "file_unique_id": "f", "file_name": "заказы <2025>.csv", "file_size": len(FILE)}


async def test_a_file_is_shown_first_and_loaded_on_the_owners_word(base: Database, tmp_path: Path) -> None:
    window = Window(base, file=FILE.encode("cp1251"))
    shown = (await window.writes("", document=DOCUMENT))[-1]
    assert isinstance(shown, SendMessage)
    assert "Будет добавлено: 2" in shown.text
    assert "Возвраты: 1" in shown.text
    assert "сумма не число" in shown.text
    assert base.read_now(lambda s: s.scalar(select(func.count()).select_from(Purchase))) == 0
    euro = (await window.taps(buttons(shown)["EUR"]))[-1]
    assert "Покупок не в RUB: 2" in euro.text  # type: ignore[attr-defined]
    load = buttons(shown)["✅ Загрузить: 3"]
    calls = await window.taps(load)
    report, refused = calls[-2:]
    assert isinstance(report, EditMessageText)
    assert "Добавлено: 2" in report.text
    assert isinstance(refused, SendDocument)
    assert "17852;02.12.2025;пять" in window.session.documents[0].decode("utf-8-sig")
    (gone,) = await window.taps(load)
    assert "Этого файла у меня уже нет" in str(gone.text)  # type: ignore[attr-defined]
    assert base.read_now(lambda s: s.scalar(select(func.count()).select_from(Purchase))) == 3
    assert (
        base.read_now(lambda s: s.scalar(select(Subscriber.status).where(Subscriber.external_id == "17850")))
        == "known"
    )
    assert list((tmp_path / "imports").iterdir()) == []


@pytest.mark.parametrize("breaks", [TimeoutError(), ClientPayloadError("cut"), ConnectionResetError("reset")])
async def test_a_file_cut_on_its_way_is_fetched_again_and_never_shown_in_part(
    base: Database, breaks: Exception
) -> None:
    window = Window(base, file=FILE.encode())
    window.session.breaks = breaks
    with pytest.raises(TelegramNetworkError, match=type(breaks).__name__):
        await window.writes("", document=DOCUMENT)
    (part,) = imports.FOLDER.iterdir()
    assert part.suffix == ".part"
    assert "Этого файла у меня уже нет" in (await window.taps("ai:go:u1:-"))[0].text  # type: ignore[attr-defined]
    window.session.breaks = None
    window.update_id -= 2  # the inbox hands the same update again
    shown = (await window.writes("", document=DOCUMENT))[-1]
    assert "Будет добавлено: 2" in shown.text  # type: ignore[attr-defined]
    assert [file.suffix for file in imports.FOLDER.iterdir()] == [".csv"]


@pytest.mark.parametrize(("status", "kind"), [(404, TelegramBadRequest), (502, TelegramNetworkError)])
async def test_a_refused_file_is_asked_for_again_only_if_that_may_help_and_the_token_is_not_told(
    base: Database, status: int, kind: type[TelegramAPIError]
) -> None:
    window = Window(base, file=FILE.encode())
    address = URL("https://api.telegram.org/file/bot1:AAAAA/documents/f.csv")
    request = RequestInfo(address, "GET", CIMultiDictProxy(CIMultiDict()), address)
    window.session.breaks = ClientResponseError(request, (), status=status)
    with pytest.raises(kind) as caught:
        await window.writes("", document=DOCUMENT)
    assert str(status) in str(caught.value)
    assert "AAAAA" not in str(caught.value)


@pytest.mark.parametrize(
    ("document", "content", "words"),
    [
        ({**DOCUMENT, "file_name": "кот.png"}, b"", "Понимаю таблицы покупок"),
        ({**DOCUMENT, "file_size": 30_000_000}, b"", "больше 20 МБ"),
        (DOCUMENT, b"a;b;c\n1;2;3\n", "нет колонки с покупателем"),
        (DOCUMENT, b"", "Файл пуст"),
        (DOCUMENT, b"PK\x03\x04", "не текстовая таблица"),
    ],
)
async def test_a_file_that_is_no_table_is_answered_in_a_sentence(
    base: Database, document: dict[str, object], content: bytes, words: str
) -> None:
    calls = await Window(base, file=content).writes("", document=document)
    assert words in calls[-1].text  # type: ignore[attr-defined]


async def test_a_forged_key_reaches_no_file(base: Database) -> None:
    for key in ("..", "u1/../../etc", "*", "u"):
        (answer,) = await Window(base).taps(f"ai:go:{key}:-")
        assert "Этого файла у меня уже нет" in str(answer.text)  # type: ignore[attr-defined]
