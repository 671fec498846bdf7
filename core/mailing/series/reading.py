"""Reading the parts of a file one by one: what is wrong is collected with its place and told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.mailing.series.definition import SeriesError
from core.quizzes.problems import Problem, nearest
from core.segments.errors import RuleError
from core.segments.language import parse

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from core.quizzes.source import Source

Place = tuple[str | int, ...]


class Reading:
    """A file under way; `close` raises SeriesError with all that was told of it."""

    def __init__(self, source: Source, see: str) -> None:
        self._source = source
        self._see = see
        self._problems: set[Problem] = set()

    def tell(self, place: Place, what: str, remedy: str) -> None:
        """Note a problem at a place, or at the nearest part around it."""
        self._problems.add(Problem(self._source.file, *self._source.place(place), what, remedy))

    def close(self) -> None:
        """Raise SeriesError if anything was told."""
        if self._problems:
            raise SeriesError("\n".join(map(str, sorted(self._problems))))

    def given(self, place: Place) -> Any:
        """Return what stands at a place, None for nothing."""
        found = self._source.data
        for name in place:
            if isinstance(found, dict):
                found = found.get(name)
            elif isinstance(found, list) and isinstance(name, int) and name < len(found):
                found = found[name]
            else:
                return None
        return found

    def known(self, place: Place, names: Sequence[str]) -> None:
        """Refuse keys that mean nothing here."""
        found = self.given(place)
        if found is not None and not isinstance(found, dict):
            self.tell(place, "here should stand names with values", "write `name: value`, indented")
            return
        for name in found or {}:
            if name not in names:
                self.tell((*place, name, ""), f"unknown key `{name}`", nearest(name, list(names)))

    def text(self, place: Place) -> str | None:
        """Return a text, None where there is none; a number is no text."""
        found = self.given(place)
        if found is None:
            return None
        if isinstance(found, str) and found.strip():
            return found
        self.tell(place, "here should stand a text", f"write one, {self._see}")
        return None

    def texts(self, place: Place) -> tuple[str, ...]:
        """Return a list of texts; one text alone is a list of it."""
        found = self.given(place)
        if found is None:
            return ()
        several = [found] if isinstance(found, str) else found
        if isinstance(several, list) and all(isinstance(one, str) and one.strip() for one in several):
            return tuple(dict.fromkeys(several))
        self.tell(place, "here should stand a list of words", "write e.g. [warm, asked]")
        return ()

    def word(self, place: Place, shape: re.Pattern[str], remedy: str) -> str:
        """Return a word of a given shape, empty where it is missing or another."""
        found = self.given(place)
        if isinstance(found, str) and shape.fullmatch(found):
            return found
        what = f"the {place[-1]} is missing" if found is None else f"`{str(found)[:40]}` is no {place[-1]}"
        self.tell(place, what, remedy)
        return ""

    def one_of(self, place: Place, words: Sequence[str], further: str = "") -> str:
        """Return one of these words, the first where another stands or none."""
        found = self.given(place)
        if isinstance(found, str) and found in words:
            return found
        what = f"`{place[-1]}` is missing" if found is None else f"`{str(found)[:40]}` cannot stand here"
        self.tell(place, what, f"write one of {', '.join(words)}{f', {further}' if further else ''}")
        return words[0]

    def whole(self, place: Place, usual: int, low: int, high: int) -> int:
        """Return a whole number between two."""
        found = self.given(place)
        if found is None and low <= usual <= high:
            return usual
        if isinstance(found, int) and not isinstance(found, bool) and low <= found <= high:
            return found
        self.tell(place, f"`{place[-1]}` should be a whole number", f"write one from {low} to {high}")
        return low

    def rule(self, place: Place) -> str | None:
        """Return a rule of the segment language, None where there is none."""
        text = self.text(place)
        if text is not None:
            self.rule_text(place, text)
        return text

    def rule_text(self, place: Place, text: str) -> None:
        """Tell where a rule cannot be read."""
        try:
            parse(text)
        except RuleError as error:
            self.tell(place, f"the rule cannot be read ({error})", "see docs/segment-language.md")
