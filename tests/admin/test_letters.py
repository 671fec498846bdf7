"""Letters of every kind, taken from the owner's own message."""

from __future__ import annotations

from typing import Any

import pytest
from aiogram.methods import (
    AnswerCallbackQuery,
    SendAnimation,
    SendAudio,
    SendDocument,
    SendMessage,
    SendPhoto,
    SendPoll,
    SendVideo,
    SendVideoNote,
    SendVoice,
    TelegramMethod,
)
from sqlalchemy.orm import Session

from bot.admin import drafts
from core import clock
from core.db import Database
from core.mailing.models import Content
from core.people import subscribers
from core.quizzes.models import Answer
from tests.admin.test_windows import _uploads_here as _uploads_here
from tests.admin.test_windows import people as people
from tests.admin.windows import Window, buttons

FILE = {"file_id": "F", "file_unique_id": "u"}
CAPTION: dict[str, Any] = {
    "caption": "Вот он, {{ first_name }}",
    "caption_entities": [{"type": "bold", "offset": 0, "length": 6}],
}
SIZE = FILE | {"width": 9, "height": 9}
STICKER = SIZE | {"is_animated": False, "is_video": False, "type": "regular"}
GIF = FILE | {"width": 1, "height": 1, "duration": 1}
POLL: dict[str, Any] = {
    "id": "1", "question": "Идёте, {{ first_name }}?", "total_voter_count": 0, "is_closed": False,
    "is_anonymous": True, "type": "regular", "allows_multiple_answers": False, "allows_revoting": True,
    "members_only": False,
}  # fmt: skip
SENT: list[tuple[str, dict[str, Any], type[TelegramMethod[Any]]]] = [
    ("photo", {"photo": [SIZE | {"file_id": "small"}, SIZE]}, SendPhoto),
    ("video", {"video": GIF}, SendVideo),
    ("animation", {"animation": GIF, "document": FILE}, SendAnimation),
    ("voice", {"voice": FILE | {"duration": 3}}, SendVoice),
    ("audio", {"audio": FILE | {"duration": 3}}, SendAudio),
    ("document", {"document": FILE | {"file_name": "Прайс.pdf"}}, SendDocument),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "fields", "method"), SENT)
async def test_a_letter_of_any_kind_is_taken_and_shown_as_a_person_sees_it(
    base: Database, kind: str, fields: dict[str, Any], method: type[TelegramMethod[Any]]
) -> None:
    window = Window(base)
    await window.taps("as:write:1")
    sample, count = await window.writes("", **fields, **CAPTION)

    assert isinstance(sample, method)
    assert (getattr(sample, kind), getattr(sample, "caption", None)) == ("F", "<b>Вот он</b>, Анна")
    assert "✅ Отправить: 2" in buttons(count)
    stored = base.read_now(lambda session: session.get_one(Content, 1))
    assert (stored.kind, stored.file_id, stored.text) == (kind, "F", "<b>Вот он</b>, {{ first_name }}")


async def test_a_round_video_needs_no_words(base: Database) -> None:
    window = Window(base)
    await window.taps("as:write:1")
    sample, _ = await window.writes("", video_note=FILE | {"length": 240, "duration": 3})

    assert isinstance(sample, SendVideoNote)
    assert sample.video_note == "F"


async def test_a_poll_is_asked_by_name_even_where_the_owner_drew_an_anonymous_one(base: Database) -> None:
    window = Window(base)
    await window.taps("as:write:1")
    options = [{"persistent_id": text, "text": text, "voter_count": 0} for text in ("Да", "Нет")]
    sample, count = await window.writes("", poll=POLL | {"options": options})

    assert isinstance(sample, SendPoll)
    assert (sample.question, sample.is_anonymous) == ("Идёте, Анна?", False)
    assert [str(getattr(option, "text", "")) for option in sample.options] == ["Да", "Нет"]
    assert list(buttons(sample)) == ["Больше не присылать"]
    assert "✅ Отправить: 2" in buttons(count)


async def test_a_quiz_of_telegrams_own_is_no_letter(base: Database) -> None:
    window = Window(base)
    await window.taps("as:write:1")
    (answer,) = await window.writes("", poll=POLL | {"options": [], "type": "quiz"})
    assert "письмом быть не может" in answer.text  # type: ignore[attr-defined]


