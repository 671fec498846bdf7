"""A campaign written in a file: strict YAML, every mistake told with its file, line and remedy.

docs/campaigns.md shows one. The file says who is written to, what, and when; nothing is sent from here.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from core.mailing.campaign_parts import CampaignFileError, validated
from core.mailing.campaign_schedule import Schedule, ScheduleError, read_schedule
from core.mailing.drafting import Draft, Variant
from core.mailing.experiments.launching import Terms
from core.mailing.letters import Words
from core.people.text import fold
from core.quizzes.problems import Problem, QuizError
from core.quizzes.source import Source, Wording, read_source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from core.errors import KvizorError
    from core.mailing.campaign_parts import CampaignPart, ContentPart, LetterPart, Place
    from core.mailing.messenger import Kind

WORDING = Wording("campaign", "docs/campaigns.md shows a campaign", "keep one campaign in one file")
PHOTO_LIMIT, DOCUMENT_LIMIT = 10 * 1024 * 1024, 50 * 1024 * 1024  # bytes a bot may upload


@dataclass(frozen=True, slots=True)
class CampaignFile:
    """A file that was read. `key` is the campaign's identity, `digest` what the file said."""

    source: Source
    part: CampaignPart
    draft: Draft
    schedule: Schedule
    key: str
    digest: str
    others: tuple[dict[str, Words], ...] = ()  # the letters tried besides, by language
    terms: Terms | None = None  # of its experiment

    def problem(self, place: Place, error: KvizorError) -> CampaignFileError:
        """Return an error met later, at the part of the file it belongs to."""
        what, _, remedy = str(error).rstrip(".").partition("; ")
        return CampaignFileError([self.source.problem(place, what, remedy or "change it here")])


def read(path: Path, zone: ZoneInfo, now: datetime, created_by: int | None = None) -> CampaignFile:
    """Read a campaign from a file. Raises CampaignFileError with all its problems.

    Wall-clock times without a zone are the business's. A moment that is over is no mistake here: the same
    file may have been sent already.
    """
    source = _source(path)
    part = validated(source)
    problems, contents = [], []
    for place, rule, content in _contents(part):
        words, found = _words(source, place, content, path.parent)
        contents.append(Variant(words, rule))
        problems += found
    others, found = _others(source, part, path.parent)
    problems += found
    schedule, found = _schedule(source, part, zone, now)
    if problems + found or schedule is None:
        raise CampaignFileError(problems + found)
    draft = Draft(
        name=part.name,
        audience=part.rule,
        variants=contents,
        purpose=part.purpose,
        is_live=part.membership == "live",
        is_silent=part.silent,
        night=part.quiet_hours,
        goes_first=part.few_first,
        caps=part.caps.model_dump(exclude_none=True) if part.caps is not None else None,
        topic=part.topic,
        timing=schedule.timing,
        wall_at=schedule.wall_at,
        expires_hours=part.expires_hours,
        time_zone=zone.key,
        created_by=created_by,
    )
    digest = _digest(source, part, path.parent)
    return CampaignFile(source, part, draft, schedule, _key(part), digest, others, _terms(part))


def _source(path: Path) -> Source:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        what = f"the file cannot be read ({getattr(error, 'strerror', None) or 'it is not in UTF-8'})"
        raise CampaignFileError([Problem(str(path), 1, 1, what, "check its name and its rights")]) from None
    try:
        return read_source(text.replace("\r\n", "\n"), str(path), WORDING)
    except QuizError as error:
        raise CampaignFileError(error.problems) from None


def _contents(part: CampaignPart) -> list[tuple[Place, str | None, ContentPart]]:
    """Return the letters in the order in which they are asked: variants by rule, then everybody else's."""
    found: list[tuple[Place, str | None, ContentPart]] = [
        (("variants", number, "content"), one.rule, one.content) for number, one in enumerate(part.variants)
    ]
    return [*found, (("content",), None, part.content)] if part.content is not None else found


def _others(
    source: Source, part: CampaignPart, folder: Path
) -> tuple[tuple[dict[str, Words], ...], list[Problem]]:
    """Return the letters of an experiment besides the first, and what is wrong with their files."""
    given = part.experiment.others if part.experiment is not None else []
    found = [_words(source, _other(number), content, folder) for number, content in enumerate(given)]
    return tuple(words for words, _ in found), [one for _, problems in found for one in problems]


def _other(number: int) -> Place:
    return "experiment", "others", number


def _terms(part: CampaignPart) -> Terms | None:
    if part.experiment is None:
        return None
    one = part.experiment
    shares = tuple(one.shares) or (1.0,) * (1 + len(one.others))
    return Terms(one.goal, one.hours, shares, one.tested, one.holdout, one.winner)


def _words(
    source: Source, place: Place, content: ContentPart, folder: Path
) -> tuple[dict[str, Words], list[Problem]]:
    """Return what is to be sent by language, in the order of the file, and what is wrong with files."""
    words, problems = {}, []
    for language in _in_order(source, place):
        letter: LetterPart = getattr(content, language)
        path = (folder / letter.file).resolve() if letter.file else None
        if path is not None and (fault := _file_fault(path, letter.kind)):
            problems.append(source.problem((*place, language, letter.kind), *fault))
        buttons = [[button.stored() for button in row] for row in letter.buttons]
        file = str(path) if path is not None else None
        words[language] = Words(letter.text.rstrip("\n"), letter.kind, file, buttons=buttons)
    return words, problems


def _in_order(source: Source, place: Place) -> list[str]:
    found = source.data
    for step in place:
        found = found[step]
    return [language for language, letter in cast("Mapping[str, Any]", found).items() if letter is not None]


def _file_fault(path: Path, kind: Kind) -> tuple[str, str] | None:
    limit = PHOTO_LIMIT if kind == "photo" else DOCUMENT_LIMIT
    try:
        size = path.stat().st_size if path.is_file() else -1
    except OSError:
        size = -1
    if size < 0:
        return f"there is no file {path.name}", f"put it beside this one, in {path.parent.name}/"
    if not size:
        return f"the file {path.name} is empty", "put the whole file there"
    if size > limit:
        return (
            f"the file {path.name} is larger than {limit >> 20} MB",
            "Telegram takes no more: make it smaller",
        )
    return None


def _schedule(
    source: Source, part: CampaignPart, zone: ZoneInfo, now: datetime
) -> tuple[Schedule | None, list[Problem]]:
    try:
        return read_schedule(part.schedule, zone, now), []
    except ScheduleError as error:
        place = ("schedule", error.key) if error.key else ("schedule",)
        return None, [source.problem(place, error.what, error.remedy)]


def _key(part: CampaignPart) -> str:
    return hashlib.sha256(fold(part.key or part.name).encode()).hexdigest()[:24]


def _digest(source: Source, part: CampaignPart, folder: Path) -> str:
    """What the file says, without its comments and its layout, with the bytes of the files it names."""
    whole = hashlib.sha256(json.dumps(source.data, sort_keys=True, ensure_ascii=False).encode())
    others = part.experiment.others if part.experiment is not None else []
    letters = [
        letter
        for content in [*(content for _, _, content in _contents(part)), *others]
        for letter in (content.ru, content.en)
        if letter is not None
    ]
    for letter in letters:
        if letter.file:
            whole.update(hashlib.sha256((folder / letter.file).read_bytes()).digest())
    return whole.hexdigest()[:24]
