"""The texts of a letter in a file: by rule, by language, with their buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.mailing import letters
from core.mailing.content import ContentError
from core.mailing.drafting import Variant
from core.mailing.letters import Words

if TYPE_CHECKING:
    from core.mailing.series.reading import Place, Reading

LANGUAGES = ("ru", "en")


def read_variants(reading: Reading, place: Place) -> tuple[Variant, ...]:
    """Return the variants of a letter: one text for everybody, or a list of them with rules."""
    given = reading.given(place)
    if not isinstance(given, list):
        return tuple(filter(None, [_variant(reading, place, has_rule=False)]))
    if not given:
        reading.tell(place, "the letter is empty", "write its `text`")
    found = [_variant(reading, (*place, number), has_rule=True) for number in range(len(given))]
    for number, one in enumerate(found[:-1]):
        if one is not None and one.rule is None:
            what = "this text is for everybody: those below it reach nobody"
            reading.tell((*place, number), what, "give it a `rule`, or put it last")
    return tuple(filter(None, found))


def _variant(reading: Reading, place: Place, *, has_rule: bool) -> Variant | None:
    reading.known(place, ("text", "buttons", *(("rule",) if has_rule else ())))
    texts = _by_language(reading, (*place, "text"))
    rule = reading.rule((*place, "rule")) if has_rule else None
    contents = {
        language: Words(text, buttons=_buttons(reading, (*place, "buttons"), language))
        for language, text in texts.items()
    }
    for language, words in contents.items():
        try:
            letters.check(words)
        except ContentError as error:
            where = (*place, "text", language)
            reading.tell(where, str(error).rstrip("."), "mend the letter")
    return Variant(contents, rule) if contents else None


def _by_language(reading: Reading, place: Place) -> dict[str, str]:
    """Return the texts by language, Russian first: the first serves those whose own is missing."""
    if isinstance(reading.given(place), str):
        return {LANGUAGES[0]: reading.given(place)}
    reading.known(place, LANGUAGES)
    texts = {language: reading.text((*place, language)) for language in LANGUAGES}
    found = {language: text for language, text in texts.items() if text}
    if not found:
        reading.tell(place, "the letter has no text", "write `text: {ru: …, en: …}`")
    return found


def _buttons(reading: Reading, place: Place, language: str) -> list[list[dict[str, str]]]:
    given = reading.given(place)
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(row, list) for row in given):
        reading.tell(place, "buttons are rows, each a list of buttons", "write e.g. `- - {text: …, url: …}`")
        return []
    return [
        [_button(reading, (*place, y, x), language) for x in range(len(row))] for y, row in enumerate(given)
    ]


def _button(reading: Reading, place: Place, language: str) -> dict[str, str]:
    reading.known(place, ("text", "url", "action"))
    given: Any = reading.given(place)
    if not isinstance(given, dict):
        return {}
    words = given.get("text")
    if isinstance(words, dict):
        reading.known((*place, "text"), LANGUAGES)
        words = words.get(language) or next(iter(words.values()), "")
    found = {name: str(given[name]) for name in ("url", "action") if given.get(name) is not None}
    return {"text": str(words or ""), **found}
