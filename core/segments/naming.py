"""Names and titles of an owner's segments: what he types is cleaned, and a name for rules is made from it."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.people.text import fold
from core.segments.errors import SegmentError
from core.segments.models import Segment
from core.segments.words import KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

LONGEST_TITLE = 64
_LONGEST_NAME = 48  # of 64: room for a number that makes it unique
_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Zl", "Zp"}
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs that show nothing
_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщыэюя"  # the hard and the soft sign are left out
_SOUNDS = "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh sch y e yu ya"
_LATIN = dict(zip(_CYRILLIC, _SOUNDS.split(), strict=True)) | {"ъ": "", "ь": ""}


class TitleError(SegmentError):
    """A title cannot be used; `kind` says why to programs: empty, long, taken."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def title_of(session: Session, typed: str) -> str:
    """Return a title as it will stand in lists: one line, nothing invisible, nothing that turns the text.

    Raises TitleError for an empty or too long one, and for one that another segment has.
    """
    plain = unicodedata.normalize("NFC", typed.replace("\n", " "))
    seen = "".join(one for one in plain if unicodedata.category(one) not in _UNSEEN and one not in _BLANK)
    title = " ".join(seen.split())
    if not any(unicodedata.category(one)[0] in "LNS" for one in title):
        raise TitleError("empty", "a title needs at least one letter, digit or sign")
    if len(title) > LONGEST_TITLE:
        raise TitleError("long", f"a title has at most {LONGEST_TITLE} characters, this one has {len(title)}")
    taken = session.execute(select(Segment.title_ru, Segment.title_en).where(Segment.enabled.is_(True)))
    if fold(title) in {fold(one) for row in taken for one in row}:
        raise TitleError("taken", f"there is a segment “{title}” already")
    return title


def rename(session: Session, number: int, typed: str) -> str:
    """Give an owner's segment another title in both languages; rules go on asking for its name.

    Raises TitleError as title_of, SegmentError for a segment that is gone or ships with the program.
    """
    segment = session.get(Segment, number)
    if segment is None or segment.deleted_at is not None or segment.preset is not None:
        raise SegmentError(f"there is no segment of yours with the number {number}")
    segment.title_ru = segment.title_en = title_of(session, typed)
    session.flush()
    return segment.title_ru


def free_name(session: Session, title: str) -> str:
    """Return a name for rules made from a title that no segment has."""
    return name_from(title, set(session.scalars(select(Segment.name))))


def name_from(title: str, taken: Collection[str] = ()) -> str:
    """Return a name that can stand in a rule without quotes.

    >>> name_from("Фрилансеры из Казани!"), name_from("Щедрые", {"schedrye"}), name_from("2 письма")
    ('frilansery_iz_kazani', 'schedrye_2', 'segment_2_pisma')
    >>> name_from("🔥"), name_from("Not")
    ('segment', 'segment_not')
    """
    latin = "".join(_LATIN.get(one, one) for one in title.casefold())
    ascii_only = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^a-z0-9]+", "_", ascii_only).strip("_")[:_LONGEST_NAME].strip("_")
    if not plain or not plain[0].isalpha() or plain in KEYWORDS:
        plain = f"segment_{plain}".strip("_")
    number, name = 1, plain
    while name in taken:
        number += 1
        name = f"{plain}_{number}"
    return name
