"""Letters: stored content becomes one person's message."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, cast

from sqlalchemy import select, tuple_, update

from core.mailing import content
from core.mailing.messenger import Button, Kind, Leaving, Letter, Poll
from core.mailing.models import Content
from core.people.models import Attribute, Subscriber
from core.quizzes.models import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Words:
    """A message as an owner or a playbook writes it; `buttons` are rows of {"text", "url" | "action"}."""

    text: str
    kind: Kind = "text"
    file_path: str | None = None
    file_id: str | None = None
    buttons: Sequence[Sequence[Mapping[str, str]]] = ()
    poll: Poll | None = None
    more: str | None = None  # the rest, which a tap brings; see teasers.py


@dataclass(frozen=True, slots=True)
class Ready:
    """Content parsed once and ready to become letters."""

    content_id: int
    template: content.Template
    kind: Kind
    buttons: tuple[tuple[Button, ...], ...]
    file_id: str | None
    file_path: str | None
    poll: Poll | None = None
    more: str | None = None

    @property
    def asks_values(self) -> bool:
        """Whether the text names attributes, answers or a code of the person's own."""
        return bool(self.template.attributes or self.template.quiz or self.template.asks_promo)

    @property
    def awaits_upload(self) -> bool:
        """Whether the file has to be uploaded before Telegram has a name for it."""
        return self.file_path is not None and self.file_id is None


@dataclass(frozen=True, slots=True)
class About:
    """The topic of a letter: each copy carries a button to leave it."""

    topic_id: int
    title_ru: str
    title_en: str

    def leaving(self, language: str) -> Leaving:
        """Return the button in a language."""
        label = content.LEAVE_LABELS.get(language, content.LEAVE_LABELS["en"])
        return Leaving(self.topic_id, label.format(self.title_ru if language == "ru" else self.title_en))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A planned delivery with what is needed to write the letter."""

    delivery_id: int
    campaign_id: int
    subscriber_id: int
    chat_id: int
    content_id: int
    lane: int
    parent_id: int | None
    reader: content.Reader
    copy_id: int | None = None  # the delivery whose copy this one changes, and its message
    copy_message_id: int | None = None
    is_asleep: bool = False  # it is his quiet time, and the letter comes without a sound


def check(words: Words) -> None:
    """Raise ContentError unless the message can be sent to everybody."""
    content.check(words.text, words.kind)
    content.check_buttons(words.buttons)
    if words.more is not None:
        content.check(words.more)
        if words.kind == "text":
            content.check(f"{words.text}\n\n{words.more}")
    if words.poll is not None:
        content.check_poll(words.poll)
    if (words.kind == "poll") != (words.poll is not None):
        raise content.ContentError(f"The message is a {words.kind}: a poll has options, nothing else does.")
    if (words.kind in ("text", "poll")) == bool(words.file_path or words.file_id):
        raise content.ContentError(f"The message is a {words.kind}: give it a file, or make it a text.")


def save(session: Session, words: Words, language: str = "") -> int:
    """Check and store a message; returns its id."""
    check(words)
    row = Content(
        kind=words.kind,
        text=words.text,
        file_path=words.file_path,
        file_id=words.file_id,
        more=words.more,
        poll=asdict(words.poll) if words.poll is not None else None,
        buttons=[[dict(button) for button in line] for line in words.buttons],
        language=language,
    )
    session.add(row)
    session.flush()
    return row.id


def load(session: Session, content_id: int) -> Ready:
    """Read and parse a stored message; raises ContentError if it no longer parses."""
    row = session.get_one(Content, content_id)
    return Ready(
        row.id,
        content.template(row.text),
        cast("Kind", row.kind),
        content.check_buttons(row.buttons),
        row.file_id,
        row.file_path,
        poll_of(row),
        row.more,
    )


def poll_of(row: Content) -> Poll | None:
    """Return what a stored poll lets people choose from."""
    return Poll(tuple(row.poll["options"]), row.poll["takes_many"]) if row.poll is not None else None


def remember_file(session: Session, content_id: int, file_id: str) -> None:
    """Keep Telegram's name of an uploaded file: the next letters send that."""
    session.execute(
        update(Content).where(Content.id == content_id, Content.file_id.is_(None)).values(file_id=file_id)
    )


def values_of(session: Session, ready: Ready, people: Iterable[int]) -> dict[int, content.Reader]:
    """Read the attributes and answers a template asks for; names are added by `letter`."""
    ids = list(people)
    attributes: dict[int, dict[str, str]] = defaultdict(dict)
    quiz: dict[int, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    if ready.template.attributes:
        wanted = select(Attribute.subscriber_id, Attribute.key, Attribute.text).where(
            Attribute.subscriber_id.in_(ids), Attribute.key.in_(ready.template.attributes)
        )
        for who, key, text in session.execute(wanted):
            attributes[who][key] = text
    if ready.template.quiz:
        keys = tuple_(Answer.quiz, Answer.question).in_(sorted(ready.template.quiz))
        answered = select(
            Answer.subscriber_id, Answer.quiz, Answer.question, Answer.folded, Answer.text
        ).where(Answer.subscriber_id.in_(ids), keys)
        for who, name, question, folded, text in session.execute(answered.order_by(Answer.folded)):
            before = quiz[who][name].get(question)
            value = text or folded
            quiz[who][name][question] = f"{before}, {value}" if before else value
    return {who: content.Reader(attributes=attributes[who], quiz=quiz[who]) for who in ids}


def reader_of(session: Session, ready: Ready, person: Subscriber) -> content.Reader:
    """Return one person as a template may know him."""
    return replace(
        values_of(session, ready, [person.id])[person.id],
        first_name=person.first_name,
        last_name=person.last_name,
        username=person.username,
        language=person.language,
    )


def letter(
    ready: Ready, row: Waiting, *, advertising: bool, silent: bool, about: About | None = None
) -> Letter:
    """Write one person's message; raises ContentError when his text cannot be made."""
    stop = None
    if advertising:
        stop = content.STOP_LABELS.get(row.reader.language, content.STOP_LABELS["en"])
    return Letter(
        row.delivery_id,
        row.chat_id,
        ready.template.render(row.reader),
        ready.kind,
        ready.file_id,
        ready.file_path,
        ready.buttons,
        stop,
        silent,
        about.leaving(row.reader.language) if about is not None else None,
        poll=ready.poll,
    )
