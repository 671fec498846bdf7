"""What an owner does with shipped segments: switch on and off, choose values, make another one of a kind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.segments import catalogue, rules
from core.segments.errors import SegmentError, suggestion
from core.segments.language import parse
from core.segments.models import Segment
from core.segments.presets import file
from core.segments.presets.install import cover, put, values_of
from core.segments.presets.parameters import Values, checked
from core.segments.ruleset import references

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.segments.presets.file import Preset
    from core.segments.words import Language

_NOT_IN_NAMES = re.compile(r"[^\w-]+")
_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Offer:
    """A shipped segment as it stands in this database; `number` is None until it was ever in force."""

    preset: Preset
    name: str
    number: int | None
    enabled: bool
    size: int
    values: Values

    @property
    def rule(self) -> str:
        """The rule in force, or the one it would have."""
        return self.preset.rule_with(self.preset.examples | self.values)

    @property
    def lacking(self) -> tuple[str, ...]:
        """The parameters that the owner has still to choose."""
        return tuple(one.name for one in self.preset.parameters if one.name not in self.values)

    def title(self, language: Language) -> str:
        """Return the title with its values."""
        return self.preset.title(language, self.values)

    def use(self, language: Language) -> str:
        """Return what it is good for."""
        return self.preset.use(language, self.values)


def offers(session: Session) -> tuple[Offer, ...]:
    """Return everything that ships, in the order of the file; what the owner took over is not there."""
    rows = session.scalars(select(Segment).order_by(Segment.id)).all()
    taken = {one.name for one in rows if not one.is_preset}
    found: list[Offer] = []
    for preset in file.shipped():
        made = [one for one in rows if one.is_preset and (one.preset or one.name) == preset.name]
        found += [_offer(one, preset) for one in made]
        needs_choice = len(preset.defaults) < len(preset.parameters)
        if needs_choice or (not made and preset.name not in taken):
            found.append(Offer(preset, preset.name, None, False, 0, preset.defaults))
    return tuple(found)


def offer(session: Session, name: str) -> Offer:
    """Return one shipped segment by its name. Raises SegmentError naming the nearest."""
    segment = session.scalar(select(Segment).where(Segment.name == name))
    preset = kind(name if segment is None else segment.preset or segment.name)
    if segment is not None and segment.is_preset and preset is not None:
        return _offer(segment, preset)
    if segment is not None:
        raise SegmentError(
            f"`{name}` is your own segment and none that ships; `kvizor segment list` shows all."
        )
    if preset is None:
        names = [*(one.name for one in file.shipped()), *session.scalars(select(Segment.name))]
        raise SegmentError(f"no segment `{name[:64]}` ships{suggestion(name, names)}; see `segment shipped`.")
    return Offer(preset, preset.name, None, False, 0, preset.defaults)


def kind(name: str | None) -> Preset | None:
    """Return a shipped segment of the file by its name."""
    return next((one for one in file.shipped() if one.name == name), None)


def turn_on(session: Session, name: str, values: Mapping[str, object], now: datetime) -> Offer:
    """Put a shipped segment in force, and those its rule asks for; its members come with the next refresh.

    Raises SegmentError where it has a parameter that nobody has chosen.
    """
    there = offer(session, name)
    chosen = _with(there.preset, name, there.values, values)
    if there.number is None and len(there.preset.defaults) < len(there.preset.parameters):
        return another(session, there.preset.name, chosen, now)
    rule = there.preset.rule_with(chosen) if not there.preset.is_generated else ""
    for needed in sorted(references(parse(rule))) if rule else ():
        if kind(needed) is not None and not offer(session, needed).enabled:
            turn_on(session, needed, {}, now)
    if there.number is None or chosen != there.values:
        put(session, there.name, there.preset, chosen, now)
    if not there.enabled:
        rules.switch(session, there.name, True, now)
    cover(session, now)
    return offer(session, there.name)


def turn_off(session: Session, name: str, now: datetime) -> Offer:
    """Take a shipped segment out of force; what it was stays history.

    Raises SegmentError if another segment in force asks for it.
    """
    there = offer(session, name)
    if there.enabled:
        rules.switch(session, name, False, now)
        cover(session, now)
    return offer(session, name)


def set_values(session: Session, name: str, values: Mapping[str, object], now: datetime) -> Offer:
    """Give a shipped segment other values, kept over new versions of the file. Raises SegmentError.

    One that waits is put in force by that.
    """
    there = offer(session, name)
    if there.number is None:
        return turn_on(session, name, values, now)
    chosen = _with(there.preset, name, there.values, values)
    if chosen != there.values:
        put(session, name, there.preset, chosen, now, catalogue.known(session))
    return offer(session, name)


def another(session: Session, name: str, values: Mapping[str, object], now: datetime) -> Offer:
    """Make one more segment of a kind, with other values; its name says them.

    Raises SegmentError if there is one with the same values or a parameter that nobody has chosen.
    """
    of = offer(session, name).preset
    if not of.parameters:
        raise SegmentError(f"`{of.name}` has no parameters: another one would be the same.")
    chosen = _with(of, of.name, of.defaults, values)
    for one in offers(session):
        if one.preset.name == of.name and one.number is not None and one.values == chosen:
            if one.enabled:
                raise SegmentError(f"`{one.name}` is the same with the same values; choose others.")
            return turn_on(session, one.name, {}, now)
    fresh = _fresh_name(session, of, chosen)
    put(session, fresh, of, chosen, now, catalogue.known(session))
    cover(session, now)
    return offer(session, fresh)


def _offer(segment: Segment, preset: Preset) -> Offer:
    values = values_of(segment, preset)
    return Offer(preset, segment.name, segment.id, segment.enabled, segment.size, values)


def _with(preset: Preset, name: str, there: Values, given: Mapping[str, object]) -> Values:
    """Return all values, those given over those there, checked one by one and together."""
    chosen = there | checked(preset.parameters, given, name)
    for one in preset.parameters:
        if one.name not in chosen:
            command = f"kvizor segment another {preset.name} {one.name}={one.example}"
            raise SegmentError(f"`{preset.name}` needs a value for {one.name}, e.g. `{command}`.")
    return checked(preset.parameters, chosen, name)


def _fresh_name(session: Session, preset: Preset, values: Values) -> str:
    told = "_".join(str(value) for key, value in values.items() if value != preset.defaults.get(key))
    wanted = _NOT_IN_NAMES.sub("_", f"{preset.name}_{told}".casefold()).strip("_")[: _LONGEST_NAME - 4]
    names = set(session.scalars(select(Segment.name))) | {one.name for one in file.shipped()}
    if wanted not in names:
        return wanted
    return next(name for number in range(2, 1000) if (name := f"{wanted}_{number}") not in names)
