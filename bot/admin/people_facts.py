"""A person's answers and attributes in words, why he is in a segment, his way through segments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.admin.people_views import called, fitting, shown
from bot.admin.rule_words import in_titles
from bot.admin.views import LONGEST_RULE, cut_sentence, question_words
from bot.texts import Html
from core.people import places_kept
from core.segments.conditions import IsKnown
from core.segments.fields import RowField
from core.segments.titles import spoken
from core.segments.why import needed
from core.words import cut, day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bot.texts import Say
    from core.quizzes.loader import Library
    from core.reports.person import Fact, Given, PersonCard, Stay
    from core.segments.why import Finding

LINES = 15  # of the history on one page
_ORIGINS = ("quiz", "import", "settings", "owner")


def facts_text(say: Say, card: PersonCard, library: Library, zone: ZoneInfo) -> str:
    """Return what a person answered, quiz by quiz, and his attributes."""
    name = called(say, card.name, card.person.username)
    told = shown(card)
    if not card.answers and not told:
        return say("people-facts-none", name=name)
    parts = [say("people-facts", name=name)]
    for quiz in dict.fromkeys(given.quiz for given in card.answers):
        given = [one for one in card.answers if one.quiz == quiz]
        title = _quiz_title(library, quiz, say.language)
        head = say("people-facts-answers", quiz=title, day=day(given[0].at, zone))
        parts.append("\n".join([head, *(_answer(say, one, library) for one in given)]))
    if told:
        typed = card.fact(places_kept.TYPED)
        lines = [_fact(say, fact, typed if fact.key == places_kept.CITY else None, zone) for fact in told]
        parts.append("\n".join([say("people-facts-attributes"), *lines]))
    return fitting(say, parts)


def title_of(key: str, language: str) -> str:
    """Return how an attribute is called."""
    title = RowField("attributes", (key,)).title("ru" if language == "ru" else "en")
    return title.removeprefix("the ")


def _quiz_title(library: Library, quiz: str, language: str) -> str:
    loaded = library.quizzes.get(quiz)
    return loaded.quiz.title.of(loaded.quiz.language_for(language)) if loaded is not None else quiz


def _answer(say: Say, given: Given, library: Library) -> str:
    field = RowField("answers", (given.quiz, given.question))
    asked = spoken(IsKnown(field, True), library)
    words = {word: (ru, en) for word, ru, en in asked.field.choices} if isinstance(asked, IsKnown) else {}
    english = say.language == "en"
    told = [
        words[one][english] if one in words else text or one
        for one, text in zip(given.options, given.texts, strict=True)
    ]
    return say(
        "people-fact-answer", question=_question(library, given, say.language), told=cut(", ".join(told), 160)
    )


def _question(library: Library, given: Given, language: str) -> str:
    loaded = library.quizzes.get(given.quiz)
    question = loaded.quiz.by_id.get(given.question) if loaded is not None else None
    if loaded is None or question is None:
        field = RowField("answers", (given.quiz, given.question))
        asked = spoken(IsKnown(field, True), library)
        title = asked.field.title("ru" if language == "ru" else "en") if isinstance(asked, IsKnown) else ""
        return title or given.question
    return question_words(question.text.of(loaded.quiz.language_for(language))).rstrip("?:.")


def _fact(say: Say, fact: Fact, typed: Fact | None, zone: ZoneInfo) -> str:
    value = fact.text
    if fact.moment is not None:
        value = day(fact.moment, zone)
    for word, ru, en in RowField("attributes", (fact.key,)).choices:
        if word == fact.text:
            value = ru if say.language == "ru" else en
    more = say("people-typed", text=cut(typed.text, 40)) if typed is not None else ""
    source = fact.origin.removeprefix(places_kept.PLACE).partition(":")[0]
    origin = say(f"people-origin-{source if source in _ORIGINS else 'other'}")
    return say(
        "people-fact", title=title_of(fact.key, say.language), value=cut(value, 160), origin=more + origin
    )


# -- why ---------------------------------------------------------------------------------------------


def why_text(
    say: Say,
    name: str,
    title: str,
    rule: tuple[str, str],
    since: datetime | None,
    findings: Sequence[Finding],
    library: Library,
    names: Mapping[str, str],
    zone: ZoneInfo,
) -> str:
    """Return the why-card: each condition with ✓ or ✗, the value found, since when, what would change it.

    `rule` is the rule's text and its sentence, `names` are the titles of segments.
    """
    head = say("people-why", name=name, title=title)
    stands = say("people-why-in", day=day(since, zone)) if since is not None else say("people-why-out")
    parts = [head, stands]
    if len(findings) > 1:
        how, whole = needed(rule[0]), cut_sentence(rule[1], LONGEST_RULE)
        parts.append(say(f"people-why-{how}", **({"rule": whole} if how == "mixed" else {})))
    parts += [_finding(say, _entitled(one, names), library, zone) for one in findings]
    return fitting(say, parts)


def _entitled(one: Finding, names: Mapping[str, str]) -> Finding:
    case = replace(one.case, condition=in_titles(one.case.condition, names))
    return replace(one, condition=in_titles(one.condition, names), case=case)


def _finding(say: Say, one: Finding, library: Library, zone: ZoneInfo) -> str:
    sentence = cut_sentence(spoken(one.condition, library).sentence(say.language), LONGEST_RULE)
    made = one.made_of(say.language)
    lines = [
        say("people-why-yes" if one.holds else "people-why-no", sentence=sentence),
        say(
            "people-why-found",
            value=cut(one.found(say.language, zone), 160),
            inputs=Html(say("people-inputs", inputs=made)) if made else "",
            since=say("people-why-since", day=day(one.since, zone)) if one.since is not None else "",
        ),
        say("people-why-change", change=cut_sentence(one.change(say.language), LONGEST_RULE)),
    ]
    return "\n".join(lines)


# -- history -------------------------------------------------------------------------------------------


def history_lines(say: Say, stays: Sequence[Stay], zone: ZoneInfo) -> list[str]:
    """Return every entering and leaving, the latest first."""
    moves = [(stay.entered_at, "entered", stay) for stay in stays]
    moves += [(stay.left_at, "left", stay) for stay in stays if stay.left_at is not None]
    moves.sort(key=lambda move: (move[0], move[1]), reverse=True)
    return [
        say(f"people-history-{word}", day=day(at, zone), title=stay.title(say.language))
        for at, word, stay in moves
    ]
