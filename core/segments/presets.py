"""The segments that ship: presets.yaml, installed at start, changed by nobody's hand but the file's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.segments import catalogue
from core.segments.models import Segment
from core.segments.rules import define, switch

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

__all__ = ["Preset", "define", "install", "shipped", "switch"]


@dataclass(frozen=True, slots=True)
class Preset:
    """One shipped segment."""

    name: str
    family: str
    ru: str
    en: str
    rule: str


@lru_cache(maxsize=1)
def shipped() -> tuple[Preset, ...]:
    """Read presets.yaml."""
    from ruamel.yaml import YAML

    text = Path(__file__).with_name("presets.yaml").read_text(encoding="utf-8")
    families = YAML(typ="safe", pure=True).load(text)
    return tuple(
        Preset(name, family, body["ru"], body["en"], body["rule"])
        for family, segments in families.items()
        for name, body in segments.items()
    )


def install(session: Session, now: datetime) -> int:
    """Bring the shipped segments in, or up to this version; returns how many were new or changed.

    What the owner switched off stays off, and a segment of his own under the same name stays his.
    """
    known = catalogue.known(session)
    names = known.segments | {preset.name for preset in shipped()}
    known = catalogue.Known(known.attributes, names)
    there = {segment.name: segment for segment in session.scalars(select(Segment))}
    changed = 0
    for preset in shipped():
        segment = there.get(preset.name)
        if segment is None or (segment.is_preset and not _same(segment, preset)):
            titles = (preset.ru, preset.en)
            define(
                session,
                preset.name,
                preset.rule,
                titles,
                now,
                family=preset.family,
                is_preset=True,
                known=known,
            )
            changed += 1
    return changed


def _same(segment: Segment, preset: Preset) -> bool:
    kept = (segment.rule, segment.title_ru, segment.title_en, segment.family)
    return kept == (preset.rule, preset.ru, preset.en, preset.family)
