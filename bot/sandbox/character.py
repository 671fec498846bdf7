"""How the people of a population read and decide: words they look for, names, cities, temper.

They know no callback data: they look at what a button says and what the message above it says, as people do.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# What people recognise, in Russian and English. Tune these when the bot changes its words.
WORDS = {
    "asks_ads": "реклам|рассыл|новост|предложени|акци|advert|newsletter|offers|news",
    "asks_consent": "соглас|персональн|обработк|хранить|данны[ех]|consent|personal data|privacy|store your",
    "asks_city": "город|откуда вы|где вы жив|city|where .* live",
    "asks_name": "как вас зовут|ваше имя|как к вам обращаться|your name|call you",
    "asks_email": "почт|e-?mail",
    "asks_phone": "телефон|номер|phone|number",
    "asks_birthday": "дат[ау] рожд|день рождения|когда .*родил|birthday|date of birth",
    "asks_number": "сколько|how many|how much|how old|возраст",
    "question": r"\?|напишите|введите|укажите|ответьте|расскажите|write|enter|type|tell",
    "yes": r"соглас|приним|разреш|✅|^\W*да\b|хорошо|можно|хочу|\bagree|accept|allow|^\W*(yes|ok)\b|sure",
    "no": r"^\W*нет\b|не соглас|отказ|не хочу|без реклам|не нужно|❌|^\W*no\b|decline|refuse|without",
    "done": r"^\W*(готово|завершить|дальше|далее|done|finish|next)\b",
    "skip": "пропуст|не сейчас|позже|skip|later|not now",
    "avoid": "назад|отмен|заново|удалить|отпис|настройк|политик|язык|стоп|back|cancel|restart|delete|unsub"
    r"|settings|privacy|policy|language|forget|\bstop",
    "confirm_file": r"загруз|импорт|подтверд|применить|сохран|^\W*да\b|import|confirm|apply|load|save",
}
WRITES = 0.75  # how often a question that may be skipped is answered in writing
SEEN = {name: re.compile(words, re.IGNORECASE) for name, words in WORDS.items()}
MEN = [
    "Александр",
    "Дмитрий",
    "Максим",
    "Сергей",
    "Андрей",
    "Алексей",
    "Артём",
    "Илья",
    "Кирилл",
    "Михаил",
    "Никита",
    "Роман",
    "Егор",
    "Иван",
]
WOMEN = [
    "Анна",
    "Мария",
    "Елена",
    "Дарья",
    "Алина",
    "Ирина",
    "Екатерина",
    "Ольга",
    "Наталья",
    "Светлана",
    "Татьяна",
    "Юлия",
    "Полина",
    "Вера",
]
OTHERS = [
    "John",
    "Emma",
    "Oliver",
    "Sofia",
    "Lucas",
    "Mia",
    "Айгуль",
    "Тимур",
    "Nurlan",
    "Zarina",
    "Marek",
    "Ana",
]
SURNAMES = [
    "Смирнов",
    "Иванов",
    "Кузнецов",
    "Соколов",
    "Попов",
    "Лебедев",
    "Козлов",
    "Новиков",
    "Морозов",
    "Петров",
    "Волков",
]
CITIES = [
    "Москва",
    "Москва",
    "Москва",
    "Санкт-Петербург",
    "Питер",
    "Казань",
    "Екатеринбург",
    "Новосибирск",
    "Самара",
    "Уфа",
    "Пермь",
    "Краснодар",
    "Сочи",
    "москва",
    "казань",
    "Тюмень",
    "Омск",
    "Воронеж",
    "Орёл",
    "Минск",
    "Алматы",
]
SOURCES = {"vk_ads": 28, "tg_channel": 24, "insta": 16, "friend": 12, "leaflet_qr": 6, "": 14}
PHRASES = (
    "Здравствуйте!", "Спасибо", "А сколько это стоит?", "Есть ли места на выходные?", "Интересно 🙂",
    "Хочу записаться", "А можно в рассрочку?", "Привет", "Когда следующее занятие?",
)  # fmt: skip


@dataclass
class Character:
    """One person of the population: a name and a temper, both drawn from the seed."""

    dice: random.Random
    fields: dict[str, Any]
    source: str
    arrives: int  # the slot of time the person appears in
    id: int = 0
    finished: bool = False
    gone: bool = False
    patience: float = 1.0  # chance to go on after each screen
    returns: float = 0.0  # chance to come back in a slot
    buys: float = 0.0  # chance to buy in a slot
    silent_after: int = 10**9
    seen_screens: set[str] = field(default_factory=set)


def draw(dice: random.Random, arrives: int) -> Character:
    """A new person."""
    kind = dice.random()
    language = "ru" if kind < 0.94 else dice.choice(["en", "en", "kk", "uz"])
    surname = dice.choice(SURNAMES) if dice.random() < 0.55 else ""
    if kind < 0.4:
        name = dice.choice(MEN)
    elif kind < 0.9:
        name, surname = dice.choice(WOMEN), surname and f"{surname}а"
    else:
        name, surname = dice.choice(OTHERS), ""
    fields: dict[str, Any] = {"first_name": name, "last_name": surname, "language_code": language}
    if dice.random() < 0.5:
        fields["username"] = f"user{dice.randrange(10**6):06}"
    fields["is_premium"] = dice.random() < 0.08
    source = dice.choices(list(SOURCES), list(SOURCES.values()))[0]
    temper = dice.random()
    return Character(
        random.Random(dice.random()),  # noqa: S311, repeatable on purpose
        fields,
        source,
        arrives,
        patience=dice.choice([1.0, 1.0, 0.985, 0.93]),
        returns=0.004 + 0.05 * temper**3,
        buys=0.0 if temper < 0.55 else 0.02 * temper**4,
        silent_after=arrives + dice.choice([3, 15, 40, 10**6]),
    )


@dataclass(frozen=True)
class Act:
    """What a person does next: the control address and its body."""

    name: str
    body: dict[str, Any]


def _tap(message: dict[str, Any], button: dict[str, Any]) -> Act:
    return Act("tap", {"message_id": message["message_id"], "data": button["data"]})


def decide(person: Character, chat: dict[str, Any]) -> Act | None:
    """The next act in a conversation, or None when the person has nothing to answer."""
    said = [message for message in chat["messages"] if message["from_bot"]]
    if not said:
        return None
    keyboard = [button for row in (chat["keyboard"] or {}).get("keyboard", []) for button in row]
    last = said[-1]
    buttons = [button for row in last["buttons"] for button in row if "data" in button]
    if buttons:
        return _press(person, last, buttons)
    if any(isinstance(button, dict) and button.get("request_contact") for button in keyboard):
        return _share_number(person, keyboard)
    words = last["text"] or last["caption"] or ""
    if SEEN["question"].search(words):
        return Act("text", {"text": _written(person, words)})
    return None


def _press(person: Character, message: dict[str, Any], buttons: list[dict[str, Any]]) -> Act | None:
    words, dice = message["text"] or message["caption"] or "", person.dice
    agree = [b for b in buttons if SEEN["yes"].search(b["text"]) and not SEEN["no"].search(b["text"])]
    refuse = [b for b in buttons if SEEN["no"].search(b["text"]) or SEEN["skip"].search(b["text"])]
    if agree and (SEEN["asks_ads"].search(words) or SEEN["asks_consent"].search(words)):
        willing = dice.random() < (0.7 if SEEN["asks_ads"].search(words) else 0.95)
        return _tap(message, dice.choice(agree if willing or not refuse else refuse))
    screen = f"{message['message_id']} {words}"
    done = [b for b in buttons if SEEN["done"].search(b["text"])]
    if screen in person.seen_screens and done:
        return _tap(message, done[0])  # ticks of a multiple choice are set, on with it
    known = f"{screen} {[b['text'] for b in buttons]}"
    if known in person.seen_screens:
        return None  # nothing moves any more
    person.seen_screens |= {screen, known}
    fit = [b for b in buttons if not SEEN["avoid"].search(b["text"]) and b not in done] or done
    if not fit:
        return None
    if all(SEEN["skip"].search(b["text"]) for b in fit) and dice.random() < WRITES:
        return Act("text", {"text": _written(person, words)})
    # The first answers of a list are chosen more often, as everywhere.
    return _tap(message, dice.choices(fit, [1 / (place + 1.5) for place in range(len(fit))])[0])


def _share_number(person: Character, keyboard: list[dict[str, Any]]) -> Act:
    others = [b["text"] for b in keyboard if not b.get("request_contact")]
    if others and person.dice.random() < 0.35:
        return Act("text", {"text": person.dice.choice(others)})
    return Act("contact", {"phone_number": f"+79{person.dice.randrange(10**9):09}"})


def _written(person: Character, words: str) -> str:
    dice = person.dice
    answers: dict[str, Callable[[], str]] = {
        "asks_city": lambda: dice.choice(CITIES),
        "asks_email": lambda: f"user{dice.randrange(10**5)}@example.com",
        "asks_birthday": lambda: (
            f"{dice.randint(1, 28):02}.{dice.randint(1, 12):02}.{dice.randint(1962, 2006)}"
        ),
        "asks_name": lambda: str(person.fields["first_name"]),
        "asks_phone": lambda: f"+79{dice.randrange(10**9):09}",
        "asks_number": lambda: str(dice.randint(1, 60)),
    }
    for name, answer in answers.items():
        if SEEN[name].search(words):
            return answer()
    return dice.choice(PHRASES)
