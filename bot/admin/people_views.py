"""What the owner reads about one person: pure functions of what the reports returned."""

from __future__ import annotations

from datetime import datetime
from html import escape
from itertools import accumulate
from typing import TYPE_CHECKING

from bot.admin.people_callbacks import PeopleTap, PersonTap
from bot.admin.views import LONGEST_TEXT, ago, button, keyboard, visible_length
from bot.texts import Html
from core.people.corrections import BOOKKEEPING
from core.people.gender.kept import ANSWER, KEY, WORDS
from core.sales.money import write_amount
from core.segments.catalogue import FIELDS
from core.segments.fields import Kind
from core.segments.inputs import inputs
from core.segments.scores.fields import FIELDS as SCORES
from core.words import cut, day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

    from bot.texts import Say
    from core.reports.person import Fact, PersonCard, Stay
    from core.segments.fields import Field

SEXES = {0: ("u", "open"), 1: ("f", "female"), 2: ("m", "male")}  # as the buttons carry them
HIDDEN = BOOKKEEPING | {KEY, ANSWER}
SHOWN_SCORES = ("lifecycle", "rfm", "health", "lead", "engagement", "churn", "next_purchase", "clv")
_COLUMNS = {"next_purchase": "next_purchase_at"}
SHOWN_SEGMENTS = 8
LONGEST_LABEL = 34
OF_HUNDRED = frozenset({"health", "lead", "engagement"})


def called(say: Say, name: str, username: str) -> str:
    """Return how a person is called: his name, else his @username."""
    return name or (f"@{username}" if username else say("people-unnamed"))


def tap(action: str, person: int, value: int = 0) -> str:
    """Return what a button about a person carries."""
    return PersonTap(action=action, person=person, value=value).pack()


# -- the card ------------------------------------------------------------------------------------------


def card_text(say: Say, card: PersonCard, now: datetime, zone: ZoneInfo, currency: str) -> str:
    """Return the card: who he is, whether he may be written to, what he did, where he is."""
    person = card.person
    about = [say("people-status", status=person.status), say("people-language", language=person.language)]
    about += [say("people-premium")] if person.is_premium else []
    parts = [
        [say("people-head", name=called(say, card.name, person.username), link=Html(_link(card)))],
        [" · ".join(about), _came(say, card, now, zone), *_city(say, card), *_contacts(say, card)],
        [_reasons(say, card), _consents(say, card, zone)],
        [_gender(say, card), _letters(say, card), _money(say, card, zone, currency)],
        _scores(say, card, zone, currency),
        _segments(say, card.stays, zone),
        [*_tags(say, card), say("people-facts-count", answers=len(card.answers), facts=len(shown(card)))],
    ]
    return fitting(say, ["\n".join(lines) for lines in parts if lines])


def fitting(say: Say, parts: Sequence[str]) -> str:
    """Return the parts as far as they fit one message; lines that do not are counted."""
    lines = "\n\n".join(parts).split("\n")
    ends = list(accumulate(visible_length(line) + 1 for line in lines))
    kept = sum(one <= LONGEST_TEXT for one in ends)
    if kept == len(lines):
        return "\n".join(lines)
    return "\n".join([*lines[:kept], say("people-more", count=len(lines) - kept)])


def shown(card: PersonCard) -> list[Fact]:
    """Return the attributes that are told as such; some are told elsewhere on the card."""
    return [fact for fact in card.facts if fact.key not in HIDDEN]


def card_keyboard(say: Say, card: PersonCard) -> InlineKeyboardMarkup:
    """Return what one can see and do about a person; the sex he has now is marked."""
    who = card.person.id
    fact = card.fact(KEY)
    present = next((value for value, (sex, _) in SEXES.items() if fact and WORDS.get(sex) == fact.text), 0)  # type: ignore[call-overload]
    sexes = [
        button(
            f"{'● ' if value == present else ''}{say(f'people-button-{SEXES[value][1]}')}",
            tap("gender", who, value),
        )
        for value in (1, 2, 0)
    ]

    def row(*names: str) -> list[InlineKeyboardButton]:
        return [button(say(f"people-button-{name}"), tap(name, who)) for name in names]

    return keyboard(row("facts", "why"), row("tags", "history"), sexes, [*row("set"), find_button(say)])


