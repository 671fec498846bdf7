"""presets.yaml read: families of shipped segments, each a rule with parameters, titles and a use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.segments.presets.parameters import Parameter, Values, in_rule, in_title

if TYPE_CHECKING:
    from core.segments.words import Language

FILE = Path(__file__).parent.with_name("presets.yaml")
COVERAGE = "coverage"  # the rule that is made of the meaningful segments in force
ACTIVE = "status = active"  # of whom coverage speaks
OWN = "own"  # the family of what the owner made himself


@dataclass(frozen=True, slots=True)
class Preset:
    """One shipped segment. `pattern`, titles and uses may hold parameters in braces."""

    name: str
    family: str
    ru: str
    en: str
    pattern: str
    use_ru: str = ""
    use_en: str = ""
    parameters: tuple[Parameter, ...] = ()
    enabled: bool = False  # in force from the first start; the rest wait until the owner wants them

    @property
    def rule(self) -> str:
        """The rule with the values that ship; what the owner must choose stands as an example."""
        return self.rule_with(self.examples)

    @property
    def examples(self) -> Values:
        """A value for every parameter."""
        return {one.name: one.example if one.default is None else one.default for one in self.parameters}

    @property
    def defaults(self) -> Values:
        """The values that ship; a parameter without one is not among them."""
        return {one.name: one.default for one in self.parameters if one.default is not None}

    @property
    def is_generated(self) -> bool:
        """Whether its rule is made of the other segments."""
        return self.pattern == COVERAGE

    def rule_with(self, values: Values) -> str:
        """Return the rule with these values; one that is generated says here only of whom."""
        return ACTIVE if self.is_generated else in_rule(self.pattern, values)

    def title(self, language: Language, values: Values) -> str:
        """Return the title with these values; one that is not chosen yet is an ellipsis."""
        return in_title(self.en if language == "en" else self.ru, self.parameters, values, language)

    def use(self, language: Language, values: Values) -> str:
        """Return what it is good for, in a sentence."""
        return in_title(self.use_en if language == "en" else self.use_ru, self.parameters, values, language)

    def parameter(self, name: str) -> Parameter | None:
        """Return one parameter."""
        return next((one for one in self.parameters if one.name == name), None)


@dataclass(frozen=True, slots=True)
class Family:
    """Segments of one kind; those of a meaningful one tell something of a person."""

    name: str
    ru: str
    en: str
    is_meaningful: bool

    def title(self, language: str) -> str:
        """Return what it is called."""
        return self.ru if language == "ru" else self.en


@lru_cache(maxsize=1)
def _file() -> tuple[tuple[Family, ...], tuple[Preset, ...]]:
    from ruamel.yaml import YAML

    content: dict[str, Any] = YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))
    families = tuple(
        Family(name, body["ru"], body["en"], body.get("meaningful", False)) for name, body in content.items()
    )
    return families, tuple(
        _preset(name, family, body)
        for family, whole in content.items()
        for name, body in whole["segments"].items()
    )


def _preset(name: str, family: str, body: dict[str, Any]) -> Preset:
    return Preset(
        name,
        family,
        body["ru"],
        body["en"],
        body["rule"],
        body["use_ru"],
        body["use_en"],
        tuple(Parameter.read(key, given) for key, given in body.get("parameters", {}).items()),
        body.get("enabled", False),
    )


def shipped() -> tuple[Preset, ...]:
    """Return every segment that ships, in the order of the file."""
    return _file()[1]


def families() -> tuple[Family, ...]:
    """Return the families in the order of the file."""
    return _file()[0]


def family_titles(name: str) -> tuple[str, str]:
    """Return what a family is called, ru and en: those that do not ship are called by their name."""
    own = {OWN: ("Мои", "My own")}
    titles = {one.name: (one.title("ru"), one.title("en")) for one in families()}
    return {**own, **titles}.get(name, (name, name))


def meaningful() -> frozenset[str]:
    """Return the families that tell something of a person; what the owner made himself does too."""
    return frozenset(one.name for one in families() if one.is_meaningful) | {OWN}
