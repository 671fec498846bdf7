"""The segments that ship: presets.yaml, installed at start, with values and a switch in the owner's hand."""

from core.segments.presets.choices import choices
from core.segments.presets.file import OWN, Family, Preset, families, family_titles, shipped
from core.segments.presets.install import cover, install, is_covered
from core.segments.presets.parameters import Parameter, Values
from core.segments.presets.uncovered import Coverage, coverage
from core.segments.presets.verbs import Offer, another, kind, offer, offers, set_values, turn_off, turn_on
from core.segments.rules import define, switch

__all__ = [
    "OWN",
    "Coverage",
    "Family",
    "Offer",
    "Parameter",
    "Preset",
    "Values",
    "another",
    "choices",
    "cover",
    "coverage",
    "define",
    "families",
    "family_titles",
    "install",
    "is_covered",
    "kind",
    "offer",
    "offers",
    "set_values",
    "shipped",
    "switch",
    "turn_off",
    "turn_on",
]
