"""Shipped segments brought into a database, and up to this version of the file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.people.models import Subscriber
from core.segments import catalogue, rules
from core.segments.errors import SegmentError
from core.segments.language import parse
from core.segments.models import Segment, SegmentRule
from core.segments.presets import file, uncovered

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.segments.presets.file import Preset
    from core.segments.presets.parameters import Values


def install(session: Session, now: datetime) -> int:
    """Bring the shipped segments in, or up to this version; returns how many were new or changed.

    What the owner switched off stays off, the values he chose stay his, and a segment of his own under the
    same name stays his. A segment that ships no more is switched off, or becomes his if his own ask for it.
    """
    known = {preset.name: preset for preset in file.shipped()}
    there = {one.name: one for one in session.scalars(select(Segment).order_by(Segment.id))}
    names = catalogue.known(session)
    names = replace(names, segments=names.segments | known.keys())
    fresh = [one for one in known.values() if one.name not in there and one.enabled and not one.is_generated]
    _bring(session, fresh, list(there.values()), names, now)
    changed, renewed = len(fresh), 0
    for segment in reversed(there.values()):  # those that ask for others have the higher numbers
        kind = known.get(segment.preset or segment.name)
        if not segment.is_preset or (kind is not None and kind.is_generated):
            continue
        if kind is None:
            changed += _dropped(session, segment, now)
        else:
            renewed += _renewed(session, segment, kind, names, now)
    if renewed:
        rules.settle(session)
    return changed + renewed + cover(session, now)


def _bring(
    session: Session, fresh: Sequence[Preset], there: list[Segment], known: catalogue.Known, now: datetime
) -> None:
    """Write many at once: one by one, each would look at all the others."""
    has_people = session.scalar(select(Subscriber.id).limit(1)) is not None
    number = max((one.id for one in there), default=0)
    made = [
        Segment(
            id=number + place,
            name=one.name,
            title_ru=one.title("ru", one.defaults),
            title_en=one.title("en", one.defaults),
            family=one.family,
            rule=parse(one.rule, known).text(),
            enabled=True,
            is_preset=True,
            preset=one.name,
            size=0,
            refreshed_at=None if has_people else now,
            created_at=now,
        )
        for place, one in enumerate(fresh, 1)
    ]
    session.add_all(made)
    session.flush()
    session.add_all(
        SegmentRule(segment_id=one.id, rule=one.rule, since=now, author="shipped") for one in made
    )
    rules.settle(session)


def put(
    session: Session,
    name: str,
    preset: Preset,
    values: Values,
    now: datetime,
    known: catalogue.Known | None = None,
) -> Segment:
    """Write a segment made of a preset with these values; its rule and titles follow from them."""
    titles = (preset.title("ru", values), preset.title("en", values))
    rule = uncovered.rule(session) if preset.is_generated else preset.rule_with(values)
    rules.define(session, name, rule, titles, now, family=preset.family, is_preset=True, known=known)
    segment = session.scalars(select(Segment).where(Segment.name == name)).one()
    segment.preset, segment.parameters = preset.name, _kept(name, preset, values) or None
    session.flush()
    return segment


def _kept(name: str, preset: Preset, values: Values) -> Values:
    """Return what the owner chose: the rest follows the file. Of one more of a kind all values are his."""
    return {
        key: value
        for key, value in values.items()
        if name != preset.name or value != preset.defaults.get(key)
    }


def cover(session: Session, now: datetime) -> bool:
    """Let the rule of coverage follow the segments in force; returns whether it changed."""
    preset = next((one for one in file.shipped() if one.is_generated), None)
    if preset is None:
        return False
    segment = session.scalar(select(Segment).where(Segment.name == preset.name))
    if segment is not None and (not segment.is_preset or segment.rule == uncovered.rule(session)):
        return False
    put(session, preset.name, preset, {}, now)
    return True


def is_covered(session: Session) -> bool:
    """Return whether the rule of coverage is that of the segments in force."""
    segment = session.scalar(select(Segment).where(Segment.name == rules.GENERATED, Segment.is_preset))
    return segment is None or not segment.enabled or segment.rule == uncovered.rule(session)


def values_of(segment: Segment, preset: Preset) -> Values:
    """Return a segment's values: the owner's as far as this version takes them, else those that ship."""
    values = dict(preset.defaults)
    for one in preset.parameters:
        kept = (segment.parameters or {}).get(one.name)
        fitting = one.bounded(kept) if kept is not None else None
        if fitting is not None:
            values[one.name] = fitting
    return values


def _renewed(
    session: Session, segment: Segment, preset: Preset, known: catalogue.Known, now: datetime
) -> bool:
    """Bring one segment up to this version; ranks are stored when all are."""
    values = values_of(segment, preset)
    if len(values) < len(preset.parameters):  # this version asks for a value nobody has chosen yet
        return _dropped(session, segment, now)
    titles = (preset.title("ru", values), preset.title("en", values))
    chosen = segment.parameters or {}
    stands = (segment.title_ru, segment.title_en, segment.family, segment.preset, chosen)
    rule = preset.rule_with(values)
    is_same_rule = segment.rule in (rule, parse(rule).text())
    if is_same_rule and stands == (*titles, preset.family, preset.name, _kept(segment.name, preset, values)):
        return False
    if not is_same_rule:
        rules.give(session, segment, parse(rule, known).text(), now, "shipped")
    segment.title_ru, segment.title_en = titles
    segment.family, segment.preset = preset.family, preset.name
    segment.parameters = _kept(segment.name, preset, values) or None
    session.flush()
    return True


def _dropped(session: Session, segment: Segment, now: datetime) -> bool:
    """Switch off what ships no more; what segments in force ask for becomes the owner's."""
    if not segment.enabled:
        return False
    try:
        rules.switch(session, segment.name, False, now)
    except SegmentError:
        segment.is_preset, segment.family = False, file.OWN
        segment.preset = segment.parameters = None
        session.flush()
    return True
