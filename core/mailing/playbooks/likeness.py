"""Checking the texts of playbooks: each can be read and sent, and no letter is another one over again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from core.errors import KvizorError
from core.mailing import letters, markup
from core.mailing.letters import Words
from core.mailing.playbooks import FOLDER
from core.mailing.series import source
from core.mailing.series.texts import LANGUAGES
from core.people.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

LIMIT = 0.6  # two letters of a language that share more of their words than this are one letter
RUN = 3  # words in a row that are compared
_LIQUID = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Letter:
    """A text of a playbook in one language; letters of one `key` are meant to be the same."""

    place: str
    key: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two letters share, 0 to 1."""

    share: float
    one: str
    other: str
    language: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was read, what is wrong with it, and the pair that shares most."""

    files: int
    letters: int
    faults: tuple[str, ...]
    closest: Likeness | None


def shipped() -> list[Path]:
    """Return the files of every playbook and series that ships."""
    return sorted(FOLDER.glob("*.yaml")) + sorted((FOLDER / "series").glob("*.yaml"))


def check(files: Sequence[Path] = ()) -> Report:
    """Read these playbooks, all that ship where none is named, and compare each letter with each other one.

    Alike is what `share` says. A mistake is told, not raised; a file with one is not compared.
    """
    paths = list(files) or shipped()
    found: list[Letter] = []
    faults: list[str] = []
    for path in paths:
        try:
            read = list(_letters(path))
        except KvizorError as error:
            faults.extend(str(error).splitlines())
            continue
        found.extend(read)
        faults.extend(_untold(read))
    pairs = likenesses(found)
    faults.extend(_twice(pair) for pair in pairs if pair.share > LIMIT)
    return Report(len(paths), len(found), tuple(faults), pairs[0] if pairs else None)


def likenesses(found: Sequence[Letter]) -> list[Likeness]:
    """Return how much each two letters of a language share, the closest first."""
    runs = [(letter, _runs(letter.text)) for letter in found]
    pairs = [
        Likeness(_of(mine, yours), one.place, other.place, one.language)
        for (one, mine), (other, yours) in combinations(runs, 2)
        if one.language == other.language and one.key != other.key
    ]
    return sorted(pairs, key=lambda pair: -pair.share)


def share(one: str, other: str) -> float:
    """Return how much two texts share: runs of three words both have, of those the shorter one has.

    Words are compared without case, ё, signs, HTML and personal parts. The shorter text is the measure, so a
    letter put whole into a longer one is 1.

    >>> share("<b>Мы открылись сегодня утром</b>", "мы открылись сегодня утром, и вот что вышло")
    1.0
    >>> share("Мы открылись сегодня утром", "Мы открылись сегодня вечером")
    0.5
    """
    return _of(_runs(one), _runs(other))


def _of(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(fold(markup.plain(_LIQUID.sub(" ", text))))
    run = min(RUN, len(words)) or 1
    return frozenset(tuple(words[at : at + run]) for at in range(len(words) - run + 1))


def _twice(pair: Likeness) -> str:
    return (
        f"{pair.one} and {pair.other} ({pair.language}) share {pair.share:.0%} of their words; "
        "write one of them anew."
    )


def _untold(read: Sequence[Letter]) -> Iterator[str]:
    """Tell of letters that a language lacks."""
    told: dict[str, set[str]] = {}
    for letter in read:
        told.setdefault(letter.place, set()).add(letter.language)
    for place, languages in told.items():
        if missing := [language for language in LANGUAGES if language not in languages]:
            yield f"{place} has no text in {', '.join(missing)}; write it."


# -- reading --------------------------------------------------------------------------------------------


def _letters(path: Path) -> Iterator[Letter]:
    """Read the texts of a series or of a campaign that repeats. Raises SeriesError, CampaignError."""
    body = _body(path)
    if isinstance(body, dict) and isinstance(body.get("variants"), list):
        yield from _of_campaign(path.stem, body["variants"])
    else:
        yield from _of_series(path)


def _body(path: Path) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, YAMLError):
        return None  # reading it as a series says what is wrong, with its place


def _of_series(path: Path) -> Iterator[Letter]:
    given = source.load_file(path).definition
    for step in given.steps:
        for number, variant in enumerate(step.variants, 1):
            place = f"{given.name}/{step.key}" + (f"/{number}" if len(step.variants) > 1 else "")
            key = f"{step.letter_key or f'{given.name}/{step.key}'}/{number}"
            for language, words in variant.contents.items():
                yield Letter(place, key, language, words.text)


def _of_campaign(name: str, variants: Sequence[dict[str, Any]]) -> Iterator[Letter]:
    for number, variant in enumerate(variants, 1):
        place = f"{name}/{number}"
        for language, text in variant["text"].items():
            try:
                letters.check(Words(text))
            except KvizorError as error:
                raise type(error)(f"{place} ({language}): {error}") from None
            yield Letter(place, place, language, text)
