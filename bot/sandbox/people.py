"""The people of the sandbox: who they are and what they have done to the bot."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from bot.sandbox import errors

if TYPE_CHECKING:
    from bot.sandbox.store import Store

FIRST_ID = 1000


@dataclass(slots=True)
class Person:
    """One Telegram account."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_premium: bool = False
    owner: bool = False
    started: bool = False  # has ever written to the bot, so the bot may write back
    blocked: bool = False
    deactivated: bool = False
    last_text: str = ""  # of the last message in the chat, for the page's list
    last_date: int = 0
    last_message_id: int = 0
    unread: int = 0  # messages of the bot since the person last looked; forgotten by a restart

    def as_user(self) -> dict[str, Any]:
        """The person as Telegram's User."""
        user: dict[str, Any] = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            if getattr(self, name):
                user[name] = getattr(self, name)
        if self.is_premium:
            user["is_premium"] = True
        return user

    def as_chat(self) -> dict[str, Any]:
        """The private chat with the person as Telegram's Chat."""
        chat: dict[str, Any] = {"id": self.id, "type": "private", "first_name": self.first_name}
        if self.last_name:
            chat["last_name"] = self.last_name
        if self.username:
            chat["username"] = self.username
        return chat

    def check_reachable(self) -> None:
        """Refuse a message to somebody Telegram would not deliver to."""
        if self.deactivated:
            raise errors.Refusal(errors.DEACTIVATED)
        if self.blocked:
            raise errors.Refusal(errors.BLOCKED)
        if not self.started:
            raise errors.Refusal(errors.NEVER_STARTED)

    def as_json(self) -> dict[str, Any]:
        """The person as the control API tells it."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


# What is stored; the last message is read from the messages.
COLUMNS = tuple(field.name for field in fields(Person))[:10]
CHANGEABLE = frozenset(COLUMNS[1:7])
INSERT = f"INSERT OR REPLACE INTO people VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608


class People:
    """Everyone by id, in memory and on disk."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.load()

    def load(self) -> None:
        """Read everyone back from the file."""
        rows = self._store.execute(f"SELECT {', '.join(COLUMNS)} FROM people ORDER BY id")  # noqa: S608
        self.by_id = {row[0]: Person(*row[:5], *map(bool, row[5:])) for row in rows}
        self._next_id = max([FIRST_ID - 1, *self.by_id]) + 1

    def add(self, given: dict[str, Any]) -> Person:
        """A new person; a known id replaces the person's names."""
        allowed = CHANGEABLE | {"id", "started"}
        kept = {name: value for name, value in given.items() if name in allowed and value not in (None, "")}
        person = Person(**({"id": self._next_id, "first_name": "Аноним"} | kept))
        self.by_id[person.id] = person
        self._next_id = max(self._next_id, person.id + 1)
        self.save(person)
        return person

    def add_many(self, count: int, language_code: str) -> list[int]:
        """People who have started the bot without a word, so that it may write to them."""
        first = self._next_id
        added = [
            Person(number, f"Person {number}", language_code=language_code, started=True)
            for number in range(first, first + count)
        ]
        self.by_id.update((person.id, person) for person in added)
        self._next_id = first + count
        self._store.write("SELECT 1")
        self._store.executemany(INSERT, map(_row, added))
        self._store.commit()
        return [first, first + count - 1]

    def save(self, person: Person) -> None:
        """Write one person through."""
        self._store.write(INSERT, _row(person))
        self._store.commit()

    def in_chat(self, chat_id: Any) -> Person:
        """The person behind a call's chat_id, or Telegram's refusal."""
        try:
            person = self.by_id.get(int(chat_id))
        except (TypeError, ValueError):
            person = None
        if person is None:
            raise errors.Refusal(errors.CHAT_NOT_FOUND)
        return person

    def change(self, person: Person, given: dict[str, Any]) -> None:
        """Other names, another language, Premium; what the person has done to the bot stays."""
        for name in CHANGEABLE & set(given):
            setattr(person, name, given[name] or (False if name in ("is_premium", "owner") else None))
        person.first_name = person.first_name or "Аноним"
        self.save(person)

    def search(self, words: str, limit: int, offset: int) -> list[Person]:
        """People whose name, username or id contains the words; owners first, then the latest talk."""
        wanted = words.casefold()
        found = [
            person
            for person in self.by_id.values()
            if not wanted
            or wanted
            in f"{person.first_name} {person.last_name or ''} @{person.username} {person.id}".casefold()
        ]
        found.sort(key=lambda person: (not person.owner, -person.last_date, person.id))
        return found[offset : offset + limit]


def _row(person: Person) -> tuple[Any, ...]:
    return tuple(getattr(person, name) for name in COLUMNS)
