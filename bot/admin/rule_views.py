"""What the owner reads about a proposal and about versions: pure functions of what the core returned."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from bot.admin.rule_callbacks import DraftTap, RuleTap
from bot.admin.rule_words import aloud
from bot.admin.views import LONGEST_BUTTON, button, cut_sentence, keyboard, person_line, scarce_lines
from bot.texts import Html
from core.segments.titles import worded
from core.words import cut, day, day_and_time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

    from bot.texts import Say
    from bot.turn import Turn
    from core.mailing.depending import Depending
    from core.segments.conditions import Condition
    from core.segments.drafts import Draft
    from core.segments.proposal import Moved, Proposal
    from core.segments.rules import SegmentInfo
    from core.segments.versions import Version

VERSIONS_SHOWN = 8
_LONGEST = 900  # characters of a sentence on a screen with others
LONGEST_TYPED = 3600  # of a rule that is shown to be copied
_TITLES_SHOWN = 5


def act(say: Say, draft: Draft, action: str, key: str, pick: int = 0) -> InlineKeyboardButton:
    """Return a button on a draft as it is now."""
    data = DraftTap(action=action, draft=draft.id, revision=draft.revision, pick=pick)
    return button(say(key), data.pack())


def tap(say: Say, action: str, key: str, number: int) -> InlineKeyboardButton:
    """Return a button about the rule of a segment."""
    data = {"new": RuleTap(action="new"), "edit": RuleTap(action="edit", number=number)}
    found = data.get(action) or RuleTap.model_validate({"action": action, "number": number})
    return button(say(key), found.pack())


def sentence(turn: Turn, condition: Condition, names: Mapping[str, str], longest: int = _LONGEST) -> str:
    """Return a rule as one says it, cut where it would fill the screen."""
    return cut_sentence(aloud(condition, turn.library, names, turn.say.language), longest)


def start_keyboard(say: Say, draft: Draft, off: Sequence[SegmentInfo] = ()) -> InlineKeyboardMarkup:
    """Return the two ways to a rule, and the segments that need only be switched on again."""
    again = [
        [
            button(
                say("rule-button-on-again", title=Html(cut(one.title(say.language), LONGEST_BUTTON))),
                RuleTap(action="on", number=one.number).pack(),
            )
        ]
        for one in off[:_TITLES_SHOWN]
    ]
    return keyboard(
        *again,
        [act(say, draft, "sheet", "rule-button-build")],
        [act(say, draft, "text", "rule-button-text")],
        [act(say, draft, "drop", "rule-button-drop")],
    )


def preview_text(
    turn: Turn,
    draft: Draft,
    found: Proposal,
    campaigns: Sequence[Depending],
    names: Mapping[str, str],
    *,
    kind: str,
) -> str:
    """Return what the rule would do."""
    say, new = turn.say, draft.number is None
    will = sentence(turn, found.condition, names)
    head = say("rule-preview-new") if new else say("rule-preview-edit", title=draft.title(say.language))
    parts = [head]
    if found.is_same and not new:
        return "\n\n".join([head, say("rule-preview-rule", sentence=will), say("rule-preview-same")])
    if found.old is not None and not new:
        was = say("rule-preview-was", sentence=sentence(turn, found.old, names))
        parts.append(was + "\n" + say("rule-preview-will", sentence=will))
    else:
        parts.append(say("rule-preview-rule", sentence=will))
    parts.append("\n".join(_sizes(say, found, new=new)))
    notes = [say("rule-preview-lacking", text=line) for line in found.lacking]
    scarce = [replace(one, field=worded(one.field, turn.library)) for one in found.scarce]
    notes += scarce_lines(say, scarce)
    notes += _depending(say, found, campaigns)
    if found.entering.count and not new:
        notes.append(say("rule-preview-loud" if draft.pending.get("greet") else "rule-preview-quiet"))
    notes += [say(f"rule-preview-{kind}")] if kind != "own" else []
    return "\n\n".join([*parts, "\n".join(notes)] if notes else parts)


def _sizes(say: Say, found: Proposal, *, new: bool) -> list[str]:
    if new:
        people = _people(say, found.entering)
        shown = [say("rule-preview-people", people=Html(people))] if people else []
        return [say("rule-preview-size", size=found.size_then), *shown]
    lines = [say("rule-preview-sizes", before=found.size_now, after=found.size_then)]
    if not found.entering.count and not found.leaving.count:
        return [*lines, say("rule-preview-nobody")]
    for key, moved in (("rule-preview-enter", found.entering), ("rule-preview-leave", found.leaving)):
        if moved.count:
            people = _people(say, moved)
            lines.append(say(key, count=moved.count, people=Html(f": {people}" if people else "")))
    return lines


def _people(say: Say, moved: Moved) -> str:
    shown = ", ".join(person_line(say, one) for one in moved.sample)
    return f"{shown}…" if moved.count > len(moved.sample) else shown


def _depending(say: Say, found: Proposal, campaigns: Sequence[Depending]) -> list[str]:
    lines = []
    if found.dependents:
        titles = [f"«{one.title('en' if say.language == 'en' else 'ru')}»" for one in found.dependents]
        more = "…" if len(titles) > _TITLES_SHOWN else ""
        lines.append(say("rule-preview-segments", titles=", ".join(titles[:_TITLES_SHOWN]) + more))
    for one in campaigns[:_TITLES_SHOWN]:
        key = "rule-preview-newcomers" if one.writes_to_newcomers else "rule-preview-campaign"
        lines.append(say(key, name=one.name))
    return lines


def preview_keyboard(say: Say, draft: Draft, found: Proposal) -> InlineKeyboardMarkup:
    """Return the ways on from a preview."""
    edit = [act(say, draft, "text", "rule-button-again"), act(say, draft, "sheet", "rule-button-lines")]
    if draft.number is None:
        return keyboard(
            [act(say, draft, "save", "rule-button-save")], edit, [act(say, draft, "drop", "rule-button-drop")]
        )
    keep = [act(say, draft, "drop", "rule-button-keep")]
    if found.is_same:
        return keyboard(edit, keep)
    greet = "yes" if draft.pending.get("greet") else "no"
    toggle = [[act(say, draft, "greet", f"rule-button-greet-{greet}")]] if found.entering.count else []
    return keyboard([act(say, draft, "save", "rule-button-apply")], *toggle, edit, keep)


def versions_text(
    turn: Turn, segment: SegmentInfo, found: Sequence[Version], told: Sequence[str], names: Mapping[str, str]
) -> str:
    """Return the list of versions; `told` are their sentences, `names` the owners' first names."""
    say = turn.say
    lines = [
        say(
            "rule-version-line",
            number=one.number,
            since=day_and_time(one.since, turn.settings.zone),
            who=Html(author(turn, one, names)),
            sentence=cut_sentence(said, 300),
        )
        for one, said in zip(found[:VERSIONS_SHOWN], told, strict=False)
    ]
    older = len(found) - VERSIONS_SHOWN
    tail = [say("rule-versions-older", count=older, name=segment.name)] if older > 0 else []
    title = segment.title(say.language)
    return "\n\n".join([say("rule-versions", title=title), *lines, *tail])