def back_keyboard(say: Say, person: int, *rows: Sequence[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    """Return these rows and the way back to the card."""
    return keyboard(*rows, [button(say("people-button-card"), tap("card", person))])


def pages(
    say: Say, action: str, person: int, first: int, total: int, step: int
) -> list[list[InlineKeyboardButton]]:
    """Return the row that turns pages, if there are several; the button carries the place of the first."""
    turns = [(max(first - step, 0), "newer")] * (first > 0) + [(first + step, "older")] * (
        first + step < total
    )
    row = [button(say(f"people-button-{word}"), tap(action, person, place)) for place, word in turns]
    return [row] if row else []


def find_button(say: Say) -> InlineKeyboardButton:
    """Return the button that asks for another name."""
    return button(say("people-button-find"), PeopleTap(action="find").pack())


def _link(card: PersonCard) -> str:
    person = card.person
    if person.username:
        return f'<a href="https://t.me/{person.username}">@{person.username}</a>'
    return ""


def _came(say: Say, card: PersonCard, now: datetime, zone: ZoneInfo) -> str:
    person = card.person
    if person.joined_at is None:
        return say("people-known", day=day(person.created_at, zone))
    source = say("people-source", source=person.source) if person.source else ""
    seen = card.profile.last_seen_at
    last = say("people-seen", ago=ago(say, seen, now)) if seen is not None else ""
    return say("people-came", day=day(person.joined_at, zone)) + source + last


def _city(say: Say, card: PersonCard) -> list[str]:
    city = card.fact("city")
    return [say("people-city", city=cut(city.text, 40))] if city is not None and city.text else []


def _contacts(say: Say, card: PersonCard) -> list[str]:
    person = card.person
    number = say("people-customer", number=person.external_id) if person.external_id else None
    found = [one for one in (escape(person.phone or ""), escape(person.email or ""), number) if one]
    return [say("people-contacts", contacts=Html(" · ".join(found)))] if found else []


def _reasons(say: Say, card: PersonCard) -> str:
    if not card.reasons:
        return say("people-may")
    topics = ", ".join(card.topics_left)
    told = [
        say(f"people-reason-{one}", **({"topics": topics} if one == "topic_off" else {}))
        for one in card.reasons
    ]
    return say("people-reasons", reasons=Html(", ".join(told)))


def _consents(say: Say, card: PersonCard, zone: ZoneInfo) -> str:
    moments = {"data": card.person.data_consent_at, "advertising": card.person.advertising_consent_at}
    told = {
        name: Html(say(f"people-consent-{name}", day=day(at, zone) if at is not None else "none"))
        for name, at in moments.items()
    }
    return say("people-consents", **told)


def _gender(say: Say, card: PersonCard) -> str:
    fact = card.fact(KEY)
    if fact is None:
        return say("people-gender", gender="unknown", source="")
    word = fact.origin.removeprefix("gender:")
    source = say(f"people-gender-by-{'both' if '+' in word else word}")
    percent = round((fact.number or 1) * 100)
    return say(
        "people-gender",
        gender=fact.text,
        source=Html(say("people-gender-source", source=source, percent=percent)),
    )


def _letters(say: Say, card: PersonCard) -> str:
    received = card.profile.letters_received
    if not received:
        return say("people-letters-none")
    return say("people-letters", received=received, unanswered=card.profile.unanswered)


def _money(say: Say, card: PersonCard, zone: ZoneInfo, currency: str) -> str:
    profile = card.profile
    if not profile.purchases_count or profile.last_purchase_at is None:
        return say("people-money-none")
    return say(
        "people-money",
        count=profile.purchases_count,
        sum=write_amount(profile.purchases_total, currency, say.language),
        day=day(profile.last_purchase_at, zone),
        what=f" ({cut(card.last_purchase, 40)})" if card.last_purchase else "",
    )


def _scores(say: Say, card: PersonCard, zone: ZoneInfo, currency: str) -> list[str]:
    lines, said = [], set[str]()
    for field in SCORES:
        value = card.scores.get(_COLUMNS.get(field.name, field.name))
        if field.name not in SHOWN_SCORES or value is None:
            continue
        made = inputs(field.name, card.scores, say.language, card.scheme)
        told = Html(say("people-inputs", inputs=made)) if made and made not in said else ""
        said.add(made)
        title = FIELDS[field.name].title(say.language).partition(" (")[0]
        lines.append(
            say(
                "people-score",
                title=title,
                value=_graded(say, field.name, card, _value(say, field, value, zone, currency)),
                inputs=told,
            )
        )
    return [say("people-scores"), *lines] if lines else []


def _graded(say: Say, name: str, card: PersonCard, told: str) -> str:
    """Return a score of 0 to 100 with what it is out of, and the group it puts the person into."""
    if name not in OF_HUNDRED:
        return told
    group = next((field for field in SCORES if field.name == f"{name}_group"), None)
    word = card.scores.get(group.name) if group is not None else None
    choices = group.choices if group is not None else ()
    said = next((ru if say.language == "ru" else en for one, ru, en in choices if one == word), "")
    return say("people-of-hundred", value=told) + (f" · {said}" if said else "")


def _value(say: Say, field: Field, value: object, zone: ZoneInfo, currency: str) -> str:
    for word, ru, en in field.choices:
        if word == value:
            return ru if say.language == "ru" else en
    if isinstance(value, datetime):
        return day(value, zone)
    if isinstance(value, int) and field.kind is Kind.MONEY:
        return write_amount(value, currency, say.language)
    return str(value)


def _segments(say: Say, stays: Sequence[Stay], zone: ZoneInfo) -> list[str]:
    if not stays:
        return [say("people-segments-none")]
    lines = [
        say("people-segment", title=stay.title(say.language), day=day(stay.entered_at, zone))
        for stay in stays[:SHOWN_SEGMENTS]
    ]
    more = len(stays) - len(lines)
    return [
        say("people-segments", count=len(stays)),
        *lines,
        *([say("people-more", count=more)] if more else []),
    ]


def _tags(say: Say, card: PersonCard) -> list[str]:
    if not card.tags:
        return []
    return [say("people-tags", tags=", ".join(cut(tag, LONGEST_LABEL) for tag in card.tags[:20]))]