async def test_the_last_lines_become_buttons_and_a_quiz_comes_below_them(base: Database) -> None:
    window = Window(base)
    await window.taps("as:write:1")
    sample, _ = await window.writes(
        "Ждём\n[Цены | https://a.b/?x=1&y=2] [Где мы | https://a.b]\n[Чат | tg://a]"
    )

    assert isinstance(sample, SendMessage)
    assert (sample.text, list(buttons(sample))) == ("Ждём", ["Цены", "Где мы", "Чат", "Больше не присылать"])
    rows = base.read_now(lambda session: session.get_one(Content, 1).buttons)
    assert rows[0][0] == {"text": "Цены", "url": "https://a.b/?x=1&y=2"}
    assert [len(row) for row in rows] == [2, 1]
    put = base.write_now(drafts.put_button, 1, 1, "Ответить", "quiz.nps")
    assert base.write_now(drafts.put_button, 1, 1, "Ответить", "quiz.nps") == put
    fresh = base.read_now(lambda session: session.get_one(Content, put).buttons)
    assert fresh == [*rows, [{"text": "Ответить", "action": "quiz.nps"}]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("а\n[Дальше]\n" + "ж" * 4096, "В тексте 4099 знаков"),
        ("а\n[Дальше]\n{{ first_name", "личная часть не закрыта"),
    ],
)
async def test_the_rest_of_a_letter_is_checked_with_it(base: Database, text: str, said: str) -> None:
    window = Window(base)
    await window.taps("as:write:1")
    (answer,) = await window.writes(text)
    assert said in answer.text  # type: ignore[attr-defined]


async def test_thumbs_are_put_under_a_letter_and_taken_away_again(base: Database) -> None:
    window = Window(base)
    await window.taps("as:write:1")
    count = (await window.writes("Как вам?"))[-1]
    tap = buttons(count)["👍 👎 под письмом"]
    shown = [await window.taps(tap), await window.taps(tap)]
    assert [list(buttons(one[1])) for one in shown] == [["👍", "👎", "Больше не присылать"]] * 2, (
        "tapped twice"
    )
    sample = (await window.taps(buttons(shown[0][-1])["👍 👎 под письмом"]))[1]
    assert list(buttons(sample)) == ["Больше не присылать"]


async def test_a_letter_is_shown_as_people_with_different_answers_get_it(base: Database) -> None:
    base.write_now(answers)
    window = Window(base)
    await window.taps("as:write:1")
    await window.writes("{{ first_name }}: {{ quiz.entry.role | default: 'никто' }}")
    choice = (await window.taps("al:as:1:1"))[-1]
    assert list(buttons(choice)) == ["Анна · Владелец", "Яна · Наёмный", "Борис <b> · Владелец"]
    (_, sample) = await window.taps(buttons(choice)["Яна · Наёмный"])
    assert sample.text == "Яна: Наёмный"  # type: ignore[attr-defined]
    base.write_now(subscribers.opt_out, 5, clock.now(), "gone")
    (answer,) = await window.taps(buttons(choice)["Яна · Наёмный"])
    assert isinstance(answer, AnswerCallbackQuery)


def answers(session: Session) -> None:
    now = clock.now()
    subscribers.meet(session, subscribers.Sender(5, "Яна"), now).advertising_consent_at = now
    for who, role in ((1, "Владелец"), (2, "Владелец"), (5, "Наёмный")):
        fields = {"quiz": "entry", "question": "role", "folded": role.lower(), "text": role}
        session.add(Answer(subscriber_id=who, answered_at=now, **fields))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"sticker": STICKER}, "письмом быть не может"),
        ({"photo": [SIZE], "caption": "ж" * 1025}, "В подписи 1025 знаков, а Telegram"),
        ({"text": "ж" * 4097}, "В тексте 4097 знаков, а Telegram принимает 4096"),
        ({"text": "{{ first_name }}"}, "пустое у того, кто не назвал имени"),
    ],
)  # fmt: skip
async def test_what_cannot_be_sent_is_told_in_a_sentence_and_the_draft_waits_on(
    base: Database, fields: dict[str, Any], said: str
) -> None:
    window = Window(base)
    await window.taps("as:write:1")
    (answer,) = await window.writes(**{"text": "", **fields})
    assert said in answer.text  # type: ignore[attr-defined]
    assert len(await window.writes("Привет")) == 2


async def test_a_table_sent_meanwhile_is_no_letter(base: Database) -> None:
    window = Window(base, file=b"customer_id,timestamp,amount\n1,2026-01-01,10\n")
    await window.taps("as:write:1")
    await window.writes("", document=FILE | {"file_name": "orders.csv", "mime_type": "text/csv"})

    assert base.read_now(lambda session: session.get(Content, 1)) is None