def versions_keyboard(say: Say, number: int, found: Sequence[Version]) -> InlineKeyboardMarkup:
    """Return a button for every version shown, three in a row."""
    buttons = [
        button(
            say("rule-button-version", number=one.number),
            RuleTap(action="version", number=number, version=one.number).pack(),
        )
        for one in found[:VERSIONS_SHOWN]
    ]
    return keyboard(*(buttons[place : place + 3] for place in range(0, len(buttons), 3)))


def version_text(turn: Turn, title: str, one: Version, told: str, names: Mapping[str, str]) -> str:
    """Return one version."""
    say = turn.say
    if one.until is None:
        until = say("rule-version-now")
    else:
        until = say("rule-version-until", until=day(one.until, turn.settings.zone))
    return say(
        "rule-version",
        title=title,
        number=one.number,
        since=day_and_time(one.since, turn.settings.zone),
        until=until,
        who=Html(author(turn, one, names)),
        sentence=cut_sentence(told, _LONGEST),
        rule=Html(escape(cut(one.rule, _LONGEST), quote=False)),
    )


def author(turn: Turn, one: Version, names: Mapping[str, str]) -> str:
    """Return who wrote a version; `names` by the Telegram number that is kept of an author."""
    if one.author == str(turn.chat_id):
        return turn.say("rule-version-by-you")
    if one.author.isdigit():
        name = names.get(one.author)
        return turn.say("rule-version-by-name", name=name) if name else turn.say("rule-version-by-other")
    return turn.say(f"rule-version-by-{one.author if one.author in ('cli', 'shipped') else 'none'}")
